package screen_test

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"syscall"
	"testing"
	"time"

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
	if want := "Name         State\nchat\\x1b[2J  \x1b[31mgone\x1b[0m\n"; err != nil || out.String() != want {
		t.Errorf("got %q (%v), want %q", out.String(), err, want)
	}
}

type named string

// Nothing in a value begins a line, whatever its type is.
func TestValuesAreOneLine(t *testing.T) {
	t.Parallel()
	const forged = "x\nState  registered\u2028\u202e\x9b"
	const want = `x\nState  registered\u2028\u202e\x9b`
	var out strings.Builder
	if err := screen.Print(&out, screen.Style{Colours: true}, func(out io.Writer, s screen.Style) {
		screen.Columns(out, [][]string{{"Unique ID", forged, "end"}})
		screen.Printf(out, "%s %d %s\n%v\n", forged, 3, named(forged), time.Second)
		screen.Printf(out, "%v\n", errors.Join(errors.New("one"), errors.New("another")))
		screen.Printf(out, "%s\n", s.Bad(forged))
	}); err != nil {
		t.Fatal(err)
	}
	if all := "Unique ID  " + want + "  end\n" + want + " 3 " + want + "\n1s\none; another\n\x1b[31m" + want + "\x1b[0m\n"; out.String() != all {
		t.Errorf("got %q, want %q", out.String(), all)
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := json.NewEncoder(screen.JSON(&out)).Encode(json.RawMessage("\"\u009b\u2028\xff\"")); err != nil || out.String() != `"\u009b\u2028\ufffd"`+"\n" {
		t.Errorf("got %q (%v)", out.String(), err)
	}
}

func TestOutlet(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fails      error
		code, want int
		said       string
	}{
		"all is written":     {nil, 0, 0, ""},
		"no room":            {syscall.ENOSPC, 0, 1, "Error: the output could not be written: no space left on device"},
		"no room, and worse": {syscall.ENOSPC, 5, 5, "Error: the output could not be written"},
		"head has left":      {syscall.EPIPE, 0, 1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var said strings.Builder
			out := screen.NewOutlet(failing{tc.fails})
			_, first := io.WriteString(out, "a")
			_, again := io.WriteString(out, "b")
			code := out.End(tc.code, &said, screen.Style{})
			if !errors.Is(first, tc.fails) || !errors.Is(again, tc.fails) || code != tc.want || !strings.Contains(said.String(), tc.said) || tc.said == "" && said.Len() > 0 {
				t.Errorf("%v, %v, exit %d, %q", first, again, code, said.String())
			}
		})
	}
}

type failing struct{ err error }

func (f failing) Write(p []byte) (int, error) { return len(p), f.err }

func TestOneLine(t *testing.T) {
	t.Parallel()
	if got := screen.OneLine(" one\r\n\nanother\twith a tab "); got != "one; another with a tab" {
		t.Errorf("got %q", got)
	}
}
