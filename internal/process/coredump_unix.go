//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package process

import "syscall"

// disableCoreDumps keeps the secrets in the memory of this process out of files.
func disableCoreDumps() error { return syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{}) }
