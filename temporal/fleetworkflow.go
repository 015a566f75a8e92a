package temporal

import (
	"strings"

	enums "go.temporal.io/api/enums/v1"
	sdk "go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/fleet"
)

// fleetWorkflow works on a page of the list, and goes on with the next one in a new history.
func fleetWorkflow(ctx workflow.Context, in FleetRun) (Tally, error) {
	if in.Progress == nil {
		in.Progress = &FleetProgress{}
	}
	f := &fleetRun{in: in, FleetProgress: *in.Progress}
	if err := f.answer(ctx); err != nil {
		return f.Tally, err
	}
	more, err := f.run(ctx)
	if waitErr := workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) }); err == nil {
		err = waitErr
	}
	if err == nil && more && !f.cancelled {
		f.in.Progress = &f.FleetProgress
		return f.Tally, workflow.NewContinueAsNewError(ctx, FleetWorkflow, f.in)
	}
	return f.Tally, err
}

// fleetRun is one run of the workflow.
type fleetRun struct {
	in FleetRun
	FleetProgress
	cancelled bool
}

func (f *fleetRun) answer(ctx workflow.Context) error {
	if err := workflow.SetQueryHandler(ctx, QueryStatus, func() (Tally, error) { return f.Tally, nil }); err != nil {
		return err
	}
	return workflow.SetUpdateHandler(ctx, UpdateCancel, func(workflow.Context) (Tally, error) {
		f.cancelled = true
		return f.Tally, nil
	})
}

// run works on one page, and reports whether there is another one.
func (f *fleetRun) run(ctx workflow.Context) (more bool, err error) {
	if f.in.Operation != FleetStatus && f.in.Operation != FleetSync && f.in.Operation != FleetRegister {
		return false, finalPage("the operation of a fleet is status, sync or register", nil)
	}
	var p page
	err = workflow.ExecuteActivity(withOptions(ctx, lookTimeout), pageActivity, pageRequest{
		List: f.in.List, Digest: f.Digest, Labels: f.in.Labels, From: f.Next, Size: pageSize,
	}).Get(ctx, &p)
	if err != nil {
		return false, err
	}
	f.Digest, f.Tally.Total = p.Digest, p.Total
	window := workflow.NewSemaphore(ctx, f.in.window())
	inFlight := workflow.NewWaitGroup(ctx)
	for _, w := range p.Workspaces {
		if err = window.Acquire(ctx, 1); err != nil || f.cancelled {
			break
		}
		f.Next++
		f.Tally.InFlight++
		inFlight.Add(1)
		workflow.Go(ctx, func(ctx workflow.Context) {
			defer inFlight.Done()
			defer window.Release(1)
			f.one(ctx, w)
		})
	}
	inFlight.Wait(ctx) // also when it is cancelled: what was begun tells what came of it
	if err == nil {
		err = ctx.Err()
	}
	return f.Next < p.Total, err
}

// one works on one workspace.
func (f *fleetRun) one(ctx workflow.Context, w fleet.Workspace) {
	outcome, err := f.operate(ctx, w)
	switch {
	case err == nil:
		f.Tally.count(w.Name, outcome.Class, outcome.Kind)
	case sdk.IsCanceledError(err):
		f.Tally.count(w.Name, fleet.Cancelled, "interrupted")
	case sdk.IsWorkflowExecutionAlreadyStartedError(err):
		f.Tally.count(w.Name, fleet.Failed, "already_running")
	case kindOfFailure(err) == failure.OutcomeUnknown.Name():
		f.Tally.count(w.Name, fleet.Unknown, kindOfFailure(err))
	default:
		f.Tally.count(w.Name, fleet.Failed, kindOfFailure(err))
	}
}

// operate does the operation: what may have to wait for confirmation is a workflow of its own, with an id by which no two register a workspace at the same time.
func (f *fleetRun) operate(ctx workflow.Context, w fleet.Workspace) (outcome fleet.Outcome, err error) {
	var step Step
	switch f.in.Operation {
	case FleetStatus:
		step, err = act(ctx, statusActivity, f.in.patience(), w)
		return step.Outcome, err
	case FleetSync:
		step, err = act(ctx, syncActivity, f.in.patience(), w)
		return step.Outcome, err
	}
	token := f.in.Token
	token.File = strings.ReplaceAll(token.File, "{name}", w.Name)
	ctx = workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:          RegisterID(w.Name),
		ParentClosePolicy:   enums.PARENT_CLOSE_POLICY_REQUEST_CANCEL,
		WaitForCancellation: true,
	})
	err = workflow.ExecuteChildWorkflow(ctx, RegisterWorkflow, Registration{
		Workspace: w, Token: token, Email: f.in.Email, AirGap: f.in.AirGap, ReplaceLicense: f.in.ReplaceLicense, Detach: true, Patience: f.in.patience(),
	}).Get(ctx, &outcome)
	return outcome, err
}
