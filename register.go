package registration

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"strings"
	"unicode"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/pasted"
)

// Register registers an unregistered workspace, with a token or by e-mail.
//
// On a registered workspace it changes nothing and spends no token, unless the request has Replace: Changed is false. On a disconnected one it fails with [ErrAlreadyRegistered] and
// points to [Client.Reconnect]. Over the workspace's own connection it fails with [failure.OfflineLicense], which is [ErrUnsupported] too, where the license in force forbids
// that (from 8.7, A15); no token is spent then. By e-mail it returns a [*PendingError] with a [Ticket]. A refusal is [ErrRejected]; registered, but without a sync that
// proves the new credentials (up to 6.4), is [ErrSyncFailed]; see also the kinds of [Client.Status].
func (c *Client) Register(ctx context.Context, r Request) (Result, error) {
	if err := c.usable(ctx, opRegister); err != nil {
		return Result{Operation: opRegister}, unspent(err)
	}
	if err := c.checkRequest(r); err != nil {
		return Result{Operation: opRegister}, unspent(err)
	}
	ctx, o, err := c.begin(ctx, opRegister)
	if err != nil {
		return o.close(), unspent(err)
	}
	if o.result.Before.State != Unregistered {
		if !r.Replace {
			result, err := o.registeredAlready(ctx)
			return result, unspent(err)
		}
		if err := o.mayReplace(); err != nil {
			return o.close(), unspent(err)
		}
	}
	o.notes.replaceLicense = r.ReplaceLicense
	actErr := c.transport.Register(ctx, c.session, r)
	return o.registered(ctx, actErr)
}

const opRegister = "register"

// checkRequest refuses what cannot work before anything is sent.
func (c *Client) checkRequest(r Request) error {
	info := c.transport.Info()
	if err := r.check(); err != nil {
		return c.fail(opRegister, ErrInvalidInput, err, do(failure.CorrectRequest).sure("nothing was sent"))
	}
	if err := r.checkFor(info); err != nil {
		act := failure.CorrectRequest
		if info.takesNothing() {
			act = failure.EmptyRequest
		}
		return c.fail(opRegister, ErrInvalidInput, err, do(act).sure("nothing was sent"))
	}
	if r.Email != "" && info.ByWorkspace && !c.session.can(askStartEmail) {
		return c.fail(opRegister, ErrUnsupported, nil, do(failure.UseToken))
	}
	return nil
}

// registeredAlready ends a registration that has nothing to do.
func (o *operation) registeredAlready(ctx context.Context) (Result, error) {
	if o.result.Before.State == Disconnected {
		return o.fail(ErrAlreadyRegistered, errors.New("it is disconnected and still holds its credentials"),
			o.reconnect().sure("no token was spent"))
	}
	return o.finish(ctx, nil)
}

// registered ends a registration: whatever was answered, the status decides.
func (o *operation) registered(ctx context.Context, actErr error) (Result, error) {
	var pending *PendingError
	if errors.As(actErr, &pending) {
		return o.endPending(pending)
	}
	if notExecuted(actErr) {
		return o.undone(actErr)
	}
	_, err := o.judge(ctx, actErr)
	o.noteReplacedLicense(ctx)
	o.noteReplaced()
	o.noteOther()
	o.noteReadOnly(ctx)
	return o.finish(ctx, err)
}

// judge finds out whether the workspace is registered.
func (o *operation) judge(ctx context.Context, actErr error) (Result, error) {
	proves := o.client.session.server.has[syncProves] && o.canSync()
	late, err := o.settleRegistration(ctx, actErr, proves)
	if err != nil {
		return o.close(), err
	}
	switch {
	case o.shows(o.result.After) && actErr != nil && o.cutShort != nil:
		return o.inDoubt("the time was over before it could be seen whether the registration stays", actErr)
	case late:
		return o.inDoubt("it shows a registration some time after its reply was lost, so that it may still be at it, and may take it back", actErr)
	case !o.shows(o.result.After):
		return o.notRegistered(actErr)
	case proves && actErr != nil:
		o.note("the workspace is registered, although %s: %s", answered(actErr), brief(actErr))
	case actErr != nil && o.canSync():
		o.note("the workspace is registered, although %s (%s): its first sync may have failed; sync again", answered(actErr), brief(actErr))
	case actErr != nil:
		o.note("the workspace is registered, although %s (%s): it may not have taken the license; see that one is in force", answered(actErr), brief(actErr))
	}
	if proves {
		return o.proveBySync(ctx, o.notRegistered)
	}
	return o.done()
}

