package endtoend_test

import (
	"sync"
	"testing"

	"go.temporal.io/sdk/client"

	"github.com/rcreg/registration/registrationtest/faults"
	"github.com/rcreg/registration/temporal"
)

// TestConfirmWhileItLooks asks for a look while another one is under way, which may have seen the state before that. The answer is that of a look of its own.
func TestConfirmWhileItLooks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2, "8.9.0")
	w.work(w.config())
	run := w.register(temporal.Registration{Email: "ops@example.com"})
	w.untilSent(run.GetID(), 1)
	if first, second := w.whileItActs(run.GetID()); first.Looks < 1 || second.Looks <= first.Looks {
		t.Errorf("the answers came after %d and %d looks", first.Looks, second.Looks)
	}
}

// TestConfirmWhileItSyncs is the same for a workspace that is kept synced.
func TestConfirmWhileItSyncs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2, "8.9.0")
	w.work(w.config())
	w.registered(0)
	first := w.list.Workspaces[0]
	run := w.begin(temporal.SyncID(first.Name), temporal.KeepSyncedWorkflow, temporal.Sync{Workspace: first})
	w.untilSynced(run.GetID(), 1)
	if first, second := w.whileItActs(run.GetID()); first.Looks != 2 || second.Looks != 3 {
		t.Errorf("the answers came after %d and %d syncs", first.Looks, second.Looks)
	}
}

// whileItActs asks a workflow to act, and asks it once more while the workspace has not answered yet.
func (w *world) whileItActs(id string) (first, second temporal.Progress) {
	w.tb.Helper()
	asked, answer := make(chan struct{}), make(chan struct{})
	var once sync.Once
	w.sim.Faults().Watch(func(faults.Step) {
		once.Do(func() { close(asked) })
		<-answer
	})
	defer w.sim.Faults().Watch(nil)
	one := w.accepted(id)
	<-asked
	other := w.accepted(id)
	close(answer)
	for handle, progress := range map[client.WorkflowUpdateHandle]*temporal.Progress{one: &first, other: &second} {
		if err := handle.Get(w.tb.Context(), progress); err != nil {
			w.tb.Fatal(err)
		}
	}
	return first, second
}

// accepted sends an update that the workflow has begun to answer when this returns.
func (w *world) accepted(id string) client.WorkflowUpdateHandle {
	w.tb.Helper()
	handle, err := w.UpdateWorkflow(w.tb.Context(), client.UpdateWorkflowOptions{
		WorkflowID: id, UpdateName: temporal.UpdateConfirm, WaitForStage: client.WorkflowUpdateStageAccepted,
	})
	if err != nil {
		w.tb.Fatal(err)
	}
	return handle
}
