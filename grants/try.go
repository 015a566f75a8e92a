package grants

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/document"
)

// Try is a registration token that was handed to the Cloud for a workspace. It is kept before the token leaves, and for as long as nothing tells what became of it:
// the Cloud may hold a registration by it that no workspace uses.
type Try struct {
	TokenSHA256 string    `json:"token_sha256"` // in hexadecimal
	Began       time.Time `json:"began"`
	// InDoubt tells that its run has ended. A run that is not over, or was killed, may still leave a grant.
	InDoubt bool `json:"in_doubt,omitempty"`
}

// NewTry returns the try of a token that is about to be handed over.
func NewTry(token string, now time.Time) Try {
	return Try{TokenSHA256: document.Digest([]byte(strings.TrimSpace(token))), Began: now.UTC().Truncate(time.Second)}
}

// triesContent is the content of the file of a workspace's tries. It holds no secret.
type triesContent struct {
	Owner string `json:"owner"` // the workspace's unique id
	Tries []Try  `json:"tries"`
}

// Tries reads the tries that are kept for a workspace, the oldest first. Errors: [ErrOtherWorkspace], and the other reasons to refuse a file, and those of
// the file system.
func (s *Store) Tries(uniqueID string) ([]Try, error) {
	s = s.orNone()
	text, err := s.dir.Read(triesFile(uniqueID), document.MaxKept)
	if errors.Is(err, fs.ErrNotExist) && !errors.Is(err, ErrFolderMissing) {
		return nil, nil
	}
	var content triesContent
	if err == nil {
		_, err = document.Read(text, &content)
	}
	switch {
	case err == nil && content.Owner != uniqueID:
		err = ErrOtherWorkspace
	case err == nil && len(content.Tries) == 0: // a file of another kind: where there is none to keep, there is no file
		err = failure.Malformed
	}
	if err != nil {
		return nil, failed("read the tokens that were handed over", err)
	}
	return content.Tries, nil
}

// KeepTries replaces the tries that are kept for a workspace. When it returns nil, they survive a crash. The workspace must be held (see [Store.Hold]).
func (s *Store) KeepTries(uniqueID string, tries []Try) error {
	s = s.orNone()
	if len(tries) == 0 {
		return failed("forget the tokens that were handed over", s.dir.Remove(triesFile(uniqueID)))
	}
	content := triesContent{Owner: uniqueID, Tries: slices.Clone(tries)}
	return failed("keep which token is handed over", document.Keep(s.dir, triesFile(uniqueID), content))
}

func triesFile(uniqueID string) string { return document.Name(triesFolder, nameOf(uniqueID)) }
