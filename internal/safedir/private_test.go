package safedir_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rcreg/registration/internal/safedir"
)

func TestPrivateFolder(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name              string
		folder, sub, file fs.FileMode
		want              error
	}{
		{"private", 0o700, 0o700, 0o600, nil},
		{"read only", 0o500, 0o500, 0o400, nil},
		{"folder open to the group", 0o750, 0o700, 0o600, safedir.ErrReadableByOthers},
		{"sub-folder open to all", 0o700, 0o701, 0o600, safedir.ErrReadableByOthers},
		{"file open to all", 0o700, 0o700, 0o604, safedir.ErrReadableByOthers},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "state")
			must(t, os.MkdirAll(filepath.Join(path, "sub"), 0o700))
			must(t, os.WriteFile(filepath.Join(path, "sub", "a"), []byte("text"), 0o600))
			must(t, os.Chmod(filepath.Join(path, "sub", "a"), tt.file))
			must(t, os.Chmod(filepath.Join(path, "sub"), tt.sub))
			must(t, os.Chmod(path, tt.folder))
			t.Cleanup(func() { _ = os.Chmod(path, 0o700); _ = os.Chmod(filepath.Join(path, "sub"), 0o700) })
			if _, err := safedir.NewPrivate(path).Read("sub/a", limit); !errors.Is(err, tt.want) {
				t.Errorf("read: %v", err)
			}
			if _, err := safedir.New(path).Read("sub/a", limit); err != nil {
				t.Errorf("read what may be seen: %v", err)
			}
		})
	}
}

func TestReadPrivate(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	file := func(name string, mode fs.FileMode, text string) string {
		full := filepath.Join(path, name)
		must(t, os.WriteFile(full, []byte(text), 0o600))
		must(t, os.Chmod(full, mode))
		return full
	}
	must(t, os.Symlink("Good", filepath.Join(path, "link")))
	for _, tt := range []struct {
		path string
		want error
	}{
		{file("Good", 0o600, "text"), nil},
		{filepath.Join(path, "link"), nil}, // the operator's word
		{file("only", 0o400, "text"), nil},
		{file("group", 0o640, "text"), safedir.ErrReadableByOthers},
		{file("world", 0o604, "text"), safedir.ErrReadableByOthers},
		{file("writable", 0o602, "text"), safedir.ErrReadableByOthers},
		{os.DevNull, nil},
		{file("large", 0o600, string(make([]byte, limit+1))), safedir.ErrTooLarge},
		{path, safedir.ErrNotRegular},
		{filepath.Join(path, "nothing"), fs.ErrNotExist},
	} {
		text, err := safedir.ReadPrivate(tt.path, limit)
		if !errors.Is(err, tt.want) || err == nil && string(text) != "text" && tt.path != os.DevNull {
			t.Errorf("%s: %q, %v", tt.path, text, err)
		}
	}
}

func TestLock(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	dir := safedir.New(path)
	held, err := dir.Lock("lock")
	must(t, err)
	if _, err := safedir.New(path).Lock("lock"); !errors.Is(err, safedir.ErrLocked) {
		t.Errorf("locked twice: %v", err)
	}
	must(t, held.Close())
	again, err := dir.Lock("lock")
	must(t, err)
	must(t, again.Close())
}

func TestLogAppends(t *testing.T) {
	t.Parallel()
	dir := safedir.New(t.TempDir())
	for range 2 {
		log, err := dir.Log("log")
		must(t, err)
		_, err = log.Write([]byte("line\n"))
		must(t, errors.Join(err, log.Sync(), log.Close()))
	}
	if text, err := dir.Read("log", limit); err != nil || string(text) != strings.Repeat("line\n", 2) {
		t.Errorf("the log is %q, %v", text, err)
	}
}
