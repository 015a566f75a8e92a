package temporal

import (
	"errors"
	"testing"
	"time"

	sdk "go.temporal.io/sdk/temporal"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/fleet"
)

func TestRegisterByToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "6.13.0")
	outcome, err := w.run(RegisterWorkflow, Registration{Workspace: w.entry, Token: w.token})
	if err != nil || outcome.Class != fleet.Done || outcome.State != string(registration.Registered) {
		t.Errorf("%+v, %v", outcome, err)
	}
	if spent := w.fake.Cloud().SpentTokens(); len(spent) != 1 {
		t.Errorf("%d tokens were spent", len(spent))
	}
}

func TestRegisterByEmailConfirmedAfterAWeek(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "8.9.0")
	began := w.Now()
	week := 7*24*time.Hour + time.Minute // a message is sent once a day
	w.later(week, w.confirm)
	outcome, err := w.run(RegisterWorkflow, Registration{Workspace: w.entry, Email: "ops@example.com"})
	if err != nil || outcome.Class != fleet.Done {
		t.Errorf("%+v, %v", outcome, err)
	}
	if took := w.Now().Sub(began); took < week || took > week+maxPause {
		t.Errorf("it took %s", took)
	}
	if sent := len(w.fake.Cloud().Devices()); sent != 8 {
		t.Errorf("%d messages were sent", sent)
	}
	if p := w.progress(); p.Phase != PhaseDone || p.Messages != 8 {
		t.Errorf("progress %+v", p)
	}
}

func TestNobodyConfirms(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "8.9.0")
	began := w.Now()
	_, err := w.run(RegisterWorkflow, Registration{Workspace: w.entry, Email: "ops@example.com", GiveUp: 36 * time.Hour})
	checkFailure(t, err, "expired")
	if took := w.Now().Sub(began); took < 36*time.Hour || took > 37*time.Hour {
		t.Errorf("it gave up after %s", took)
	}
}

func TestWhatIsFinalIsNotRetried(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "8.9.0")
	began := w.Now()
	w.entry.AuthToken = secretFile(t, "not-a-token-of-this-workspace-1")
	_, err := w.run(RegisterWorkflow, Registration{Workspace: w.entry, Token: w.token})
	failed := checkFailure(t, err, "unauthorized")
	var detail Failure
	if err := failed.Details(&detail); err != nil || detail.Advice == "" || detail.URL != w.fake.URL() {
		t.Errorf("detail %+v, %v", detail, err)
	}
	if w.Now().Sub(began) > time.Second {
		t.Errorf("it took until %s", w.Now())
	}
}

func TestAnUnknownReferenceIsFinal(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "8.9.0")
	_, err := w.run(RegisterWorkflow, Registration{Workspace: w.entry, Token: fleet.Reference{Env: "RCREG_NO_SUCH_VARIABLE"}})
	checkFailure(t, err, "invalid_input")
	if n := len(w.fake.Cloud().SpentTokens()); n != 0 {
		t.Errorf("%d tokens were spent", n)
	}
}

// checkFailure checks that a workflow failed with an error of a kind, for good.
func checkFailure(t *testing.T, err error, kind string) *sdk.ApplicationError {
	t.Helper()
	var failed *sdk.ApplicationError
	if !errors.As(err, &failed) || failed.Type() != kind || !failed.NonRetryable() {
		t.Fatalf("error %v, want a final one of kind %s", err, kind)
	}
	return failed
}
