package safedir

import (
	"errors"
	"os"
	"path"
	"strings"
	"time"
)

// Sweep removes what was left behind in some folders of the folder by writers that were killed: files that were being written, and have not changed since a
// time. They may hold secrets.
func (d *Dir) Sweep(since time.Time, folders ...string) error {
	in, err := d.enter()
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	var failures []error
	for _, folder := range folders {
		if err := d.checkFolder(in, folder); err != nil {
			failures = append(failures, absent(err))
			continue
		}
		failures = append(failures, sweep(in, folder, since))
	}
	return errors.Join(failures...)
}

func sweep(in FS, folder string, since time.Time) error {
	file, err := in.OpenFile(folder, os.O_RDONLY, 0)
	if err != nil {
		return err
	}
	names, err := file.Readdirnames(-1)
	failures := []error{err, file.Close()}
	for _, name := range names {
		left := path.Join(folder, name)
		info, err := in.Lstat(left)
		if strings.HasPrefix(name, partPrefix) && err == nil && info.ModTime().Before(since) {
			failures = append(failures, absent(in.Remove(left)))
		}
	}
	return errors.Join(failures...)
}
