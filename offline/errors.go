package offline

import (
	"errors"
	"fmt"

	"github.com/rcreg/registration/failure"
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
	// ErrInvalidName: an id or a name is not one of this format, and may lead out of the folder.
	ErrInvalidName = safedir.ErrInvalidName
	// ErrReadableByOthers: a file or a folder with secrets is open to others than its owner.
	ErrReadableByOthers = safedir.ErrReadableByOthers
	// ErrMalformed: this is no file of the exchange format.
	ErrMalformed = failure.Malformed
	// ErrNewerFormat: the file has a format that this version does not know.
	ErrNewerFormat = failure.NewerFormat
	// ErrEdited: the content is not what its SHA-256 says.
	ErrEdited = failure.Edited
	// ErrOtherWorkspace: the file belongs to another workspace.
	ErrOtherWorkspace = failure.OtherWorkspace
	// ErrOtherRequest: the answer is for another request of the workspace.
	ErrOtherRequest = failure.OtherRequest
	// ErrUsed: the request is closed, or the answer was used for one that is.
	ErrUsed = failure.Used
	// ErrClosed: the request is closed, since its answer has reached the workspace. It is an ErrUsed as well.
	ErrClosed = failure.Closed
	// ErrCannotOpen: the answer is not sealed to the key of this request, or is damaged.
	ErrCannotOpen = failure.CannotOpen
	// ErrUnusable: the answer could be read, but what it holds must not be handed to a workspace. The cause says why.
	ErrUnusable = failure.Unusable
)

// What is missing, or in the way. Compare with errors.Is.
var (
	// ErrFolderMissing: the folder is not there, such as a stick that was pulled out.
	ErrFolderMissing = safedir.ErrFolderMissing
	// ErrNotOpened: a folder, a state or a ledger is an empty one, or no name was given to open it.
	ErrNotOpened = safedir.ErrNotOpened
	// ErrNoAnswer: there is no answer yet.
	ErrNoAnswer = failure.NoAnswer
	// ErrUnknownRequest: the request was not made with this state folder, or was withdrawn.
	ErrUnknownRequest = failure.UnknownRequest
	// ErrStateDamaged: something else has changed the state folder. A pending request that is damaged can be withdrawn.
	ErrStateDamaged = failure.StateDamaged
	// ErrLocked: another courier works with the same ledger, or another run asks for the same workspace.
	ErrLocked = safedir.ErrLocked
	// ErrLedgerDamaged: the ledger was changed by something else. A courier does not work with it, since it might spend a token twice.
	ErrLedgerDamaged = failure.LedgerDamaged
	// ErrNotInDoubt: there is no token of the request whose outcome is unknown.
	ErrNotInDoubt = failure.NotInDoubt
	// ErrInvalidTokens: the file of registration tokens cannot be used. No token is quoted.
	ErrInvalidTokens = failure.InvalidTokens
)

// Why a courier left a request without an answer. Compare with errors.Is.
var (
	// ErrNoToken: there is no registration token for the workspace.
	ErrNoToken = failure.NoToken
	// ErrTokenRefused: the Cloud does not accept the token.
	ErrTokenRefused = failure.TokenRefused
	// ErrTokenSpent: the token was handed to the Cloud before, and is not tried again.
	ErrTokenSpent = failure.TokenSpent
	// ErrOutcomeUnknown: the token was handed to the Cloud, and its outcome is unknown.
	ErrOutcomeUnknown = failure.OutcomeUnknown
	// ErrNoGrant: a license can be fetched only with the grant of the workspace's registration, and this courier has not kept it.
	ErrNoGrant = failure.NoGrant
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

// WaysOut are those of a courier, which answers a request: the error is a [failure.Informed].
func (e *Error) WaysOut() []failure.Remedy {
	switch {
	case e == nil || e.Op != opAnswer:
		return nil
	case errors.Is(e.Err, ErrOutcomeUnknown) && errors.Is(e.Err, failure.CloudBadReply):
		return append(failure.Ways(failure.CheckCloudWay), failure.Way(failure.Settle, e.Request)...)
	case errors.Is(e.Err, ErrOutcomeUnknown):
		return failure.Way(failure.Settle, e.Request)
	case errors.Is(e.Err, ErrUnusable):
		return failure.Ways(failure.CompleteGrant, failure.CheckCloudWay)
	}
	return nil
}

// opAnswer is what a courier does with a request.
const opAnswer = "answer the request"

// failed wraps an error; it returns nil for nil.
func failed(op, id string, err error) error {
	if err == nil {
		return nil
	}
	return &Error{Op: op, Request: id, Err: err}
}
