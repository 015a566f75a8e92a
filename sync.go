package registration

import (
	"context"
	"errors"

	"github.com/rcreg/registration/failure"
)

const opSync = "sync"

// Sync makes the workspace and the Cloud exchange what they know, the license above all.
//
// Over a relay or across an air gap it refreshes the license, and nothing else: the Result says what that leaves out, and Result.License what became of
// the license. Across a gap it returns a [*PendingError] until there is an answer.
//
// Errors: [ErrNotRegistered] for a workspace that is unregistered or disconnected, whatever the server would have answered (A1); [ErrRemovedFromCloud] when
// the sync made the workspace forget its registration (A2), or when the Cloud said so to a relay; [failure.OfflineLicense], which is [ErrUnsupported] too, where the
// license in force forbids it (from 8.7, which answer success and do nothing: A15); [ErrSyncFailed] when it failed and the workspace is
// still registered: up to 6.4 that may also mean that the Cloud has dropped it (A3); [ErrOutcomeUnknown] when the replies to it and to a second one
// were lost; for a refresh those of [Client.ApplyLicense].
func (c *Client) Sync(ctx context.Context) (Result, error) {
	if err := c.usable(ctx, opSync); err != nil {
		return Result{Operation: opSync}, err
	}
	ctx, o, err := c.begin(ctx, opSync)
	if err != nil {
		return o.close(), err
	}
	if err := o.mustBeRegistered(); err != nil {
		return o.close(), err
	}
	syncer, ok := c.transport.(Syncer)
	if !ok {
		return o.refreshLicense(ctx, Ticket{})
	}
	if err := o.mayAskCloud(ctx); err != nil {
		return o.close(), err
	}
	actErr := o.syncAgainIfLost(ctx, syncer, syncer.Sync(ctx, c.session))
	if notExecuted(actErr) {
		return o.undone(actErr)
	}
	// Success is final where a removal is never hidden behind it: up to 6.3 a sync that finds one answers false and forgets (A2), 6.4 answers false and forgets nothing (A3).
	final := always
	if actErr != nil || c.session.server.has[syncHidesRemoval] {
		// A status that is still registered may be the old one.
		final = func(s Status) bool { return !isRegistered(s) }
	}
	if err := o.settleWithin(ctx, actErr, c.settingsLag, final); err != nil {
		return o.close(), err
	}
	return o.synced(actErr)
}

func always(Status) bool { return true }

// mustBeRegistered refuses to sync what the status read before shows to have nothing to sync.
func (o *operation) mustBeRegistered() error {
	switch o.result.Before.State {
	case Unregistered:
		return o.client.fail(o.result.Operation, ErrNotRegistered, nil, do(failure.Register).sure("only then is there something to sync"))
	case Disconnected:
		return o.client.fail(o.result.Operation, ErrNotRegistered, errors.New("it is disconnected"), o.reconnect())
	}
	return nil
}

// mayAskCloud refuses to sync a workspace whose license forbids it to ask the Cloud: it would answer success, and do nothing (A15).
func (o *operation) mayAskCloud(ctx context.Context) error {
	switch forbidden, err := o.client.forbidsCloud(ctx); {
	case forbidden:
		return o.client.fail(o.result.Operation, failure.OfflineLicense, nil, do(failure.OtherLicense).sure("nothing was synced, and a removal in the Cloud does not show"))
	case err != nil:
		o.note("whether the license in force forbids it could not be seen (%s): with an offline license a sync succeeds, and does nothing", brief(err))
	}
	return nil
}

// canSync reports whether workspace and Cloud can exchange what they know.
func (o *operation) canSync() bool {
	_, ok := o.client.transport.(Syncer)
	return ok
}

// syncAgainIfLost asks for a second sync where the reply to the first was lost, and returns what the last one ended with.
func (o *operation) syncAgainIfLost(ctx context.Context, syncer Syncer, first error) error {
	return retryIfReplyLost(ctx, first, func() error { return syncer.Sync(ctx, o.client.session) }, o.note)
}

// removed ends an operation that made the workspace forget its registration, because the Cloud no longer knows it.
func (o *operation) removed(actErr error) (Result, error) {
	return o.fail(ErrRemovedFromCloud, actErr,
		do(failure.RegisterAnew, failure.LookForCopy))
}

// forgetFirst is the way out of a registration that the Cloud has removed, and that the workspace does not know of and keeps.
func (o *operation) forgetFirst() next {
	if o.client.session.can(askConfirmDeployment) {
		return do(failure.ForgetIdentity, failure.LookForCopy)
	}
	return do(failure.ReplaceRegistration, failure.LookForCopy)
}

// synced ends a sync by what the status says after it.
func (o *operation) synced(actErr error) (Result, error) {
	switch {
	case o.result.After.State == Unregistered:
		return o.removed(actErr)
	case o.result.After.State == Disconnected:
		return o.fail(ErrNotRegistered, errors.New("it was disconnected meanwhile"), o.reconnect())
	case refusedPlainly(actErr):
		return o.undone(actErr)
	case answeredInFront(actErr):
		return o.stopped(actErr, "nothing was synced, as far as anybody can tell")
	case actErr != nil && o.cutShort != nil:
		return o.inDoubt("the time was over before it could be seen whether the registration stays", actErr)
	case lostReply(actErr):
		return o.fail(ErrOutcomeUnknown, actErr, do(failure.Sync).sure("a second sync does no harm"))
	case actErr != nil && o.client.session.server.has[syncProves]:
		return o.fail(ErrSyncFailed, withCauses("the Cloud may be unreachable for the workspace, or may have dropped it: this version does not say which", actErr),
			do(failure.KnowsWorkspace).with(o.result.After.WorkspaceID))
	case actErr != nil:
		return o.fail(ErrSyncFailed, actErr, do(failure.ServerReachCloud))
	}
	return o.done()
}

// refreshLicense is for transports that cannot sync: it fetches the license from the Cloud and applies it.
func (o *operation) refreshLicense(ctx context.Context, t Ticket) (Result, error) {
	fetcher, ok := o.client.transport.(LicenseFetcher)
	if !ok {
		return o.close(), o.client.cannot(opSync)
	}
	if !o.client.session.can(askApplyLicense) {
		return o.close(), o.client.noLicenses(opSync)
	}
	text, err := fetcher.FetchLicense(ctx, o.client.session, t)
	var pending *PendingError
	switch {
	case errors.As(err, &pending):
		return o.endPending(pending)
	case errors.Is(err, failure.Closed):
		o.note("the license of this request was put in force before; nothing was done now")
		return o.finish(ctx, nil)
	case errors.Is(err, ErrRemovedFromCloud) && fromTransport(err) != nil:
		said := fromTransport(err)
		return o.fail(ErrRemovedFromCloud, said.Err, o.forgetFirst().sure(said.Certain))
	case err != nil:
		return o.undone(err)
	}
	applied, err := o.client.ApplyLicense(ctx, text.Reveal())
	o.result.License = &applied
	if err != nil {
		if info := o.client.transport.Info(); !info.TakesToken && !info.TakesEmail { // it carries requests
			o.note("the request stays open until a license is in force: bring another answer, or withdraw it")
		}
		return o.close(), err
	}
	o.note("only the license was refreshed: the Cloud learned nothing about the workspace, and a removal in the Cloud does not show in its status. " +
		"For that the workspace itself has to reach the Cloud")
	return o.finish(ctx, nil)
}
