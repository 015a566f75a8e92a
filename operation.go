package registration

import (
	"context"
	"fmt"
	"time"

	"github.com/rcreg/registration/workspace"
)

// operation is one run of an operation: it reads before, acts, reads after, and keeps what a Result needs.
type operation struct {
	client *Client
	result Result
	calls  *workspace.Calls
	notes  *notes
}

// settingsLag is how long to leave a server's settings cache to catch up with its database. Recorded lags are some 20 ms; a real one depends on its
// database and its load.
const settingsLag = 250 * time.Millisecond

// begin reads the status before anything is done.
func (c *Client) begin(ctx context.Context, name string) (context.Context, *operation, error) {
	ctx, calls := workspace.Record(ctx)
	ctx, notes := keepNotes(ctx)
	o := &operation{client: c, calls: calls, notes: notes, result: Result{Operation: name}}
	status, err := c.dialect.Status(ctx)
	o.result.Before, o.result.After = status, status
	if err != nil {
		advice := "nothing was changed: the status must be readable first"
		if isCached(err) {
			advice = "nothing was changed: " + adviceCached
		}
		return ctx, o, c.fail(name, kindOf(err), err, advice)
	}
	return ctx, o, nil
}

// pause leaves the settings cache time to catch up.
func (o *operation) pause(ctx context.Context) error {
	return o.client.workspace.Clock().Sleep(ctx, settingsLag)
}

// look reads the status after an act.
func (o *operation) look(ctx context.Context) error {
	status, err := o.client.dialect.Status(ctx)
	if err == nil {
		o.result.After = status
	}
	return err
}

// lookLater reads the status once a change must show in it.
func (o *operation) lookLater(ctx context.Context) error {
	if err := o.pause(ctx); err != nil {
		return err
	}
	return o.look(ctx)
}

// settle reads the status after an act until it is as wanted. An act that is said to have failed is given one more look, any other several: the
// first look may be too early. It returns an error only when the status cannot be read.
func (o *operation) settle(ctx context.Context, actErr error, wanted func(Status) bool) error {
	err := o.client.settle(ctx, actErr, func() (bool, error) {
		err := o.look(ctx)
		return wanted(o.result.After), err
	})
	if err != nil {
		return o.unknown(actErr, err)
	}
	return nil
}

// settle looks after an act, as [operation.settle] says, until there is nothing more to wait for.
func (c *Client) settle(ctx context.Context, actErr error, look func() (settled bool, err error)) error {
	waits := []time.Duration{settingsLag, 3 * settingsLag, 8 * settingsLag}
	if saidNo(actErr) {
		waits = waits[:1]
	}
	for i := 0; ; i++ {
		if settled, err := look(); err != nil || settled || i == len(waits) {
			return err
		}
		if err := c.workspace.Clock().Sleep(ctx, waits[i]); err != nil {
			return err
		}
	}
}

// onceMore acts again after an act whose reply was lost, and returns what the act ended with in the end. It is for acts that leave no trace that could be
// read, and do no harm when they are done twice: no other write is repeated.
func onceMore(ctx context.Context, first error, act func() error, note func(format string, args ...any)) error {
	if !lostReply(first) || ctx.Err() != nil {
		return first
	}
	again := act()
	if provenUndone(again) {
		return first
	}
	note("the first reply was lost (%s), and it was asked for again", brief(first))
	return again
}

// done ends the operation well.
func (o *operation) done() (Result, error) { return o.close(), nil }

// fail ends the operation with an error; the Result says what is known all the same.
func (o *operation) fail(kind, cause error, advice string) (Result, error) {
	return o.close(), o.client.fail(o.result.Operation, kind, cause, advice)
}

// undone ends the operation after an act that certainly changed nothing.
func (o *operation) undone(cause error) (Result, error) {
	return o.close(), o.client.failed(o.result.Operation, cause)
}

// stopped ends the operation after an act that something in front of the workspace refused, and that the status does not show: unchanged says what it does show.
func (o *operation) stopped(cause error, unchanged string) (Result, error) {
	return o.fail(nil, cause, letPass(cause)+"; "+unchanged)
}

// waits ends the operation when its act has only begun: somebody has to act first.
func (o *operation) waits(pending *PendingError) (Result, error) {
	pending.Ticket.UniqueID = o.result.Before.UniqueID
	return o.close(), pending
}

// finish ends the operation once its outcome is known, and lets the transport put away what it kept for a workspace that is registered now.
func (o *operation) finish(ctx context.Context, err error) (Result, error) {
	finisher, ok := o.client.transport.(Finisher)
	if ok && o.result.After.State == Registered {
		if finishErr := finisher.Finish(ctx, o.client.dialect, o.result); finishErr != nil {
			o.note("not all is put away yet, the next run tries again: %v", finishErr)
		}
	}
	return o.close(), err
}

// unknown is the error when an act was sent and nothing can say what became of it.
func (o *operation) unknown(actErr, lookErr error) error {
	advice := "read the status once the workspace answers again, then run the operation once more"
	if isCached(lookErr) {
		advice = adviceCached
	}
	return o.client.fail(o.result.Operation, ErrOutcomeUnknown, because("the status cannot be read", lookErr, actErr), advice+": it does nothing twice")
}

func (o *operation) note(format string, args ...any) { o.notes.add(fmt.Sprintf(format, args...)) }

func (o *operation) close() Result {
	o.result.Calls = o.calls.List()
	o.result.Notes = o.notes.list()
	o.result.Changed = o.result.Before != o.result.After
	return o.result
}
