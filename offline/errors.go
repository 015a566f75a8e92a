package offline

import (
	"errors"
	"fmt"

	"github.com/rcreg/registration/internal/safedir"
)

// What is wrong with a file, so that it is refused. Compare with errors.Is.
var (
	// ErrTruncated: the file is cut off. Copy it again, in full.
	ErrTruncated = safedir.ErrTruncated
	// ErrTooLarge: the file is larger than any real one.
	ErrTooLarge = safedir.ErrTooLarge
	// ErrSymbolicLink: the file, or the folder that it is in, is a symbolic link.
	ErrSymbolicLink = safedir.ErrSymbolicLink
	// ErrNotRegular: a folder or a device is where a file belongs.
	ErrNotRegular = safedir.ErrNotRegular
	// ErrLeadsOut: an id or a name is not one of this format, and may lead out of the folder.
	ErrLeadsOut = safedir.ErrLeadsOut
	// ErrReadableByOthers: a file or a folder with secrets is open to others than its owner.
	ErrReadableByOthers = safedir.ErrReadableByOthers
	// ErrMalformed: this is no file of the exchange format.
	ErrMalformed = errors.New("this is no file of the exchange format")
	// ErrNewerFormat: the file has a format that this version does not know.
	ErrNewerFormat = errors.New("the file has a newer format: upgrade to the version that wrote it")
	// ErrEdited: the content is not what its SHA-256 says.
	ErrEdited = errors.New("the content was changed after it was written: its SHA-256 does not match")
	// ErrOtherWorkspace: the file belongs to another workspace.
	ErrOtherWorkspace = errors.New("it is for another workspace")
	// ErrOtherRequest: the answer is for another request of the workspace.
	ErrOtherRequest = errors.New("it is the answer to another request")
	// ErrUsed: the request is closed, or the answer was used for one that is.
	ErrUsed = errors.New("it was used before")
	// ErrClosed: the request is closed, since its answer has reached the workspace. It is an ErrUsed as well.
	ErrClosed = errors.New("the request is closed")
	// ErrCannotOpen: the answer is not sealed to the key of this request, or is damaged.
	ErrCannotOpen = errors.New("the answer cannot be opened with the key of this request")
	// ErrUnusable: the answer could be read, but what it holds must not be handed to a workspace. The cause says why.
	ErrUnusable = errors.New("the answer holds nothing that can be used")
)

// What is missing, or in the way. Compare with errors.Is.
var (
	// ErrFolderAway: the folder is not there, such as a stick that was pulled out.
	ErrFolderAway = safedir.ErrAway
	// ErrNotOpened: a folder, a state, a vault or a ledger is an empty one, or no name was given to open it.
	ErrNotOpened = safedir.ErrNotOpened
	// ErrNoAnswer: there is no answer yet.
	ErrNoAnswer = errors.New("there is no answer yet")
	// ErrUnknownRequest: the request was not made with this state folder, or was withdrawn.
	ErrUnknownRequest = errors.New("there is no such request in the state folder")
	// ErrStateDamaged: something else has changed the state folder. A pending request that is damaged can be withdrawn.
	ErrStateDamaged = errors.New("the state folder is damaged")
	// ErrNothingKept: the vault holds no grant for the workspace.
	ErrNothingKept = errors.New("no grant is kept for the workspace")
	// ErrLocked: another courier works with the same ledger, or another run for the same workspace.
	ErrLocked = safedir.ErrLocked
	// ErrLedgerDamaged: the ledger was changed by something else. A courier does not work with it, since it might spend a token twice.
	ErrLedgerDamaged = errors.New("the ledger is damaged")
	// ErrNotInDoubt: there is no token of the request whose outcome is unknown.
	ErrNotInDoubt = errors.New("the outcome of no token of this request is unknown")
	// ErrInvalidTokens: the file of registration tokens cannot be used. No token is quoted.
	ErrInvalidTokens = errors.New("the file of registration tokens cannot be used")
)

// Why a courier left a request without an answer. Compare with errors.Is.
var (
	// ErrNoToken: there is no registration token for the workspace.
	ErrNoToken = errors.New("there is no registration token for this workspace")
	// ErrTokenRefused: the Cloud does not accept the token.
	ErrTokenRefused = errors.New("Rocket.Chat Cloud refused the registration token")
	// ErrTokenSpent: the token was handed to the Cloud before, and is not tried again.
	ErrTokenSpent = errors.New("this registration token was used before: get a new one")
	// ErrOutcomeUnknown: the token was handed to the Cloud, and nobody knows what became of it.
	ErrOutcomeUnknown = errors.New("the token may be spent: its outcome is unknown")
	// ErrNoGrant: a license can be fetched only with the grant of the workspace's registration, and this courier has not kept it.
	ErrNoGrant = errors.New("this courier has not kept the workspace's grant, without which the Cloud gives no license")
)

// Error says what could not be done, and with which request. It never holds a secret.
type Error struct {
	Op      string // such as "read the answer"
	Request string // its id; may be empty
	Err     error
}

// Error names the act, the request and the cause.
func (e *Error) Error() string {
	if e.Request == "" {
		return fmt.Sprintf("%s: %v", e.Op, e.Err)
	}
	return fmt.Sprintf("%s (request %s): %v", e.Op, e.Request, e.Err)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// failed wraps an error; it returns nil for nil.
func failed(op, id string, err error) error {
	if err == nil {
		return nil
	}
	return &Error{Op: op, Request: id, Err: err}
}
