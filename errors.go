package registration

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/advice"
	"github.com/rcreg/registration/internal/httpclient"
	"github.com/rcreg/registration/workspace"
)

// The kinds of failure, by what a caller does next. Compare with errors.Is.
var (
	// ErrInvalidInput: the request itself is wrong; nothing was sent.
	ErrInvalidInput = failure.InvalidInput
	// ErrUnsupported: this version of the server has no such call; the advice names the remedies.
	ErrUnsupported = failure.Unsupported
	// ErrUnsupportedVersion: the server is older than 3.0, which cannot be registered at all.
	ErrUnsupportedVersion = failure.UnsupportedVersion
	// ErrForbidden: the user lacks a permission or the role.
	ErrForbidden = failure.Forbidden
	// ErrRateLimited: the workspace, or the Cloud, asks to wait longer than the client is willing to.
	ErrRateLimited = failure.RateLimited
	// ErrRejected: the Cloud refused the token or the e-mail, or could not be reached: the workspace does not say which (C5).
	ErrRejected = failure.Rejected
	// ErrAlreadyRegistered: the workspace holds credentials already; nothing was spent.
	ErrAlreadyRegistered = failure.AlreadyRegistered
	// ErrNotRegistered: the operation needs a registered workspace.
	ErrNotRegistered = failure.NotRegistered
	// ErrRemovedFromCloud: the Cloud no longer knows the workspace, and the workspace has just forgotten its registration.
	ErrRemovedFromCloud = failure.RemovedFromCloud
	// ErrSyncFailed: the workspace is registered, and the sync did not succeed.
	ErrSyncFailed = failure.SyncFailed
	// ErrPending: a person has to act first; see PendingError.
	ErrPending = failure.Pending
	// ErrExpired: the time to confirm is over.
	ErrExpired = failure.Expired
	// ErrOutcomeUnknown: the operation may or may not have happened, and the workspace cannot tell.
	ErrOutcomeUnknown = failure.OutcomeUnknown
	// ErrInvalidGrant: what the Cloud handed out, or an answer that was carried, must not be handed to the workspace; nothing was.
	ErrInvalidGrant = failure.InvalidGrant
)

// Error is the failure of an operation on a workspace. It unwraps to its Kind, one of the Err… values of this package when one fits, and to
// its cause, often a [*workspace.Error]. It never holds a secret.
type Error struct {
	Op        string // such as "sync"
	Workspace string // the workspace's address
	Version   string // of the server; empty when not known yet
	Kind      error  // may be nil
	// Remedies are the ways out, the likeliest first. Advice says them in words.
	Remedies []failure.Remedy
	Certain  string // in spite of the failure, such as "nothing was sent"; may be empty
	Err      error  // the cause; may be nil
	// Unspent tells that the registration token of the request certainly was not used: whoever could use it was not given it, or refused the call before it
	// ran. A [Transport] says so where it knows it; otherwise the token may be spent.
	Unspent bool
}

// Error names operation, workspace, version, what went wrong, and what to do next.
func (e *Error) Error() string {
	if next := e.Advice(); next != "" {
		return e.Summary() + ". Next: " + next
	}
	return e.Summary()
}

// Summary is Error without what to do next.
func (e *Error) Summary() string {
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
	if reason := e.Reason(); reason != "" {
		text.WriteString(": " + reason)
	}
	return text.String()
}

// Reason says what went wrong, without the operation and the workspace; empty where nothing is known.
func (e *Error) Reason() string {
	switch {
	case e.Err == nil && e.Kind == nil:
		return ""
	case e.Err == nil:
		return e.Kind.Error()
	case e.Kind == nil:
		return brief(e.Err)
	}
	return e.Kind.Error() + ": " + briefOf(e.Err, e.Kind)
}

// Advice says what a program does next; empty where there is nothing to say. A command line says it with its flags.
func (e *Error) Advice() string { return advice.With(advice.InGo(e.Remedies), e.Certain) }

