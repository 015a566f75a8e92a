package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/rcreg/registration/internal/screen"
)

const (
	// followPatience is how long a server may be away before following it ends.
	followPatience = 5 * time.Minute
	// followOften is how often a workflow is asked that a person looks at.
	followOften = time.Second
	// Elsewhere it is asked the more seldom the longer it takes, but not more seldom than this: its end is noticed within a tenth of its time.
	followSeldom = 10 * time.Second
	followShare  = 10
)

// follower looks at a workflow until it ends.
type follower struct {
	flow
	// look asks how far it is and shows it; it returns true when it has seen enough.
	look func(ctx context.Context) (enough bool, err error)
	// say reports problems to the terminal; nil reports none.
	say func(write func(io.Writer, screen.Style))

	said  string
	heard time.Time // when the server has answered last
}

// errNotEnded is how following ends before the workflow does: look has seen enough.
var errNotEnded = errors.New("the workflow goes on")

// follow looks at the workflow until it has ended, and reads its result. A server that is away for a while is asked again. Errors: errNotEnded; the cause of ctx;
// those of the workflow, see flow.badEnd.
func (f *follower) follow(ctx context.Context, result any) error {
	clock := f.app.system.Clock
	began := clock.Now()
	f.heard = began
	for {
		ended, err := f.once(ctx, result)
		now := clock.Now()
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case ended:
			return err
		case err == nil:
			f.heard = now
		case !isAway(err) || now.Sub(f.heard) > followPatience:
			return err
		default:
			f.tell("the Temporal server does not answer; it is asked again")
		}
		if err := clock.Sleep(ctx, f.pause(now.Sub(began))); err != nil {
			return err
		}
	}
}

// once looks once. It returns true when there is nothing more to look at.
func (f *follower) once(ctx context.Context, result any) (ended bool, err error) {
	info, err := f.describe(ctx)
	if err != nil {
		return false, err
	}
	if !isOpen(info) {
		return f.end(ctx, result)
	}
	enough, err := f.look(ctx)
	if err != nil && !isUnanswered(err) && !isAway(err) {
		if info, failed := f.describe(ctx); failed == nil && !isOpen(info) { // it has ended just now
			return f.end(ctx, result)
		}
	}
	switch {
	case err != nil && isUnanswered(err):
		f.tell(fmt.Sprintf("no worker answers on the task queue %s, or none with this key; it goes on as soon as one does", f.app.taskQueue))
		return false, nil
	case enough:
		return true, errNotEnded
	case err == nil:
		f.said = ""
	}
	return false, err
}

// end reads the result of a workflow that has ended.
func (f *follower) end(ctx context.Context, result any) (ended bool, err error) {
	err = f.result(ctx, result)
	return err == nil || hasEnded(err), err
}

// tell tells people what is not as it should be, once.
func (f *follower) tell(text string) {
	if text == f.said || f.say == nil {
		return
	}
	f.said = text
	f.say(func(out io.Writer, s screen.Style) { screen.Printf(out, "%s %s.\n", s.Warn("Waiting:"), text) })
}

// pause is the time to the next look.
func (f *follower) pause(elapsed time.Duration) time.Duration {
	if f.app.StderrTerminal {
		return followOften
	}
	return min(max(elapsed/followShare, followOften), followSeldom)
}
