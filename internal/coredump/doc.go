// Package coredump keeps the secrets in the memory of a process out of files.
//
//	_ = coredump.Disable() // a system that does not allow it is no reason to do nothing at all
package coredump
