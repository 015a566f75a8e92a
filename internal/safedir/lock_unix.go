//go:build unix && !solaris && !illumos && !aix

package safedir

import (
	"errors"
	"syscall"
)

func lock(file File) error {
	err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return ErrLocked
	}
	return err
}

func unlock(file File) error { return syscall.Flock(int(file.Fd()), syscall.LOCK_UN) }
