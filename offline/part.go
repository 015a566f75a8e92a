package offline

import (
	"errors"
	"io/fs"
	"slices"
	"time"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/internal/safedir"
)

// maxKept is how long a file of a private folder may be, in bytes.
const maxKept = 3 * maxDocument

// writing is longer than any file takes to be written.
const writing = time.Hour

// sweep removes what killed processes left half written. It is no matter when that cannot be done: the next one tries again.
func sweep(dir *safedir.Dir, folders ...string) {
	for _, folder := range folders {
		sweepBut(dir, folder, nil)
	}
}

// sweepBut is sweep for a folder whose files may be all that is left of a token that was spent: some stay.
func sweepBut(dir *safedir.Dir, folder string, stays func(text []byte) bool) {
	_ = dir.Sweep(clock.System().Now().Add(-writing), folder, maxKept, stays) // file times are the machine's
}

// isHalfWritten reports whether an error says that a text is not what its writer meant to write. Of one of a newer format that is unknown here.
func isHalfWritten(err error) bool {
	return errors.Is(err, ErrTruncated) || errors.Is(err, ErrMalformed) || errors.Is(err, ErrEdited) || errors.Is(err, ErrTooLarge)
}

// readOrTakeUp reads a file. Where there is none, it takes up what a killed process has written whole, and not given its name: the newest of its folder that
// isIt says is it. The error is fs.ErrNotExist when there is neither.
func readOrTakeUp(dir *safedir.Dir, folder, id string, limit int64, isIt func(text []byte) bool) ([]byte, error) {
	name := fileOf(folder, id, documentSuffix)
	text, err := dir.Read(name, limit)
	if !errors.Is(err, fs.ErrNotExist) || errors.Is(err, ErrFolderMissing) {
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

// isAnswerTo returns what finds the answer to a request among the files under temporary names.
func isAnswerTo(id string) func(text []byte) bool {
	return func(text []byte) bool {
		content, err := parseAnswer(text)
		return err == nil && content.Request == id
	}
}

// removeParts removes what else there is of the registration whose grant is kept, so that it does not come back. The grant of another registration stays: it is all
// that is left of a token.
func (v *Vault) removeParts(uniqueID string) error {
	kept, err := v.load(uniqueID)
	if err != nil {
		return nil //nolint:nilerr // it is told by whoever loads it
	}
	parts, err := v.dir.Parts(v.folder, maxKept)
	for _, part := range parts {
		if grant, openErr := v.grantOf(uniqueID, part.Text); openErr == nil && isSameRegistration(grant, kept) {
			err = errors.Join(err, v.dir.RemovePart(part))
		}
	}
	return err
}

func isSameRegistration(a, b cloud.Grant) bool {
	return a.Equal(b) || a.WorkspaceID != "" && a.WorkspaceID == b.WorkspaceID && a.ClientID == b.ClientID
}

// sweep removes what killed processes have left. A grant that is whole waits for its owner, unless it is kept under its name as well.
func (v *Vault) sweep() {
	sweepBut(v.dir, v.folder, func(text []byte) bool {
		content, err := readKept(text)
		if err != nil {
			return !isHalfWritten(err)
		}
		kept, err := v.dir.Read(v.file(content.Owner), maxKept)
		if err != nil {
			return true
		}
		a, openErr := v.open(content)
		b, err := v.grantOf(content.Owner, kept)
		return openErr != nil || err != nil || !isSameRegistration(a, b)
	})
}
