package safedir

import (
	"errors"
	"io/fs"

	"golang.org/x/sys/windows"
)

func lock(file File) error {
	err := windows.LockFileEx(windows.Handle(file.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, new(windows.Overlapped))
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return ErrLocked
	}
	return err
}

// unlock leaves it to closing: no child process has a copy of the handle.
func unlock(File) error { return nil }

// isOfRoot reports whether the system's administrator owns a file: where there are no modes, it does not matter.
func isOfRoot(fs.FileInfo) bool { return false }
