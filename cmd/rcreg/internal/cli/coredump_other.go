//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package cli

// DisableCoreDumps does nothing: this system has no such limit for a process. Windows writes dumps only where the administrator has asked for them.
func DisableCoreDumps() error { return nil }
