package temporal

import (
	"errors"

	"go.temporal.io/sdk/workflow"
)

// answer lets people ask how far the registration is, and hurry or end the wait.
func (r *registerRun) answer(ctx workflow.Context) error {
	if err := workflow.SetQueryHandler(ctx, QueryStatus, func() (Progress, error) { return r.progress, nil }); err != nil {
		return err
	}
	for _, question := range []struct {
		name string
		asks *bool
	}{{UpdateConfirm, &r.look}, {UpdateRemind, &r.remind}, {UpdateCancel, &r.cancelled}} {
		handle := func(ctx workflow.Context) (Progress, error) { return r.hurry(ctx, question.asks) }
		options := workflow.UpdateHandlerOptions{Validator: func(workflow.Context) error { return r.allows(question.name) }}
		if err := workflow.SetUpdateHandlerWithOptions(ctx, question.name, handle, options); err != nil {
			return err
		}
	}
	return nil
}

// allows refuses what makes no sense before it enters the history.
func (r *registerRun) allows(update string) error {
	if update == UpdateRemind && r.in.Email == "" {
		return errors.New("only a registration by e-mail has a message that can be sent again")
	}
	return nil
}

// hurry has the workflow do what was asked now, and tells what came of it. An act that is under way may have begun before there was anything to see: the next one
// is the answer.
func (r *registerRun) hurry(ctx workflow.Context, asks *bool) (Progress, error) {
	*asks = true
	answer := r.begun + 1
	err := workflow.Await(ctx, func() bool {
		nothingToSee := asks == &r.look && r.progress.Phase == PhaseExpired // only another message helps
		return r.ended >= answer || nothingToSee || r.progress.Phase == PhaseDone
	})
	return r.progress, err
}
