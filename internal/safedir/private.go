package safedir

import (
	"fmt"
	"io/fs"
	"os"
	"runtime"
)

// ReadPrivate reads a file outside any Dir that holds secrets, up to a limit in bytes. Its path is the operator's word, so that links are followed. What
// it leads to must be a file that only its owner can read, or a pipe, a terminal or another device, which keep nothing that others could read.
func ReadPrivate(path string, limit int64) ([]byte, error) {
	return readNamed(path, limit, func(opened fs.FileInfo) error {
		if isReadableByOthers(opened.Mode(), isOfRoot(opened) && os.Geteuid() != 0) {
			return fmt.Errorf("mode %04o: %w", opened.Mode().Perm(), ErrReadableByOthers)
		}
		return nil
	})
}

// ReadPublic reads a file outside any Dir that holds no secret, as ReadPrivate does, whoever can read it.
func ReadPublic(path string, limit int64) ([]byte, error) {
	return readNamed(path, limit, func(fs.FileInfo) error { return nil })
}

func readNamed(path string, limit int64, check func(opened fs.FileInfo) error) ([]byte, error) {
	file, err := os.Open(path) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	opened, err := file.Stat()
	switch {
	case err != nil:
		return nil, err
	case opened.IsDir():
		return nil, ErrNotRegular
	case !opened.Mode().IsRegular():
		return readWhole(file, 0, limit)
	}
	if err := check(opened); err != nil {
		return nil, err
	}
	return readWhole(file, opened.Size(), limit)
}

// isReadableByOthers reports whether others than its owner can read or change what has a mode. What the system has lent to this user, who is not its owner, can
// only be read through its group: so are secrets mounted into a container.
func isReadableByOthers(mode fs.FileMode, lent bool) bool {
	refused := others
	if lent {
		refused &^= 0o040
	}
	return runtime.GOOS != "windows" && mode.Perm()&refused != 0
}
