package release

import (
	"errors"
	"testing"
)

func TestRelease(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text, full, majorMinor string
		since65                bool
	}{
		{"3.0.0", "3.0.0", "3.0", false},
		{"5.4", "5.4.0", "5.4", false},
		{"6.4.9", "6.4.9", "6.4", false},
		{"6.5.0-rc.14", "6.5.0-rc.14", "6.5", true}, // a pre-release belongs to the version that it leads to
		{"6.13.0", "6.13.0", "6.13", true},
		{"7.0.0-develop", "7.0.0-develop", "7.0", true},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			t.Parallel()
			r := MustParse(test.text)
			if r.String() != test.full || r.MajorMinor() != test.majorMinor {
				t.Errorf("got %s and %s, want %s and %s", r, r.MajorMinor(), test.full, test.majorMinor)
			}
			if r.Since("6.5") != test.since65 || r.Before("6.5") == test.since65 {
				t.Errorf("since 6.5: %v, before 6.5: %v", r.Since("6.5"), r.Before("6.5"))
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "latest", "6.x", "6.5.0 ", "2.4.0"} {
		if r, err := Parse(text); !errors.Is(err, ErrUnknown) {
			t.Errorf("%q was read as %s, %v", text, r, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("6.5.0-rc.14")
	f.Add("7.0.0-develop")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := Parse(text)
		if err != nil {
			return
		}
		again, err := Parse(r.String())
		if err != nil || again.String() != r.String() {
			t.Errorf("%q reads as %s, and that as %s (%v)", text, r, again, err)
		}
	})
}

func BenchmarkSince(b *testing.B) {
	r := MustParse("8.7.0")
	for b.Loop() {
		if !r.Since("6.5") {
			b.Fatal("8.7 is before 6.5")
		}
	}
}
