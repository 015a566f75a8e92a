package cli_test

import (
	"context"
	"errors"
	"testing"

	"go.temporal.io/api/serviceerror"
	sdk "go.temporal.io/sdk/temporal"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/temporal"
)

// open is a registration that is under way, with what it answers to updates.
func open(updates map[string]any) *script {
	return &script{workflow: temporal.RegisterWorkflow, stays: true, answers: []any{waits("ABCD-EFGH", 1)}, updates: updates}
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	looked := waits("ABCD-EFGH", 1)
	looked.Looks = 7
	through := looked
	through.Phase = temporal.PhaseDone
	for line, tc := range map[string]struct {
		id     string
		answer any
		says   []string
	}{
		"confirm alpha":               {"rcreg/register/alpha", looked, []string{"Looked     7 times", "Code       ABCD-EFGH"}},
		"remind alpha":                {"rcreg/wait/alpha", waits("JKLM-NOPQ", 2), []string{"Asked      2 times", "JKLM-NOPQ"}},
		"cancel rcreg/register/alpha": {"rcreg/register/alpha", through, []string{"Phase      done"}},
		"cancel rcreg/fleet/sync":     {"rcreg/fleet/sync", tally(3, map[fleet.Class]int{fleet.Done: 1}), []string{"to come    2", "sync of 3 workspaces"}},
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			d := newClientTest(t)
			update := line[:len("cancel")]
			if update == "confir" {
				update = "confirm"
			}
			flow := open(map[string]any{update: tc.answer})
			if _, isFleet := tc.answer.(temporal.Tally); isFleet {
				flow.workflow = temporal.FleetWorkflow
			}
			d.server.flows[tc.id] = flow
			if exit := d.line(t.Context(), line); exit != 0 || d.server.update.WorkflowID != tc.id || d.server.update.UpdateName != update {
				t.Errorf("exit %d, asked for %+v: %s", exit, d.server.update, d.stderr.String())
			}
			wantText(t, d.stdout.String(), tc.says...)
			if exit := d.line(t.Context(), line+" --output json"); exit != 0 || d.json(t).ID != tc.id {
				t.Errorf("exit %d: %s", exit, d.stdout.String())
			}
		})
	}
}

func TestUpdateFails(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		line    string
		prepare func(*fakeServer)
		exit    int
		kind    string
		says    string
	}{
		"not there":       {"confirm rcreg/sync/alpha", nil, 1, "not_found", "there is no workflow rcreg/sync/alpha"},
		"nobody's name":   {"confirm delta", nil, 1, "not_found", `no workflow for a workspace "delta"`},
		"has ended":       {"confirm rcreg/register/beta", func(s *fakeServer) { s.flows["rcreg/register/beta"] = &script{ended: true} }, 1, "ended", "has ended"},
		"only ended ones": {"confirm beta", func(s *fakeServer) { s.flows["rcreg/register/beta"] = &script{ended: true} }, 1, "not_found", "no workflow for"},
		"several":         {"confirm alpha", func(s *fakeServer) { s.flows["rcreg/sync/alpha"] = open(nil) }, 2, "usage", "rcreg/register/alpha, rcreg/sync/alpha"},
		"no such update":  {"remind alpha", nil, 2, "invalid_input", "nothing to remind in a workflow of its kind"},
		"refused": {"cancel alpha", func(s *fakeServer) {
			s.flows["rcreg/register/alpha"].updates["cancel"] = sdk.NewApplicationError("not now", "")
		}, 2, "invalid_input", "refuses: not now"},
		"ended meanwhile": {"cancel alpha", func(s *fakeServer) {
			s.flows["rcreg/register/alpha"].updates["cancel"] = serviceerror.NewNotFound("workflow execution already completed")
		}, 1, "not_found", "there is no workflow"},
		"no worker": {"cancel alpha", func(s *fakeServer) {
			s.flows["rcreg/register/alpha"].updates["cancel"] = serviceerror.NewWorkflowNotReady("Workflow Task in failed state")
		}, 1, "no_worker", "no worker answers"},
		"no server": {"cancel alpha", func(s *fakeServer) { s.outages = []error{away()} }, 1, "server_unreachable", "does not answer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newClientTest(t)
			d.server.flows["rcreg/register/alpha"] = open(map[string]any{})
			if tc.prepare != nil {
				tc.prepare(d.server)
			}
			exit := d.line(t.Context(), tc.line+" --output json")
			got := d.json(t)
			if exit != tc.exit || got.Error.Kind != tc.kind || got.Error.Advice == "" {
				t.Errorf("exit %d: %+v", exit, got.Error)
			}
			wantText(t, got.Error.Message, tc.says)
		})
	}
}

// An update that nobody answers ends when its time is over, or with Ctrl-C, and says that it may still be done.
func TestUpdateUnanswered(t *testing.T) {
	t.Parallel()
	for kind, end := range map[string]error{"timeout": context.DeadlineExceeded, "interrupted": context.Canceled} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			runClientTest(t, func(t *testing.T, d *clientTest) {
				ctx, interrupt := context.WithCancel(t.Context())
				defer interrupt()
				d.server.flows["rcreg/register/alpha"] = open(map[string]any{"confirm": func(asked context.Context) error {
					if errors.Is(end, context.Canceled) {
						interrupt()
					}
					<-asked.Done()
					return asked.Err()
				}})
				exit := d.line(ctx, "confirm alpha --output json")
				if got := d.json(t); exit != 1 || got.Error.Kind != kind {
					t.Errorf("exit %d: %+v", exit, got.Error)
				}
			})
		})
	}
}
