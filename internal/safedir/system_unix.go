//go:build unix && !solaris && !illumos && !aix

package safedir

import (
	"errors"
	"io/fs"
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

// isOfRoot reports whether the system's administrator owns a file.
func isOfRoot(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && stat.Uid == 0
}
