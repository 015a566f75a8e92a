//go:build unix

package fleet_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/rcreg/registration/fleet"
)

// TestPipe: a pipe gives its text only once, so that checking the list must leave it alone.
func TestPipe(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	list, err := fleet.Parse([]byte("workspaces: [{name: a, url: 'https://a.example.com', user: u, password: {file: "+pipe+"}}]"), "")
	if err != nil {
		t.Fatal(err)
	}
	written := make(chan error, 1)
	go func() { written <- os.WriteFile(pipe, []byte("secret"), 0o600) }()
	if _, err := list.Workspaces[0].Open(); err != nil {
		t.Error(err)
	}
	if err := <-written; err != nil {
		t.Error(err)
	}
}
