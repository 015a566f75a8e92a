package temporal

import (
	"errors"
	"testing"
	"time"

	sdk "go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// TestKeepSynced syncs on its schedule and when somebody asks, and ends when it is told to.
func TestKeepSynced(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "8.9.0")
	w.register()
	syncs := 0
	w.later(36*time.Hour, func() error {
		p := w.progress()
		if syncs = p.Looks; p.Phase != PhaseResting || p.Kind != "" || !p.Next.After(w.Now()) || p.Next.After(w.Now().Add(usualEvery)) {
			t.Errorf("%+v", p)
		}
		return nil
	})
	w.ask(37*time.Hour, UpdateConfirm, func(p Progress, err error) {
		if err != nil || p.Looks != syncs+1 {
			t.Errorf("%+v, %v, after %d syncs", p, err, syncs)
		}
	})
	w.ask(38*time.Hour, UpdateCancel, func(_ Progress, err error) {
		if err != nil {
			t.Error(err)
		}
	})
	w.ExecuteWorkflow(KeepSyncedWorkflow, Sync{Workspace: w.entry})
	if err := w.GetWorkflowError(); err != nil || !w.IsWorkflowCompleted() || syncs != 4 {
		t.Errorf("%v; %d syncs in 36 hours", err, syncs)
	}
}

// TestKeepSyncedGoesOn keeps what it tells people over a new history.
func TestKeepSyncedGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "8.9.0")
	w.register()
	w.SetContinueAsNewSuggested(true)
	w.ExecuteWorkflow(KeepSyncedWorkflow, Sync{Workspace: w.entry, Every: time.Hour})
	var goesOn *workflow.ContinueAsNewError
	if err := w.GetWorkflowError(); !errors.As(err, &goesOn) {
		t.Fatalf("error %v", err)
	}
	var next Sync
	if err := w.decode(goesOn.Input, &next); err != nil || next.Every != time.Hour || next.Progress == nil || next.Progress.Looks != 1 {
		t.Fatalf("%+v, %v", next, err)
	}
	w.begin(w.Now(), w.activities)
	w.ask(time.Minute, UpdateCancel, func(p Progress, err error) {
		if err != nil || p.Looks != 2 {
			t.Errorf("%+v, %v", p, err)
		}
	})
	if w.ExecuteWorkflow(KeepSyncedWorkflow, next); w.GetWorkflowError() != nil {
		t.Error(w.GetWorkflowError())
	}
}

// TestKeepSyncedEnds where only a person can help.
func TestKeepSyncedEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "8.9.0")
	w.ExecuteWorkflow(KeepSyncedWorkflow, Sync{Workspace: w.entry})
	checkFailure(t, w.GetWorkflowError(), "not_registered")
}

// TestKeepSyncedIsCancelled by Temporal's own means.
func TestKeepSyncedIsCancelled(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "8.9.0")
	w.register()
	w.RegisterDelayedCallback(w.CancelWorkflow, time.Hour)
	w.ExecuteWorkflow(KeepSyncedWorkflow, Sync{Workspace: w.entry})
	if err := w.GetWorkflowError(); !sdk.IsCanceledError(err) {
		t.Errorf("error %v", err)
	}
}

func TestEverySpreadsAFleet(t *testing.T) {
	t.Parallel()
	times := map[time.Duration]bool{}
	for _, name := range []string{"alpha", "beta", "gamma", "delta"} {
		s := syncRun{}
		s.in.Workspace.Name = name
		every := s.every()
		times[every] = true
		if every > usualEvery || every < usualEvery-usualEvery/spread {
			t.Errorf("%s syncs every %s", name, every)
		}
	}
	if len(times) != 4 {
		t.Errorf("they sync together: %v", times)
	}
	if s := (syncRun{in: Sync{Every: time.Second}}); s.every() != leastEvery {
		t.Errorf("every %s", s.every())
	}
}
