package registration

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/failure"
)

// Resume takes one look at a pending registration, or a pending [Client.Sync]. Until it was confirmed or answered it returns a [*PendingError]; then it completes the
// operation and verifies it. Errors: [ErrExpired], [ErrInvalidInput] for a ticket of another workspace, of another transport or from a newer version,
// [ErrInvalidGrant] for an answer that is refused, and those of the operation that it resumes.
func (c *Client) Resume(ctx context.Context, t Ticket) (Result, error) {
	if err := c.usable(ctx, opResume); err != nil {
		return Result{Operation: opResume}, err
	}
	if err := c.checkTicket(t); err != nil {
		return Result{Operation: opResume}, err
	}
	ctx, o, err := c.begin(ctx, opResume)
	if err != nil {
		return o.close(), err
	}
	if o.result.Before.UniqueID != t.UniqueID {
		return o.fail(ErrInvalidInput, errors.New("the ticket is of another workspace"), do(failure.UseSameTicket))
	}
	if t.Operation == opSync {
		if err := o.mustBeRegistered(); err != nil {
			return o.close(), err
		}
		return o.refreshLicense(ctx, t)
	}
	return o.resumeRegistration(ctx, t)
}

func (o *operation) resumeRegistration(ctx context.Context, t Ticket) (Result, error) {
	// A confirmed code would replace a registration that is there (C1): never poll then.
	if o.result.Before.State != Unregistered {
		return o.registeredAlready(ctx)
	}
	if !t.Expires.IsZero() && !o.client.workspace.Clock().Now().Before(t.Expires) {
		return o.fail(ErrExpired, fmt.Errorf("the ticket ran out at %s", t.Expires.UTC().Format(time.RFC3339)), do(failure.StartByEmail))
	}
	o.notes.replaceLicense = t.ReplaceLicense
	actErr := o.client.transport.(Poller).Poll(ctx, o.client.session, t)
	return o.registered(ctx, actErr)
}

const opResume = "resume"

// checkTicket checks a ticket, and whether the transport can resume it, before anything is sent.
func (c *Client) checkTicket(t Ticket) error {
	if err := t.check(); err != nil {
		return err
	}
	if t.Transport != c.transport.Info().Name {
		return c.fail(opResume, ErrInvalidInput, fmt.Errorf("the ticket is of the transport %q", t.Transport), do(failure.UseSameTransport).with(t.Transport))
	}
	_, polls := c.transport.(Poller)
	_, fetches := c.transport.(LicenseFetcher)
	switch {
	case t.Operation != "" && t.Operation != opSync:
		return c.fail(opResume, ErrInvalidInput, fmt.Errorf("the ticket is of an operation %.20q", t.Operation), do(failure.UpgradeTool))
	case t.Operation == opSync && !fetches, t.Operation == "" && !polls:
		return c.cannot(opResume)
	}
	return nil
}

// Wait is [Client.Resume] until it was confirmed or answered, the ticket has expired, or ctx is done. It leaves the ticket's interval between two looks.
// Failures that pass by themselves ([failure.Temporary]) do not end it, such as a server that restarts, a Cloud that is away for a moment, a stick that is pulled
// out, or an answer that is being copied.
func (c *Client) Wait(ctx context.Context, t Ticket) (Result, error) {
	if err := c.usable(ctx, "wait"); err != nil {
		return Result{Operation: opResume}, err
	}
	cutOff := 0 // looks in a row
	for {
		result, err := c.Resume(ctx, t)
		cutOff++
		if !errors.Is(err, failure.Truncated) {
			cutOff = 0
		}
		var pending *PendingError
		if !errors.As(err, &pending) && !c.passing(ctx, err) || cutOff > looksAtACopy {
			return result, err
		}
		if wakeErr := c.workspace.Clock().Sleep(ctx, t.pause(c.workspace.Clock().Now())); wakeErr != nil {
			return result, c.waitEnds(t, wakeErr, err)
		}
	}
}

// looksAtACopy is how often an answer may be found cut off before its copy has ended: a minute, with the usual interval.
const looksAtACopy = 12

// waitEnds is the error when ctx is done while a person still has to act, and tells what the last look met.
func (c *Client) waitEnds(t Ticket, wakeErr, lookErr error) error {
	way := do(failure.Resume)
	if !t.Expires.IsZero() {
		way = way.with(t.Expires.UTC().Format(time.RFC3339))
	}
	var pending *PendingError
	if !errors.As(lookErr, &pending) {
		wakeErr = withCauses("the last look failed", wakeErr, lookErr)
	}
	return c.fail("wait", ErrPending, wakeErr, way)
}

// pause is how long to wait for the next look. A device code ends with its ticket: a last look then says so.
func (t Ticket) pause(now time.Time) time.Duration {
	interval := usualInterval
	if t.Interval >= 1 {
		const aDay = 24 * 60 * 60
		interval = time.Duration(min(t.Interval, aDay)) * time.Second // bounded first: a number from a file must not run over into no pause at all
	}
	if t.Expires.IsZero() {
		return interval
	}
	return min(interval, max(t.Expires.Sub(now), 0))
}

// passing reports whether a failed look may be followed by a better one. A workspace whose sync failed is registered: there is nothing left to look for.
func (c *Client) passing(ctx context.Context, err error) bool {
	switch {
	case ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)), errors.Is(err, ErrSyncFailed):
		return false
	case failure.Temporary(err):
		return true
	}
	// A transport that asks the Cloud itself knows who refused and why; a workspace does not say (C5).
	return !c.transport.Info().KeepsGrants && errors.Is(err, ErrRejected) && !errors.Is(err, failure.EmailDenied) && !errors.Is(err, cloud.ErrInvalidDeviceCode)
}
