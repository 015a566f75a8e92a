package cli

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// reservedFile is a temporary file beside the one that is to be written, so that this one is written whole or not at all. It is to be saved or dropped.
type reservedFile struct {
	file *os.File
	path string
}

// reserveFile makes sure that a file can be written. Only this user can read it.
func reserveFile(path string) (*reservedFile, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil, errors.New(path + " is a folder")
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".rcreg-*") // mode 0600
	if err != nil {
		return nil, err
	}
	return &reservedFile{file: file, path: path}, nil
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
	if err := os.Rename(r.file.Name(), r.path); err != nil {
		return err
	}
	r.file = nil
	return nil
}
