package plain_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/rcreg/registration/internal/plain"
)

func TestText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"chat.example.com":          "chat.example.com",
		"two\nlines\tand a tab":     "two\nlines\tand a tab",
		"clear\x1b[2J":              "clear\ufffd[2J",
		"back\b, bell\a, null\x00":  "back\ufffd, bell\ufffd, null\ufffd",
		"csv\r\n":                   "csv\ufffd\n",
		"\u202egnp.exe":             "\ufffdgnp.exe",
		"zero\u200bwidth\ufeff":     "zero\ufffdwidth\ufffd",
		"Zürich, 東京, not a problem": "Zürich, 東京, not a problem",
	} {
		if got := plain.Text(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add("\x1b]0;title\a\u202e\xff")
	f.Fuzz(func(t *testing.T, text string) {
		got := plain.Text(text)
		bad := func(r rune) bool {
			return r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r))
		}
		if strings.ContainsFunc(got, bad) || plain.Text(got) != got {
			t.Errorf("%q became %q", text, got)
		}
	})
}
