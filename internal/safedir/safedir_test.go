package safedir_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rcreg/registration/internal/safedir"
)

const limit = 1 << 10

func TestWriteAndRead(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	dir := safedir.New(path)
	for _, text := range []string{"first", "second, which replaces it", ""} {
		if err := dir.Write("sub/a.json", []byte(text)); err != nil {
			t.Fatal(err)
		}
		if got, err := dir.Read("sub/a.json", limit); err != nil || string(got) != text {
			t.Errorf("read %q, %v", got, err)
		}
	}
	for name, want := range map[string]fs.FileMode{"sub": 0o700 | fs.ModeDir, "sub/a.json": 0o600} {
		info, err := os.Stat(filepath.Join(path, name))
		if err != nil || info.Mode() != want {
			t.Errorf("%s has mode %v, %v", name, info.Mode(), err)
		}
	}
	if names, err := dir.Names("sub"); err != nil || !slices.Equal(names, []string{"a.json"}) {
		t.Errorf("names %v, %v", names, err)
	}
}

func TestNamesOfNothing(t *testing.T) {
	t.Parallel()
	dir := safedir.New(t.TempDir())
	if names, err := dir.Names("sub"); err != nil || len(names) != 0 {
		t.Errorf("names %v, %v", names, err)
	}
}

func TestMoveHasRemove(t *testing.T) {
	t.Parallel()
	dir := safedir.New(t.TempDir())
	if err := dir.Write("from/a", []byte("text")); err != nil {
		t.Fatal(err)
	}
	if err := dir.Move("from/a", "to/b"); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"from/a": false, "to/b": true, "nowhere/a": false} {
		if has, err := dir.Has(name); err != nil || has != want {
			t.Errorf("has %s: %t, %v", name, has, err)
		}
	}
	for range 2 { // the second time it is gone
		if err := dir.Remove("to/b"); err != nil {
			t.Error(err)
		}
	}
	if err := dir.Remove("nowhere/b"); err != nil {
		t.Error(err)
	}
	if has, err := dir.Has("to/b"); err != nil || has {
		t.Errorf("still there: %t, %v", has, err)
	}
	if err := dir.Move("to/b", "to/c"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("moving nothing: %v", err)
	}
}

func TestNamesThatLeadOut(t *testing.T) {
	t.Parallel()
	dir := safedir.New(t.TempDir())
	for _, name := range []string{
		"", "/", ".", "..", "../a", "a/..", "a/../b", "/etc/passwd", "a/b/c", "a//b", "A", "a\\b", "c:a", ".a", "a/.part-x", "a\x00", "ä", strings.Repeat("a", 101),
	} {
		_, readErr := dir.Read(name, limit)
		_, hasErr := dir.Has(name)
		_, logErr := dir.Log(name)
		for what, err := range map[string]error{
			"read": readErr, "has": hasErr, "log": logErr, "write": dir.Write(name, nil), "remove": dir.Remove(name), "move": dir.Move(name, "a"),
		} {
			if !errors.Is(err, safedir.ErrInvalidName) {
				t.Errorf("%s %q: %v", what, name, err)
			}
		}
	}
	if err := dir.Write("a", nil); err != nil {
		t.Fatal(err)
	}
	if err := dir.Move("a", "../a"); !errors.Is(err, safedir.ErrInvalidName) {
		t.Errorf("move out: %v", err)
	}
}

func TestRefusedFiles(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	dir := safedir.New(path)
	outside := filepath.Join(t.TempDir(), "outside")
	must(t, os.WriteFile(outside, []byte("text"), 0o600))
	must(t, os.Mkdir(filepath.Join(path, "sub"), 0o700))
	must(t, os.WriteFile(filepath.Join(path, "sub", "whole"), []byte("text"), 0o600))
	must(t, os.WriteFile(filepath.Join(path, "sub", "large"), make([]byte, limit+1), 0o600))
	must(t, os.Mkdir(filepath.Join(path, "sub", "folder"), 0o700))
	must(t, os.Symlink(outside, filepath.Join(path, "sub", "outside")))
	must(t, os.Symlink("whole", filepath.Join(path, "sub", "inside")))
	must(t, os.Symlink("sub", filepath.Join(path, "link")))
	for name, want := range map[string]error{
		"sub/large":   safedir.ErrTooLarge,
		"sub/folder":  safedir.ErrNotRegular,
		"sub/outside": safedir.ErrSymbolicLink,
		"sub/inside":  safedir.ErrSymbolicLink,
		"link/whole":  safedir.ErrSymbolicLink,
		"sub/nothing": fs.ErrNotExist,
		"whole/a":     fs.ErrNotExist,
	} {
		if _, err := dir.Read(name, limit); !errors.Is(err, want) {
			t.Errorf("read %s: %v", name, err)
		}
		if want == safedir.ErrTooLarge || want == fs.ErrNotExist { //nolint:errorlint // the table's own values
			continue
		}
		if err := dir.Write(name, []byte("new")); !errors.Is(err, want) {
			t.Errorf("write %s: %v", name, err)
		}
		if _, err := dir.Log(name); !errors.Is(err, want) {
			t.Errorf("log %s: %v", name, err)
		}
	}
	if _, err := dir.Read("sub/whole/a", limit); !errors.Is(err, safedir.ErrInvalidName) {
		t.Errorf("a file as a folder: %v", err)
	}
	must(t, os.WriteFile(filepath.Join(path, "file"), nil, 0o600))
	if err := dir.Write("file/a", nil); !errors.Is(err, safedir.ErrNotRegular) {
		t.Errorf("a file as a folder: %v", err)
	}
	if text, err := os.ReadFile(outside); err != nil || string(text) != "text" {
		t.Errorf("the file outside is %q, %v", text, err)
	}
}

func TestFolderAway(t *testing.T) {
	t.Parallel()
	dir := safedir.New(filepath.Join(t.TempDir(), "away"))
	_, readErr := dir.Read("a", limit)
	_, hasErr := dir.Has("a")
	_, namesErr := dir.Names("a")
	for what, err := range map[string]error{
		"check": dir.Check(), "read": readErr, "has": hasErr, "names": namesErr, "write": dir.Write("a", nil), "remove": dir.Remove("a"), "move": dir.Move("a", "b"),
	} {
		if !errors.Is(err, safedir.ErrFolderMissing) || !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestMake(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	for range 2 {
		must(t, safedir.Make(path))
	}
	must(t, safedir.NewPrivate(path).Check())
	if err := safedir.Make(filepath.Join(path, "a", "b")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("made in nothing: %v", err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
