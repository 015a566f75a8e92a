package safedir

import (
	"io"
	"io/fs"
	"os"
)

// FS is what a Dir needs of an [os.Root]. Tests put failing file systems in its place.
type FS interface {
	OpenFile(name string, flag int, perm fs.FileMode) (File, error)
	Lstat(name string) (fs.FileInfo, error)
	Mkdir(name string, perm fs.FileMode) error
	Rename(from, to string) error
	Remove(name string) error
	Close() error
}

// File is what a Dir needs of an [os.File].
type File interface {
	io.ReadWriteCloser
	io.ReaderAt
	Fd() uintptr
	Stat() (fs.FileInfo, error)
	Sync() error
	Truncate(size int64) error
	Readdirnames(n int) ([]string, error)
}

// root is an [os.Root] as an FS.
type root struct{ *os.Root }

func (r root) OpenFile(name string, flag int, perm fs.FileMode) (File, error) {
	file, err := r.Root.OpenFile(name, flag, perm)
	if err != nil {
		return nil, err // not a nil *os.File in an interface
	}
	return file, nil
}

// OpenRoot opens the folder of a path as an FS.
func OpenRoot(path string) (FS, error) {
	r, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	return root{r}, nil
}
