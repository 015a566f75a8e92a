package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/exitcode"
	"github.com/rcreg/registration/internal/outcome"
	"github.com/rcreg/registration/internal/screen"
	"github.com/rcreg/registration/temporal"
)

const kindPending = "pending"

// isWaiting tells whether somebody has to act.
func isWaiting(p *temporal.Progress) bool {
	return p != nil && (p.Phase == temporal.PhaseWaiting || p.Phase == temporal.PhaseExpired)
}

// pending says who has to act, and how.
func (a *app) pending(id string, p *temporal.Progress) errorBody {
	body := errorBody{Kind: kindPending}
	look := "it is seen by itself, or at once with " + a.again("confirm "+id)
	switch {
	case p.Phase == temporal.PhaseExpired:
		body.Message = "nobody has confirmed the message in time, and the next one is not due yet"
		body.Advice = "send it at once with " + a.again("remind "+id)
	case p.Request != "":
		body.Message = "somebody has to carry the exchange folder of the worker with the request " + p.Request
		body.Advice = "let rcreg courier run answer it, and carry the folder back: " + look
	default:
		body.Message = p.Email + " has to confirm the message that Rocket.Chat Cloud sent"
		body.Advice = "compare the code and confirm: " + look
	}
	return body
}

// awaitWorkspace follows a workflow for one workspace until it ends, or until somebody has to act, unless that is waited for.
func (a *app) awaitWorkspace(ctx context.Context, run flow, v *workspaceView, wait bool) error {
	shown := "" // what people were told to act on
	f := &follower{flow: run, look: func(ctx context.Context) (bool, error) {
		var p temporal.Progress
		if err := run.query(ctx, &p); err != nil {
			return false, err
		}
		v.Progress = &p
		if !isWaiting(&p) {
			return false, nil
		}
		if now := fmt.Sprint(p.Phase, p.Messages, p.Request); wait && now != shown && a.output != outputJSON {
			shown = now
			still := &workspaceView{ID: v.ID, Progress: &p}
			still.fail(a.pending(v.ID, &p))
			a.say(still.text)
		}
		return !wait, nil
	}}
	if a.output != outputJSON {
		f.say = func(write func(io.Writer, screen.Style)) { a.say(write) }
	}
	var result fleet.Outcome
	err := f.follow(ctx, &result)
	switch {
	case errors.Is(err, errNotEnded):
		v.fail(a.pending(v.ID, v.Progress))
		if err := a.show(v); err != nil {
			return err
		}
		return exitError(exitcode.Pending)
	case ctx.Err() != nil:
		return a.conclude(v, advised(fmt.Errorf("following was ended, and %s goes on", v.ID), kindInterrupted, "see "+a.again("status "+v.ID)))
	case hasEnded(err):
		v.Ended, v.Progress = true, nil
		return a.conclude(v, run.badEnd(err))
	case err != nil:
		return a.conclude(v, run.badCall(err))
	}
	return a.endWorkspace(v, result)
}

// endWorkspace shows what became of a workspace, and ends as its outcome says. A workflow that kept one synced has none: it was cancelled, as asked.
func (a *app) endWorkspace(v *workspaceView, result fleet.Outcome) error {
	v.Ended, v.Progress = true, nil
	if result.Class != "" {
		v.Outcome = &result
	}
	if err := a.show(v); err != nil {
		return err
	}
	return exitWith(outcome.ExitCode(map[fleet.Class]int{result.Class: 1}))
}
