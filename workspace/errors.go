package workspace

import (
	"errors"
	"time"
)

// The kinds of failure. errors.Is finds them in every *Error.
var (
	// ErrAddress: the address cannot be used, or it redirects elsewhere.
	ErrAddress = errors.New("unusable address")
	// ErrUnauthorized: nobody is logged in; the token or the password is wrong or has expired.
	ErrUnauthorized = errors.New("not logged in")
	// ErrForbidden: the caller lacks a permission or a role.
	ErrForbidden = errors.New("not permitted")
	// ErrTwoFactorRequired: the workspace asks for a second factor, and there is nobody to give it.
	ErrTwoFactorRequired = errors.New("second factor required")
	// ErrTwoFactorInvalid: the second factor was wrong.
	ErrTwoFactorInvalid = errors.New("second factor wrong")
	// ErrRateLimited: too many calls; Error.RetryAt says when to come back.
	ErrRateLimited = errors.New("rate limited")
	// ErrNoSuchCall: this version has no such endpoint or method.
	ErrNoSuchCall = errors.New("no such call in this version")
	// ErrInvalidRequest: a parameter is missing or of the wrong type.
	ErrInvalidRequest = errors.New("invalid request")
	// ErrRefused: the workspace understood the call and said no.
	ErrRefused = errors.New("refused")
	// ErrInternal: the workspace failed inside.
	ErrInternal = errors.New("internal error of the workspace")
	// ErrNotRocketChat: something else answered: a web page, a proxy, another program.
	ErrNotRocketChat = errors.New("not the API of a Rocket.Chat workspace")
	// ErrBadReply: the reply is cut off, too large or of the wrong shape.
	ErrBadReply = errors.New("unreadable reply")
	// ErrNotSent: the call provably never left.
	ErrNotSent = errors.New("not sent")
	// ErrReplyLost: the call may have been carried out, but no reply says so.
	ErrReplyLost = errors.New("reply lost")
)

// Error is a failed call. Its text holds no secret.
type Error struct {
	// Operation is the call, such as "GET cloud.registrationStatus" or "cloud:syncWorkspace".
	Operation string
	// Address is the workspace.
	Address string
	// Version is the version of the workspace, or empty when it is not known.
	Version string
	// Status is the HTTP status, or zero when there was no reply.
	Status int
	// Code is the error code of the workspace, such as "totp-required", or empty.
	Code string
	// Message is what the workspace said: one line, shortened, without what was sent to it.
	Message string
	// RetryAt is when to come back after ErrRateLimited, or zero when the workspace did not say.
	RetryAt time.Time
	// Kind is one of the errors above.
	Kind error
	// MayHaveRun is true for a write that may have been carried out all the same: the error then is ErrReplyLost too.
	MayHaveRun bool
	// Err is the cause, or nil.
	Err error
}

func (e *Error) Error() string {
	return e.Operation + " at " + e.Address + ": " + e.Kind.Error()
}

// Unwrap returns the kind, ErrReplyLost when the call may have been carried out, and the cause.
func (e *Error) Unwrap() []error {
	chain := []error{e.Kind}
	if e.MayHaveRun && e.Kind != ErrReplyLost {
		chain = append(chain, ErrReplyLost)
	}
	if e.Err != nil {
		chain = append(chain, e.Err)
	}
	return chain
}
