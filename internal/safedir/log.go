package safedir

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
)

// Log opens a file for reading from its beginning and writing at its end, and makes it when it is not there.
func (d *Dir) Log(name string) (File, error) {
	in, err := d.enterFor(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }()
	made, err := in.OpenFile(name, os.O_RDWR|os.O_APPEND|os.O_CREATE|os.O_EXCL, fileMode)
	if err == nil {
		if err := syncFolder(in, "."); err != nil {
			return nil, errors.Join(err, made.Close())
		}
		return made, nil
	}
	if !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	file, _, err := d.openFile(in, name, os.O_RDWR|os.O_APPEND)
	return file, err
}

// Lock keeps other processes out until the returned file is closed, or the process ends, however it ends. When another one is in, the error is
// ErrLocked. It works between processes of one machine.
func (d *Dir) Lock(name string) (File, error) {
	file, err := d.Log(name)
	if err != nil {
		return nil, err
	}
	if err := lock(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return locked{file}, nil
}

// locked gives its lock back before it is closed. Closing alone would not do: a child process that is just starting holds a copy of every open file.
type locked struct{ File }

func (l locked) Close() error { return errors.Join(unlock(l.File), l.File.Close()) }

// tornSuffix and a number end the names of files that hold what was torn.
const tornSuffix = ".torn-"

// PutAside keeps what is to be cut off a file in a new one beside it, whose name ends in .torn-1 or the first number that is free. When it returns nil, that
// lasts.
func (d *Dir) PutAside(name string, torn io.Reader) error {
	in, err := d.enterFor(name)
	if err != nil {
		return err
	}
	return errors.Join(putAside(in, name, torn), in.Close())
}

// PutAside is Dir.PutAside for a file outside any Dir.
func PutAside(name string, torn io.Reader) error {
	in, err := OpenRoot(filepath.Dir(name))
	if err != nil {
		return err
	}
	return errors.Join(putAside(in, filepath.Base(name), torn), in.Close())
}

func putAside(in FS, name string, torn io.Reader) error {
	for number := 1; ; number++ {
		aside := name + tornSuffix + strconv.Itoa(number)
		file, err := in.OpenFile(aside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return err
		}
		_, err = io.Copy(file, torn)
		if err == nil {
			err = file.Sync()
		}
		if err = errors.Join(err, file.Close()); err != nil {
			_ = in.Remove(aside)
			return err
		}
		return syncFolder(in, path.Dir(name))
	}
}
