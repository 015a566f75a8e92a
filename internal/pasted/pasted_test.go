package pasted_test

import (
	"testing"
	"unicode/utf8"

	"github.com/rcreg/registration/internal/pasted"
)

func TestText(t *testing.T) {
	t.Parallel()
	const long = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9eyJ2ZXJzaW9u"
	for raw, want := range map[string]string{
		"eyJh":                             "eyJh",
		"\uFEFF ey\r\n\tJh\u200B\u00A0 \n": "eyJh",
		"\xff\xfee\x00y\x00\r\x00\n\x00":   "ey",
		"\xfe\xff\x00e\x00y\x00\n":         "ey",
		"\xff\xfee\x00y":                   "e",
		"\xff\xfe":                         "",
		"":                                 "",
		"\u00ade\u2060y\u202aJ\u202ch":     "eyJh",
		"\"eyJh\"":                         "eyJh",
		"\u201ceyJh\u201d\n":               "eyJh",
		"```\neyJh\n```\n":                 "eyJh",
		"```text\r\neyJh\r\n```":           "eyJh",
		"eyJheyJh":                         "eyJheyJh", // too short to be twice the same
		long + "\n" + long + "\n":          long,
		long + long[:40]:                   long + long[:40],
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
