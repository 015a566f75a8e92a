package cli_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/temporal"
)

// waits is the progress of a registration that somebody has to confirm.
func waits(code string, messages int) temporal.Progress {
	return temporal.Progress{
		Workspace: "alpha", URL: "https://alpha.example.com", Phase: temporal.PhaseWaiting, Since: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), Email: "ops@example.com",
		UserCode: code, VerificationURL: "https://cloud.example.com/verify", Messages: messages,
	}
}

func registered() fleet.Outcome {
	return fleet.Outcome{Workspace: "alpha", URL: "https://alpha.example.com", Operation: "register", Class: fleet.Done, State: "registered", Version: "9.0.0", Changed: true}
}

// The workflow gets the workspace with paths that hold on other machines.
func TestRegisterInput(t *testing.T) {
	t.Parallel()
	for flags, want := range map[string]temporal.Registration{
		"":                               {},
		"--token-file x/{name}.reg":      {Token: fleet.Reference{File: "x/alpha.reg"}},
		"--email ops@example.com --wait": {Email: "ops@example.com"},
		"--air-gap --wait":               {AirGap: true},
	} {
		t.Run(flags, func(t *testing.T) {
			t.Parallel()
			runClientTest(t, func(t *testing.T, d *clientTest) {
				d.server.next["rcreg/register/alpha"] = &script{answers: []any{temporal.Progress{Phase: temporal.PhaseActing}}, result: registered()}
				if exit := d.line(t.Context(), "register alpha --file LIST "+flags); exit != 0 {
					t.Errorf("exit %d: %s", exit, d.stderr.String())
				}
				wantText(t, d.stdout.String(), "Outcome    done", "State      registered", "alpha https://alpha.example.com")
				if want.Token.File != "" {
					want.Token.File = absolute(t, want.Token.File)
				}
				want.Workspace = fleet.Workspace{
					Name: "alpha", URL: "https://alpha.example.com", UserID: "rcreg", AuthToken: fleet.Reference{File: d.in("secrets/alpha.token")}, Via: "direct",
					Labels: map[string]string{"tier": "gold"}, Line: 3,
				}
				if got := d.server.starts[0]; !reflect.DeepEqual(got.input, want) || got.workflow != temporal.RegisterWorkflow {
					t.Errorf("started %+v", got)
				}
			})
		})
	}
}

// Who has to act is told, and that is all, unless it is waited for.
func TestRegisterPending(t *testing.T) {
	t.Parallel()
	carried := temporal.Progress{Workspace: "alpha", Phase: temporal.PhaseWaiting, Request: "k3v9x2m7q4w8r1t6", Messages: 1}
	expired := temporal.Progress{Workspace: "alpha", Phase: temporal.PhaseExpired, Email: "ops@example.com", Messages: 1}
	for name, tc := range map[string]struct {
		at   temporal.Progress
		says []string
	}{
		"by e-mail": {waits("ABCD-EFGH", 1), []string{
			"Pending: ops@example.com has to confirm", "Code       ABCD-EFGH", "Link       https://cloud.example.com/verify", "waiting since 2026-03-01 12:00:00 UTC",
			"rcreg-worker confirm rcreg/register/alpha",
		}},
		"over an air gap": {carried, []string{"the exchange folder of the worker has to be carried, with the request k3v9x2m7q4w8r1t6", "rcreg courier run"}},
		"run out":         {expired, []string{"the message was not confirmed in time", "rcreg-worker remind rcreg/register/alpha"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			runClientTest(t, func(t *testing.T, d *clientTest) {
				d.server.flows["rcreg/register/alpha"] = &script{workflow: temporal.RegisterWorkflow, stays: true, answers: []any{temporal.Progress{Phase: temporal.PhaseActing}, tc.at}}
				if exit := d.line(t.Context(), "register alpha --file LIST"); exit != 3 {
					t.Errorf("exit %d: %s", exit, d.stderr.String())
				}
				wantText(t, d.stdout.String(), tc.says...)
				if exit := d.line(t.Context(), "register alpha --file LIST --output json"); exit != 3 {
					t.Errorf("exit %d", exit)
				}
				if got := d.json(t); got.Error.Kind != "pending" || got.Started || got.Ended || !reflect.DeepEqual(*got.Progress, tc.at) {
					t.Errorf("got %+v", got)
				}
			})
		})
	}
}

// With --wait each message is told of once, until the workspace is registered.
func TestRegisterWaits(t *testing.T) {
	t.Parallel()
	runClientTest(t, func(t *testing.T, d *clientTest) {
		d.server.next["rcreg/register/alpha"] = &script{result: registered(), answers: []any{
			waits("ABCD-EFGH", 1), waits("ABCD-EFGH", 1), waits("JKLM-NOPQ", 2), waits("JKLM-NOPQ", 2),
		}}
		if exit := d.line(t.Context(), "register alpha --file LIST --email ops@example.com --wait"); exit != 0 {
			t.Errorf("exit %d", exit)
		}
		said := d.stderr.String()
		if strings.Count(said, "ABCD-EFGH") != 1 || strings.Count(said, "JKLM-NOPQ") != 1 {
			t.Errorf("said\n%s", said)
		}
	})
}

// A workspace for which a fleet waits is not registered a second time beside it.
func TestRegisterFollowsFleet(t *testing.T) {
	t.Parallel()
	runClientTest(t, func(t *testing.T, d *clientTest) {
		d.server.flows["rcreg/wait/alpha"] = &script{workflow: temporal.RegisterWorkflow, stays: true, answers: []any{waits("ABCD-EFGH", 1)}}
		exit := d.line(t.Context(), "register alpha --file LIST")
		if exit != 3 || len(d.server.starts) > 0 {
			t.Errorf("exit %d, started %v", exit, d.server.starts)
		}
		wantText(t, d.stderr.String(), "Following rcreg/wait/alpha")
		d.server.flows["rcreg/wait/alpha"].ended = true
		d.server.next["rcreg/register/alpha"] = &script{result: registered(), answers: []any{temporal.Progress{}}}
		if exit := d.line(t.Context(), "register alpha --file LIST"); exit != 0 || len(d.server.starts) != 1 {
			t.Errorf("after it: exit %d, started %v", exit, d.server.starts)
		}
	})
}
