//go:build !unix

package safedir

import "io/fs"

// isOfRoot reports whether the system's administrator owns a file: where there are no modes, it does not matter.
func isOfRoot(fs.FileInfo) bool { return false }
