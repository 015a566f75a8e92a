package cli_test

import (
	"fmt"
	"strings"
	"testing"

	"go.temporal.io/api/serviceerror"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/temporal"
)

// All that is open is listed, a page at a time, with how far it is.
func TestStatusOfAll(t *testing.T) {
	t.Parallel()
	d := newClientTest(t)
	if exit := d.line(t.Context(), "status"); exit != 0 || d.stdout.String() != "No workflow is open.\n" {
		t.Errorf("exit %d: %s", exit, d.stdout.String())
	}
	d.server.flows["rcreg/fleet/sync"] = underWay(120)
	d.server.flows["rcreg/register/alpha"] = open(nil)
	d.server.flows["rcreg/sync/beta"] = &script{workflow: temporal.KeepSyncedWorkflow, ended: true}
	if exit := d.line(t.Context(), "status --task-queue it's"); exit != 0 {
		t.Errorf("exit %d: %s", exit, d.stderr.String())
	}
	wantText(t, d.stdout.String(), "rcreg/fleet/sync      fleet     120 of 200  1970", "rcreg/register/alpha  register  waiting     2026-03-01 12:00:00 UTC\n")
	if strings.Contains(d.stdout.String(), "beta") || d.server.list != "ExecutionStatus = 'Running' AND TaskQueue = 'it''s'" {
		t.Errorf("listed\n%s\nwith %s", d.stdout.String(), d.server.list)
	}
	if exit := d.line(t.Context(), "status --output json --limit 1"); exit != 0 {
		t.Errorf("exit %d", exit)
	}
	if got := d.json(t); len(got.Workflows) != 1 || !got.More {
		t.Errorf("got %+v", got)
	}
}

// Phases are not asked for where that would take long, or nobody answers.
func TestStatusWithoutPhases(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		n       int
		answer  any
		queries int
		says    string
	}{
		"many":            {40, waits("", 1), 0, ""},
		"no worker":       {3, serviceerror.NewFailedPrecondition("no poller"), 1, "No worker answers on the task queue rcreg"},
		"another trouble": {3, serviceerror.NewQueryFailed("no such query"), 3, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newClientTest(t)
			for i := range tc.n {
				d.server.flows[fmt.Sprintf("rcreg/register/w%d", i)] = &script{workflow: temporal.RegisterWorkflow, stays: true, answers: []any{tc.answer}}
			}
			exit := d.line(t.Context(), "status")
			if lines := strings.Count(d.stdout.String(), "\n"); exit != 0 || lines != tc.n+1 || d.server.queries != tc.queries {
				t.Errorf("exit %d, %d lines, %d queries", exit, lines, d.server.queries)
			}
			wantText(t, d.stderr.String(), tc.says)
		})
	}
}

// One workflow tells all that it knows, also how it has ended.
func TestStatusOfOne(t *testing.T) {
	t.Parallel()
	failing := waits("ABCD-EFGH", 1)
	failing.Kind, failing.Message = "unreachable", "no route\x1b[2J\nto host"
	ended := func(workflow string, result any, err error) *script {
		return &script{workflow: workflow, ended: true, result: result, err: err}
	}
	for name, tc := range map[string]struct {
		line string
		id   string
		flow *script
		exit int
		says []string
	}{
		"a registration":   {"alpha", "rcreg/wait/alpha", &script{workflow: temporal.RegisterWorkflow, answers: []any{failing}}, 0, []string{"ABCD-EFGH", `Last failure  unreachable: no route\x1b[2J; to host` + "\n"}},
		"a fleet":          {"rcreg/fleet/sync", "rcreg/fleet/sync", underWay(120), 0, []string{"to come    80"}},
		"before its list":  {"rcreg/fleet/sync", "rcreg/fleet/sync", &script{workflow: temporal.FleetWorkflow, answers: []any{temporal.Tally{}}}, 0, []string{"was not read yet"}},
		"an ended fleet":   {"rcreg/fleet/sync", "rcreg/fleet/sync", ended(temporal.FleetWorkflow, tally(3, map[fleet.Class]int{fleet.Done: 1, fleet.Pending: 2}), nil), 3, []string{"pending  2"}},
		"a failed fleet":   {"rcreg/fleet/sync", "rcreg/fleet/sync", ended(temporal.FleetWorkflow, nil, failedWith("invalid_input", "the list is not valid")), 2, []string{"the list is not valid"}},
		"registered":       {"alpha", "rcreg/register/alpha", ended(temporal.RegisterWorkflow, registered(), nil), 0, []string{"State      registered"}},
		"failed":           {"alpha", "rcreg/register/alpha", ended(temporal.RegisterWorkflow, nil, failedWith("unsupported", "no such call")), 4, []string{"no such call"}},
		"no longer synced": {"alpha", "rcreg/sync/alpha", ended(temporal.KeepSyncedWorkflow, nil, nil), 0, []string{"rcreg/sync/alpha has ended"}},
		"no worker":        {"alpha", "rcreg/sync/alpha", &script{workflow: temporal.KeepSyncedWorkflow, stays: true}, 1, []string{"no worker answers", "on the task queue rcreg"}},
		"not there":        {"beta", "rcreg/sync/alpha", open(nil), 1, []string{`no workflow for a workspace "beta"`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newClientTest(t)
			d.server.flows[tc.id] = tc.flow
			if exit := d.line(t.Context(), "status "+tc.line); exit != tc.exit {
				t.Errorf("exit %d, want %d", exit, tc.exit)
			}
			wantText(t, d.stdout.String()+d.stderr.String(), tc.says...)
		})
	}
}
