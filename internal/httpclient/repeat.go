package httpclient

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/cenkalti/backoff/v4"
)

const (
	// maxTries is how often one call is made at most.
	maxTries = 5
	// maxWait is the longest wait that a server may ask for. The windows of Rocket.Chat's limits are 60 s and less.
	maxWait = 90 * time.Second
	// maxElapsed bounds all attempts and waits of one call together.
	maxElapsed = 3 * time.Minute
	// firstPause is doubled after each attempt, with half of it up or down at random.
	firstPause = 300 * time.Millisecond
)

// Again says whether an attempt may be made again.
type Again int

const (
	// Never means that the attempt succeeded, or that another one would fail in the same way.
	Never Again = iota
	// IfRead means that it failed in a way that may pass, but may have been carried out: only a Read is repeated.
	IfRead
	// Always means that it provably was not carried out (a dial error, or a rate limit): a Write is repeated too.
	Always
)

// Verdict is what one attempt came to.
type Verdict struct {
	Again Again
	// NotBefore is when the server wants to be asked again. Zero means soon.
	NotBefore time.Time
}

func (v Verdict) allows(effect Effect) bool {
	return v.Again == Always || v.Again == IfRead && effect == Read
}

func isDone(ctx context.Context) bool { return ctx.Err() != nil }

// Tries are the attempts at one call.
type Tries struct {
	client *Client
	effect Effect
	made   int
	pauses *backoff.ExponentialBackOff // made only after a failure: the usual call needs none
}

// Tries begins to count the attempts at a call.
func (c *Client) Tries(effect Effect) Tries { return Tries{client: c, effect: effect} }

// Another reports whether another attempt is to be made after one with this verdict, and returns when its time has come: false once an attempt was final, the
// tries are used up, or the context has ended. Errors: *WaitError when the wait was given up, else nil: then the last attempt speaks.
func (t *Tries) Another(ctx context.Context, verdict Verdict) (bool, error) {
	t.made++
	if t.made == maxTries || !verdict.allows(t.effect) || isDone(ctx) {
		return false, nil
	}
	if t.pauses == nil {
		t.pauses = t.client.newPauses()
	}
	pause := t.pauses.NextBackOff()
	if pause == backoff.Stop {
		return false, nil
	}
	if err := t.client.wait(ctx, pause, verdict.NotBefore); err != nil {
		return false, err
	}
	return true, nil
}

func (c *Client) newPauses() *backoff.ExponentialBackOff {
	return backoff.NewExponentialBackOff(
		backoff.WithInitialInterval(firstPause),
		backoff.WithMultiplier(2),
		backoff.WithMaxElapsedTime(maxElapsed),
		backoff.WithClockProvider(c.clock),
	)
}

// wait sleeps until the server wants to be asked again, and for the pause on top: clients that were refused in the same
// moment then do not come back in the same one.
func (c *Client) wait(ctx context.Context, pause time.Duration, notBefore time.Time) error {
	now := c.clock.Now()
	if ahead := notBefore.Sub(now); ahead > maxWait {
		err := fmt.Errorf("the server wants to be left alone until %s", notBefore.UTC().Format(time.RFC3339))
		return &WaitError{Until: notBefore, Err: err}
	} else if ahead > 0 {
		pause += ahead
	}
	if deadline, ok := ctx.Deadline(); ok && deadline.Before(now.Add(pause)) {
		return &WaitError{Until: notBefore, Err: context.DeadlineExceeded}
	}
	if err := c.clock.Sleep(ctx, pause); err != nil {
		return &WaitError{Until: notBefore, Err: err}
	}
	return nil
}

// Do sends the request, and repeats it as its Effect allows after connection errors, HTTP 429 and 5xx. A reply of any
// status is a success, also 429 and 5xx when the tries are used up: Reply.RetryAt then says when to come back. Errors:
// those of Once, joined by *WaitError when a wait after one of them was given up.
func (c *Client) Do(ctx context.Context, request *Request) (reply *Reply, err error) {
	answered := false
	for tries := c.Tries(request.Effect); ; {
		var verdict Verdict
		if reply, err = c.Once(ctx, request); err != nil {
			verdict = VerdictOfError(err)
		} else {
			reply.Repeated, answered = answered, true
			verdict = VerdictOfReply(reply, c.clock.Now())
		}
		another, waitErr := tries.Another(ctx, verdict)
		if err != nil && waitErr != nil {
			err = fmt.Errorf("%w; %w", err, waitErr)
		}
		if !another {
			return reply, err
		}
	}
}

// VerdictOfReply reports whether a reply of this status may be asked for again.
func VerdictOfReply(reply *Reply, now time.Time) Verdict {
	switch {
	case reply.Status == http.StatusTooManyRequests:
		return Verdict{Again: Always, NotBefore: reply.RetryAt(now)}
	case reply.Status >= 500 && reply.Status != http.StatusNotImplemented && reply.Status != http.StatusHTTPVersionNotSupported:
		return Verdict{Again: IfRead, NotBefore: reply.RetryAt(now)}
	}
	return Verdict{}
}

// VerdictOfError reports whether a call may be made again after an error of Once. One that ran out of time is not: who was silent for so long will be so again.
func VerdictOfError(err error) Verdict {
	var (
		notSent *NotSentError
		lost    *LostError
		silent  *SilentError
		timeout net.Error
	)
	switch {
	case errors.As(err, &silent), errors.As(err, &timeout) && timeout.Timeout() && !errors.Is(err, context.DeadlineExceeded):
		return Verdict{}
	case isDial(err), errors.As(err, &notSent) && isBrokenOff(err):
		return Verdict{Again: Always}
	case errors.As(err, &lost):
		return Verdict{Again: IfRead}
	}
	return Verdict{}
}
