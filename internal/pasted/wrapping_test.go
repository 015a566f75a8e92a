package pasted_test

import (
	"testing"

	"github.com/rcreg/registration/internal/pasted"
)

func TestWrapping(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                             "",
		"bare-token_1":                 "",
		"c29tZSB0b2tlbg==":             "",
		"a=":                           "",
		"https://chat.example.com":     "",
		"https://[::1]:3000":           "",
		"https://chat.example.com/a=b": "",
		`"token"`:                      "has quotes around it",
		"'token'\n":                    "has quotes around it",
		"“token”":                      "has quotes around it",
		"„token“":                      "has quotes around it",
		"`token`":                      "has quotes around it",
		"token\"":                      "has quotes around it",
		"<https://chat.example.com>":   "has brackets around it",
		"[token]":                      "has brackets around it",
		"(token)":                      "has brackets around it",
		"REG_TOKEN=token":              "begins with the name of a variable and =",
		"export REG_TOKEN=token":       "begins with the name of a variable and =",
		"\uFEFFtoken":                  "begins with a byte order mark",
		"\xff\xfet\x00":                "is UTF-16, and not plain text",
		"t\x00o\x00":                   "is UTF-16, and not plain text",
	} {
		if got := pasted.Wrapping(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestForeign(t *testing.T) {
	t.Parallel()
	allowed := func(r rune) bool { return r >= 'a' && r <= 'z' }
	for text, want := range map[string]string{
		"":                   "",
		"ab c\n":             "",
		"\u00adab\u2060":     "",
		`"ab"`:               "",
		"```text\nab\n```":   "",
		"ab=\nc":             `character 3 is "=": this went through mail, which cuts and marks lines (quoted-printable)`,
		"> ab\n> c":          `character 1 is ">": this was quoted in a mail`,
		`"a;b"`:              `character 3 is ";": this is the source of a web page`,
		"ab&#43;c":           `character 3 is "&": this is the source of a web page`,
		"ab-\nc":             `character 3 is "-": a hyphen at a line's end was added`,
		"ab%2Bc":             `character 3 is "%": this was taken from an address`,
		"ab\u00ad\nc\u00a0":  "", // a PDF and an office program
		"\xff\xfea\x00=\x00": `character 2 is "=": this went through mail, which cuts and marks lines (quoted-printable)`,
		"ab…c":               `character 3 is "…": a part was left out`,
		"abAc":               `character 3 is "A"`,
		"ab\xffc":            `character 3 is "�": the file was saved in another encoding, or is no text`,
	} {
		if got := pasted.Foreign(text, allowed); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
