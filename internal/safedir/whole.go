package safedir

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
)

// partPrefix begins the names of files that are being written. Read does not look at them; Parts does.
const partPrefix = ".part-"

// Write writes a file whole or not at all, and replaces what has its name: a temporary file, fsync, rename, fsync of the folder. After an error the
// old file or the new one is there, whole.
func (d *Dir) Write(name string, data []byte) error {
	if err := CheckName(name); err != nil {
		return err
	}
	in, err := d.enter()
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	if err := d.makeFolder(in, name); err != nil {
		return err
	}
	if info, err := in.Lstat(name); err == nil {
		if err := checkFile(info); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	temporary := path.Join(path.Dir(name), partPrefix+rand.Text())
	if err := writeNew(in, temporary, data); err != nil {
		_ = in.Remove(temporary)
		return err
	}
	if err := in.Rename(temporary, name); err != nil && !d.isTakenUp(in, name, data, err) {
		_ = in.Remove(temporary)
		return err
	}
	return syncFolder(in, path.Dir(name))
}

// isTakenUp reports whether a file could not be given its name because a reader, which took its writer for dead, has done so already.
func (d *Dir) isTakenUp(in FS, name string, data []byte, err error) bool {
	if !errors.Is(err, fs.ErrNotExist) {
		return false
	}
	file, size, err := d.openFile(in, name, os.O_RDONLY)
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }()
	text, err := readWhole(file, size, int64(len(data)))
	return err == nil && bytes.Equal(text, data)
}

func writeNew(in FS, name string, data []byte) error {
	file, err := in.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// attempts is how often a file is opened that is replaced at the same moment.
const attempts = 3

// Read reads a file whole, up to a limit in bytes.
func (d *Dir) Read(name string, limit int64) ([]byte, error) {
	in, err := d.enterFor(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }()
	file, size, err := d.openFile(in, name, os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	data, err := readWhole(file, size, limit)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return data, nil
}

// openFile opens a regular file that is not reached over a link, and returns its size.
func (d *Dir) openFile(in FS, name string, flag int) (File, int64, error) {
	for range attempts {
		seen, err := in.Lstat(name)
		if err != nil {
			return nil, 0, err
		}
		err = checkFile(seen)
		if err == nil {
			err = d.checkMode(seen)
		}
		if err != nil {
			return nil, 0, fmt.Errorf("%s: %w", name, err)
		}
		file, err := in.OpenFile(name, flag, 0)
		if err != nil {
			return nil, 0, err
		}
		// What was opened must be what was looked at: it may have been replaced by a link in between.
		opened, err := file.Stat()
		if err == nil && os.SameFile(seen, opened) {
			return file, opened.Size(), nil
		}
		if err := errors.Join(err, file.Close()); err != nil {
			return nil, 0, err
		}
	}
	return nil, 0, fmt.Errorf("%s changes all the time: %w", name, ErrNotRegular)
}

func checkFile(info fs.FileInfo) error {
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		return ErrSymbolicLink
	case !info.Mode().IsRegular():
		return ErrNotRegular
	}
	return nil
}

// readWhole reads a file of a known size.
func readWhole(file io.Reader, size, limit int64) ([]byte, error) {
	if size > limit {
		return nil, fmt.Errorf("it has %d bytes, at most %d are read: %w", size, limit, ErrTooLarge)
	}
	data, err := io.ReadAll(io.LimitReader(file, limit+1))
	switch {
	case err != nil:
		return nil, err
	case int64(len(data)) > limit:
		return nil, ErrTooLarge
	case int64(len(data)) < size:
		return nil, fmt.Errorf("%d of %d bytes came: %w", len(data), size, ErrTruncated)
	}
	return data, nil
}
