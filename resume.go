package registration

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/rcreg/registration/workspace"
)

// Resume takes one look at a pending registration. While nobody has confirmed it returns a [*PendingError]; then it completes the registration and
// verifies it. Errors: [ErrExpired], [ErrInvalidInput] for a ticket of another workspace, of another transport or from a newer version, and those of
// [Client.Register].
func (c *Client) Resume(ctx context.Context, t Ticket) (Result, error) {
	poller, err := c.pollerFor(t)
	if err != nil {
		return Result{Operation: opResume}, err
	}
	ctx, o, err := c.begin(ctx, opResume)
	if err != nil {
		return o.close(), err
	}
	if o.result.Before.UniqueID != t.UniqueID {
		return o.fail(ErrInvalidInput, errors.New("the ticket is of another workspace"), "use the ticket that this workspace's registration returned")
	}
	// A confirmed code would replace a registration that is there (C1): never poll then.
	if o.result.Before.State != Unregistered {
		return o.registeredAlready()
	}
	if !c.workspace.Clock().Now().Before(t.Expires) {
		return o.fail(ErrExpired, fmt.Errorf("the ticket ran out at %s", t.Expires.UTC().Format(time.RFC3339)), "start again: Register sends a new message")
	}
	actErr := o.act(ctx, func(ctx context.Context) error { return poller.Poll(ctx, c.dialect, t) })
	return o.registered(ctx, actErr)
}

const opResume = "resume"

// pollerFor checks a ticket before anything is sent.
func (c *Client) pollerFor(t Ticket) (Poller, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	if t.Transport != c.transport.Name() {
		return nil, c.fail(opResume, ErrInvalidInput, fmt.Errorf("the ticket is of the transport %q", t.Transport), "resume over the transport that started the registration")
	}
	poller, ok := c.transport.(Poller)
	if !ok {
		return nil, c.fail(opResume, ErrUnsupported, fmt.Errorf("the transport %q cannot resume", c.transport.Name()), "use another transport")
	}
	return poller, nil
}

// Wait is [Client.Resume] until the registration is confirmed, refused or expired, or ctx is done. It leaves the ticket's interval between two looks.
// Failures of the Cloud that pass by themselves do not end it.
func (c *Client) Wait(ctx context.Context, t Ticket) (Result, error) {
	for {
		result, err := c.Resume(ctx, t)
		var pending *PendingError
		if !errors.As(err, &pending) && !passing(err) {
			return result, err
		}
		// The code ends with the ticket: a last look then says so.
		wait := min(interval(t), max(t.Expires.Sub(c.workspace.Clock().Now()), 0))
		if wakeErr := c.workspace.Clock().Sleep(ctx, wait); wakeErr != nil {
			return result, c.fail("wait", ErrPending, wakeErr, "resume with the same ticket before "+t.Expires.UTC().Format(time.RFC3339))
		}
	}
}

func interval(t Ticket) time.Duration {
	if t.Interval < 1 {
		return usualInterval
	}
	return time.Duration(t.Interval) * time.Second
}

// passing tells whether a failed look may be followed by a better one: the workspace or the Cloud was not there for a moment.
func passing(err error) bool {
	if err == nil || errors.Is(err, ErrExpired) || errors.Is(err, ErrInvalidInput) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	if errors.Is(err, workspace.ErrNotSent) || errors.Is(err, workspace.ErrReplyLost) || errors.Is(err, ErrRateLimited) {
		return true
	}
	return errors.Is(err, ErrRejected) && !codeRefused(err)
}

// codeRefused tells whether a poll failed because the Cloud does not know the device code, and not because it was away for a moment. Servers pass on the
// Cloud's answer in their sentence only: "failed [400] …" up to 6.0, the bare code at 6.4 ("invalid_device_code"), "…: Bad Request" from 6.5.
func codeRefused(err error) bool {
	var failure *workspace.Error
	if !errors.As(err, &failure) {
		return false
	}
	for _, sign := range []string{"[400]", "[401]", "[403]", "[404]", "[410]", "invalid_", "expired", "Bad Request", "Unauthorized", "Forbidden", "Not Found", "Gone"} {
		if strings.Contains(failure.Message, sign) {
			return true
		}
	}
	return false
}
