package endtoend_test

import (
	"testing"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/temporal"
)

// TestKeptSynced syncs a workspace twice a day, and once more when it is asked, until it is cancelled.
func TestKeptSynced(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2, "8.9.0")
	w.work(w.config())
	first := w.list.Workspaces[0]
	w.registered(0)
	run := w.begin(temporal.SyncID(first.Name), temporal.KeepSyncedWorkflow, temporal.Sync{Workspace: first})
	w.untilSynced(run.GetID(), 1)
	for syncs := 2; syncs <= 7; syncs++ { // three days
		w.clock.Jump(day / 2)
		w.untilSynced(run.GetID(), syncs)
	}
	w.clock.Jump(day / 4)
	if p := w.update(run.GetID(), temporal.UpdateConfirm); p.Looks != 8 || p.Kind != "" {
		t.Errorf("progress %+v", p)
	}
	w.untilSynced(run.GetID(), 8)
	w.update(run.GetID(), temporal.UpdateCancel)
	if err := run.Get(t.Context(), nil); err != nil {
		t.Error(err)
	}
	if known := w.sim.Cloud().Workspaces(); len(known) != 1 || known[0].Syncs < 8 {
		t.Errorf("%+v", known)
	}
}

// untilSynced waits until a workspace was synced so many times.
func (w *world) untilSynced(id string, syncs int) {
	w.tb.Helper()
	p := w.until(id, "the sync", func(p temporal.Progress) bool { return p.Phase == temporal.PhaseResting && p.Looks >= syncs })
	if p.Looks != syncs || p.Kind != "" || !p.Next.After(w.clock.Now()) {
		w.tb.Errorf("progress %+v, want %d syncs", p, syncs)
	}
}

// registered registers a workspace with its token.
func (w *world) registered(i int) {
	w.tb.Helper()
	workspace := w.list.Workspaces[i]
	run := w.begin(temporal.RegisterID(workspace.Name), temporal.RegisterWorkflow, temporal.Registration{
		Workspace: workspace, Token: fleet.Reference{File: w.tokenFile(workspace.Name)},
	})
	var outcome fleet.Outcome
	if err := run.Get(w.tb.Context(), &outcome); err != nil || outcome.Class != fleet.Done {
		w.tb.Fatalf("%+v, %v", outcome, err)
	}
}

// TestUpdatesOfAWait sends the message once more, and ends the wait.
func TestUpdatesOfAWait(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2, "8.9.0")
	w.work(w.config())
	run := w.register(temporal.Registration{Email: "ops@example.com"})
	w.untilSent(run.GetID(), 1)
	if p := w.update(run.GetID(), temporal.UpdateConfirm); p.Phase != temporal.PhaseWaiting || p.Looks != 1 {
		t.Errorf("nobody has confirmed: %+v", p)
	}
	if p := w.update(run.GetID(), temporal.UpdateRemind); p.Messages != 2 {
		t.Errorf("after the reminder: %+v", p)
	}
	w.update(run.GetID(), temporal.UpdateCancel)
	var outcome fleet.Outcome
	if err := run.Get(t.Context(), &outcome); err != nil || outcome.Class != fleet.Cancelled {
		t.Errorf("%+v, %v", outcome, err)
	}
	if sent := len(w.sim.Cloud().Devices()); sent != 2 {
		t.Errorf("%d messages were sent", sent)
	}
}
