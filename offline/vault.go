package offline

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"filippo.io/age"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/safedir"
)

// Vault keeps grants from the moment the Cloud gives them until the workspace is seen registered, in a private folder (0700, files 0600): a registration
// token works once, so a grant that is lost in between is lost for good. It is safe for concurrent use. Make one with [OpenVault]: an empty or nil one fails.
type Vault struct {
	dir        *safedir.Dir
	folder     string
	place      fs.FileInfo // of the vault's folder, to tell it from others; nil in a ledger
	recipient  age.Recipient
	identities []age.Identity
}

// VaultOption changes how a [Vault] works.
type VaultOption func(*Vault)

// SealedTo seals what is kept to a recipient. Reading it back takes [OpenedWith].
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
	v := newVault(dir, grantsFolder, options)
	if v.place, err = os.Stat(path); err != nil {
		return nil, failed("open the vault", "", err)
	}
	sweep(dir, ".", triesFolder) // in the first one for the file of Ready
	v.sweep()
	return v, nil
}

// grantsFolder is the folder of a vault's folder.
const grantsFolder = "grants"

func newVault(dir *safedir.Dir, folder string, options []VaultOption) *Vault {
	v := &Vault{dir: dir, folder: folder}
	for _, option := range options {
		if option != nil {
			option(v)
		}
	}
	return v
}

// keptGrant is the content of a grant's file. It is written to a private folder only.
type keptGrant struct {
	Owner  string `json:"owner"`            // the workspace's unique id
	Blob   string `json:"blob,omitempty"`   // the grant
	Sealed string `json:"sealed,omitempty"` // or the same, sealed
}

// Keep writes the grant of a workspace, and replaces an older one. When it returns nil, the grant survives a crash.
func (v *Vault) Keep(uniqueID string, g cloud.Grant) error {
	v = v.orNone()
	content := keptGrant{Owner: uniqueID, Blob: g.Blob()}
	if v.recipient != nil {
		sealed, err := seal(v.recipient, []byte(content.Blob))
		if err != nil {
			return failed("keep the grant", "", err)
		}
		content.Blob, content.Sealed = "", sealed
	}
	return failed("keep the grant", "", keepDocument(v.dir, v.file(uniqueID), content))
}

// Has reports whether a grant of the workspace is kept.
func (v *Vault) Has(uniqueID string) (bool, error) {
	v = v.orNone()
	has, err := v.dir.Has(v.file(uniqueID))
	if has || err != nil {
		return has, failed("look for the grant", "", err)
	}
	parts, err := v.dir.Parts(v.folder, maxKept)
	has = slices.ContainsFunc(parts, func(p safedir.Part) bool { return isOwnedBy(uniqueID, p.Text) })
	return has, failed("look for the grant", "", err)
}

// Load reads the grant of a workspace. It need not be complete: [cloud.Grant.Check] tells. One that a killed process has written whole, without coming to
// give it its name, is kept like any other. Errors: [ErrNothingKept]; [ErrCannotOpen] when it is sealed and no identity fits; [ErrOtherWorkspace], [ErrEdited] and the
// other reasons to refuse a file.
func (v *Vault) Load(uniqueID string) (cloud.Grant, error) {
	grant, err := v.load(uniqueID)
	return grant, failed("read the kept grant", "", err)
}

func (v *Vault) load(uniqueID string) (cloud.Grant, error) {
	v = v.orNone()
	text, err := readOrTakeUp(v.dir, v.folder, nameOf(uniqueID), maxKept, func(text []byte) bool { return isOwnedBy(uniqueID, text) })
	if errors.Is(err, fs.ErrNotExist) && !errors.Is(err, ErrFolderMissing) {
		return cloud.Grant{}, ErrNothingKept
	}
	if err != nil {
		return cloud.Grant{}, err
	}
	return v.grantOf(uniqueID, text)
}

// grantOf returns the grant of a workspace in the text of a file.
func (v *Vault) grantOf(uniqueID string, text []byte) (cloud.Grant, error) {
	content, err := readKept(text)
	if err != nil {
		return cloud.Grant{}, err
	}
	if content.Owner != uniqueID {
		return cloud.Grant{}, ErrOtherWorkspace
	}
	return v.open(content)
}

func readKept(text []byte) (content keptGrant, err error) {
	_, err = readDocument(text, &content)
	return content, err
}

func isOwnedBy(uniqueID string, text []byte) bool {
	content, err := readKept(text)
	return err == nil && content.Owner == uniqueID
}

// open returns the grant in a content.
func (v *Vault) open(content keptGrant) (cloud.Grant, error) {
	blob := []byte(content.Blob)
	if content.Sealed != "" {
		var err error
		if blob, err = unseal(content.Sealed, v.identities...); err != nil {
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
func (v *Vault) Discard(uniqueID string) error {
	v = v.orNone()
	return failed("discard the grant", "", errors.Join(v.removeParts(uniqueID), v.dir.Remove(v.file(uniqueID))))
}

// Hold keeps other processes, and other callers in this one, from working for the same workspace until release is called. When another one does, the
// error is [ErrLocked]. It works between processes of one machine, and ends with the process, however that ends.
func (v *Vault) Hold(uniqueID string) (release func() error, err error) {
	v = v.orNone()
	file, err := v.dir.Lock(nameOf(uniqueID) + ".lock")
	if err != nil {
		return nil, failed("hold the workspace's place in the vault", "", err)
	}
	return file.Close, nil
}

// Ready reports whether a grant can be kept and read back, by writing a file of the size of a large one: call it before a token is spent.
// Errors: [ErrCannotOpen] for a vault that is sealed to another recipient than its identities, and those of the file system.
func (v *Vault) Ready() error {
	return failed("make room for a grant", "", v.tryOut())
}

func (v *Vault) tryOut() error {
	v = v.orNone()
	const name = "room"
	if v.recipient != nil {
		sealed, err := seal(v.recipient, nil)
		if err != nil {
			return err
		}
		if _, err := unseal(sealed, v.identities...); err != nil {
			return err
		}
	}
	if err := v.dir.Write(name, make([]byte, roomForGrant)); err != nil {
		return err
	}
	return v.dir.Remove(name)
}

// roomForGrant is far above the few thousand bytes of a real grant.
const roomForGrant = 64 << 10

// orNone returns a vault without a folder, which refuses everything, in the place of nil.
func (v *Vault) orNone() *Vault {
	if v == nil {
		return &Vault{}
	}
	return v
}

// SameFolder reports whether two vaults keep their grants in one folder. A vault that is nil has none.
func (v *Vault) SameFolder(other *Vault) bool {
	return v != nil && other != nil && os.SameFile(v.place, other.place)
}

func (v *Vault) file(uniqueID string) string {
	return fileOf(v.folder, nameOf(uniqueID), documentSuffix)
}

// nameOf is a hash, since a unique id is text from outside.
func nameOf(uniqueID string) string {
	sum := sha256.Sum256([]byte(uniqueID))
	return hex.EncodeToString(sum[:])
}
