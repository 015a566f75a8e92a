//go:build unix

package safedir

import (
	"io/fs"
	"syscall"
)

// isOfRoot reports whether the system's administrator owns a file.
func isOfRoot(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && stat.Uid == 0
}
