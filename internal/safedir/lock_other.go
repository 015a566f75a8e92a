//go:build (!unix && !windows) || solaris || illumos || aix

package safedir

import "errors"

// lock refuses: without a lock two processes could spend one token twice.
func lock(File) error { return errors.ErrUnsupported }

func unlock(File) error { return nil }
