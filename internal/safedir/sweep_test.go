package safedir_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/rcreg/registration/internal/safedir"
	"github.com/rcreg/registration/internal/safedir/stick"
)

func TestSweep(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	dir := safedir.New(path)
	now := time.Now()
	must(t, dir.Write("sub/whole", []byte("text")))
	for name, age := range map[string]time.Duration{
		"whole": 9 * time.Hour, ".part-OLD": 2 * time.Hour, ".part-WHOLE": 2 * time.Hour, ".part-NEW": 0, ".other": 9 * time.Hour,
	} {
		file := filepath.Join(path, "sub", name)
		must(t, os.WriteFile(file, []byte(name), 0o600))
		must(t, os.Chtimes(file, now, now.Add(-age)))
	}
	must(t, os.WriteFile(filepath.Join(path, "sub", ".part-LARGE"), make([]byte, limit+1), 0o600))
	must(t, os.Chtimes(filepath.Join(path, "sub", ".part-LARGE"), now, now.Add(-2*time.Hour)))
	s := &stick.Stick{Path: path, FailAt: 1, Err: syscall.EROFS}
	if err := safedir.On(s.Open).Sweep(now.Add(-time.Hour), "sub", limit, nil); !errors.Is(err, syscall.EROFS) {
		t.Errorf("swept what is read-only: %v", err)
	}
	must(t, dir.Sweep(now.Add(-time.Hour), "sub", limit, func(text []byte) bool { return string(text) == ".part-WHOLE" }))
	must(t, dir.Sweep(now.Add(-time.Hour), "nothing", limit, nil))
	entries, err := os.ReadDir(filepath.Join(path, "sub"))
	must(t, err)
	left := make([]string, len(entries))
	for i, entry := range entries {
		left[i] = entry.Name()
	}
	if !slices.Equal(left, []string{".other", ".part-NEW", ".part-WHOLE", "whole"}) {
		t.Errorf("left are %v", left)
	}
	must(t, os.Symlink("sub", filepath.Join(path, "link")))
	if err := dir.Sweep(now, "link", limit, nil); !errors.Is(err, safedir.ErrSymbolicLink) {
		t.Errorf("swept over a link: %v", err)
	}
	if err := safedir.New(filepath.Join(path, "away")).Sweep(now, "sub", limit, nil); !errors.Is(err, safedir.ErrFolderMissing) {
		t.Errorf("swept nothing: %v", err)
	}
}

// TestTakeUp gives a part the name that its writer was killed before it gave it, newest first.
func TestTakeUp(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	dir := safedir.New(path)
	now := time.Now()
	must(t, os.Mkdir(filepath.Join(path, "sub"), 0o700))
	for name, age := range map[string]time.Duration{".part-OLD": 2 * time.Hour, ".part-NEW": time.Minute, ".part-MIDDLE": time.Hour, "a": 0} {
		file := filepath.Join(path, "sub", name)
		must(t, os.WriteFile(file, []byte(name), 0o600))
		must(t, os.Chtimes(file, now, now.Add(-age)))
	}
	must(t, os.WriteFile(filepath.Join(path, "sub", ".part-LARGE"), make([]byte, limit+1), 0o600))
	must(t, os.Symlink("a", filepath.Join(path, "sub", ".part-LINK")))
	must(t, os.Mkdir(filepath.Join(path, "sub", ".part-FOLDER"), 0o700))
	parts, err := dir.Parts("sub", limit)
	must(t, err)
	texts := make([]string, len(parts))
	for i, part := range parts {
		texts[i] = string(part.Text)
	}
	if !slices.Equal(texts, []string{".part-NEW", ".part-MIDDLE", ".part-OLD"}) {
		t.Fatalf("parts are %v", texts)
	}
	must(t, dir.TakeUp(parts[0], "sub/a"))
	for range 2 {
		must(t, dir.RemovePart(parts[1]))
	}
	if text, err := dir.Read("sub/a", limit); err != nil || string(text) != ".part-NEW" {
		t.Errorf("read %q, %v", text, err)
	}
	if err := dir.TakeUp(parts[0], "sub/a"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("taken up twice: %v", err)
	}
	if parts, err := dir.Parts("sub", limit); err != nil || len(parts) != 1 {
		t.Errorf("left are %d, %v", len(parts), err)
	}
	if parts, err := dir.Parts("nothing", limit); err != nil || len(parts) != 0 {
		t.Errorf("in no folder: %d, %v", len(parts), err)
	}
	must(t, os.Chmod(path, 0o700))
	must(t, os.Chmod(filepath.Join(path, "sub", ".part-OLD"), 0o644))
	if _, err := safedir.NewPrivate(path).Parts("sub", limit); !errors.Is(err, safedir.ErrReadableByOthers) {
		t.Errorf("open to others: %v", err)
	}
}

// hasty takes up what is being written before its writer gives it its name.
type hasty struct {
	safedir.FS
	dir *safedir.Dir
	as  []byte // what it makes of the text; nil leaves it
}

func (h hasty) Rename(from, to string) error {
	parts, err := h.dir.Parts("sub", limit)
	if err != nil {
		return err
	}
	if err := h.dir.TakeUp(parts[0], to); err != nil {
		return err
	}
	if h.as != nil {
		if err := h.dir.Write(to, h.as); err != nil {
			return err
		}
	}
	return h.FS.Rename(from, to)
}

// TestWriteThatIsTakenUp has written what it should, also where another process was first to give it its name.
func TestWriteThatIsTakenUp(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		as   []byte
		want error
	}{"as it is": {nil, nil}, "and replaced": {[]byte("another text"), os.ErrNotExist}} {
		path := t.TempDir()
		open := func() (safedir.FS, error) {
			in, err := safedir.OpenRoot(path)
			return hasty{in, safedir.New(path), tt.as}, err
		}
		if err := safedir.On(open).Write("sub/a", []byte("text")); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
