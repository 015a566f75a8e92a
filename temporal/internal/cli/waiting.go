package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/command"
	"github.com/rcreg/registration/internal/exitcode"
	"github.com/rcreg/registration/internal/outcome"
	"github.com/rcreg/registration/temporal"
)

const kindPending = "pending"

// isWaiting reports whether a person has to act.
func isWaiting(p *temporal.Progress) bool {
	return p != nil && (p.Phase == temporal.PhaseWaiting || p.Phase == temporal.PhaseExpired)
}

// pending says who has to act, and how.
func (a *app) pending(id string, p *temporal.Progress) errorBody {
	body := errorBody{Kind: kindPending}
	look := "it is seen by itself, or at once with " + a.again("confirm "+id)
	switch {
	case p.Phase == temporal.PhaseExpired:
		body.Message = "the message was not confirmed in time, and the next one is not due yet"
		body.Advice = "send it at once with " + a.again("remind "+id)
	case p.Request != "":
		body.Message = "the exchange folder of the worker has to be carried, with the request " + p.Request
		body.Advice = "let rcreg courier run answer it, and carry the folder back: " + look
	default:
		body.Message = p.Email + " has to confirm the message that Rocket.Chat Cloud sent"
		body.Advice = "compare the code and confirm: " + look
	}
	return body
}

// wait follows a workflow for one workspace.
type wait struct {
	flow
	workspace fleet.Workspace // as this side knows it
	view      *workspaceView
	toTheEnd  bool // also while a person has to act

	shown string // what people were told to act on
}

// look asks how far the workflow is, and tells who has to act.
func (w *wait) look(ctx context.Context) (enough bool, err error) {
	var p temporal.Progress
	if err := w.query(ctx, &p); err != nil {
		return false, err
	}
	if p.URL != "" && p.URL != w.workspace.URL {
		return false, advised(fmt.Errorf("%s is under way for another workspace of this name, %s", w.id, p.URL), kindUnderWay,
			"give one of them another name in its list, or see "+w.app.again("status "+w.id))
	}
	w.view.Progress = &p
	if !isWaiting(&p) {
		return false, nil
	}
	if w.toTheEnd {
		w.tell(&p)
	}
	return !w.toTheEnd, nil
}

// tell tells people on what they have to act, once.
func (w *wait) tell(p *temporal.Progress) {
	now := fmt.Sprint(p.Phase, p.Messages, p.Request)
	if now == w.shown || w.app.Output == command.JSON {
		return
	}
	w.shown = now
	still := &workspaceView{ID: w.id, Progress: p}
	still.fail(w.app.pending(w.id, p))
	w.app.Say(still.text)
}

// awaitWorkspace follows a workflow for one workspace until it ends, or until a person has to act, unless that is waited for.
func (a *app) awaitWorkspace(ctx context.Context, w *wait) error {
	v := w.view
	f := &follower{flow: w.flow, look: w.look}
	if a.Output != command.JSON {
		f.say = a.Say
	}
	var result fleet.Outcome
	err := f.follow(ctx, &result)
	switch {
	case errors.Is(err, errNotEnded):
		v.fail(a.pending(v.ID, v.Progress))
		if err := a.show(v); err != nil {
			return err
		}
		return command.ExitError(exitcode.Pending)
	case ctx.Err() != nil:
		return a.conclude(v, advised(fmt.Errorf("following was ended, and %s goes on", v.ID), kindInterrupted, "see "+a.again("status "+v.ID)))
	case hasEnded(err):
		v.Ended, v.Progress = true, nil
		return a.conclude(v, w.badEnd(err))
	case err != nil:
		return a.conclude(v, w.badCall(err))
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
