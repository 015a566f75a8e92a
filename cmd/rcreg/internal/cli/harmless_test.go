package cli

import (
	"strings"
	"testing"
)

func TestHarmless(t *testing.T) {
	t.Parallel()
	coloured := style{colours: true}
	for name, tc := range map[string]struct {
		style      style
		text, want string
	}{
		"plain":              {style{}, "State\tregistered\n", "State\tregistered\n"},
		"our colours":        {coloured, coloured.good("registered") + coloured.code("██"), coloured.good("registered") + coloured.code("██")},
		"colours in a file":  {style{}, coloured.good("x"), "\ufffd[32mx\ufffd[0m"},
		"clears the screen":  {coloured, "a\x1b[2Jb", "a\ufffd[2Jb"},
		"sets the title":     {coloured, "\x1b]0;title\x07", "\ufffd]0;title\ufffd"},
		"hides text":         {coloured, "\x1b[8msecret", "\ufffd[8msecret"},
		"goes back":          {style{}, "registered\rremoved\b", "registered\ufffdremoved\ufffd"},
		"eight-bit controls": {style{}, "\u009b2J", "\ufffd2J"},
		"turns the writing":  {style{}, "user\u202egro.moc", "user\ufffdgro.moc"},
		"other scripts stay": {style{}, "Обмен, 交換, تبادل", "Обмен, 交換, تبادل"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := harmless(tc.text, tc.style); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func FuzzHarmless(f *testing.F) {
	f.Add("a\x1b[2J\x1b[32mb\u202e", true)
	f.Fuzz(func(t *testing.T, text string, colours bool) {
		got := harmless(text, style{colours: colours})
		for _, ours := range []string{"\x1b[0m", "\x1b[1m", "\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[97;40m"} {
			if colours {
				got = strings.ReplaceAll(got, ours, "")
			}
		}
		if strings.ContainsAny(got, "\x1b\r\b\a\u009b\u202e") {
			t.Errorf("%q lets %q through", text, got)
		}
	})
}
