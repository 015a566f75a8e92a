package fleet

import (
	"context"
	"errors"
	"time"

	"github.com/rcreg/registration/failure"
)

// Do does an operation to one workspace, once, for those who keep their own list, journal and retries: with the credentials, the pool of tokens and the transports of
// the fleet, no faster than the workspace and [WithCloudRate] allow, and remembering what it learns of their limits. The workspace need not be in the list, and
// the journal, the concurrency and the retries of the fleet do not count. It may be called from several goroutines; [Outcome.MayPass] reports whether another call
// makes sense.
func (f *Fleet) Do(ctx context.Context, w Workspace, op Operation) Outcome {
	if err := f.usable(ctx); err != nil {
		o := notBegun(w, op, err)
		o.classify(err, nil)
		return o
	}
	if err := f.admit(ctx, w, op); err != nil {
		o := notBegun(w, op, err)
		o.classify(err, context.Cause(ctx))
		return o
	}
	p := &attempts{made: 1, began: f.clock.Now(), last: notBegun(w, op, nil)}
	job := &Job{Workspace: w, identities: f.inFlight}
	found, _ := f.within(ctx, job, op)
	// What was spent meanwhile shows in the status, and what is in doubt in the pool: only two at the same moment need to know of each other.
	f.inFlight.release(found.uniqueID, w.Name)
	now := f.clock.Now()
	o := p.outcome(w, op, found, now, context.Cause(ctx))
	o.heldOff(now, maxAway)
	return o
}

// admit refuses what cannot work, and waits until the Cloud may be asked.
func (f *Fleet) admit(ctx context.Context, w Workspace, op Operation) error {
	if err := errors.Join(op.check(), f.checkTransport(w)); err != nil {
		return err
	}
	for ctx.Err() == nil {
		wait := f.gate(op, f.clock.Now())
		if wait <= 0 {
			return nil
		}
		if err := f.clock.Sleep(ctx, wait); err != nil {
			return err
		}
	}
	return context.Cause(ctx)
}

// MayPass reports whether the failure may pass by itself within a day, so that another try makes sense. It needs Err, which a journal does not keep.
func (o Outcome) MayPass() bool {
	return o.Err != nil && o.RetryAt.IsZero() && failure.Temporary(o.Err)
}

// NotBefore is when those who were asked want to be asked again; zero when another try may come at any time.
func (o Outcome) NotBefore() time.Time {
	at := notBefore(o.Err)
	if doubt := o.Began.Add(o.Took + doubtPause); errors.Is(o.Err, errRefusedInDoubt) && doubt.After(at) {
		return doubt
	}
	return at
}
