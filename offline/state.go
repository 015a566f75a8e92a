package offline

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"filippo.io/age"

	"github.com/rcreg/registration/internal/document"
	"github.com/rcreg/registration/internal/safedir"
)

// State is the private folder of the workspace's side: it holds the keys of pending requests, what was received until the workspace is verified, and what
// was used. It must have mode 0700 (and its files 0600), and must never be on the stick. It is safe for concurrent use.
//
//	pending/<id>-<tag>.json  a request and the key that opens its answer; the tag is of the workspace
//	received/<id>.json       the answer, sealed to that key
//	used/<id>.json           a closed request
//	used/<sha256>.json       a grant that was used
//	asking-<tag>.lock        held while a request is made; it may stay
//
// Make one with [OpenState]: an empty or nil one fails.
type State struct{ dir *safedir.Dir }

// files is where the files of a state are; nil, which refuses everything, for none.
func (s *State) files() *safedir.Dir {
	if s == nil {
		return nil
	}
	return s.dir
}

// The folders of a state folder.
const (
	pendingFolder  = "pending"
	receivedFolder = "received"
	usedFolder     = "used"
)

// OpenState returns the state folder of a path. It makes the folder when there is none; the one above it must be there.
// Errors: [ErrReadableByOthers], and those of the file system.
func OpenState(path string) (*State, error) {
	dir, err := document.OpenPrivate(path)
	if err != nil {
		return nil, failed("open the state folder", "", err)
	}
	document.Sweep(dir, pendingFolder, usedFolder)
	s := &State{dir: dir}
	document.SweepBut(dir, receivedFolder, s.isAwaited)
	return s, nil
}

// pending is a request that waits for its answer.
type pending struct {
	request  Request
	identity *age.X25519Identity
}

// pendingContent is the content of a pending request's file. It holds a secret, and is written to the state folder only.
type pendingContent struct {
	Request  string `json:"request"` // the whole file, as text
	Identity string `json:"identity"`
}

// holdAsking keeps others from asking for the same workspace until release is called. The error is ErrLocked when another one does.
func (s *State) holdAsking(uniqueID string) (release func() error, err error) {
	file, err := s.files().Lock("asking" + strings.TrimSuffix(tagOf(uniqueID), document.Suffix) + ".lock")
	if err != nil {
		return nil, err
	}
	return file.Close, nil
}

func (s *State) keepPending(p pending) error {
	name := pendingFolder + "/" + p.request.ID() + tagOf(p.request.Workspace().UniqueID)
	return damaged(document.Keep(s.files(), name, pendingContent{Request: string(p.request.Text()), Identity: p.identity.String()}))
}

// pending reads a pending request. Errors: ErrClosed, ErrUnknownRequest, ErrStateDamaged.
func (s *State) pending(id string) (pending, error) {
	if err := s.isUnused(id); err != nil {
		return pending{}, err
	}
	return s.pendingOrClosing(id)
}

// isUnused reports whether a request is not closed. Errors: ErrClosed, and ErrUnknownRequest for what is no id.
func (s *State) isUnused(id string) error {
	if err := checkID(id); err != nil {
		return fmt.Errorf("%w: %w", ErrUnknownRequest, err)
	}
	used, err := s.isUsed(id)
	if used {
		err = fmt.Errorf("%w: %w", ErrClosed, ErrUsed)
	}
	return err
}

// pendingOrClosing reads a pending request that may be used already, because closing it was interrupted.
func (s *State) pendingOrClosing(id string) (pending, error) {
	name, err := s.pendingName(id)
	if err != nil {
		return pending{}, err
	}
	text, err := s.files().Read(name, document.MaxKept)
	if err != nil {
		return pending{}, damaged(err)
	}
	return readPending(text)
}

// damaged says of what this package never makes that something else has changed the state folder.
func damaged(err error) error {
	for _, sign := range []error{ErrTruncated, ErrTooLarge, ErrSymbolicLink, ErrNotRegular} {
		if errors.Is(err, sign) {
			return fmt.Errorf("%w: %w", ErrStateDamaged, err)
		}
	}
	return err
}

// tagOf ends the names of the pending requests of a workspace, so that they are found among those of many.
func tagOf(uniqueID string) string {
	sum := sha256.Sum256([]byte(uniqueID))
	return "-" + hex.EncodeToString(sum[:8]) + document.Suffix
}

