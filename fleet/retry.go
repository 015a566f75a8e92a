package fleet

import (
	"errors"
	"time"

	"github.com/cenkalti/backoff/v4"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/workspace"
)

const (
	// firstPause is before the second try, with half of it up or down at random; it grows with each. The client of a workspace has repeated single calls by then.
	firstPause = 5 * time.Second
	// maxPause bounds the pauses of a run. A workspace or a Cloud that asks for more ends the workspace's part: the outcomes of all others wait for it.
	maxPause = 5 * time.Minute
	// maxAway bounds how far ahead another try makes sense at all, for those who keep their own retries: no clock of a limit is a day ahead.
	maxAway = 24 * time.Hour
	// doubtPause is before another token is taken for a workspace whose last one may have been used a moment ago: a server goes on registering after its client left
	// any more, for up to 20 s from 6.4.
	doubtPause = 25 * time.Second
)

// newPauses makes the pauses between the tries of one workspace.
func newPauses(clock workspace.Clock) *backoff.ExponentialBackOff {
	return backoff.NewExponentialBackOff(
		backoff.WithInitialInterval(firstPause), backoff.WithMultiplier(2), backoff.WithMaxInterval(maxPause), backoff.WithMaxElapsedTime(0),
		backoff.WithClockProvider(clock),
	)
}

// notBefore is when those who were asked want to be asked again; zero when they did not say.
func notBefore(err error) time.Time {
	var byWorkspace *workspace.Error
	var byCloud *cloud.Error
	switch {
	case errors.As(err, &byWorkspace) && !byWorkspace.RetryAt.IsZero():
		return byWorkspace.RetryAt
	case errors.As(err, &byCloud):
		return byCloud.RetryAt
	}
	return time.Time{}
}

// pauseAfter is how long to wait for another try.
func pauseAfter(err error, usual time.Duration, now time.Time) time.Duration {
	pause := min(usual, maxPause)
	if errors.Is(err, errRefusedInDoubt) {
		pause = max(pause, doubtPause)
	}
	// What those who were asked want comes first, bounded before it is added. The usual pause comes on top: those who were refused together then do not come back
	// together.
	return pause + min(max(notBefore(err).Sub(now), 0), maxPause)
}

// heldOff reports whether the workspace, or the Cloud, wants to be left alone for longer than a time, and then says so in the outcome. What is in doubt stays so.
func (o *Outcome) heldOff(now time.Time, longest time.Duration) bool {
	until := notBefore(o.Err)
	if until.Sub(now) <= longest || !failure.Temporary(o.Err) {
		return false
	}
	o.RetryAt = until.UTC().Truncate(time.Second)
	at := o.RetryAt.Format("2006-01-02 15:04:05 UTC")
	if o.Class == Failed {
		o.Kind = failure.RateLimited.Name()
	}
	o.Message += ": not before " + at
	o.advise(failure.Way(failure.Wait, at), "it asks to be left alone until then")
	return true
}