// settleRegistration looks until what the status says can be believed. From 6.5 a server that talks to the Cloud may wipe what it has just stored (B3), so
// that a registration is believed once the settings cache must show that. late tells that it came only some time after the reply was lost: then the server
// went on, and may still do so.
func (o *operation) settleRegistration(ctx context.Context, actErr error, proves bool) (late bool, err error) {
	clock, lost, mayBeWiped := o.client.workspace.Clock(), lostReply(actErr), o.canSync() && !proves
	answered, seen := clock.Now(), false
	err = o.settle(ctx, actErr, func(s Status) bool {
		passed := clock.Now().Sub(answered)
		waited := passed >= o.client.settingsLag
		switch {
		case !o.shows(s):
			return seen || waited && !lost && !o.canSync() // what is handed over needs no further call
		case lost && !seen && passed > usualLag && o.canSync():
			late = true
		}
		seen = true
		return late || waited || !mayBeWiped
	})
	return late, err
}

func isRegistered(s Status) bool   { return s.State == Registered }
func isUnregistered(s Status) bool { return s.State == Unregistered }

// notRegistered explains a registration after which the workspace is not registered.
func (o *operation) notRegistered(actErr error) (Result, error) {
	keeps := o.client.transport.Info().KeepsGrants
	why := o.mayComeYet(actErr)
	switch {
	case o.result.Before.State != Unregistered && o.result.After.State != Unregistered:
		return o.notReplaced(why, actErr)
	case why != "" && (o.cutShort != nil || o.canSync()):
		return o.inDoubt(why, actErr)
	case errors.Is(actErr, failure.GrantLost):
		return o.fail(nil, actErr, do(failure.MendLostGrant).sure("the workspace is not registered"))
	case keeps && answeredInFront(actErr):
		return o.stopped(actErr, "the workspace is not registered, and what the Cloud gave is kept")
	case answeredInFront(actErr) && o.result.Operation == opResume:
		return o.stopped(actErr, "the workspace is not registered")
	case answeredInFront(actErr):
		return o.stopped(actErr, "the token was not used, as far as the status shows")
	case refusedPlainly(actErr):
		return o.undone(actErr)
	case keeps && lostReply(actErr):
		return o.fail(nil, actErr, do(failure.RunAgain).sure("the workspace is not registered, and what the Cloud gave is kept"))
	case keeps:
		return o.fail(ErrRejected, withCauses("the workspace took what the Cloud gave, and is not registered", actErr),
			do(failure.ReadLog).sure("what the Cloud gave is kept"))
	case lostReply(actErr):
		return o.fail(nil, actErr, do(failure.NewTokenIfRefused).sure("the workspace is not registered"))
	case actErr == nil:
		return o.fail(ErrRejected, errors.New("the workspace answered success, yet it is not registered"), do(failure.NewStart))
	case o.result.Operation == opResume && errors.Is(actErr, failure.ServerCutOff):
		return o.fail(ErrRejected, actErr, do(failure.MendServerWay))
	case o.result.Operation == opResume:
		return o.fail(ErrRejected, actErr, do(failure.CheckCode, failure.StartByEmail))
	}
	return o.fail(ErrRejected, actErr, do(failure.CheckToken))
}

// proveBySync syncs a workspace that was just told to use credentials, and shows them: up to 6.4 nothing else shows that they work (A7, A8). Where it is
// unregistered afterwards, gone ends the operation.
func (o *operation) proveBySync(ctx context.Context, gone func(syncErr error) (Result, error)) (Result, error) {
	// The server syncs with what its settings cache holds, where they arrive one after the other.
	if err := o.client.workspace.Clock().Sleep(ctx, min(shortPause, o.client.settingsLag)); err != nil {
		return o.close(), o.unknown(nil, err)
	}
	syncer := o.client.transport.(Syncer)
	syncErr := o.syncAgainIfLost(ctx, syncer, syncer.Sync(ctx, o.client.session))
	final := isRegistered
	if syncErr != nil {
		// This may be the status from before a removal.
		final = isUnregistered
	}
	if err := o.settleWithin(ctx, syncErr, o.client.settingsLag, final); err != nil {
		return o.close(), err
	}
	switch {
	case isUnregistered(o.result.After):
		return gone(syncErr)
	case syncErr != nil && o.cutShort != nil:
		return o.inDoubt("the time was over before it could be seen whether the registration stays", syncErr)
	}
	return o.proved(syncErr)
}

