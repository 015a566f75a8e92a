package safedir

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"time"
)

// Part is a file under the temporary name of a writer that was killed before it gave the file its own, or that is still at it. Only what is in it reports whether it is
// whole.
type Part struct {
	name string // with its folder
	Text []byte
	Time time.Time // when it was written
}

// Parts reads the files under temporary names in a folder of the folder, the newest first. What is larger than the limit, or no regular file, no writer has left. One
// that cannot be read is an error, since it may be whole.
func (d *Dir) Parts(folder string, limit int64) ([]Part, error) {
	in, err := d.enter()
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }()
	names, err := d.partNames(in, folder)
	if err != nil {
		return nil, err
	}
	parts := make([]Part, 0, len(names))
	for _, name := range names {
		part, err := d.readPart(in, name, limit)
		switch {
		case err == nil:
			parts = append(parts, part)
		case errors.Is(err, fs.ErrNotExist), errors.Is(err, ErrTooLarge), errors.Is(err, ErrNotRegular), errors.Is(err, ErrSymbolicLink):
		default:
			return nil, err
		}
	}
	slices.SortStableFunc(parts, func(a, b Part) int { return cmp.Or(b.Time.Compare(a.Time), strings.Compare(a.name, b.name)) })
	return parts, nil
}

// partNames lists the temporary names in a folder, with the folder. Where there is no such folder, there are none.
func (d *Dir) partNames(in FS, folder string) ([]string, error) {
	if err := d.checkFolder(in, folder); err != nil {
		return nil, absent(err)
	}
	file, err := in.OpenFile(folder, os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	names, err := file.Readdirnames(-1)
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, err
	}
	names = slices.DeleteFunc(names, func(name string) bool { return !strings.HasPrefix(name, partPrefix) })
	for i, name := range names {
		names[i] = path.Join(folder, name)
	}
	return names, nil
}

func (d *Dir) readPart(in FS, name string, limit int64) (Part, error) {
	file, size, err := d.openFile(in, name, os.O_RDONLY)
	if err != nil {
		return Part{}, err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return Part{}, err
	}
	text, err := readWhole(file, size, limit)
	return Part{name: name, Text: text, Time: info.ModTime()}, err
}

// TakeUp does what the writer of a part was killed before: it makes the file last, gives it its name, and makes that last. It replaces what has the name.
func (d *Dir) TakeUp(part Part, name string) error {
	in, err := d.enterFor(name)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	file, _, err := d.openFile(in, part.name, os.O_RDWR)
	if err != nil {
		return err
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := in.Rename(part.name, name); err != nil {
		return err
	}
	return syncFolder(in, path.Dir(name))
}

// RemovePart removes a part. One that is not there is no error.
func (d *Dir) RemovePart(part Part) error {
	in, err := d.enter()
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	if err := in.Remove(part.name); err != nil {
		return absent(err)
	}
	return syncFolder(in, path.Dir(part.name))
}

// Sweep removes what was left behind in a folder of the folder by writers that were killed: files under temporary names that have not changed since a time. They may
// hold secrets. What stays says of one that may be whole, by its text up to a limit, stays; nil is for a folder where nothing is lost with such a file. So does what
// cannot be read.
func (d *Dir) Sweep(since time.Time, folder string, limit int64, stays func(text []byte) bool) error {
	in, err := d.enter()
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	names, err := d.partNames(in, folder)
	failures := []error{err}
	for _, name := range names {
		info, err := in.Lstat(name)
		if err != nil || !info.ModTime().Before(since) {
			continue
		}
		if stays != nil {
			part, err := d.readPart(in, name, limit)
			if err != nil && !errors.Is(err, ErrTooLarge) && !errors.Is(err, ErrNotRegular) && !errors.Is(err, ErrSymbolicLink) || err == nil && stays(part.Text) {
				failures = append(failures, absent(err))
				continue
			}
		}
		failures = append(failures, absent(in.Remove(name)))
	}
	return errors.Join(failures...)
}
