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
	for name, age := range map[string]time.Duration{"whole": 9 * time.Hour, ".part-OLD": 2 * time.Hour, ".part-NEW": 0, ".other": 9 * time.Hour} {
		file := filepath.Join(path, "sub", name)
		must(t, os.WriteFile(file, []byte("text"), 0o600))
		must(t, os.Chtimes(file, now, now.Add(-age)))
	}
	s := &stick.Stick{Path: path, FailAt: 1, Err: syscall.EROFS}
	if err := safedir.On(s.Open).Sweep(now.Add(-time.Hour), "sub"); !errors.Is(err, syscall.EROFS) {
		t.Errorf("swept what is read-only: %v", err)
	}
	must(t, dir.Sweep(now.Add(-time.Hour), "sub", "nothing"))
	entries, err := os.ReadDir(filepath.Join(path, "sub"))
	must(t, err)
	left := make([]string, len(entries))
	for i, entry := range entries {
		left[i] = entry.Name()
	}
	if !slices.Equal(left, []string{".other", ".part-NEW", "whole"}) {
		t.Errorf("left are %v", left)
	}
	must(t, os.Symlink("sub", filepath.Join(path, "link")))
	if err := dir.Sweep(now, "link"); !errors.Is(err, safedir.ErrSymbolicLink) {
		t.Errorf("swept over a link: %v", err)
	}
	if err := safedir.New(filepath.Join(path, "away")).Sweep(now, "sub"); !errors.Is(err, safedir.ErrAway) {
		t.Errorf("swept nothing: %v", err)
	}
}
