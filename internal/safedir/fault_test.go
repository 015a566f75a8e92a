package safedir_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/rcreg/registration/internal/safedir"
	"github.com/rcreg/registration/internal/safedir/stick"
)

// TestWriteFailsHalfWay lets each act of a write fail in turn: the old text or the new one is there, never a part of one.
func TestWriteFailsHalfWay(t *testing.T) {
	t.Parallel()
	before, after := strings.Repeat("old", 50), strings.Repeat("new", 70)
	for name, failure := range map[string]struct {
		err  error
		once bool
	}{
		"full":       {syscall.ENOSPC, true},
		"pulled out": {syscall.EIO, false},
		"read-only":  {syscall.EROFS, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for at := int64(1); at < 100; at++ {
				path := t.TempDir()
				must(t, safedir.New(path).Write("sub/a", []byte(before)))
				s := &stick.Stick{Path: path, FailAt: at, Err: failure.err, Once: failure.once}
				err := safedir.On(s.Open).Write("sub/a", []byte(after))
				text, readErr := safedir.New(path).Read("sub/a", limit)
				must(t, readErr)
				if err == nil {
					if s.Acts() != at-1 || string(text) != after || at < 5 {
						t.Errorf("after %d acts: %d tried, text %q", at-1, s.Acts(), text)
					}
					return
				}
				if !errors.Is(err, failure.err) {
					t.Errorf("act %d: %v", at, err)
				}
				if string(text) != before && string(text) != after {
					t.Errorf("act %d: the file is %q", at, text)
				}
				if left, err := os.ReadDir(filepath.Join(path, "sub")); failure.once && (err != nil || len(left) != 1) {
					t.Errorf("act %d leaves %v, %v", at, left, err)
				}
			}
		})
	}
}

func TestFirstWriteFailsHalfWay(t *testing.T) {
	t.Parallel()
	for at := int64(1); at < 100; at++ {
		path := t.TempDir()
		s := &stick.Stick{Path: path, FailAt: at, Err: syscall.ENOSPC}
		err := safedir.On(s.Open).Write("sub/a", []byte("text"))
		names, namesErr := safedir.New(path).Names("sub")
		must(t, namesErr)
		if err == nil {
			return
		}
		// Only when the name could not be made to last is it there.
		if len(names) > 0 {
			if text, err := safedir.New(path).Read("sub/a", limit); err != nil || string(text) != "text" {
				t.Errorf("act %d: %q, %v", at, text, err)
			}
		}
	}
}

func TestActsThatFail(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	must(t, safedir.New(path).Write("sub/a", []byte("text")))
	dir := safedir.On((&stick.Stick{Path: path, FailAt: 1, Err: syscall.EIO}).Open)
	_, logErr := dir.Log("log")
	_, lockErr := dir.Lock("lock")
	for what, err := range map[string]error{"move": dir.Move("sub/a", "other/a"), "remove": dir.Remove("sub/a"), "log": logErr, "lock": lockErr} {
		if !errors.Is(err, syscall.EIO) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for at := int64(1); at <= 2; at++ { // making the file, and making it last
		s := &stick.Stick{Path: path, FailAt: at, Err: syscall.ENOSPC}
		if file, err := safedir.On(s.Open).Log("new"); err == nil {
			t.Errorf("act %d did not fail: %v", at, file.Close())
		}
	}
}

func TestShortRead(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	must(t, safedir.New(path).Write("a", []byte("text")))
	s := &stick.Stick{Path: path, ShortReads: true}
	if text, err := safedir.On(s.Open).Read("a", limit); !errors.Is(err, safedir.ErrTruncated) {
		t.Errorf("read %q, %v", text, err)
	}
}
