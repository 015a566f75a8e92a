package temporal

import (
	sdk "go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/fleet"
)

// registerWorkflow registers one workspace, and waits for whoever has to act.
func registerWorkflow(ctx workflow.Context, in Registration) (fleet.Outcome, error) {
	r := &registerRun{in: in, wait: Wait{}, progress: Progress{Workspace: in.Workspace.Name, URL: in.Workspace.URL}}
	if in.Wait != nil {
		r.wait = *in.Wait
	}
	if err := r.answer(ctx); err != nil {
		return fleet.Outcome{}, err
	}
	r.enter(ctx, PhaseActing)
	outcome, err := r.run(ctx)
	r.enter(ctx, PhaseDone)
	if waitErr := workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) }); err == nil {
		err = waitErr
	}
	return outcome, err
}

// registerRun is one run of the workflow.
type registerRun struct {
	in       Registration
	wait     Wait
	progress Progress

	begun     int  // acts, for those who wait for the next one
	ended     int  // of them
	look      bool // a look is asked for
	remind    bool // the message is asked for once more
	cancelled bool
}

// run acts and waits until the workspace is registered, or never will be.
func (r *registerRun) run(ctx workflow.Context) (fleet.Outcome, error) {
	if r.wait.Ticket != nil || r.wait.Messages > 0 { // it goes on
		r.enter(ctx, r.waitingPhase())
		if err := r.pause(ctx); err != nil {
			return fleet.Outcome{}, err
		}
	}
	for !r.cancelled {
		outcome, err := r.step(ctx)
		if err != nil || outcome.Class != fleet.Pending {
			return outcome, err
		}
		switch {
		case r.in.Detach:
			return outcome, r.detach(ctx)
		case workflow.Now(ctx).Sub(r.wait.Since) >= r.in.giveUp():
			return fleet.Outcome{}, r.nobodyActed()
		}
		if goesOn, err := r.goesOn(ctx); goesOn || err != nil {
			return fleet.Outcome{}, err
		}
		if err := r.pause(ctx); err != nil {
			return fleet.Outcome{}, err
		}
	}
	return r.outcome(fleet.Cancelled), nil
}

// waitingPhase is the phase of a wait that goes on.
func (r *registerRun) waitingPhase() Phase {
	if r.wait.Ticket == nil {
		return PhaseExpired
	}
	return PhaseWaiting
}

// step acts once: it begins, looks, or begins again where a message has run out.
func (r *registerRun) step(ctx workflow.Context) (fleet.Outcome, error) {
	r.enter(ctx, PhaseActing)
	r.begun++
	remind := r.remind
	r.look, r.remind = false, false
	var step Step
	var err error
	if r.wait.Ticket != nil && !remind {
		r.wait.Looks++
		step, err = act(ctx, resumeActivity, lookTimeout, resumption{Workspace: r.in.Workspace, AirGap: r.in.AirGap, Ticket: *r.wait.Ticket})
	} else {
		step, err = act(ctx, registerActivity, r.in.patience(), registering{
			Workspace: r.in.Workspace, Token: r.in.Token, Email: r.in.Email, AirGap: r.in.AirGap, Resend: r.wait.Messages > 0,
			ReplaceLicense: r.in.ReplaceLicense,
		})
		r.asked(ctx, step, err)
	}
	r.ended++
	return r.judge(ctx, step, err)
}

// asked notes that a message was sent or a request was written.
func (r *registerRun) asked(ctx workflow.Context, step Step, err error) {
	if err != nil || step.Ticket == nil {
		return
	}
	now := workflow.Now(ctx)
	if r.wait.Messages == 0 {
		r.wait.Since = now
	}
	r.wait.Asked = now
	r.wait.Messages++
}

// judge tells what an act means for the registration.
func (r *registerRun) judge(ctx workflow.Context, step Step, err error) (fleet.Outcome, error) {
	r.progress.Kind, r.progress.Message = "", ""
	switch {
	case err == nil && step.Ticket == nil:
		return step.Outcome, nil
	case err == nil:
		r.wait.Ticket = step.Ticket
		r.enter(ctx, PhaseWaiting)
		return r.outcome(fleet.Pending), nil
	case !r.mayWait(err):
		return fleet.Outcome{}, err
	}
	r.progress.Kind, r.progress.Message = kindOfFailure(err), err.Error()
	if r.progress.Kind == kindExpired() {
		r.wait.Ticket = nil
	}
	r.enter(ctx, r.waitingPhase())
	return r.outcome(fleet.Pending), nil
}

// mayWait reports whether a failure leaves something to wait for. A workspace does not say whether the Cloud refused a look or was away, so a refused look
// of a registration by e-mail counts as none: the message runs out in the end.
func (r *registerRun) mayWait(err error) bool {
	if r.wait.Messages == 0 || sdk.IsCanceledError(err) {
		return false
	}
	kind := kindOfFailure(err)
	return !failedForGood(err) || r.in.Email != "" && (kind == kindExpired() || kind == failure.Rejected.Name())
}

// nobodyActed is the failure when the wait is over.
func (r *registerRun) nobodyActed() error {
	return sdk.NewNonRetryableApplicationError("no confirmation or answer within "+r.in.giveUp().String(), kindExpired(), registration.ErrExpired,
		Failure{Workspace: r.in.Workspace.Name, URL: r.in.Workspace.URL, Operation: "register", Remedies: failure.Ways(failure.StartWorkflow)})
}

// goesOn begins a new history before this one grows too long. Whoever was promised an act gets it in this one.
func (r *registerRun) goesOn(ctx workflow.Context) (bool, error) {
	if !workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
		return false, nil
	}
	answered := func() bool { return workflow.AllHandlersFinished(ctx) }
	if err := workflow.Await(ctx, func() bool { return answered() || r.look || r.remind || r.cancelled }); err != nil || !answered() {
		return false, err
	}
	return true, workflow.NewContinueAsNewError(ctx, RegisterWorkflow, r.next())
}

// next is the input of a run that goes on with this wait.
func (r *registerRun) next() Registration {
	next, wait := r.in, r.wait
	next.Wait, next.Detach = &wait, false
	return next
}

// outcome is what is known of the workspace by now.
func (r *registerRun) outcome(class fleet.Class) fleet.Outcome {
	return fleet.Outcome{Workspace: r.in.Workspace.Name, URL: r.in.Workspace.URL, Operation: "register", Class: class}
}
