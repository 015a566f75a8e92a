package workspace

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/advice"
	"github.com/rcreg/registration/internal/httpclient"
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
	// MayHaveRun is true for a write that may have been carried out all the same: the error then is ErrReplyLost too. Only a 4xx that Rocket.Chat did not
	// write is ErrNotRocketChat alone: mostly the call went no further than to what answered, and nothing proves it.
	MayHaveRun bool
	// Plain is true for a write that was refused over HTTP as before it ran, in words that anything on the way could have written as well, such as 401
	// "unauthorized". Mostly it did not run; only the state of the workspace proves it.
	Plain bool
	// Permission is what the caller of ErrForbidden lacks, where whoever made the call knows it.
	Permission string
	// Challenge is what ErrTwoFactorRequired asks for; nil for other kinds.
	Challenge *Challenge
	// Err is the cause, or nil.
	Err error

	detail    string      // what happened, in our words
	noDDP     bool        // no DDP at the address
	codeSaid  bool        // Message has the code in it already
	neverLeft bool        // a conversation broke off before the call: the error then is ErrNotSent too
	inFront   bool        // Rocket.Chat did not write this refusal: the error then is ErrNotRocketChat, and not ErrReplyLost
	instead   string      // the address to use, where that is plain
	wayPast   failure.Act // of what wrote this refusal, where that is known
	strange   bool        // Rocket.Chat is not known to refuse in these words
}

// Error names the call, the workspace, its version, what went wrong and what to do next.
func (e *Error) Error() string {
	if next := e.next(); next != "" {
		return e.Summary() + "; " + next
	}
	return e.Summary()
}

// Summary is Error without what to do next.
func (e *Error) Summary() string {
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
	return b.String()
}

// Reason is Error without the workspace and without what to do next, for texts that name the workspace themselves.
func (e *Error) Reason() string {
	text := e.Operation
	if e.Kind != nil {
		text += ": " + e.Kind.Error()
	}
	if e.Status != 0 {
		text += fmt.Sprintf(" (HTTP %d)", e.Status)
	}
	switch {
	case e.detail != "" && e.Message != "":
		text += ": " + e.detail + ": " + e.Message
	case e.detail != "" || e.Message != "":
		text += ": " + e.detail + e.Message
	case e.Err != nil:
		text += ": " + e.Err.Error()
	}
	return text
}

// Failure makes it a [failure.Decision]: the ways out that the kind does not know, of a connection that TLS refused and of a rate limit in front of the workspace.
func (e *Error) Failure() (*failure.Kind, []failure.Remedy) {
	switch {
	case httpclient.IsTLS(e.Err):
		return nil, failure.Ways(httpclient.ActOnTLS(e.Err))
	case e.inFront && e.is(ErrRateLimited):
		return nil, failure.Ways(failure.Wait, failure.RaiseLimit)
	}
	return nil, nil
}

// Detail returns what happened, in this package's words: one line, or empty.
func (e *Error) Detail() string { return e.detail }

// facts returns the status, the code and the time to come back in brackets.
func (e *Error) facts() string {
	var facts []string
	if e.Status != 0 {
		facts = append(facts, fmt.Sprintf("HTTP %d", e.Status))
	}
	if e.Code != "" && !e.codeSaid {
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
	if ways := e.WaysOut(); len(ways) > 0 {
		return advice.InGo(ways)
	}
	if kind := failure.KindOf(e.Kind); kind != failure.Other {
		return advice.InGo(kind.Remedies())
	}
	return "" // a kind of another package
}

// WaysOut are the ways out that the answer tells, where it tells more than its kind: the error is a [failure.Informed].
func (e *Error) WaysOut() []failure.Remedy {
	switch {
	case e.instead != "" && e.is(ErrNotRocketChat):
		return failure.Way(failure.UseAddress, e.instead)
	case e.wayPast != "":
		return failure.Ways(e.wayPast)
	case e.Challenge != nil:
		return failure.Ways(e.Challenge.act())
	case e.strange && e.is(ErrForbidden):
		return append(failure.Way(failure.AskPermission, e.Permission), failure.Ways(failure.CheckBetween)...)
	case e.Permission != "":
		return failure.Way(failure.AskPermission, e.Permission)
	}
	return nil
}

// is reports whether the error is of a kind. A nil error is of none.
func (e *Error) is(kind error) bool { return e != nil && errors.Is(e.Kind, kind) }

// Unwrap returns the kind, ErrReplyLost when the call may have been carried out, ErrNotSent when something before it failed, ErrNotRocketChat when something
// in front of the workspace refused it, and the cause.
func (e *Error) Unwrap() []error {
	chain := make([]error, 0, 3)
	if e.Kind != nil {
		chain = append(chain, e.Kind)
	}
	switch {
	case e.inFront && !e.is(ErrNotRocketChat):
		chain = append(chain, ErrNotRocketChat)
	case e.MayHaveRun && !e.inFront:
		chain = append(chain, ErrReplyLost)
	}
	if e.neverLeft {
		chain = append(chain, ErrNotSent)
	}
	if e.Err != nil {
		chain = append(chain, e.Err)
	}
	return chain
}
