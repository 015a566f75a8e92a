package safedir

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// OpenLog is Dir.Log and Dir.Lock in one for a file outside any Dir, whose path is the operator's word: it is opened for reading from its beginning and writing
// at its end, made when it is not there, and other processes are kept out until it is closed. Then the error is ErrLocked.
func OpenLog(path string) (File, error) {
	file, err := openLog(path)
	if err != nil {
		return nil, err
	}
	if err := checkLog(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	if err := lock(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return locked{file}, nil
}

func openLog(path string) (File, error) {
	made, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND|os.O_CREATE|os.O_EXCL, fileMode) //nolint:gosec // the operator names the file
	if err == nil {
		if err := syncFolderOf(path); err != nil {
			return nil, errors.Join(err, made.Close())
		}
		return made, nil
	}
	if !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND, 0) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, err
	}
	return file, nil
}

// checkLog refuses what keeps nothing, such as a pipe.
func checkLog(file File) error {
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		return ErrNotRegular
	}
	return err
}

// syncFolderOf makes the name of a new file last.
func syncFolderOf(path string) error {
	in, err := OpenRoot(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(syncFolder(in, "."), in.Close())
}
