//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package coredump

// Disable keeps the secrets in the memory of this process out of files.
func Disable() error { return limit() }
