package temporal

import (
	"errors"
	"fmt"
	"testing"
	"time"

	enums "go.temporal.io/api/enums/v1"
	sdk "go.temporal.io/sdk/temporal"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/registrationtest/faults"
	"github.com/rcreg/registration/workspace"
)

// TestWhatMayPassIsTriedAgain until it has passed, and without a second token.
func TestWhatMayPassIsTriedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "8.9.0")
	began := w.Now()
	w.fake.SetFault(faults.Fault{Kind: faults.Unavailable, Side: faults.Workspace, Times: 20})
	outcome, err := w.run(RegisterWorkflow, Registration{Workspace: w.entry, Token: w.token})
	if took := w.Now().Sub(began); err != nil || outcome.Class != fleet.Done || outcome.Attempts < 2 || took < firstRetry {
		t.Errorf("%+v, %v after %s", outcome, err, took)
	}
	if spent := len(w.fake.Cloud().SpentTokens()); spent != 1 {
		t.Errorf("%d tokens were spent", spent)
	}
}

// TestAWorkspaceThatStaysAway is tried less and less often, and fails with an error that says that another time may go better. The test environment
// gives up after ten tries; a server does so after a day.
func TestAWorkspaceThatStaysAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "8.9.0")
	began := w.Now()
	w.fake.Close()
	_, err := w.run(RegisterWorkflow, Registration{Workspace: w.entry, Token: w.token})
	took := w.Now().Sub(began)
	if err == nil || failedForGood(err) || took < 2*maxRetry || took > 9*maxRetry {
		t.Errorf("%v after %s", err, took)
	}
}

// TestFailure tells Temporal what is final, when to come back, and what a person needs to know.
func TestFailure(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	limited := &registration.Error{Op: "sync", Kind: registration.ErrRateLimited, Err: &workspace.Error{Kind: workspace.ErrRateLimited, RetryAt: now.Add(time.Minute)}}
	for name, test := range map[string]struct {
		err   error
		final bool
		delay time.Duration
	}{
		"a rate limit":              {err: limited, delay: time.Minute},
		"a rate limit that is over": {err: &workspace.Error{Kind: workspace.ErrRateLimited, RetryAt: now.Add(-time.Minute)}},
		"a network that is away":    {err: &workspace.Error{Kind: workspace.ErrNotSent}},
		"a lost reply":              {err: &registration.Error{Op: "register", Kind: registration.ErrOutcomeUnknown}},
		"a token that is refused":   {err: &registration.Error{Op: "register", Kind: registration.ErrRejected}, final: true},
		"no permission":             {err: &registration.Error{Op: "sync", Kind: registration.ErrForbidden}, final: true},
		"an empty pool":             {err: fleet.ErrNoTokens, final: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			outcome := fleet.Outcome{Workspace: "chat", URL: "https://chat.example.com", Kind: "kind", Message: "message", Advice: "advice", Err: test.err}
			var failed *sdk.ApplicationError
			if err := failedWith(outcome, now); !errors.As(err, &failed) || failed.NonRetryable() != test.final || failed.NextRetryDelay() != test.delay || failed.Type() != "kind" {
				t.Fatalf("%+v", err)
			}
			var detail Failure
			if err := failed.Details(&detail); err != nil || detail.Advice != "advice" || detail.Workspace != "chat" {
				t.Errorf("%+v, %v", detail, err)
			}
		})
	}
}

// TestKindOfFailure tells what a worker may have begun, so that it may have happened, from what nobody has begun.
func TestKindOfFailure(t *testing.T) {
	t.Parallel()
	lost := sdk.NewTimeoutError(enums.TIMEOUT_TYPE_HEARTBEAT, nil)
	for want, errs := range map[string][]error{
		failure.OutcomeUnknown.Name(): {
			lost, sdk.NewTimeoutError(enums.TIMEOUT_TYPE_SCHEDULE_TO_CLOSE, lost), fmt.Errorf("a child: %w", lost), sdk.NewTimeoutError(enums.TIMEOUT_TYPE_START_TO_CLOSE, nil),
			sdk.NewTimeoutError(enums.TIMEOUT_TYPE_SCHEDULE_TO_CLOSE, nil), // the server does not say whether one has begun it
		},
		"timeout": {sdk.NewTimeoutError(enums.TIMEOUT_TYPE_SCHEDULE_TO_START, nil)},
		"unreachable": {
			sdk.NewApplicationError("away", "unreachable"), sdk.NewTimeoutError(enums.TIMEOUT_TYPE_SCHEDULE_TO_CLOSE, sdk.NewApplicationError("away", "unreachable")),
		},
		failure.Other.Name(): {errors.New("anything else")},
	} {
		for _, err := range errs {
			if got := kindOfFailure(err); got != want {
				t.Errorf("%v is %s, want %s", err, got, want)
			}
		}
	}
}
