package plain_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/rcreg/registration/internal/plain"
)

func TestText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"chat.example.com":          "chat.example.com",
		"x\nState  registered":      `x\nState  registered`,
		"csv\r\n\ta":                `csv\r\n\ta`,
		"\v\f\u0085\u2028\u2029":    `\v\f\u0085\u2028\u2029`,
		"clear\x1b[2J":              `clear\x1b[2J`,
		"back\b, bell\a, null\x00":  `back\b, bell\a, null\x00`,
		"delete\x7f, \u009b2J":      `delete\x7f, \u009b2J`,
		"no UTF-8: \x9b2J \xff":     `no UTF-8: \x9b2J \xff`,
		"\u202egnp.exe\u2066\u200f": `\u202egnp.exe\u2066\u200f`,
		"zero\u200bwidth\ufeff":     `zero\u200bwidth\ufeff`,
		"\U000e0041 tag":            `\U000e0041 tag`,
		"no glyph\u3164\u034f":      `no glyph\u3164\u034f`,
		"ours alone\ue000\ufdd0":    `ours alone\ue000\ufdd0`,
		`C:\new`:                    `C:\new`,
		"replaced before \ufffd":    "replaced before \ufffd",
		"Zürich, 東京, ❤️, fine":      "Zürich, 東京, ❤️, fine",
		"a\u00a0space\u3000too":     "a\u00a0space\u3000too",
	} {
		if got := plain.Text(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"{\"a\":\"b\"}\n":                "{\"a\":\"b\"}\n",
		"\"\u009b2J\u202e\u2028\x7f\"":   `"\u009b2J\u202e\u2028\u007f"`,
		"\"\U000e0041\"":                 `"\udb40\udc41"`,
		"\"\xff\"":                       `"\ufffd"`,
		`"Zürich, 東京, \n and \u001b"`:    `"Zürich, 東京, \n and \u001b"`,
		"\"no glyph\u3164, zero\u200b\"": `"no glyph\u3164, zero\u200b"`,
	} {
		if got := plain.JSON(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add("\x1b]0;title\a\u202e\xff")
	f.Fuzz(func(t *testing.T, text string) {
		bad := func(r rune) bool { return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) }
		got := plain.Text(text)
		if strings.ContainsFunc(got, bad) || !utf8.ValidString(got) || plain.Text(got) != got {
			t.Errorf("%q became %q", text, got)
		}
		encoded, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		got = plain.JSON(string(encoded))
		var back string
		if err := json.Unmarshal([]byte(got), &back); err != nil || back != strings.ToValidUTF8(text, "\ufffd") && utf8.ValidString(text) || strings.ContainsFunc(got, bad) {
			t.Errorf("%q became %q, which reads %q (%v)", text, got, back, err)
		}
	})
}
