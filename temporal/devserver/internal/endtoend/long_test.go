package endtoend_test

import (
	"testing"

	"go.temporal.io/sdk/client"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/temporal"
)

// TestALongWaitGoesOn has somebody ask for looks until the history is so long that the server suggests another one: the wait goes on there.
func TestALongWaitGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2, "8.9.0")
	w.work(w.config())
	run := w.register(temporal.Registration{Email: "ops@example.com"})
	w.untilSent(run.GetID(), 1)
	p := w.askUntilItGoesOn(run)
	if p.Phase != temporal.PhaseWaiting || p.Messages != 1 || p.UserCode == "" {
		t.Errorf("progress %+v", p)
	}
	if err := w.sim.Cloud().ConfirmDevice(w.sim.Cloud().Devices()[0].Code); err != nil {
		t.Fatal(err)
	}
	w.update(run.GetID(), temporal.UpdateConfirm)
	var outcome fleet.Outcome
	if err := run.Get(t.Context(), &outcome); err != nil || outcome.Class != fleet.Done {
		t.Errorf("%+v, %v", outcome, err)
	}
}

// askUntilItGoesOn asks a workflow to act until it has a new history, in which what it counts goes on.
func (w *world) askUntilItGoesOn(run client.WorkflowRun) temporal.Progress {
	w.tb.Helper()
	before := w.progress(run.GetID()).Looks
	const most = 1000 // a server suggests a new history after 4096 events
	for range most {
		p := w.update(run.GetID(), temporal.UpdateConfirm)
		if p.Looks <= before {
			w.tb.Fatalf("%d looks, and then %d", before, p.Looks)
		}
		before = p.Looks
		answer, err := w.DescribeWorkflowExecution(w.tb.Context(), run.GetID(), "")
		if err != nil {
			w.tb.Fatal(err)
		}
		if answer.GetWorkflowExecutionInfo().GetExecution().GetRunId() != run.GetRunID() {
			return w.update(run.GetID(), temporal.UpdateConfirm)
		}
	}
	w.tb.Fatalf("after %d acts the history is still the same", most)
	return temporal.Progress{}
}
