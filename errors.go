package registration

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/rcreg/registration/workspace"
)

// The kinds of failure, by what a caller does next. Compare with errors.Is.
var (
	// ErrInvalidInput: the request itself is wrong; nothing was sent.
	ErrInvalidInput = errors.New("the request is not valid")
	// ErrUnsupported: this version of the server has no such call; the advice names the remedies.
	ErrUnsupported = errors.New("not supported by this workspace")
	// ErrUnsupportedVersion: the server is older than 3.0, which cannot be registered at all.
	ErrUnsupportedVersion = errors.New("version of the server is not supported")
	// ErrUnauthorized: the workspace does not know the credentials.
	ErrUnauthorized = errors.New("the workspace does not accept the credentials")
	// ErrForbidden: the user lacks a permission or the role.
	ErrForbidden = errors.New("the user may not do this")
	// ErrTwoFactorRequired: a second factor is asked for and none, or a wrong one, was given.
	ErrTwoFactorRequired = errors.New("a second factor is required")
	// ErrRateLimited: the workspace, or the Cloud, asks to wait longer than the client is willing to.
	ErrRateLimited = errors.New("there were too many calls")
	// ErrRejected: the Cloud refused the token or the e-mail, or could not be reached: the workspace does not say which (C5).
	ErrRejected = errors.New("the registration was refused")
	// ErrAlreadyRegistered: the workspace holds credentials already; nothing was spent.
	ErrAlreadyRegistered = errors.New("the workspace is registered already")
	// ErrNotRegistered: the operation needs a registered workspace.
	ErrNotRegistered = errors.New("the workspace is not registered")
	// ErrRemovedFromCloud: the Cloud no longer knows the workspace, and the workspace has just forgotten its registration.
	ErrRemovedFromCloud = errors.New("the Cloud has removed the workspace")
	// ErrSyncFailed: the workspace is registered, and the sync did not succeed.
	ErrSyncFailed = errors.New("the sync failed")
	// ErrPending: somebody has to act first; see PendingError.
	ErrPending = errors.New("it waits for somebody")
	// ErrExpired: the time to confirm is over.
	ErrExpired = errors.New("the time to confirm has run out")
	// ErrOutcomeUnknown: the operation may or may not have happened, and the workspace cannot tell.
	ErrOutcomeUnknown = errors.New("the outcome is unknown")
	// ErrInvalidGrant: what the Cloud handed out, or an answer that was carried, must not be handed to the workspace; nothing was.
	ErrInvalidGrant = errors.New("what came from the Cloud cannot be used")
)

// Error is the failure of an operation on a workspace. It unwraps to its Kind, one of the Err… values of this package when one fits, and to
// its cause, often a [*workspace.Error]. It never holds a secret.
type Error struct {
	Op        string // such as "sync"
	Workspace string // the workspace's address
	Version   string // of the server; empty when not known yet
	Kind      error  // may be nil
	Advice    string // what to do next
	Err       error  // the cause; may be nil
	// Unspent tells that the registration token of the request certainly was not used: whoever could use it was not given it, or refused the call before it
	// ran. A [Transport] says so where it knows it; otherwise the token may be spent.
	Unspent bool
}

// Error names operation, workspace, version, what went wrong, and what to do next.
func (e *Error) Error() string {
	var text strings.Builder
	text.WriteString(e.Op)
	if e.Op == "" {
		text.WriteString("transport")
	}
	if e.Workspace != "" {
		text.WriteString(" " + e.Workspace)
	}
	if e.Version != "" {
		text.WriteString(" (Rocket.Chat " + e.Version + ")")
	}
	if e.Kind != nil {
		text.WriteString(": " + e.Kind.Error())
	}
	if e.Err != nil {
		text.WriteString(": " + brief(e.Err))
	}
	if e.Advice != "" {
		text.WriteString(". Next: " + e.Advice)
	}
	return text.String()
}

// Unwrap returns the kind and the cause.
func (e *Error) Unwrap() []error {
	var all []error
	if e.Kind != nil {
		all = append(all, e.Kind)
	}
	if e.Err != nil {
		all = append(all, e.Err)
	}
	return all
}

// kindOf maps the workspace's failures onto the kinds of this package; nil where the cause speaks for itself.
func kindOf(err error) error {
	for _, m := range []struct{ from, to error }{
		{workspace.ErrUnauthorized, ErrUnauthorized},
		{workspace.ErrForbidden, ErrForbidden},
		{workspace.ErrTwoFactorRequired, ErrTwoFactorRequired},
		{workspace.ErrTwoFactorInvalid, ErrTwoFactorRequired},
		{workspace.ErrRateLimited, ErrRateLimited},
		{workspace.ErrNoSuchCall, ErrUnsupported},
		{workspace.ErrInvalidRequest, ErrInvalidInput},
	} {
		if errors.Is(err, m.from) {
			return m.to
		}
	}
	return nil
}

