package safedir_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/rcreg/registration/internal/safedir"
)

func TestOpenLog(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "Any Name.log")
	first, err := safedir.OpenLog(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := safedir.OpenLog(path); !errors.Is(err, safedir.ErrLocked) {
		t.Errorf("opened twice: %v", err)
	}
	if _, err := first.Write([]byte("one\n")); err != nil {
		t.Error(err)
	}
	if err := first.Close(); err != nil {
		t.Error(err)
	}
	second, err := safedir.OpenLog(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := second.Write([]byte("two\n")); err != nil {
		t.Error(err)
	}
	if err := second.Close(); err != nil {
		t.Error(err)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "one\ntwo\n" {
		t.Errorf("%q, %v", text, err)
	}
	for name, path := range map[string]string{"a folder": dir, "in no folder": filepath.Join(dir, "none", "log"), "a device": os.DevNull} {
		if file, err := safedir.OpenLog(path); err == nil {
			t.Errorf("%s was opened", name)
			_ = file.Close()
		}
	}
}