// pendingName finds the file of a pending request. The error is ErrUnknownRequest when there is none.
func (s *State) pendingName(id string) (string, error) {
	if err := checkID(id); err != nil {
		return "", fmt.Errorf("%w: %w", ErrUnknownRequest, err)
	}
	names, err := s.files().Names(pendingFolder)
	if err != nil {
		return "", damaged(err)
	}
	i := slices.IndexFunc(names, func(name string) bool { return strings.HasPrefix(name, id+"-") })
	if i < 0 {
		return "", ErrUnknownRequest
	}
	return pendingFolder + "/" + names[i], nil
}

func readPending(text []byte) (pending, error) {
	var content pendingContent
	if _, err := document.Read(text, &content); err != nil {
		return pending{}, fmt.Errorf("%w: the pending request: %w", ErrStateDamaged, err)
	}
	request, err := ParseRequest([]byte(content.Request))
	if err != nil {
		return pending{}, fmt.Errorf("%w: the pending request: %w", ErrStateDamaged, errors.Unwrap(err))
	}
	identity, err := age.ParseX25519Identity(content.Identity)
	if err != nil || identity.Recipient().String() != request.content.Recipient {
		return pending{}, fmt.Errorf("%w: the key of the pending request: %w", ErrStateDamaged, ErrMalformed) // the error of age may quote the key
	}
	return pending{request: request, identity: identity}, nil
}

// allPending reads the pending requests of a workspace, or of all when it has no name, in no order: those that are used, or those that are not. What cannot
// be read is an error, since it may be one of them.
func (s *State) allPending(uniqueID string, used bool) ([]pending, error) {
	names, err := s.files().Names(pendingFolder)
	if err != nil {
		return nil, damaged(err)
	}
	var all []pending
	for _, name := range names {
		if uniqueID != "" && !strings.HasSuffix(name, tagOf(uniqueID)) {
			continue
		}
		id, _, _ := strings.Cut(name, "-")
		isUsed, err := s.isUsed(id)
		if err == nil && isUsed != used {
			continue
		}
		var p pending
		if err == nil {
			p, err = s.pendingOrClosing(id)
		}
		if err != nil {
			return nil, failed("read a pending request", id, err)
		}
		if uniqueID == "" || p.request.Workspace().UniqueID == uniqueID {
			all = append(all, p)
		}
	}
	return all, nil
}

func (s *State) keepReceived(id string, doc []byte) error {
	return damaged(s.files().Write(document.Name(receivedFolder, id), doc))
}

// received reads the answer that is kept. The error is fs.ErrNotExist when there is none.
func (s *State) received(id string) ([]byte, error) {
	text, err := document.ReadOrTakeUp(s.files(), receivedFolder, id, document.MaxSize, isAnswerTo(id))
	return text, damaged(err)
}

// isAwaited reports whether a text may be the answer to a request that is pending.
func (s *State) isAwaited(text []byte) bool {
	content, err := parseAnswer(text)
	if err != nil {
		return !document.IsHalfWritten(err)
	}
	_, err = s.pendingName(content.Request)
	return !errors.Is(err, ErrUnknownRequest)
}

// usedContent is the content of a note that something was used.
type usedContent struct {
	Request string    `json:"request"`
	Nonce   string    `json:"nonce"`
	Closed  time.Time `json:"closed"`
}

// markUsed notes that an answer was used, and by which request.
func (s *State) markUsed(a Answer, now time.Time) error {
	note := usedContent{Request: a.request.ID(), Nonce: a.request.content.Nonce, Closed: now.UTC().Truncate(time.Second)}
	if a.request.Kind() == Registration {
		if err := document.Keep(s.files(), document.Name(usedFolder, grantDigest(a.grant)), note); err != nil {
			return damaged(err)
		}
	}
	return damaged(document.Keep(s.files(), document.Name(usedFolder, a.request.ID()), note))
}

// isUsed reports whether a request is closed, or the grant of a digest was used.
func (s *State) isUsed(idOrDigest string) (bool, error) {
	used, err := s.files().Has(document.Name(usedFolder, idOrDigest))
	return used, damaged(err)
}

// refuseUsed is isUsed as an error: ErrUsed.
func (s *State) refuseUsed(idOrDigest string) error {
	used, err := s.isUsed(idOrDigest)
	if used {
		return ErrUsed
	}
	return err
}

// forget deletes the key of a request, and what was received.
func (s *State) forget(id string) error {
	name, err := s.pendingName(id)
	if err != nil {
		return err
	}
	return errors.Join(s.files().Remove(document.Name(receivedFolder, id)), s.files().Remove(name))
}
