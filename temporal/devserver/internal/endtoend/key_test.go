package endtoend_test

import (
	"strings"
	"testing"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/temporal"
)

// TestAnotherKey has somebody ask a workflow with a key that the workers have not got: they are told so, and what runs goes on.
func TestAnotherKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2, "8.9.0")
	w.work(w.config())
	run := w.register(temporal.Registration{Email: "ops@example.com"})
	w.untilSent(run.GetID(), 1)
	stranger := w.dial(newKey())
	defer stranger.Close()

	value, err := stranger.QueryWorkflow(t.Context(), run.GetID(), "", temporal.QueryStatus)
	if err == nil {
		err = value.Get(&temporal.Progress{})
	}
	expectKeyError(t, "a query", err)
	handle, err := stranger.UpdateWorkflow(t.Context(), client.UpdateWorkflowOptions{
		WorkflowID: run.GetID(), UpdateName: temporal.UpdateConfirm, WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	if err == nil {
		err = handle.Get(t.Context(), &temporal.Progress{})
	}
	expectKeyError(t, "an update", err)
	if err := w.sim.Cloud().ConfirmDevice(w.sim.Cloud().Devices()[0].Code); err != nil {
		t.Fatal(err)
	}
	w.update(run.GetID(), temporal.UpdateConfirm)
	var outcome fleet.Outcome
	if err := run.Get(t.Context(), &outcome); err != nil || outcome.Class != fleet.Done {
		t.Errorf("%+v, %v", outcome, err)
	}
}

func expectKeyError(t *testing.T, what string, err error) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), "is not in the keyring: give this process the keys that the workers have") {
		t.Errorf("%s with another key: %v", what, err)
	}
}

// TestAWorkerWithAnotherKey has work taken by a worker that cannot read it: one workflow that begins, and one that waits. Both go on where one has the key.
func TestAWorkerWithAnotherKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2, "8.9.0")
	stop := w.work(w.config())
	waits := w.register(temporal.Registration{Email: "ops@example.com"})
	w.untilSent(waits.GetID(), 1)
	stop()
	stranger := w.config()
	stranger.Key = newKey()
	stop = w.work(stranger)
	second := w.list.Workspaces[1]
	begins := w.begin(temporal.RegisterID(second.Name), temporal.RegisterWorkflow, temporal.Registration{Workspace: second, Token: fleet.Reference{File: w.tokenFile(second.Name)}})
	w.clock.Jump(15 * time.Second) // the next look is due
	for _, run := range []client.WorkflowRun{waits, begins} {
		w.untilTriedInVain(run.GetID())
	}
	stop()

	w.work(w.config())
	w.clock.Jump(time.Minute) // the server waits longer and longer before it offers them again
	if err := w.sim.Cloud().ConfirmDevice(w.sim.Cloud().Devices()[0].Code); err != nil {
		t.Fatal(err)
	}
	for _, run := range []client.WorkflowRun{waits, begins} {
		var outcome fleet.Outcome
		if err := run.Get(t.Context(), &outcome); err != nil || outcome.Class != fleet.Done {
			t.Errorf("%+v, %v", outcome, err)
		}
	}
}

// untilTriedInVain waits until a worker was offered a workflow, and has left it as it is.
func (w *world) untilTriedInVain(id string) {
	w.tb.Helper()
	for {
		answer, err := w.DescribeWorkflowExecution(w.tb.Context(), id, "")
		if err != nil {
			w.tb.Fatal(err)
		}
		if status := answer.GetWorkflowExecutionInfo().GetStatus(); status != enums.WORKFLOW_EXECUTION_STATUS_RUNNING {
			w.tb.Fatalf("%s is %s", id, status)
		}
		if answer.GetPendingWorkflowTask().GetAttempt() > 1 {
			return
		}
	}
}