// What an act came to is one of four. It certainly changed nothing ([provenUndone]); something in front of the workspace refused it ([answeredInFront]);
// nobody knows ([lostReply]); or the workspace itself said that it failed ([saidNo], and what is none of them). After all but the first the status decides.

// provenUndone reports whether a failed call certainly changed nothing: it never left, or the workspace refused it before it ran.
func provenUndone(err error) bool {
	if fromTransport(err) != nil {
		return true
	}
	return !errors.Is(err, workspace.ErrReplyLost) && !answeredInFront(err) && (errors.Is(err, workspace.ErrNotSent) || kindOf(err) != nil)
}

// answeredInFront reports whether an act was answered with a 4xx that Rocket.Chat did not write. Most likely it never reached the workspace. It is not the
// workspace's word, nor the Cloud's, and when the status shows no change, only whoever is in front can be asked why.
func answeredInFront(err error) bool {
	return errors.Is(err, workspace.ErrNotRocketChat) && !lostReply(err)
}

// lostReply reports whether an act may have run, or may still be running, for all that its reply says: there was none, or none that can be read, or something
// in front of the workspace did not wait for it.
func lostReply(err error) bool {
	return errors.Is(err, workspace.ErrReplyLost) || errors.Is(err, workspace.ErrBadReply)
}

// saidNo reports whether the workspace answered that the act failed.
func saidNo(err error) bool {
	return errors.Is(err, workspace.ErrRefused) || errors.Is(err, workspace.ErrInternal) && !errors.Is(err, workspace.ErrReplyLost)
}

// answered says for a note who answered an act that did not succeed.
func answered(err error) string {
	switch {
	case answeredInFront(err):
		return "something in front of the workspace answered in its place"
	case errors.Is(err, workspace.ErrReplyLost), errors.Is(err, workspace.ErrBadReply):
		return "no reply came that could be read"
	}
	return "the workspace answered that it failed"
}

// letPass is the advice about an act that something in front of the workspace refused.
func letPass(err error) string {
	verb := "POST"
	var failed *workspace.Error
	if errors.As(err, &failed) && strings.HasPrefix(failed.Operation, "GET ") {
		verb = "GET"
	}
	return "let " + verb + " /api/v1/* pass to the workspace, then run the same command again"
}

// fromTransport returns the error in which a transport tells kind and advice, because it failed before it asked the workspace to change anything.
func fromTransport(err error) *Error {
	if e, ok := err.(*Error); ok && e.Op == "" { //nolint:errorlint // a wrapped one is a cause like others
		return e
	}
	return nil
}

// unspent marks the failure of a registration before the transport was given the token.
func unspent(err error) error {
	var failed *Error
	if errors.As(err, &failed) {
		failed.Unspent = true
	}
	return err
}

// reason is a cause in words of our own, with the errors behind it; nil ones are left out.
type reason struct {
	text string
	errs []error
}

func because(text string, errs ...error) error {
	return &reason{text: text, errs: slices.DeleteFunc(errs, func(err error) bool { return err == nil })}
}

func (r *reason) Error() string {
	texts := make([]string, 1, 1+len(r.errs))
	texts[0] = r.text
	for _, err := range r.errs {
		texts = append(texts, brief(err))
	}
	return strings.Join(texts, "; ")
}

func (r *reason) Unwrap() []error { return r.errs }

// brief describes a cause on one line. A workspace's error is cut down to call, kind, detail and message: an [*Error] names the rest already.
func brief(err error) string {
	failure, ok := err.(*workspace.Error) //nolint:errorlint // a wrapped one has words of its own
	if !ok {
		return err.Error()
	}
	text := failure.Operation + ": " + failure.Kind.Error()
	if failure.Status != 0 {
		text += fmt.Sprintf(" (HTTP %d)", failure.Status)
	}
	switch detail := failure.Detail(); {
	case detail != "" && failure.Message != "":
		text += ": " + detail + ": " + failure.Message
	case detail != "" || failure.Message != "":
		text += ": " + detail + failure.Message
	case failure.Err != nil:
		text += ": " + failure.Err.Error()
	}
	return text
}

// beforeMutation is the failure of a read that comes before a call that mutates.
func beforeMutation(err error) error { return &Error{Kind: kindOf(err), Err: err} }
