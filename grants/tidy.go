package grants

import (
	"errors"
	"slices"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/document"
)

// Tidy discards the grants of those that are done with them, and removes what killed processes have left half written, as [Open] does. It is no matter when that
// cannot be done: the next run tries again.
func (s *Store) Tidy(done ...string) {
	s = s.orNone()
	kept := s.fileNames()
	for _, id := range done {
		if slices.Contains(kept, s.file(id)) {
			_ = s.Discard(id)
		}
	}
	s.sweep()
}

// fileNames lists the names of the grants' files, also of those that were never given theirs.
func (s *Store) fileNames() []string {
	names, _ := s.dir.Names(s.folder)
	for i, name := range names {
		names[i] = s.folder + "/" + name
	}
	parts, _ := s.dir.Parts(s.folder, document.MaxKept)
	for _, part := range parts {
		content, _ := readKept(part.Text)
		names = append(names, s.file(content.Owner)) // one that cannot be read is of no owner
	}
	return names
}

// removeParts removes what else there is of the registration whose grant is kept, so that it does not come back. The grant of another registration stays: it is all
// that is left of a token.
func (s *Store) removeParts(uniqueID string) error {
	kept, err := s.load(uniqueID)
	if err != nil {
		return nil //nolint:nilerr // whoever loads it is told
	}
	parts, err := s.dir.Parts(s.folder, document.MaxKept)
	for _, part := range parts {
		grant, _ := s.grantOf(uniqueID, part.Text) // one that cannot be read is of no registration
		if isSameRegistration(grant, kept) {
			err = errors.Join(err, s.dir.RemovePart(part))
		}
	}
	return err
}

func isSameRegistration(a, b cloud.Grant) bool {
	return a.Equal(b) || a.WorkspaceID != "" && a.WorkspaceID == b.WorkspaceID && a.ClientID == b.ClientID
}

// sweep removes what killed processes have left. A grant that is whole waits for its owner, unless it is kept under its name as well.
func (s *Store) sweep() {
	document.SweepBut(s.dir, s.folder, func(text []byte) bool {
		content, err := readKept(text)
		if err != nil {
			return !document.IsHalfWritten(err)
		}
		kept, _ := s.dir.Read(s.file(content.Owner), document.MaxKept)
		named, _ := s.grantOf(content.Owner, kept) // one that cannot be read is of no registration
		grant, err := s.open(content)
		return err != nil || !isSameRegistration(grant, named)
	})
}
