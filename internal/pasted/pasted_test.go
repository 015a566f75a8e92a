package pasted_test

import (
	"testing"
	"unicode/utf8"

	"github.com/rcreg/registration/internal/pasted"
)

func TestText(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"eyJh":                             "eyJh",
		"\uFEFF ey\r\n\tJh\u200B\u00A0 \n": "eyJh",
		"\xff\xfee\x00y\x00\r\x00\n\x00":   "ey",
		"\xfe\xff\x00e\x00y\x00\n":         "ey",
		"\xff\xfee\x00y":                   "e",
		"\xff\xfe":                         "",
		"":                                 "",
	} {
		if got := pasted.Text(raw); got != want {
			t.Errorf("%q is read as %q", raw, got)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, seed := range []string{"eyJh", "\uFEFFa b", "\xff\xfea\x00", "\xfe\xff\x00a", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		got := pasted.Text(raw)
		if again := pasted.Text(got); again != got {
			t.Errorf("%q is read as %q, and that as %q", raw, got, again)
		}
		if utf8.ValidString(raw) && !utf8.ValidString(got) {
			t.Errorf("%q is read as %q", raw, got)
		}
	})
}
