//go:build unix && !solaris && !illumos && !aix

package safedir_test

import (
	"syscall"
	"testing"

	"github.com/rcreg/registration/internal/safedir"
)

// A child process that is just starting has a copy of the file. It must not keep the lock that was given back.
func TestLockIsGivenBackAlthoughACopyIsOpen(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	if err := safedir.Make(path + "/private"); err != nil {
		t.Fatal(err)
	}
	dir := safedir.NewPrivate(path + "/private")
	held, err := dir.Lock("lock")
	if err != nil {
		t.Fatal(err)
	}
	fd, err := syscall.Dup(int(held.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = syscall.Close(fd) }()
	if err := held.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := dir.Lock("lock")
	if err != nil {
		t.Fatalf("given back, and still taken: %v", err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}
