package screen_test

import (
	"io"
	"strings"
	"testing"

	"github.com/rcreg/registration/internal/screen"
)

func TestStyleFor(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		terminal bool
		env      map[string]string
		want     string
	}{
		"terminal":         {true, map[string]string{"TERM": "xterm"}, "\x1b[32mwell\x1b[0m"},
		"file":             {false, nil, "well"},
		"nobody wants any": {true, map[string]string{"NO_COLOR": "1"}, "well"},
		"no colours":       {true, map[string]string{"TERM": "dumb"}, "well"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			style := screen.StyleFor(tc.terminal, func(variable string) string { return tc.env[variable] })
			if got := style.Good("well"); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestPrint(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	err := screen.Print(&out, screen.Style{Colours: true}, func(out io.Writer, s screen.Style) {
		screen.Columns(out, [][]string{{"Name", "State"}, {"chat\x1b[2J", s.Bad("gone")}})
	})
	if want := "Name      State\nchat\ufffd[2J  \x1b[31mgone\x1b[0m\n"; err != nil || out.String() != want {
		t.Errorf("got %q (%v), want %q", out.String(), err, want)
	}
}

func TestOneLine(t *testing.T) {
	t.Parallel()
	if got := screen.OneLine(" two\r\nlines\tand a tab "); got != "two lines and a tab" {
		t.Errorf("got %q", got)
	}
}
