package document

import (
	"errors"
	"io/fs"
	"slices"
	"time"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/internal/safedir"
)

const (
	// Suffix is that of the names of files in this form.
	Suffix = ".json"
	// MaxKept is how long a file of a private folder may be, in bytes.
	MaxKept = 3 * MaxSize
	// Writing is longer than any file takes to be written.
	Writing = time.Hour
)

// Name is the name of the file of an id in a folder.
func Name(folder, id string) string { return folder + "/" + id + Suffix }

// OpenPrivate returns the private folder of a path, which it makes when there is none; the one above it must be there.
func OpenPrivate(path string) (*safedir.Dir, error) {
	if err := safedir.Make(path); err != nil {
		return nil, err
	}
	dir := safedir.NewPrivate(path)
	return dir, dir.Check()
}

// Keep writes a content into a private folder.
func Keep(dir *safedir.Dir, name string, content any) error {
	text, _, err := Write(content)
	if err != nil {
		return err
	}
	return dir.Write(name, text)
}

// ReadOrTakeUp reads a file. Where there is none, it takes up what a killed process has written whole, and not given its name: the newest of its folder that
// isIt says is it. The error is fs.ErrNotExist when there is neither.
func ReadOrTakeUp(dir *safedir.Dir, folder, id string, limit int64, isIt func(text []byte) bool) ([]byte, error) {
	name := Name(folder, id)
	text, err := dir.Read(name, limit)
	if !errors.Is(err, fs.ErrNotExist) || errors.Is(err, failure.FolderMissing) {
		return text, err
	}
	parts, partsErr := dir.Parts(folder, limit)
	if partsErr != nil {
		return nil, partsErr
	}
	i := slices.IndexFunc(parts, func(p safedir.Part) bool { return isIt(p.Text) })
	if i < 0 {
		return nil, err
	}
	_ = dir.TakeUp(parts[i], name) // on a folder that cannot be written it is found again
	return parts[i].Text, nil
}

// Sweep removes what killed processes left half written. It is no matter when that cannot be done: the next one tries again.
func Sweep(dir *safedir.Dir, folders ...string) {
	for _, folder := range folders {
		SweepBut(dir, folder, nil)
	}
}

// SweepBut is [Sweep] for a folder whose files may be all that is left of a token that was spent: some stay.
func SweepBut(dir *safedir.Dir, folder string, stays func(text []byte) bool) {
	_ = dir.Sweep(clock.System().Now().Add(-Writing), folder, MaxKept, stays) // file times are the machine's
}

// IsHalfWritten reports whether an error says that a text is not what its writer meant to write. That is unknown of one in a newer format.
func IsHalfWritten(err error) bool {
	return errors.Is(err, failure.Truncated) || errors.Is(err, failure.Malformed) || errors.Is(err, failure.Edited) || errors.Is(err, failure.TooLarge)
}
