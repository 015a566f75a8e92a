//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package process

// disableCoreDumps does nothing: this system has no such limit for a process. Windows writes dumps only where the administrator has asked for them.
func disableCoreDumps() error { return nil }
