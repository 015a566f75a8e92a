package registration

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/workspace"
)

// operation is one run of an operation: it reads before, acts, reads after, and keeps what a Result needs.
type operation struct {
	client *Client
	result Result
	calls  *workspace.Calls
	notes  *notes
	began  time.Time // of the act
	// cutShort is why the operation ended before the settings cache must have caught up; nil when it did not. What the status does not show may come yet.
	cutShort error
	// otherIDs are the workspace ids at the Cloud that the status has shown since the act, besides that of now and that from before.
	otherIDs []string
	// renews reports whether the act may give the workspace another unique id. After any other one it shows that another workspace answers.
	renews bool
}

const (
	// defaultSettingsLag is how long a server's own code waits for its settings cache. Recorded lags are 20 ms to 1.5 s.
	defaultSettingsLag = 10 * time.Second
	// shortPause is enough for most caches.
	shortPause = 250 * time.Millisecond
	// usualLag is within what a cache usually catches up. What shows later, after a reply was lost, shows that the server was still at it.
	usualLag = 2 * time.Second
	// cloudTimeout is how long servers wait for one answer of the Cloud, from 6.4. They go on after their client has left.
	cloudTimeout = 20 * time.Second
)

// begin reads the status before anything is done.
func (c *Client) begin(ctx context.Context, name string) (context.Context, *operation, error) {
	ctx, calls := workspace.Record(ctx)
	ctx, notes := keepNotes(ctx)
	o := &operation{client: c, calls: calls, notes: notes, result: Result{Operation: name}}
	status, err := c.session.Status(ctx)
	o.result.Before, o.result.After, o.began = status, status, c.workspace.Clock().Now()
	if err != nil {
		return ctx, o, c.fail(name, kindOf(err), err, next{certain: "nothing was changed: the status must be readable first"})
	}
	return ctx, o, nil
}

// readStatus reads the status after an act. One of another workspace is as good as none.
func (o *operation) readStatus(ctx context.Context) error {
	status, err := o.client.session.Status(ctx)
	if err != nil {
		return err
	}
	if was, is := o.result.Before.UniqueID, status.UniqueID; was != is && was != "" && is != "" && !o.renews {
		return fmt.Errorf("another workspace answers at the address now: its unique id is %.64q, and it was %.64q: %w", is, was, workspace.ErrBadReply)
	}
	if id := o.result.After.WorkspaceID; id != "" && id != status.WorkspaceID && id != o.result.Before.WorkspaceID && !slices.Contains(o.otherIDs, id) {
		o.otherIDs = append(o.otherIDs, id)
	}
	o.result.After = status
	return nil
}

// settle reads the status after an act until it is final, and for as long as it may still change: while the settings cache may trail the database and,
// after a lost reply, the server may still be at it. It returns an error only when the status cannot be read.
func (o *operation) settle(ctx context.Context, actErr error, final func(Status) bool) error {
	return o.settleWithin(ctx, actErr, o.client.settlesWithin(o.began, actErr), final)
}

func (o *operation) settleWithin(ctx context.Context, actErr error, within time.Duration, final func(Status) bool) error {
	cutShort, err := settle(ctx, o.client.workspace.Clock(), within, func() (bool, error) {
		err := o.readStatus(ctx)
		return final(o.result.After), err
	})
	if err != nil {
		return o.unknown(actErr, err)
	}
	o.isCutShort(cutShort)
	return nil
}

// isCutShort keeps, and tells once, that the time was over too early.
func (o *operation) isCutShort(why error) {
	if why == nil || o.cutShort != nil {
		return
	}
	o.cutShort = why
	o.note("the time was over before the workspace's settings cache must have caught up, for which servers themselves wait up to 10 s: read the status once more")
}

// settlesWithin is for how long what the workspace shows may still change by an act.
func (c *Client) settlesWithin(began time.Time, actErr error) time.Duration {
	if !lostReply(actErr) {
		return c.settingsLag
	}
	return max(cloudTimeout-c.workspace.Clock().Now().Sub(began), 0) + c.settingsLag
}

// settle looks until a look is final or the time is over, with growing pauses: limits allow ten looks in a minute. cutShort is why that ended earlier: ctx
// is done, or would be before the next look, so that the last one has to do.
func settle(ctx context.Context, clock workspace.Clock, within time.Duration, look func() (final bool, err error)) (cutShort, err error) {
	until := clock.Now().Add(within)
	pauses := []time.Duration{shortPause, 750 * time.Millisecond, 3 * time.Second, 6 * time.Second, 10 * time.Second}
	var waited time.Duration
	for i := 0; ; i++ {
		final, err := look()
		switch {
		case err != nil && i > 0 && ctx.Err() != nil:
			return context.Cause(ctx), nil
		case err != nil || final:
			return nil, err
		}
		pause := min(pauses[min(i, len(pauses)-1)], within-waited, until.Sub(clock.Now()))
		waited += pause
		if pause <= 0 {
			return nil, nil
		}
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= pause {
			return context.DeadlineExceeded, nil
		}
		if err := clock.Sleep(ctx, pause); err != nil {
			return err, nil
		}
	}
}

// retryIfReplyLost acts again after an act whose reply was lost, and returns what the act ended with in the end. It is for acts that leave no trace that could be
// read, and do no harm when they are done twice: no other write is repeated.
func retryIfReplyLost(ctx context.Context, first error, act func() error, note func(format string, args ...any)) error {
	if !lostReply(first) || ctx.Err() != nil {
		return first
	}
	again := act()
	if notExecuted(again) {
		return first
	}
	note("the first reply was lost (%s), and it was asked for again", brief(first))
	return again
}

