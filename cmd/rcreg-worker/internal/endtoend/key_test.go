package endtoend_test

import (
	"strings"
	"testing"

	"go.temporal.io/sdk/client"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/temporal"
)

// TestAnotherKey has somebody ask and start workflows with a key that the workers have not got: they are told so, and what runs goes on.
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
	strange, err := stranger.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{TaskQueue: temporal.DefaultTaskQueue}, temporal.RegisterWorkflow,
		temporal.Registration{Workspace: w.list.Workspaces[1], Token: fleet.Reference{File: w.tokenFile("w00002")}})
	if err != nil {
		t.Fatal(err)
	}
	expectKeyError(t, "a workflow", w.GetWorkflow(t.Context(), strange.GetID(), "").Get(t.Context(), nil))

	if err := w.sim.Cloud().ConfirmDevice(w.sim.Cloud().Devices()[0].Code); err != nil {
		t.Fatal(err)
	}
	w.update(run.GetID(), temporal.UpdateConfirm)
	var outcome fleet.Outcome
	if err := run.Get(t.Context(), &outcome); err != nil || outcome.Class != fleet.Done {
		t.Errorf("%+v, %v", outcome, err)
	}
	if spent := w.sim.Cloud().SpentTokens(); len(spent) != 0 {
		t.Errorf("%d tokens were spent", len(spent))
	}
}

func expectKeyError(t *testing.T, what string, err error) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), "is not in the keyring: give this process the keys that the workers have") {
		t.Errorf("%s with another key: %v", what, err)
	}
}
