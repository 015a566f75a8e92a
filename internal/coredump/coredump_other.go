//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package coredump

// Disable does nothing: this system has no such limit for a process. Windows writes dumps only where the administrator has asked for them.
func Disable() error { return nil }
