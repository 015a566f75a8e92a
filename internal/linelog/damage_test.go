package linelog_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rcreg/registration/internal/linelog"
)

func TestDamage(t *testing.T) {
	t.Parallel()
	text := written(t, format(false), `{"n":1}`, `{"n":2}`, `{"n":3}`)
	lines := strings.SplitAfter(text, "\n")
	const old = `{"n":0}` + "\n"
	for name, tt := range map[string]struct {
		text string
		want string
	}{
		"a line of zeros":         {text + "\x00\x00\n", "line 4: it has zero bytes in it"},
		"zeros before a line":     {lines[0] + "\x00\x00" + lines[1] + lines[2], "line 2: it has zero bytes in it"},
		"a half before a line":    {lines[0] + lines[1][:8] + "\n" + lines[2], "line 2: it is no record"},
		"a line is gone":          {lines[0] + lines[2], "line 2: its check"},
		"the first is gone":       {lines[1] + lines[2], "line 1: its check"},
		"a line twice":            {lines[0] + lines[0], "line 2: its check"},
		"no check":                {lines[0] + `{"n":2}` + "\n" + lines[2], "line 2: it has no check"},
		"no check and no end":     {lines[0] + lines[1] + `{"n":3}`, "line 3: it has no check"},
		"an old line that is new": {old + text, "line 2: its check"},
		"an old line changed":     {strings.Replace(added(t, old+old, `{"n":1}`), "0", "7", 1), "line 3: its check"},
		"not one of ours":         {lines[0] + `{"n":"wrong"}`, "line 2: not one of ours"},
		"far too long":            {lines[0] + strings.Repeat("x", 2<<20) + "\n", "line 2: the line is too long"},
		"too long without an end": {lines[0] + strings.Repeat("x", 2<<20), "line 2: the line is too long"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "log")
			must(t, os.WriteFile(path, []byte(strings.ReplaceAll(tt.text, `{"n":"wrong"}`, strings.Split(written(t, format(false), `{"n":1}`, `{"n":"wrong"}`), "\n")[1])), 0o600))
			before := load(t, path)
			_, err := linelog.Open(path, format(false), func(line linelog.Line) error {
				if string(line.Text) == `{"n":"wrong"}` {
					return errors.New("not one of ours")
				}
				return nil
			})
			var damage *linelog.DamageError
			if !errors.As(err, &damage) || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("%v, want %s", err, tt.want)
			}
			if load(t, path) != before {
				t.Error("what is damaged was changed")
			}
		})
	}
}

// TestForeignFiles are neither read nor changed.
func TestForeignFiles(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"PRECIOUS", "PRECIOUS\n", "PRECIOUS\nTOKENS", "\n", " ", "\r\n\r\n", "\uFEFF" + `{"n":1}` + "\n", `{"m":1}`, `{"m":1}` + "\n", "[1]\n", "\x00", strings.Repeat("\x00", 9<<10), "\x00\n",
		"PRECIOUS\x00\x00", "a: list\nof: words\n", strings.Repeat("x", 3<<20), "deadbeef\n", ` {"n":1}`, "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdefx",
	} {
		for _, first := range []bool{false, true} {
			path := filepath.Join(t.TempDir(), "log")
			must(t, os.WriteFile(path, []byte(text), 0o600))
			got, err := records(t, path, format(first))
			if first && text == "deadbeef\n" {
				continue // may be the beginning of a check
			}
			var damage *linelog.DamageError
			if !errors.Is(err, linelog.ErrForeign) || !errors.As(err, &damage) || damage.Line != 1 || len(got) != 0 || load(t, path) != text {
				t.Errorf("%.40q: %v, %q", text, err, got)
			}
			if left, _ := filepath.Glob(path + ".*"); len(left) > 0 {
				t.Errorf("%.40q: %q", text, left)
			}
		}
	}
}
