//go:build unix

package safedir_test

import (
	"errors"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/rcreg/registration/internal/safedir"
)

// Opening a named pipe would wait for its other end: it is refused before.
func TestRefusedPipe(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	must(t, syscall.Mkfifo(filepath.Join(path, "pipe"), 0o600))
	dir := safedir.New(path)
	_, readErr := dir.Read("pipe", limit)
	_, logErr := dir.Log("pipe")
	for what, err := range map[string]error{"read": readErr, "write": dir.Write("pipe", []byte("new")), "log": logErr} {
		if !errors.Is(err, safedir.ErrNotRegular) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
