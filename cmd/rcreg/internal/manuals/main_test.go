package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestWrite: each command has its page, with its flags, and each shell its completion.
func TestWrite(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := write(folder); err != nil {
		t.Fatal(err)
	}
	for path, has := range map[string]string{
		"man/rcreg.1": "RCREG_WORKSPACE", "man/rcreg-fleet-sync.1": "journal", "man/rcreg-license-apply.1": "license", "completions/rcreg.bash": "rcreg",
		"completions/rcreg.zsh": "#compdef rcreg", "completions/rcreg.fish": "complete -c rcreg",
	} {
		text, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(path)))
		if err != nil || !strings.Contains(string(text), has) {
			t.Errorf("%s has no %q: %v", path, has, err)
		}
	}
	if err := write(filepath.Join(folder, "man", "rcreg.1")); err == nil {
		t.Error("a file is no folder, and passes")
	}
}
