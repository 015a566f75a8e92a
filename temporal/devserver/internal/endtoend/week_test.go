package endtoend_test

import (
	"testing"
	"time"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/temporal"
)

const day = 24 * time.Hour

// TestEmailConfirmedAfterAWeek skips a week, day by day. On its way the worker is stopped, another one killed while it looks, and the server started anew.
func TestEmailConfirmedAfterAWeek(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2, "8.9.0")
	run := w.register(temporal.Registration{Email: "ops@example.com"})
	stop := w.work(w.config())
	began := w.clock.Now()
	w.untilSent(run.GetID(), 1)
	for sent := 2; sent <= 8; sent++ {
		switch sent {
		case 3: // nobody works for a day, and the first to do so is killed as soon as it asks the workspace
			stop()
			w.clock.Jump(day)
			w.killed(w.config(), 1)
			w.noticeDeath()
			stop = w.work(w.config())
			w.nextTry(run.GetID())
		case 5:
			w.restart()
			w.clock.Jump(day)
		default:
			w.clock.Jump(day)
		}
		w.untilSent(run.GetID(), sent)
	}
	stop()
	stop = w.work(w.config())
	devices := w.sim.Cloud().Devices()
	if err := w.sim.Cloud().ConfirmDevice(devices[len(devices)-1].Code); err != nil {
		t.Fatal(err)
	}
	if p := w.update(run.GetID(), temporal.UpdateConfirm); p.Phase != temporal.PhaseDone {
		t.Errorf("progress %+v", p)
	}
	var outcome fleet.Outcome
	if err := run.Get(t.Context(), &outcome); err != nil || outcome.Class != fleet.Done || outcome.State != "registered" {
		t.Errorf("%+v, %v", outcome, err)
	}
	if known := w.sim.Cloud().Workspaces(); len(known) != 1 || len(devices) != 8 {
		t.Errorf("the Cloud knows %d workspaces, and has sent %d messages", len(known), len(devices))
	}
	if took := w.tookBy(run.GetID()); took < 7*day || took > w.clock.Since(began)+time.Minute {
		t.Errorf("by the time of the server it took %s", took)
	}
	stop()
}

// untilSent waits until so many messages were sent. A message that ran out is looked at first, and followed by another one in the same breath.
func (w *world) untilSent(id string, messages int) {
	w.tb.Helper()
	w.until(id, "the message was sent", func(p temporal.Progress) bool { return p.Phase == temporal.PhaseWaiting && p.Messages >= messages })
	if p := w.progress(id); p.Messages != messages || p.UserCode == "" || !p.Expires.After(w.clock.Now()) {
		w.tb.Errorf("progress %+v, want message %d", p, messages)
	}
}

// tookBy is how long a workflow ran by the time of the server.
func (w *world) tookBy(id string) time.Duration {
	w.tb.Helper()
	answer, err := w.DescribeWorkflowExecution(w.tb.Context(), id, "")
	if err != nil {
		w.tb.Fatal(err)
	}
	info := answer.GetWorkflowExecutionInfo()
	return info.GetCloseTime().AsTime().Sub(info.GetStartTime().AsTime())
}
