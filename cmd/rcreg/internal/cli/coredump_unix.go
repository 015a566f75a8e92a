//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package cli

// DisableCoreDumps keeps the secrets in the memory of this process out of files.
func DisableCoreDumps() error { return limitCoreDumps() }
