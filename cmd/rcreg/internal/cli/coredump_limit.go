//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package cli

import "syscall"

// limitCoreDumps sets the size of a core dump to zero, for good.
func limitCoreDumps() error { return syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{}) }
