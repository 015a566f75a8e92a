package workspace

import (
	"errors"
	"fmt"
	"strings"
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
	// ErrInvalidRequest: a parameter is missing, of the wrong type or unusable.
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
	// Address is the workspace, or empty when the address itself is unusable.
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

	detail    string     // what happened, in our words
	challenge *Challenge // what ErrTwoFactorRequired asks for
}

// Error names the call, the workspace, its version, what went wrong and what to do next.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Operation)
	if e.Address != "" {
		b.WriteString(" at " + e.Address)
	}
	if e.Version != "" {
		b.WriteString(" (version " + e.Version + ")")
	}
	if e.Kind != nil {
		b.WriteString(": " + e.Kind.Error())
	}
	for _, part := range []string{e.detail, e.Message} {
		if part != "" {
			b.WriteString(": " + part)
		}
	}
	b.WriteString(e.facts())
	if next := e.next(); next != "" {
		b.WriteString("; " + next)
	}
	return b.String()
}

// facts returns the status, the code and the time to come back in brackets.
func (e *Error) facts() string {
	var facts []string
	if e.Status != 0 {
		facts = append(facts, fmt.Sprintf("HTTP %d", e.Status))
	}
	if e.Code != "" && !strings.Contains(e.Message, e.Code) {
		facts = append(facts, e.Code)
	}
	if !e.RetryAt.IsZero() {
		facts = append(facts, "come back at "+e.RetryAt.UTC().Format(time.RFC3339))
	}
	if len(facts) == 0 {
		return ""
	}
	return " (" + strings.Join(facts, ", ") + ")"
}

// next returns what the caller can do.
func (e *Error) next() string {
	if e.MayHaveRun {
		return "it may have been carried out all the same: read the state of the workspace before you repeat it"
	}
	return advice[e.Kind]
}

var advice = map[error]string{
	ErrAddress:           "check the address of the workspace",
	ErrUnauthorized:      "check the user id and the token, or the user and the password",
	ErrForbidden:         "the caller needs the permission manage-cloud, for some calls the role admin",
	ErrTwoFactorRequired: "give a code through WithTwoFactor, or use a personal access token that needs none",
	ErrTwoFactorInvalid:  "try again with a fresh code",
	ErrRateLimited:       "wait, then try again",
	ErrNoSuchCall:        "the version of the workspace, or a proxy in front of it, has no such call",
	ErrInvalidRequest:    "check the parameters",
	ErrRefused:           "the log of the workspace has the reason",
	ErrInternal:          "the log of the workspace has the reason",
	ErrNotRocketChat:     "check the address, the sub-path and any proxy in front of the workspace",
	ErrBadReply:          "check any proxy in front of the workspace, then try again",
	ErrNotSent:           "nothing was changed: check the address and the network, then try again",
	ErrReplyLost:         "check the network and any proxy in front of the workspace, then try again",
}

// Unwrap returns the kind, ErrReplyLost when the call may have been carried out, and the cause.
func (e *Error) Unwrap() []error {
	chain := make([]error, 0, 3)
	if e.Kind != nil {
		chain = append(chain, e.Kind)
	}
	if e.MayHaveRun && e.Kind != ErrReplyLost {
		chain = append(chain, ErrReplyLost)
	}
	if e.Err != nil {
		chain = append(chain, e.Err)
	}
	return chain
}
