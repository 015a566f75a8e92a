package screen_test

import (
	"strings"
	"testing"

	"github.com/rcreg/registration/internal/screen"
)

func TestHarmless(t *testing.T) {
	t.Parallel()
	coloured := screen.Style{Colours: true}
	for name, tc := range map[string]struct {
		style      screen.Style
		text, want string
	}{
		"plain":              {screen.Style{}, "State  registered", "State  registered"},
		"our colours":        {coloured, coloured.Good("registered") + coloured.Code("██"), coloured.Good("registered") + coloured.Code("██")},
		"colours in a file":  {screen.Style{}, coloured.Good("x"), `\x1b[32mx\x1b[0m`},
		"clears the screen":  {coloured, "a\x1b[2Jb", `a\x1b[2Jb`},
		"sets the title":     {coloured, "\x1b]0;title\x07", `\x1b]0;title\a`},
		"hides text":         {coloured, "\x1b[8msecret", `\x1b[8msecret`},
		"goes back":          {screen.Style{}, "registered\rremoved\b", `registered\rremoved\b`},
		"eight-bit controls": {screen.Style{}, "\u009b2J", `\u009b2J`},
		"turns the writing":  {screen.Style{}, "user\u202egro.moc", `user\u202egro.moc`},
		"a line of its own":  {coloured, "x\nState  registered", `x\nState  registered`},
		"colours the rest":   {coloured, "x\x1b[31m", "x\x1b[31m\x1b[0m"},
		"inside of ours":     {coloured, coloured.Bad("x\x1b[0m\x1b[32mwell"), coloured.Bad(`x\x1b[0m\x1b[32mwell`)},
		"other scripts stay": {screen.Style{}, "Обмен, 交換, تبادل", "Обмен, 交換, تبادل"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := tc.style.Harmless(tc.text); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func FuzzHarmless(f *testing.F) {
	f.Add("a\x1b[2J\x1b[32mb\u202e", true)
	f.Fuzz(func(t *testing.T, text string, colours bool) {
		got := screen.Style{Colours: colours}.Harmless(text)
		for _, ours := range []string{"\x1b[0m", "\x1b[1m", "\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[97;40m"} {
			if colours {
				got = strings.ReplaceAll(got, ours, "")
			}
		}
		if strings.ContainsAny(got, "\x1b\n\t\r\b\a\u009b\u202e\u2028") {
			t.Errorf("%q lets %q through", text, got)
		}
	})
}