// done ends the operation well.
func (o *operation) done() (Result, error) { return o.close(), nil }

// fail ends the operation with an error; the Result says what is known all the same.
func (o *operation) fail(kind, cause error, way next) (Result, error) {
	return o.close(), o.client.fail(o.result.Operation, kind, cause, way)
}

// undone ends the operation after an act that certainly changed nothing.
func (o *operation) undone(cause error) (Result, error) {
	return o.close(), o.client.failed(o.result.Operation, cause)
}

// stopped ends the operation after an act that something in front of the workspace refused, and that the status does not show: unchanged says what it does show.
func (o *operation) stopped(cause error, unchanged string) (Result, error) {
	return o.fail(nil, cause, letPass(cause).sure(unchanged))
}

// endPending ends the operation when its act has only begun: a person has to act first.
func (o *operation) endPending(pending *PendingError) (Result, error) {
	pending.Ticket.UniqueID = o.result.Before.UniqueID
	pending.Ticket.ReplaceLicense = o.notes.replaceLicense
	return o.close(), pending
}

// finish ends the operation once its outcome is known, and lets the transport put away what it kept for a workspace that is registered now.
func (o *operation) finish(ctx context.Context, err error) (Result, error) {
	finisher, ok := o.client.transport.(Finisher)
	if ok && o.result.After.State == Registered {
		if finishErr := finisher.Finish(ctx, o.client.session, o.result); finishErr != nil {
			o.note("cleanup is incomplete, the next run tries again: %v", finishErr)
		}
	}
	return o.close(), err
}

// inDoubt ends the operation when the status does not show what was asked for, and may show it yet; why names the reason.
func (o *operation) inDoubt(why string, actErr error) (Result, error) {
	return o.fail(ErrOutcomeUnknown, withCauses(why, o.cutShort, actErr),
		do(failure.ReadStatusLater))
}

// mayComeYet says why what the status does not show may come yet; empty when it cannot.
func (o *operation) mayComeYet(actErr error) string {
	switch {
	case o.cutShort != nil:
		return "the time was over before the settings cache must have caught up"
	case lostReply(actErr) && !isWhole(actErr) && o.client.session.server.has[waitsWithoutLimit] && o.asksCloud():
		return "servers of this version wait for the Cloud without a time limit, so that it may still be at it"
	}
	return ""
}

// asksCloud reports whether the act of the operation makes the server ask the Cloud.
func (o *operation) asksCloud() bool {
	switch o.result.Operation {
	case opDisconnect, opReconnect:
		return o.client.session.server.has[switchAsksCloud]
	}
	return true
}

// unknown is the error when an act was sent and nothing can say what became of it.
func (o *operation) unknown(actErr, lookErr error) error {
	way := do(failure.ReadStatus)
	if errors.Is(lookErr, failure.Cached) {
		way = do(failure.BypassCache).sure("it does nothing twice")
	}
	return o.client.fail(o.result.Operation, ErrOutcomeUnknown, withCauses("the status cannot be read", lookErr, actErr), way)
}

func (o *operation) note(format string, args ...any) { o.notes.add(fmt.Sprintf(format, args...)) }

func (o *operation) close() Result {
	o.result.Calls = o.calls.List()
	o.result.Notes = o.notes.list()
	o.result.LostTokens, o.result.Unspent = o.notes.ofTokens()
	o.result.Changed = o.result.Before != o.result.After
	return o.result
}

// shows reports whether a status shows what a registration asked for: that the workspace is registered and, where it was before, as another one.
func (o *operation) shows(s Status) bool {
	before := o.result.Before
	return isRegistered(s) && (before.State == Unregistered || s.WorkspaceID != before.WorkspaceID)
}

// mayReplace refuses to replace a registration over a transport that hands over what the Cloud gives: manualRegister takes none where there is one (C1).
func (o *operation) mayReplace() error {
	if o.client.transport.Info().ByWorkspace {
		return nil
	}
	way := do(failure.UseTransport).with(Direct().Info().Name)
	if o.client.session.can(askConfirmDeployment) {
		way.ways = append(way.ways, failure.Remedy{Act: failure.ForgetIdentity}, failure.Remedy{Act: failure.RemoveInConsole, With: o.result.Before.WorkspaceID})
	}
	return o.client.fail(opRegister, ErrUnsupported, errors.New("only the workspace itself can replace its registration: it takes nothing that is handed over while it has one"), way.sure("nothing was sent"))
}

// notReplaced ends a registration after which the workspace still has the one from before.
func (o *operation) notReplaced(why string, actErr error) (Result, error) {
	still := "it is registered as before, as workspace " + o.result.After.WorkspaceID
	switch {
	case why != "":
		return o.inDoubt(why, actErr)
	case answeredInFront(actErr):
		return o.stopped(actErr, still)
	case lostReply(actErr):
		return o.fail(nil, actErr, do(failure.NewTokenIfRefused).sure(still))
	}
	return o.fail(ErrRejected, actErr, do(failure.CheckToken).sure(still))
}

// noteReplaced names the workspace that was left at the Cloud.
func (o *operation) noteReplaced() {
	before, after := o.result.Before, o.result.After
	if before.State != Unregistered && o.shows(after) {
		o.note("the workspace was registered as %s before, and is now %s: remove %[1]s in the Cloud console, if the Cloud still has it", before.WorkspaceID, after.WorkspaceID)
	}
}
