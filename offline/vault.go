package offline

import (
	"filippo.io/age"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/safedir"
)

// Vault keeps grants from the moment the Cloud gives them until the workspace is seen registered, in a private folder (0700, files 0600). It is safe for
// concurrent use.
type Vault struct {
	dir        *safedir.Dir
	recipient  age.Recipient
	identities []age.Identity
}

// VaultOption changes how a [Vault] works.
type VaultOption func(*Vault)

// SealedTo seals what is kept to a recipient. Reading it back takes [OpenedWith]: without, only [Vault.Has] works.
func SealedTo(recipient age.Recipient) VaultOption {
	return func(v *Vault) { v.recipient = recipient }
}

// OpenedWith gives the identities that open what is kept sealed.
func OpenedWith(identities ...age.Identity) VaultOption {
	return func(v *Vault) { v.identities = identities }
}

// OpenVault returns the vault in the folder of a path. It makes the folder when there is none; the one above it must be there.
// Errors: [ErrReadableByOthers], and those of the file system.
func OpenVault(path string, options ...VaultOption) (*Vault, error) {
	dir, err := openPrivate(path)
	if err != nil {
		return nil, failed("open the vault", "", err)
	}
	v := &Vault{dir: dir}
	for _, option := range options {
		option(v)
	}
	return v, nil
}

// Keep writes the grant of a workspace, and replaces an older one. When it returns nil, the grant survives a crash.
func (v *Vault) Keep(uniqueID string, g cloud.Grant) error { panic("not yet") }

// Has tells whether a grant of the workspace is kept.
func (v *Vault) Has(uniqueID string) (bool, error) { panic("not yet") }

// Load reads the grant of a workspace. It need not be complete: [cloud.Grant.Check] tells. Errors: [ErrNothingKept]; [ErrCannotOpen] when it is sealed and
// no identity fits; [ErrOtherWorkspace]; [ErrEdited] and the other reasons to refuse a file.
func (v *Vault) Load(uniqueID string) (cloud.Grant, error) { panic("not yet") }

// Discard deletes the grant of a workspace: call it once the workspace is seen registered. Nothing to delete is no error.
func (v *Vault) Discard(uniqueID string) error { panic("not yet") }
