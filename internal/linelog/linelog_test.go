package linelog_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rcreg/registration/internal/linelog"
	"github.com/rcreg/registration/internal/safedir"
)

func ignore(linelog.Line) error { return nil }

func open(t *testing.T, path string, read func(linelog.Line) error) *linelog.Log {
	t.Helper()
	log, err := linelog.Open(path, read)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = log.Close() })
	return log
}

// reopen returns the lines of a file.
func reopen(t *testing.T, path string) []string {
	t.Helper()
	var lines []string
	log := open(t, path, func(line linelog.Line) error {
		lines = append(lines, string(line.Text))
		if line.Number != len(lines) {
			t.Errorf("line %d has the number %d", len(lines), line.Number)
		}
		return nil
	})
	if err := log.Close(); err != nil {
		t.Error(err)
	}
	return lines
}

func TestLinesLast(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "Log of Ours")
	log := open(t, path, ignore)
	if _, err := linelog.Open(path, ignore); !errors.Is(err, safedir.ErrLocked) {
		t.Errorf("it was opened twice: %v", err)
	}
	const writers, each = 8, 20
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := range each {
				text := fmt.Sprintf("writer %d, line %d %s", w, i, strings.Repeat(".", 300*i))
				at, err := log.Append([]byte(text))
				if err != nil {
					t.Error(err)
				}
				if back, err := log.ReadAt(at); err != nil || string(back) != text {
					t.Errorf("%q at %d, %v; want %q", back, at, err, text)
				}
			}
		})
	}
	all.Wait()
	if err := log.Close(); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	lines := reopen(t, path)
	slices.Sort(lines)
	if lines = slices.Compact(lines); len(lines) != writers*each {
		t.Errorf("there are %d lines, want %d", len(lines), writers*each)
	}
}

func TestTornEnds(t *testing.T) {
	t.Parallel()
	for name, torn := range map[string]string{
		"nothing": "", "half a line": "thi", "zeros": "\x00\x00\x00", "a line of zeros": "\x00\x00\n", "zeros and more": "th\x00\nfour\n",
		"a long half": strings.Repeat("x", 100_000), "many zeros": strings.Repeat("\x00", 3<<20),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "log")
			if err := os.WriteFile(path, []byte("one\n\ntwo\n"+torn), 0o600); err != nil {
				t.Fatal(err)
			}
			log := open(t, path, ignore)
			at, err := log.Append([]byte("three"))
			if back, readErr := log.ReadAt(at); err != nil || readErr != nil || string(back) != "three" {
				t.Errorf("%q, %v, %v", back, err, readErr)
			}
			if err := log.Close(); err != nil {
				t.Fatal(err)
			}
			if got := reopen(t, path); !slices.Equal(got, []string{"one", "", "two", "three"}) {
				t.Errorf("%q", got)
			}
		})
	}
}

func TestDamage(t *testing.T) {
	t.Parallel()
	wrong := errors.New("not one of ours")
	path := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(path, []byte("one\ntwo\nthree\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := linelog.Open(path, func(line linelog.Line) error {
		if string(line.Text) == "two" {
			return wrong
		}
		return nil
	})
	var damage *linelog.DamageError
	if !errors.As(err, &damage) || damage.Line != 2 || !errors.Is(err, wrong) || err.Error() != "line 2: not one of ours" {
		t.Errorf("%v", err)
	}
	if got := reopen(t, path); len(got) != 3 {
		t.Errorf("what is damaged was changed: %q", got)
	}
	if err := os.WriteFile(path, []byte(strings.Repeat("x", 2*linelog.MaxLine)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := linelog.Open(path, ignore); !errors.As(err, &damage) || !errors.Is(err, linelog.ErrTooLong) {
		t.Errorf("a line without an end in sight: %v", err)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := linelog.Open(dir, ignore); err == nil {
		t.Error("a folder was opened")
	}
	if _, err := linelog.Open(filepath.Join(dir, "not there", "log"), ignore); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
	log := open(t, filepath.Join(dir, "log"), ignore)
	if _, err := log.Append(make([]byte, linelog.MaxLine)); !errors.Is(err, linelog.ErrTooLong) {
		t.Errorf("a line that is too long: %v", err)
	}
	for _, at := range []int64{-1, 0, 100} {
		if _, err := log.ReadAt(at); err == nil {
			t.Errorf("there is a line at %d", at)
		}
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second one is not even tried
		if _, err := log.Append([]byte("late")); err == nil || !strings.Contains(err.Error(), "cannot be written any more") {
			t.Errorf("a line after the end: %v", err)
		}
	}
}

// FuzzOpen opens any file: what is read once is read again, and a line that is written then is the last one.
func FuzzOpen(f *testing.F) {
	f.Add([]byte("one\ntwo\nthr"))
	f.Add([]byte("one\n\x00\x00\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		path := filepath.Join(t.TempDir(), "log")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		first := reopen(t, path)
		log := open(t, path, ignore)
		if _, err := log.Append([]byte("last")); err != nil {
			t.Fatal(err)
		}
		if err := log.Close(); err != nil {
			t.Fatal(err)
		}
		if got := reopen(t, path); !slices.Equal(got, append(first, "last")) || !bytes.HasPrefix(content, []byte(strings.Join(first, "\n"))) {
			t.Errorf("%q became %q", first, got)
		}
	})
}
