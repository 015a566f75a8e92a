package scan_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/rcreg/registration/cmd/rcreg/internal/scan"
)

// sample is a text of some length that cannot be compressed.
func sample(n int) []byte {
	text := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{}).Read(text) // it never fails
	return text
}

func split(tb testing.TB, text []byte) []string {
	tb.Helper()
	parts, err := scan.Split(text)
	if err != nil {
		tb.Fatal(err)
	}
	return parts
}

func TestSplit(t *testing.T) {
	t.Parallel()
	for size, want := range map[int]int{0: 1, 1: 1, 250: 1, 300: 2, 4000: 14, 290*255 - 100: 255} {
		parts := split(t, sample(size))
		if len(parts) != want {
			t.Errorf("%d bytes make %d parts, want %d", size, len(parts), want)
		}
		for _, part := range parts {
			if difference := len(part) - len(parts[0]); difference > 2 || difference < -2 {
				t.Errorf("%d bytes: parts of %d and %d letters", size, len(part), len(parts[0]))
			}
		}
	}
}

func TestSplitRefusesWhatIsTooLong(t *testing.T) {
	t.Parallel()
	for name, text := range map[string][]byte{"many parts": sample(290 * 255), "much when unpacked": make([]byte, 1<<20+1)} {
		if parts, err := scan.Split(text); !errors.Is(err, scan.ErrTooLong) || parts != nil {
			t.Errorf("%s: %d parts, %v", name, len(parts), err)
		}
	}
}

// The example of docs/exchange-format.md is right.
func TestFormat(t *testing.T) {
	t.Parallel()
	documentation, err := os.ReadFile("../../../../docs/exchange-format.md")
	if err != nil {
		t.Fatal(err)
	}
	if texts, err := scan.Join(string(documentation)); err != nil || len(texts) != 1 || string(texts[0]) != "hello" {
		t.Errorf("%q, %v", texts, err)
	}
}

// Nothing but letters that all Latin keyboard layouts have in the same place.
func TestAlphabet(t *testing.T) {
	t.Parallel()
	for _, part := range split(t, sample(4000)) {
		if rest := strings.Trim(part, "RBCDEFGHJKLNPSTUV"); rest != "" {
			t.Fatalf("a part has others: %q", rest)
		}
	}
}

func FuzzJoin(f *testing.F) {
	parts := split(f, sample(1000))
	f.Add("")
	f.Add("RCREGC RCREGCRCREGC")
	f.Add(strings.Join(parts, "\n"))
	f.Add(strings.ToLower(parts[0]))
	f.Add(split(f, []byte("x"))[0] + split(f, []byte("y"))[0])
	f.Add("BBBBBBBBBCBCBBCBB")
	f.Fuzz(func(t *testing.T, typed string) {
		texts, err := scan.Join(typed)
		if errors.Is(err, scan.ErrNoParts) {
			texts, err = scan.Join("RCREGC" + typed + scan.Digest([]byte(typed))) // with the digest that a fuzzer never finds
		}
		if (err == nil) != (len(texts) > 0) {
			t.Fatalf("%d texts, %v", len(texts), err)
		}
		for _, text := range texts {
			again, err := scan.Join(strings.Join(split(t, text), "\n"))
			if err != nil || len(again) != 1 || !bytes.Equal(again[0], text) {
				t.Errorf("%q: %v", text, err)
			}
		}
	})
}
