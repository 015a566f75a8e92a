package temporal

import (
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/workflow"
)

const (
	// maxPause is between two looks at what has waited for long.
	maxPause = 15 * time.Minute
	minPause = 5 * time.Second
	// patience: a look is made every tenth of the time that was waited, so that a person waits little longer for the workflow than it did for them.
	patience = 10
)

// pause waits for the next look, or until one is asked for.
func (r *registerRun) pause(ctx workflow.Context) error {
	r.progress.Next = r.nextAct(workflow.Now(ctx))
	return pause(ctx, r.progress.Next.Sub(workflow.Now(ctx)), func() bool { return r.look && r.wait.Ticket != nil || r.remind || r.cancelled })
}

// pause waits for a while, or until it is over before its time. It leaves no timer behind, which would wake the workflow for nothing.
func pause(ctx workflow.Context, wait time.Duration, over func() bool) error {
	timer, end := workflow.WithCancel(ctx)
	defer end()
	_, err := workflow.AwaitWithTimeout(timer, wait, over)
	return err
}

// nextAct is when to act again without being asked.
func (r *registerRun) nextAct(now time.Time) time.Time {
	end := r.wait.Since.Add(r.in.giveUp())
	if r.wait.Ticket == nil {
		return earlier(latest(r.wait.Asked.Add(r.in.remind()), now), end)
	}
	pause := min(max(now.Sub(r.wait.Asked)/patience, minPause, time.Duration(r.wait.Ticket.Interval)*time.Second), maxPause)
	next := earlier(now.Add(pause), end)
	if expires := r.wait.Ticket.Expires; !expires.IsZero() && expires.After(now) {
		next = earlier(next, expires)
	}
	return next
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// detach leaves the wait to a workflow of its own, with the name that the registration of this workspace has.
func (r *registerRun) detach(ctx workflow.Context) error {
	ctx = workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:        WaitID(r.in.Workspace.Name),
		ParentClosePolicy: enums.PARENT_CLOSE_POLICY_ABANDON,
	})
	return workflow.ExecuteChildWorkflow(ctx, RegisterWorkflow, r.next()).GetChildWorkflowExecution().Get(ctx, nil)
}

// enter begins a phase, and tells those who ask what it waits for.
func (r *registerRun) enter(ctx workflow.Context, phase Phase) {
	p := &r.progress
	if p.Phase != phase {
		p.Phase, p.Since = phase, workflow.Now(ctx)
	}
	p.Messages, p.Looks, p.Next = r.wait.Messages, r.wait.Looks, time.Time{}
	p.Email, p.UserCode, p.VerificationURL, p.Request, p.Expires = r.in.Email, "", "", "", time.Time{}
	if t := r.wait.Ticket; t != nil {
		p.UserCode, p.VerificationURL, p.Request, p.Expires = t.UserCode, t.VerificationURL, t.Request, t.Expires
	}
}