// Failure makes it a [failure.Decision].
func (e *Error) Failure() (*failure.Kind, []failure.Remedy) {
	var kind *failure.Kind
	if e.Kind != nil {
		errors.As(e.Kind, &kind)
	}
	return kind, e.Remedies
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

// kindOf is the kind of a call that the workspace refused before it ran; nil where another cause speaks for itself.
func kindOf(err error) error {
	for _, kind := range []error{failure.Unauthorized, ErrForbidden, failure.TwoFactorRequired, ErrRateLimited, failure.OfflineLicense, ErrUnsupported, ErrInvalidInput} {
		if errors.Is(err, kind) {
			return kind
		}
	}
	return nil
}

// meaningOf is the kind that the cause of a transport's failure has for the operation; nil where the cause has a name of its own.
func meaningOf(err error) error {
	kind := failure.KindOf(err)
	broad := kind.Broadest()
	switch broad {
	case failure.Unauthorized, failure.Forbidden, failure.TwoFactorRequired, failure.RateLimited, failure.Unsupported, failure.InvalidInput,
		failure.InvalidGrant, failure.Rejected, failure.OutcomeUnknown:
		if broad.Name() == kind.Name() {
			return broad
		}
	}
	return nil
}

// What an act came to is one of five. It certainly changed nothing ([notExecuted]); it was refused, by the workspace as far as the words tell
// ([refusedPlainly]); something in front of the workspace refused it ([answeredInFront]); the outcome is unknown ([lostReply]); or the workspace itself said that it
// failed ([isRefusal], and what is none of them). After all but the first the status decides.

// notExecuted reports whether a failed call certainly changed nothing: it never left, or the workspace refused it before it ran.
func notExecuted(err error) bool {
	if fromTransport(err) != nil {
		return true
	}
	return !errors.Is(err, workspace.ErrReplyLost) && !answeredInFront(err) && !refusedPlainly(err) && (errors.Is(err, workspace.ErrNotSent) || kindOf(err) != nil)
}

// refusedPlainly reports whether an act was refused as before it ran, in words that anything in front of the workspace could have written as well: the refusal
// is believed where the status shows no change.
func refusedPlainly(err error) bool {
	var failed *workspace.Error
	return errors.As(err, &failed) && failed.Plain && !lostReply(err) && !answeredInFront(err) && kindOf(err) != nil
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

// isRefusal reports whether the workspace answered that the act failed.
func isRefusal(err error) bool {
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

// next is what to do about a failure, and what is certain in spite of it.
type next struct {
	ways    []failure.Remedy
	certain string
}

func do(acts ...failure.Act) next { return next{ways: failure.Ways(acts...)} }

// with says what the last act needs.
func (n next) with(what string) next {
	n.ways[len(n.ways)-1].With = what
	return n
}

func (n next) sure(certain string) next {
	n.certain = certain
	return n
}

// letPass is the way out of an act that something in front of the workspace refused.
func letPass(err error) next {
	if errors.Is(err, ErrRateLimited) {
		return next{ways: failure.Remedies(err)}
	}
	verb := "POST"
	var failed *workspace.Error
	if errors.As(err, &failed) {
		if ways := failed.WaysOut(); len(ways) > 0 {
			return next{ways: ways}
		}
		if strings.HasPrefix(failed.Operation, "GET ") {
			verb = "GET"
		}
	}
	return do(failure.LetPass).with(verb + " /api/v1/*")
}

// unblock puts what is on the way, and wrote or spoiled a reply, before a way out that only tries again: another try would meet the same.
func unblock(ways []failure.Remedy, cause error) []failure.Remedy {
	if len(ways) == 0 || !triesAgain(ways[0].Act) {
		return ways
	}
	first := onTheWay(cause)
	if first == nil {
		return ways
	}
	if ways[0].Act == failure.RunAgain {
		ways = ways[1:] // each of the others ends with that
	}
	return append(first, ways...)
}

// triesAgain reports whether an act helps only where what went wrong passes by itself.
func triesAgain(act failure.Act) bool {
	switch act {
	case failure.RunAgain, failure.RunAgainInDoubt, failure.NewTokenIfRefused, failure.ReadStatus, failure.ReadStatusLater, failure.ReadLicense, failure.ApplyAgain, failure.Sync:
		return true
	}
	return false
}

// onTheWay are the ways out where something between has answered, or has changed the answer; nil where an answer just did not come, which may pass.
func onTheWay(err error) []failure.Remedy {
	var call *workspace.Error
	if errors.As(err, &call) {
		if _, ways := call.Failure(); len(ways) > 0 {
			return ways
		}
	}
	var redirect *httpclient.RedirectError
	switch {
	case errors.Is(err, failure.Cached):
		return failure.Ways(failure.BypassCache)
	case errors.Is(err, failure.BadAddress):
		return failure.Ways(failure.UseAddress)
	case errors.Is(err, failure.CloudBadReply), errors.As(err, &redirect): // of the Cloud
		return failure.Ways(failure.CheckCloudWay)
	case isWhole(err): // the workspace may pass on what it got in the Cloud's place
		return failure.Ways(failure.CheckBetween, failure.ServerReachCloud)
	case errors.Is(err, failure.BadReply), errors.Is(err, failure.NotRocketChat), errors.Is(err, ErrUnsupported):
		return failure.Ways(failure.CheckBetween)
	}
	return nil
}

// isWhole reports whether an answer that makes no sense is a success of the workspace's own, which is not at it any more.
func isWhole(err error) bool {
	var wrongType *json.UnmarshalTypeError
	return errors.As(err, &wrongType) || errors.Is(err, errIncomplete)
}

// errIncomplete is a success of the workspace's own that lacks what it has to bring.
var errIncomplete = fmt.Errorf("the answer is incomplete: %w", workspace.ErrBadReply)

// waysOut are the ways out of a failure for which an operation has no better ones.
func waysOut(err *Error) []failure.Remedy {
	var call *workspace.Error
	if errors.As(err, &call) {
		if _, ways := call.Failure(); len(ways) > 0 {
			return ways
		}
	}
	return failure.Remedies(err)
}

// fromTransport returns the error in which a transport tells kind and ways out, because it failed before it asked the workspace to change anything.
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

func withCauses(text string, errs ...error) error {
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

// brief describes a cause on one line. Of a workspace's error it is the reason: an [*Error] names the rest already.
func brief(err error) string { return briefOf(err, nil) }

// briefOf is brief for a cause of a failure whose kind is said already.
func briefOf(err, said error) string {
	failed, ok := err.(*workspace.Error) //nolint:errorlint // a wrapped one has words of its own
	switch {
	case !ok:
		return err.Error()
	case said != nil && errors.Is(failed.Kind, said):
		unnamed := *failed
		unnamed.Kind = nil
		return unnamed.Reason()
	}
	return failed.Reason()
}

// beforeMutation is the failure of a read that comes before a call that mutates.
func beforeMutation(err error) error { return &Error{Kind: kindOf(err), Err: err} }
