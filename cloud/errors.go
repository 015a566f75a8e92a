package cloud

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/rcreg/registration/failure"
)

// The kinds of failure, by what the caller does next. Compare with errors.Is.
var (
	// ErrUnreachable: no reply came, and nothing was done. Look at the network between this machine and the Cloud; then call again.
	ErrUnreachable = failure.CloudUnreachable
	// ErrUnavailable: the Cloud failed (5xx), and nothing was done. Call again later.
	ErrUnavailable = failure.CloudFailed
	// ErrRateLimited: too many calls, and nothing was done. Call again at the RetryAt of the *Error.
	ErrRateLimited = failure.RateLimited
	// ErrOutcomeUnknown: the call may or may not have been carried out, since the reply was lost, failed half way, makes no sense, or is a refusal that the
	// Cloud is not known to write. Find out before doing it again.
	ErrOutcomeUnknown = failure.OutcomeUnknown
	// ErrBadReply: what answered is not the Cloud, or its reply is cut off, too large or of the wrong shape. Look at what sits between: a proxy, a portal.
	ErrBadReply = failure.CloudBadReply
	// ErrRefused: the Cloud refused to tell something, for a reason that has no kind of its own: see the Code of the *Error.
	ErrRefused = failure.CloudRefused
	// ErrInvalidToken: the Cloud does not know the registration token (HTTP 401, {"error": "invalid_token"} and nothing beside it: a gateway writes the code with a
	// challenge or a description, which is ErrOutcomeUnknown). Get one from the Cloud console.
	ErrInvalidToken = failure.InvalidToken
	// ErrTokenUsed: the registration token was used before (token_already_used). Get another one from the Cloud console.
	ErrTokenUsed = failure.TokenUsed
	// ErrInvalidClient: the Cloud does not accept the workspace's credentials (oauth_invalid_client_credentials). It was removed there, or registered
	// anew: register it again.
	ErrInvalidClient = failure.InvalidClient
	// ErrInvalidDeviceCode: the Cloud does not know the device code, or it has expired (invalid_device_code, expired_token). Start again by e-mail.
	ErrInvalidDeviceCode = failure.InvalidDeviceCode
	// ErrUnauthorized: the Cloud refused an access token that it has just made. The workspace may lack the scope for the call.
	ErrUnauthorized = failure.CloudUnauthorized
	// ErrForeignAddress: the registration_client_uri of a grant leads away from the Cloud that this client was made for. Nothing was sent.
	ErrForeignAddress = failure.ForeignAddress
	// ErrInvalidArgument: what the caller gave cannot be sent. Nothing was sent.
	ErrInvalidArgument = failure.InvalidInput
)

// IsUnspent reports whether an error of [Client.ExchangeToken] proves that the registration token was not used, and may be tried again.
func IsUnspent(err error) bool {
	if errors.Is(err, ErrOutcomeUnknown) {
		return false // whatever else it says
	}
	for _, kind := range []error{ErrUnreachable, ErrRateLimited, ErrInvalidArgument, ErrInvalidRegistrationData} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// Error is a failed call to the Cloud. It unwraps to one of the Err… values of this package and to its cause. It never holds a secret.
type Error struct {
	Operation string    // such as "GET supportedVersions"
	Status    int       // of the reply; 0 when there was none
	Code      string    // the Cloud's own error code; often empty
	RetryAt   time.Time // when the Cloud wants to be asked again; zero when it did not say
	Kind      error
	Err       error // may be nil
}

// Error names the call and what went wrong.
func (e *Error) Error() string {
	text := e.Operation
	if e.Kind != nil {
		text += ": " + e.Kind.Error()
	}
	if e.Status != 0 {
		text += fmt.Sprintf(" (HTTP %d)", e.Status)
	}
	if e.Code != "" {
		text += ": " + e.Code
	}
	if !e.RetryAt.IsZero() {
		text += ": again from " + e.RetryAt.UTC().Format(time.RFC3339)
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns the kind and the cause.
func (e *Error) Unwrap() []error {
	return slices.DeleteFunc([]error{e.Kind, e.Err}, func(err error) bool { return err == nil })
}
