package grants

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/document"
	"github.com/rcreg/registration/internal/safedir"
)

// keptGrant is the content of a grant's file. It is written to a private folder only.
type keptGrant struct {
	Owner  string `json:"owner"`            // the workspace's unique id
	Blob   string `json:"blob,omitempty"`   // the grant
	Sealed string `json:"sealed,omitempty"` // or the same, sealed
}

// Keep writes the grant of a workspace, and replaces an older one. When it returns nil, the grant survives a crash.
func (s *Store) Keep(uniqueID string, g cloud.Grant) error {
	s = s.orNone()
	content := keptGrant{Owner: uniqueID, Blob: g.Blob()}
	if s.recipient != nil {
		sealed, err := document.Seal(s.recipient, []byte(content.Blob))
		if err != nil {
			return failed("keep the grant", err)
		}
		content.Blob, content.Sealed = "", sealed
	}
	return failed("keep the grant", document.Keep(s.dir, s.file(uniqueID), content))
}

// Has reports whether a grant of the workspace is kept.
func (s *Store) Has(uniqueID string) (bool, error) {
	s = s.orNone()
	if has, _ := s.dir.Has(s.file(uniqueID)); has {
		return true, nil
	}
	parts, err := s.dir.Parts(s.folder, document.MaxKept) // what fails here has failed before
	has := slices.ContainsFunc(parts, func(p safedir.Part) bool { return isOwnedBy(uniqueID, p.Text) })
	return has, failed("look for the grant", err)
}

// Load reads the grant of a workspace. It need not be complete: [cloud.Grant.Check] tells. One that a killed process has written whole, without coming to
// give it its name, is kept like any other. Errors: [ErrNothingKept]; [ErrCannotOpen] when it is sealed and no identity fits; [ErrOtherWorkspace], [ErrUnusable], and the
// other reasons to refuse a file.
func (s *Store) Load(uniqueID string) (cloud.Grant, error) {
	grant, err := s.orNone().load(uniqueID)
	return grant, failed("read the kept grant", err)
}

func (s *Store) load(uniqueID string) (cloud.Grant, error) {
	text, err := document.ReadOrTakeUp(s.dir, s.folder, nameOf(uniqueID), document.MaxKept, func(text []byte) bool { return isOwnedBy(uniqueID, text) })
	if errors.Is(err, fs.ErrNotExist) && !errors.Is(err, ErrFolderMissing) {
		return cloud.Grant{}, ErrNothingKept
	}
	if err != nil {
		return cloud.Grant{}, err
	}
	return s.grantOf(uniqueID, text)
}

// grantOf returns the grant of a workspace in the text of a file.
func (s *Store) grantOf(uniqueID string, text []byte) (cloud.Grant, error) {
	content, err := readKept(text)
	if err != nil {
		return cloud.Grant{}, err
	}
	if content.Owner != uniqueID {
		return cloud.Grant{}, ErrOtherWorkspace
	}
	return s.open(content)
}

func readKept(text []byte) (content keptGrant, err error) {
	_, err = document.Read(text, &content)
	return content, err
}

func isOwnedBy(uniqueID string, text []byte) bool {
	content, err := readKept(text)
	return err == nil && content.Owner == uniqueID
}

// open returns the grant in a content.
func (s *Store) open(content keptGrant) (cloud.Grant, error) {
	blob := []byte(content.Blob)
	if content.Sealed != "" {
		var err error
		if blob, err = document.Unseal(content.Sealed, s.identities...); err != nil {
			return cloud.Grant{}, err
		}
	}
	grant, err := cloud.ParseBlob(string(blob))
	if err != nil {
		return cloud.Grant{}, fmt.Errorf("%w: %w", ErrUnusable, err)
	}
	return grant, nil
}

// Discard deletes the grant of a workspace: call it once the workspace is seen registered. Nothing to delete is no error.
func (s *Store) Discard(uniqueID string) error {
	s = s.orNone()
	return failed("discard the grant", errors.Join(s.removeParts(uniqueID), s.dir.Remove(s.file(uniqueID))))
}
