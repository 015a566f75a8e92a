package cli_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.temporal.io/api/serviceerror"
	sdk "go.temporal.io/sdk/temporal"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/temporal"
)

// underWay is a fleet that goes on for ever, with so many of 200 workspaces through.
func underWay(ended int) *script {
	return &script{workflow: temporal.FleetWorkflow, stays: true, answers: []any{tally(200, map[fleet.Class]int{fleet.Done: ended})}}
}

// Ctrl-C ends following and nothing else, and says how to go on.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	for name, output := range map[string]string{"text": "", "json": " --output json"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			runClientTest(t, func(t *testing.T, d *clientTest) {
				d.server.flows["rcreg/fleet/sync"] = underWay(120)
				ctx, interrupt := context.WithCancel(t.Context())
				d.server.onQuery = func(n int) {
					if n == 3 {
						interrupt()
					}
				}
				exit := d.line(ctx, "fleet sync --file LIST --task-queue other"+output)
				if exit != 1 || len(d.server.starts) > 0 || d.server.flows["rcreg/fleet/sync"].ended {
					t.Errorf("exit %d, started %v", exit, d.server.starts)
				}
				if output == "" {
					wantText(t, d.stdout.String(), "done       120", "in flight  0", "to come    80")
					wantText(t, d.stderr.String(), "Following rcreg/fleet/sync, which is under way", "120 of 200 (60 %)\n", "the fleet goes on: 120 of 200 workspaces are through",
						"the same command; end it with rcreg-worker cancel rcreg/fleet/sync --task-queue other")
					return
				}
				got := d.json(t)
				if got.Error.Kind != "interrupted" || got.Tally.Ended != 120 || got.Started || d.stderr.Len() > 0 {
					t.Errorf("got %+v and %s", got, d.stderr.String())
				}
			})
		})
	}
}

// A person sees a bar that moves every second; elsewhere a workflow that takes long is asked seldom.
func TestFollowingPace(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		terminal    bool
		least, most int
	}{"on a terminal": {true, 600, 601}, "elsewhere": {false, 70, 90}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			runClientTest(t, func(t *testing.T, d *clientTest) {
				d.system.StderrTerminal = tc.terminal
				d.server.flows["rcreg/fleet/sync"] = underWay(100)
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
				defer cancel()
				d.line(ctx, "fleet sync --file LIST")
				if n := d.server.queries; n < tc.least || n > tc.most {
					t.Errorf("asked %d times within 10 minutes", n)
				}
				if bars := strings.Count(d.stderr.String(), "\r\x1b[K"); (bars > 0) != tc.terminal {
					t.Errorf("%d bars were drawn", bars)
				}
			})
		})
	}
}

// What took place before is not counted into the rate.
func TestRateWhenFollowedAgain(t *testing.T) {
	t.Parallel()
	runClientTest(t, func(t *testing.T, d *clientTest) {
		end := tally(200, map[fleet.Class]int{fleet.Done: 200})
		d.server.flows["rcreg/fleet/sync"] = &script{workflow: temporal.FleetWorkflow, result: end, answers: []any{
			tally(200, map[fleet.Class]int{fleet.Done: 100}), tally(200, map[fleet.Class]int{fleet.Done: 120}), end,
		}}
		if exit := d.line(t.Context(), "fleet sync --file LIST"); exit != 0 {
			t.Errorf("exit %d", exit)
		}
		wantText(t, d.stderr.String(), "100 of 200 (50 %)\n120 of 200 (60 %), 20.0 a second, 4s left\n")
	})
}

