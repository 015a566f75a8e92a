package temporal

import (
	"errors"
	"testing"
	"time"

	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"github.com/rcreg/registration/fleet"
)

// ask sends an update in a while, and gives its answer to told.
func (w *world) ask(wait time.Duration, update string, told func(Progress, error)) {
	w.RegisterDelayedCallback(func() {
		w.UpdateWorkflow(update, update+wait.String(), &testsuite.TestUpdateCallback{
			OnAccept: func() {},
			OnReject: func(err error) { told(Progress{}, err) },
			OnComplete: func(answer any, err error) {
				progress, _ := answer.(Progress)
				told(progress, err)
			},
		})
	}, wait)
}

func byEmail(w *world) Registration {
	return Registration{Workspace: w.entry, Email: "ops@example.com"}
}

// TestConfirm looks at once when somebody says so, instead of a quarter of an hour later.
func TestConfirm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "8.9.0")
	began := w.Now()
	w.later(5*time.Minute+10*time.Second, w.confirm)
	asked := 0
	w.ask(5*time.Minute, UpdateConfirm, func(p Progress, err error) {
		if asked++; err != nil || p.Phase != PhaseWaiting || p.Looks == 0 {
			t.Errorf("before anybody has confirmed: %+v, %v", p, err)
		}
	})
	w.ask(5*time.Minute+11*time.Second, UpdateConfirm, func(p Progress, err error) {
		if asked++; err != nil || p.Phase != PhaseDone {
			t.Errorf("after somebody has: %+v, %v", p, err)
		}
	})
	outcome, err := w.run(RegisterWorkflow, byEmail(w))
	if took := w.Now().Sub(began); err != nil || outcome.Class != fleet.Done || took > 5*time.Minute+15*time.Second || asked != 2 {
		t.Errorf("%+v, %v after %s, %d answers", outcome, err, took, asked)
	}
}

// TestRemind sends the message once more, also when the one before has run out.
func TestRemind(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "8.9.0")
	began := w.Now()
	const hours = 5 * time.Hour // the first message has run out by then, and the next one is due in a day
	w.later(hours-time.Minute, func() error {
		if p := w.progress(); p.Phase != PhaseExpired || p.Messages != 1 || p.UserCode != "" || p.Kind != "expired" || !p.Next.Equal(began.Add(usualRemind)) {
			t.Errorf("before it is sent again: %+v", p)
		}
		return nil
	})
	asked := 0
	w.ask(hours, UpdateRemind, func(p Progress, err error) {
		if asked++; err != nil || p.Messages != 2 || p.Phase != PhaseWaiting || p.UserCode == "" {
			t.Errorf("%+v, %v", p, err)
		}
	})
	w.later(hours+time.Minute, w.confirm)
	outcome, err := w.run(RegisterWorkflow, byEmail(w))
	if sent := len(w.fake.Cloud().Devices()); err != nil || outcome.Class != fleet.Done || sent != 2 || asked != 1 {
		t.Errorf("%+v, %v, %d messages, %d answers", outcome, err, sent, asked)
	}
}

// TestConfirmOfARunOutMessage has nothing to look at, and says so at once.
func TestConfirmOfARunOutMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "8.9.0")
	asked := 0
	w.ask(5*time.Hour, UpdateConfirm, func(p Progress, err error) {
		if asked++; err != nil || p.Phase != PhaseExpired {
			t.Errorf("%+v, %v", p, err)
		}
	})
	w.ask(6*time.Hour, UpdateCancel, func(Progress, error) { asked++ })
	if _, err := w.run(RegisterWorkflow, byEmail(w)); err != nil || asked != 2 {
		t.Errorf("%v, %d answers", err, asked)
	}
}

func TestCancel(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "8.9.0")
	began := w.Now()
	w.ask(time.Hour, UpdateCancel, func(p Progress, err error) {
		if err != nil || p.Phase != PhaseDone {
			t.Errorf("%+v, %v", p, err)
		}
	})
	outcome, err := w.run(RegisterWorkflow, byEmail(w))
	if err != nil || outcome.Class != fleet.Cancelled || w.Now().Sub(began) > time.Hour+time.Minute {
		t.Errorf("%+v, %v after %s", outcome, err, w.Now().Sub(began))
	}
}

func TestRemindWithoutAMessageIsRefused(t *testing.T) {
	t.Parallel()
	w := newAirGap(t)
	var refusal error
	w.ask(time.Hour, UpdateRemind, func(_ Progress, err error) { refusal = err })
	w.ask(2*time.Hour, UpdateCancel, func(Progress, error) {})
	if _, err := w.run(RegisterWorkflow, Registration{Workspace: w.entry, AirGap: true}); err != nil || refusal == nil {
		t.Errorf("%v; the update: %v", err, refusal)
	}
}

// TestStatus tells a person all that is needed to confirm.
func TestStatus(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "8.9.0")
	looked := false
	w.later(time.Minute, func() error {
		p, device := w.progress(), w.fake.Cloud().Devices()[0]
		if p.Phase != PhaseWaiting || p.Email != "ops@example.com" || p.UserCode == "" || p.VerificationURL == "" || p.Messages != 1 || !p.Next.After(w.Now()) || p.Expires.IsZero() {
			t.Errorf("%+v", p)
		}
		looked = device.Code != p.UserCode // the device code is not for people
		return nil
	})
	w.later(2*time.Minute, w.confirm)
	if _, err := w.run(RegisterWorkflow, byEmail(w)); err != nil || !looked {
		t.Error(err, looked)
	}
}

// TestContinueAsNew goes on with the same message in a history of its own.
func TestContinueAsNew(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "8.9.0")
	w.SetContinueAsNewSuggested(true)
	w.ExecuteWorkflow(RegisterWorkflow, byEmail(w))
	var goesOn *workflow.ContinueAsNewError
	if err := w.GetWorkflowError(); !errors.As(err, &goesOn) || goesOn.WorkflowType.Name != RegisterWorkflow {
		t.Fatalf("error %v", err)
	}
	var next Registration
	if err := w.decode(goesOn.Input, &next); err != nil || next.Wait == nil || next.Wait.Ticket == nil || next.Wait.Messages != 1 || next.Email != "ops@example.com" {
		t.Fatalf("%+v, %v", next, err)
	}
	w.begin(w.Now(), w.activities)
	w.later(3*time.Minute, w.confirm)
	outcome, err := w.run(RegisterWorkflow, next)
	if sent := len(w.fake.Cloud().Devices()); err != nil || outcome.Class != fleet.Done || sent != 1 {
		t.Errorf("%+v, %v, %d messages", outcome, err, sent)
	}
}
