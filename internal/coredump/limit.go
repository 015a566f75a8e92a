//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package coredump

import "syscall"

// limit sets the size of a core dump to zero, for good.
func limit() error { return syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{}) }