// A server that is away for a while, and workers that are not there, are waited for, and people are told once.
func TestLostConnection(t *testing.T) {
	t.Parallel()
	outage := func(n int) (errs []error) {
		for range n {
			errs = append(errs, away())
		}
		return errs
	}
	nobody := serviceerror.NewFailedPrecondition("no poller seen for task queue recently, worker may be down")
	end := tally(3, map[fleet.Class]int{fleet.Done: 3})
	for name, tc := range map[string]struct {
		outages []error
		answers []any
		exit    int
		says    string
		times   int
	}{
		"for a while":       {outage(20), []any{end}, 0, "Waiting: the Temporal server does not answer; it is asked again.\n", 1},
		"for too long":      {outage(2000), []any{end}, 1, "does not answer any more", 1},
		"nobody works":      {nil, []any{nobody, nobody, end}, 0, "Waiting: no worker answers on the task queue rcreg, or none with this key; it goes on as soon as one does.\n", 1},
		"nobody, and again": {nil, []any{nobody, tally(3, nil), nobody, end}, 0, "Waiting: no worker answers", 2},
		"refused":           {[]error{serviceerror.NewPermissionDenied("no", "")}, []any{end}, 1, "refuses", 1},
		"gone":              {[]error{serviceerror.NewNotFound("gone")}, []any{end}, 1, "there is no workflow rcreg/fleet/sync", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			runClientTest(t, func(t *testing.T, d *clientTest) {
				d.server.outages = tc.outages
				d.server.next["rcreg/fleet/sync"] = &script{answers: tc.answers, result: end}
				exit := d.line(t.Context(), "fleet sync --file LIST")
				if n := strings.Count(d.stderr.String(), tc.says); exit != tc.exit || n != tc.times {
					t.Errorf("exit %d, said %d times:\n%s", exit, n, d.stderr.String())
				}
			})
		})
	}
}

// A workflow that ends between two questions has ended, whatever the second one says.
func TestEndsBetween(t *testing.T) {
	t.Parallel()
	runClientTest(t, func(t *testing.T, d *clientTest) {
		end := tally(3, map[fleet.Class]int{fleet.Done: 3})
		d.server.next["rcreg/fleet/sync"] = &script{answers: []any{serviceerror.NewQueryFailed("unknown queryType status")}, result: end}
		if exit := d.line(t.Context(), "fleet sync --file LIST"); exit != 0 || !strings.Contains(d.stdout.String(), "done     3") {
			t.Errorf("exit %d: %s%s", exit, d.stdout.String(), d.stderr.String())
		}
	})
}

// Answers that other keys have encrypted are no answers.
func TestOtherKeys(t *testing.T) {
	t.Parallel()
	d := newClientTest(t)
	d.server.flows["rcreg/fleet/sync"] = &script{workflow: temporal.FleetWorkflow, stays: true, answers: []any{fmt.Errorf("%w: not in the keyring", temporal.ErrDecrypt)}}
	if exit := d.line(t.Context(), "fleet sync --file LIST"); exit != 1 || d.stdout.Len() > 0 {
		t.Errorf("exit %d: %s", exit, d.stdout.String())
	}
	wantText(t, d.stderr.String(), "Error: decrypt: not in the keyring\n", "--key-file")
}

// A workflow that has failed ends the command with its kind and its advice.
func TestFailedWorkflow(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		err          error
		exit         int
		kind, advice string
	}{
		"for good":     {failedWith("unsupported", "no such call", temporal.Failure{Workspace: "alpha", Advice: "upgrade it"}), 4, "unsupported", "upgrade it"},
		"without more": {failedWith("invalid_input", "the list is another one"), 2, "invalid_input", "log of the worker"},
		"cancelled":    {endedWith(sdk.NewCanceledError()), 1, "interrupted", "run it again"},
		"out of time":  {endedWith(sdk.NewTimeoutError(0, nil)), 1, "timeout", "run it again"},
		"other keys":   {failedWith("wrapError", "Encoded failure"), 1, "wrong_key", "--key-file"},
		"of the SDK":   {failedWith("wrapError", "unable to decode"), 1, "failed", "log of the worker"},
		"terminated":   {endedWith(nil), 1, "ended", "not done twice"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			runClientTest(t, func(t *testing.T, d *clientTest) {
				d.server.next["rcreg/license/alpha"] = &script{answers: []any{temporal.Progress{Phase: temporal.PhaseActing}}, err: tc.err}
				exit := d.line(t.Context(), "move-license alpha --file LIST --license-file x --output json")
				got := d.json(t)
				if exit != tc.exit || got.Error.Kind != tc.kind || !strings.Contains(got.Error.Advice, tc.advice) || !got.Ended || !got.Started {
					t.Errorf("exit %d: %+v", exit, got)
				}
			})
		})
	}
}
