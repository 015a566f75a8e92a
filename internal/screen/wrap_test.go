package screen_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/rcreg/registration/internal/screen"
)

// TestWrap breaks lines at words, under their last column, and leaves whole what fits no line.
func TestWrap(t *testing.T) {
	t.Parallel()
	const red, end = "\x1b[31m", "\x1b[0m"
	for name, tc := range map[string]struct {
		width      int
		line, want string
	}{
		"no terminal":          {0, "one two three four", "one two three four"},
		"it fits":              {18, "one two three four", "one two three four"},
		"at words":             {9, "one two three four", "one two\nthree\nfour"},
		"under its column":     {20, "Note  one two three four five", "Note  one two three\n      four five"},
		"indented":             {14, "  one two three four", "  one two\n  three four"},
		"no room for columns":  {12, "a very wide name  and a text", "a very wide\nname  and a\ntext"},
		"a token":              {12, "export NAME=0123456789abcdef now", "export NAME=0123456789abcdef\nnow"},
		"colours take no room": {13, red + "problem" + end + "  alpha beta", red + "problem" + end + "\nalpha beta"},
	} {
		var out strings.Builder
		if err := screen.Print(&out, screen.Style{Colours: true, Width: tc.width}, func(out io.Writer, _ screen.Style) { _, _ = fmt.Fprintln(out, tc.line) }); err != nil {
			t.Fatal(err)
		}
		if got := out.String(); got != tc.want+"\n" {
			t.Errorf("%s: got %q, want %q", name, got, tc.want)
		}
	}
}