// proved ends an operation after its proving sync, by what the status says.
func (o *operation) proved(syncErr error) (Result, error) {
	switch {
	case answeredInFront(syncErr):
		return o.fail(ErrSyncFailed, syncErr, letPass(syncErr).sure("the workspace is "+string(o.result.After.State)+", but nothing proves its credentials before a sync succeeds"))
	case refusedPlainly(syncErr):
		return o.fail(ErrSyncFailed, syncErr, next{ways: failure.Remedies(syncErr)}.sure("the workspace is "+string(o.result.After.State)+", but nothing proves its credentials"))
	case syncErr != nil:
		return o.fail(ErrSyncFailed, syncErr, do(failure.Sync, failure.SeeConsole).with(o.result.After.WorkspaceID).
			sure("the workspace is "+string(o.result.After.State)+", but nothing proves its credentials"))
	}
	return o.done()
}

// Request says how to register: with Token or with Email, not both. Across an air gap it is empty.
type Request struct {
	// Token is a registration token from the Cloud console. It works once.
	Token string
	// Email is the address that the Cloud asks to confirm (from 4.4; through a relay at any version).
	Email string
	// Resend asks the Cloud to send the message once more; only with Email.
	Resend bool
	// ReplaceLicense allows the Cloud's answer to replace a better license over a relay or across an air gap (C6): see [Session.HandOver].
	ReplaceLicense bool
	// Replace allows to register a workspace that is registered once more, with Token over the workspace's own connection: up to 6.4 the only way out where the Cloud has
	// dropped it without a word (A3), and to another Cloud account (C7). The Result names the workspace that is to be removed in the Cloud console.
	Replace bool
}

// maxTokenLength is far above any token that the Cloud is known to issue.
const maxTokenLength = 64 << 10

// checkFor refuses what a transport does not take.
func (r Request) checkFor(t Info) error {
	switch {
	case t.takesNothing() && (r.Token != "" || r.Email != "" || r.Resend):
		return fmt.Errorf("the transport %q carries no token and no e-mail address", t.Name)
	case t.takesNothing():
		return nil
	case r.Token != "" && !t.TakesToken:
		return fmt.Errorf("the transport %q carries no token", t.Name)
	case r.Email != "" && !t.TakesEmail:
		return fmt.Errorf("the transport %q carries no e-mail address", t.Name)
	case r.Token == "" && r.Email == "":
		return errors.New("neither a registration token nor an e-mail address was given")
	}
	return nil
}

// check refuses what cannot work over any transport.
func (r Request) check() error {
	switch {
	case r.Token != "" && r.Email != "":
		return errors.New("both a registration token and an e-mail address were given")
	case r.Resend && r.Token != "":
		return errors.New("only a registration by e-mail can be resent")
	case r.Replace && r.Email != "":
		return errors.New("a registration is replaced with a token, not by e-mail")
	case r.Email != "":
		return checkEmail(r.Email)
	case len(r.Token) > maxTokenLength:
		return errors.New("the registration token is far too long")
	case pasted.Wrapping(r.Token) != "":
		return errors.New("the registration token " + pasted.Wrapping(r.Token) + ": give the bare token")
	case strings.ContainsFunc(r.Token, func(c rune) bool { return unicode.IsSpace(c) || !unicode.IsPrint(c) }):
		return errors.New("the registration token holds white space or control characters")
	}
	return nil
}

func checkEmail(text string) error {
	address, err := mail.ParseAddress(text)
	if err != nil || address.Address != text {
		return errors.New("the e-mail address is not one: it needs the form name@example.com")
	}
	return nil
}

// String describes the request without its token.
func (r Request) String() string {
	if r.Token != "" {
		return "register with a token [redacted]"
	}
	if r.Email != "" {
		return fmt.Sprintf("register by e-mail %q", r.Email)
	}
	return "register across an air gap"
}

// GoString is String: a request never prints its token.
func (r Request) GoString() string { return r.String() }

// Format prints the request without its token, whatever the verb.
func (r Request) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, r.String()) }

// MarshalText describes the request without its token, so that no JSON or slog line holds it.
func (r Request) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// noteOther tells of another registration of the same workspace at the same time (C8). The server keeps the later one, whose id both of them see in the end: the status
// alone shows that there were two.
func (o *operation) noteOther() {
	for _, id := range o.otherIDs {
		if after := o.result.After; isRegistered(after) && id != after.WorkspaceID {
			o.note("another registration of this workspace ran at the same time, and each took a token: it was %s for a moment, and is %s now. "+
				"Read the status once more, and remove the one that it does not show in the Cloud console", id, after.WorkspaceID)
		}
	}
}
