// Package grants keeps on disk what Rocket.Chat Cloud gives for a workspace, until the workspace has it.
//
//	store, err := grants.Open("/var/lib/example/grants")
//	err = store.Keep(uniqueID, grant)
//	// After a crash, in another process:
//	grant, err := store.Load(uniqueID) // grants.ErrNothingKept where there is none
//	err = store.Discard(uniqueID)
//
// A registration token works once, so a grant that is lost on its way to the workspace is lost for good. Relays, couriers and fleets share this store.
package grants

import (
	"fmt"
	"io/fs"
	"os"

	"filippo.io/age"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/document"
	"github.com/rcreg/registration/internal/safedir"
)

// What a store says. Compare with errors.Is. Files that something else has changed are refused with kinds of the package failure, such as [failure.Edited].
var (
	// ErrNothingKept: the store holds no grant for the workspace.
	ErrNothingKept = failure.NothingKept
	// ErrLocked: another run works for the same workspace.
	ErrLocked = failure.Locked
	// ErrCannotOpen: what is kept is sealed to another key, or is damaged.
	ErrCannotOpen = failure.CannotOpen
	// ErrOtherWorkspace: the file belongs to another workspace.
	ErrOtherWorkspace = failure.OtherWorkspace
	// ErrUnusable: the file could be read, but holds no grant. The cause says why.
	ErrUnusable = failure.Unusable
	// ErrReadableByOthers: the folder or a file of it is open to others than its owner.
	ErrReadableByOthers = failure.ReadableByOthers
	// ErrFolderMissing: the folder is not there any more.
	ErrFolderMissing = failure.FolderMissing
	// ErrNotOpened: the store is an empty one, or no name was given to open it.
	ErrNotOpened = failure.NotOpened
)

// Store keeps grants from the moment the Cloud gives them until the workspace is seen registered, in a private folder (0700, files 0600).
// It is safe for concurrent use. Make one with [Open]: an empty or nil one fails.
type Store struct {
	dir        *safedir.Dir
	folder     string
	place      fs.FileInfo // of the folder, to tell it from others; nil for In
	recipient  age.Recipient
	identities []age.Identity
}

// Option changes how a [Store] works.
type Option func(*Store)

// SealedTo seals what is kept to a recipient. Reading it back takes [OpenedWith].
func SealedTo(recipient age.Recipient) Option {
	return func(s *Store) { s.recipient = recipient }
}

// OpenedWith gives the identities that open what is kept sealed.
func OpenedWith(identities ...age.Identity) Option {
	return func(s *Store) { s.identities = identities }
}

// The folders of a store's folder.
const (
	grantsFolder = "grants"
	triesFolder  = "tries"
)

// Open returns the store in the folder of a path. It makes the folder when there is none; the one above it must be there.
// Errors: [ErrReadableByOthers], [ErrNotOpened] without a path, and those of the file system.
func Open(path string, options ...Option) (*Store, error) {
	dir, err := document.OpenPrivate(path)
	if err != nil {
		return nil, failed("open the store of grants", err)
	}
	s := In(dir, grantsFolder, options...)
	if s.place, err = os.Stat(path); err != nil {
		return nil, failed("open the store of grants", err)
	}
	document.Sweep(dir, ".", triesFolder) // in the first one for the file of Ready
	s.Tidy()
	return s, nil
}

// In returns the store in a folder of a private folder that another package of this module has opened, such as that of a courier's ledger.
func In(dir *safedir.Dir, folder string, options ...Option) *Store {
	s := &Store{dir: dir, folder: folder}
	for _, option := range options {
		if option != nil {
			option(s)
		}
	}
	return s
}

// SameFolder reports whether two stores keep their grants in one folder. A store that is nil has none.
func (s *Store) SameFolder(other *Store) bool {
	return s != nil && other != nil && os.SameFile(s.place, other.place)
}

// orNone returns a store without a folder, which refuses everything, in the place of nil.
func (s *Store) orNone() *Store {
	if s == nil {
		return &Store{}
	}
	return s
}

func (s *Store) file(uniqueID string) string { return document.Name(s.folder, nameOf(uniqueID)) }

// nameOf is a hash, since a unique id is text from outside.
func nameOf(uniqueID string) string { return document.Digest([]byte(uniqueID)) }

// failed says what could not be done; it returns nil for nil.
func failed(op string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", op, err)
}
