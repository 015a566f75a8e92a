package temporal

import (
	"testing"
	"time"

	sdk "go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/fleet"
)

// anything is mock.Anything of testify, which the test environment is made with.
const anything = "mock.Anything"

// TestDetach ends as pending at once, and leaves the wait to a workflow of its own.
func TestDetach(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "8.9.0")
	var left Registration
	child := ""
	// The wait itself ends at once here: what it does is told by the tests of the waits.
	w.OnWorkflow(RegisterWorkflow, anything, anything).Return(func(ctx workflow.Context, in Registration) (fleet.Outcome, error) {
		if in.Wait == nil {
			return registerWorkflow(ctx, in)
		}
		left, child = in, workflow.GetInfo(ctx).WorkflowExecution.ID
		return fleet.Outcome{}, nil
	})
	in := byEmail(w)
	in.Detach = true
	outcome, err := w.run(RegisterWorkflow, in)
	if err != nil || outcome.Class != fleet.Pending || child != WaitID("chat") {
		t.Errorf("%+v, %v; the wait is %q", outcome, err, child)
	}
	if left.Wait == nil || left.Wait.Ticket == nil || left.Detach {
		t.Errorf("it was left %+v", left)
	}
	if sent := len(w.fake.Cloud().Devices()); sent != 1 {
		t.Errorf("%d messages", sent)
	}
}

// TestDetachedWait tells from the beginning what it waits for, not only after its first look.
func TestDetachedWait(t *testing.T) {
	t.Parallel()
	for phase, ticket := range map[Phase]*registration.Ticket{PhaseWaiting: {UserCode: "ABCD-EFGH", Interval: 600}, PhaseExpired: nil} {
		t.Run(string(phase), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "8.9.0")
			in := byEmail(w)
			in.Wait = &Wait{Ticket: ticket, Since: w.Now(), Asked: w.Now(), Messages: 1}
			w.later(time.Second, func() error {
				if p := w.progress(); p.Phase != phase || p.Messages != 1 || p.Next.IsZero() {
					t.Errorf("it tells %+v", p)
				}
				w.CancelWorkflow()
				return nil
			})
			if _, err := w.run(RegisterWorkflow, in); !sdk.IsCanceledError(err) {
				t.Errorf("got %v", err)
			}
		})
	}
}
