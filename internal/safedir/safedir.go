// Package safedir keeps files in one folder: written whole or not at all, read whole or not at all, and nothing outside the folder is ever touched.
//
//	state := safedir.NewPrivate("/var/lib/example/state")
//	err := state.Write("pending/k5d2.json", text)
//	text, err := state.Read("pending/k5d2.json", 1<<20)
//
// The folder is entered anew for every operation, so that a stick may be pulled out and put back between two of them.
package safedir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"
	"syscall"
)

const (
	fileMode   fs.FileMode = 0o600
	folderMode fs.FileMode = 0o700
	others     fs.FileMode = 0o077
)

// Dir is a folder. It is safe for concurrent use, and holds nothing open. An empty or nil one fails with ErrNotOpened.
type Dir struct {
	open    func() (FS, error)
	private bool
}

// New returns the folder of a path for what others may see. Its modes are not looked at: a stick may have none.
func New(path string) *Dir { return On(func() (FS, error) { return OpenRoot(path) }) }

// NewPrivate returns the folder of a path for secrets: it refuses to work where others than the owner can read. Where the system has no such
// modes (Windows), what the folder inherits is what protects it.
func NewPrivate(path string) *Dir {
	d := New(path)
	d.private = true
	return d
}

// On returns a folder on another file system, which open enters anew for every operation.
func On(open func() (FS, error)) *Dir { return &Dir{open: open} }

// Make makes the folder of a path, unless it is there. The one above it must be. An empty path is ErrNotOpened.
func Make(path string) error {
	if path == "" {
		return ErrNotOpened
	}
	if err := os.Mkdir(path, folderMode); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// Check reports whether the folder is there, and private where it has to be.
func (d *Dir) Check() error {
	in, err := d.enter()
	if err != nil {
		return err
	}
	return in.Close()
}

func (d *Dir) isOpened() bool { return d != nil && d.open != nil }

func (d *Dir) enter() (FS, error) {
	if !d.isOpened() {
		return nil, ErrNotOpened
	}
	in, err := d.open()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %w", ErrFolderMissing, err)
	}
	if err != nil {
		return nil, err
	}
	info, err := in.Lstat(".")
	if err == nil {
		err = d.checkMode(info)
	}
	if err != nil {
		return nil, errors.Join(err, in.Close())
	}
	return in, nil
}

// checkMode refuses what others can read, where that matters.
func (d *Dir) checkMode(info fs.FileInfo) error {
	if d.private && isReadableByOthers(info.Mode(), false) {
		return fmt.Errorf("mode %04o: %w", info.Mode().Perm(), ErrReadableByOthers)
	}
	return nil
}

// Names returns the names in a folder of the folder, sorted, without those that begin with a dot. Where there is no such folder, there are no names.
func (d *Dir) Names(folder string) ([]string, error) {
	in, err := d.enter()
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }()
	if err := d.checkFolder(in, folder); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		return nil, err
	}
	file, err := in.OpenFile(folder, os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	names, err := file.Readdirnames(-1)
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, err
	}
	names = slices.DeleteFunc(names, func(name string) bool { return strings.HasPrefix(name, ".") })
	slices.Sort(names)
	return names, nil
}

// Has reports whether there is something of that name, whatever it is.
func (d *Dir) Has(name string) (bool, error) {
	in, err := d.enterFor(name)
	if err != nil {
		return false, absent(err)
	}
	defer func() { _ = in.Close() }()
	_, err = in.Lstat(name)
	return err == nil, absent(err)
}

// Remove removes a file. One that is not there is no error.
func (d *Dir) Remove(name string) error {
	in, err := d.enterFor(name)
	if err != nil {
		return absent(err)
	}
	defer func() { _ = in.Close() }()
	if err := in.Remove(name); err != nil {
		return absent(err)
	}
	return syncFolder(in, path.Dir(name))
}

// Move gives a file another name, and replaces what has that name.
func (d *Dir) Move(from, to string) error {
	in, err := d.enterFor(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	if err := d.makeFolder(in, to); err != nil {
		return err
	}
	if err := in.Rename(from, to); err != nil {
		return err
	}
	return errors.Join(syncFolder(in, path.Dir(to)), syncFolder(in, path.Dir(from)))
}

// absent drops the error that a file is not there.
func absent(err error) error {
	if errors.Is(err, fs.ErrNotExist) && !errors.Is(err, ErrFolderMissing) {
		return nil
	}
	return err
}

// enterFor enters the folder for a file, and checks its name and the folder that it is in.
func (d *Dir) enterFor(name string) (FS, error) {
	if err := CheckName(name); err != nil && d.isOpened() {
		return nil, err
	}
	in, err := d.enter()
	if err != nil {
		return nil, err
	}
	if err := d.checkFolder(in, path.Dir(name)); err != nil {
		return nil, errors.Join(err, in.Close())
	}
	return in, nil
}

// checkFolder refuses a folder of the folder that is something else.
func (d *Dir) checkFolder(in FS, folder string) error {
	if folder == "." {
		return nil
	}
	info, err := in.Lstat(folder)
	switch {
	case err != nil:
		return err
	case info.Mode()&fs.ModeSymlink != 0:
		return fmt.Errorf("%s: %w", folder, ErrSymbolicLink)
	case !info.IsDir():
		return fmt.Errorf("%s: %w", folder, ErrNotRegular)
	}
	return d.checkMode(info)
}

// MakeFolder makes a folder, unless it is there. Errors: [ErrInvalidName], [ErrFolderMissing], and those of the file system.
func (d *Dir) MakeFolder(name string) error {
	in, err := d.enter()
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	return d.makeFolder(in, path.Join(name, "file"))
}

// makeFolder makes the folder that a file is to be in, unless it is there.
func (d *Dir) makeFolder(in FS, name string) error {
	if err := CheckName(name); err != nil {
		return err
	}
	folder := path.Dir(name)
	err := d.checkFolder(in, folder)
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := in.Mkdir(folder, folderMode); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := syncFolder(in, "."); err != nil {
		return err
	}
	return d.checkFolder(in, folder)
}

// syncFolder makes the names in a folder last. Some file systems cannot do that for a folder, and say so.
func syncFolder(in FS, folder string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	file, err := in.OpenFile(folder, os.O_RDONLY, 0)
	if err != nil {
		return err
	}
	err = file.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		err = nil
	}
	return errors.Join(err, file.Close())
}

// CheckName refuses names that are not plain: at most one folder, and in each part only small letters, digits, dots, dashes and underlines, not a dot
// at its beginning. Such names mean the same on every file system.
func CheckName(name string) error {
	parts := strings.Split(name, "/")
	if len(parts) > 2 {
		return ErrInvalidName
	}
	for _, part := range parts {
		if part == "" || part[0] == '.' || len(part) > 100 || strings.Trim(part, "abcdefghijklmnopqrstuvwxyz0123456789.-_") != "" {
			return ErrInvalidName
		}
	}
	return nil
}
