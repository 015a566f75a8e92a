package cli

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// reservedFile is a temporary file beside the one that is to be written, so that this one is written whole or not at all. It is to be saved or dropped.
type reservedFile struct {
	file *os.File
	path string
	ours func(begins []byte) bool
}

// reserveFile makes sure that a file can be written: it is not there, empty, or begins as one of ours does. Only this user can read it.
func reserveFile(path string, ours func(begins []byte) bool) (*reservedFile, error) {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target // a link stays
	}
	if err := checkReplaceable(path, ours); err != nil {
		return nil, err
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".rcreg-*") // mode 0600
	if err != nil {
		return nil, err
	}
	return &reservedFile{file: file, path: path, ours: ours}, nil
}

// checkReplaceable refuses a path at which something is that is not ours.
func checkReplaceable(path string, ours func(begins []byte) bool) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case info.IsDir():
		return errors.New(path + " is a folder")
	case !info.Mode().IsRegular():
		return errors.New(path + " is no regular file")
	case info.Size() == 0:
		return nil
	}
	file, err := os.Open(path) //nolint:gosec // the user names the file
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	const enough = 4 << 10
	begins, err := io.ReadAll(io.LimitReader(file, enough))
	if err == nil && !ours(begins) {
		err = errors.New(path + " is there, rcreg did not write it for this, and it is left as it is")
	}
	return err
}

// drop removes the temporary file; after save it does nothing.
func (r *reservedFile) drop() {
	if r.file == nil {
		return
	}
	_ = r.file.Close()
	_ = os.Remove(r.file.Name())
	r.file = nil
}

// save writes the file. After an error the old one, if any, is as it was.
func (r *reservedFile) save(write func(io.Writer) error) error {
	defer r.drop()
	if err := write(r.file); err != nil {
		return err
	}
	if err := r.file.Sync(); err != nil {
		return err
	}
	if err := r.file.Close(); err != nil {
		return err
	}
	if err := checkReplaceable(r.path, r.ours); err != nil { // it may have come since
		return err
	}
	if err := os.Rename(r.file.Name(), r.path); err != nil {
		return err
	}
	r.file = nil
	return nil
}
