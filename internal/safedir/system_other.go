//go:build (!unix && !windows) || solaris || illumos || aix

package safedir

import (
	"errors"
	"io/fs"
)

// lock refuses: without a lock two processes could spend one token twice. So no private folder is used here, whoever owns it.
func lock(File) error { return errors.ErrUnsupported }

func unlock(File) error { return nil }

// isOfRoot reports whether the system's administrator owns a file.
func isOfRoot(fs.FileInfo) bool { return false }
