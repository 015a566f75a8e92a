package cli_test

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/temporal"
)

// tally is that of a fleet of n, of which some are through.
func tally(n int, classes map[fleet.Class]int, troubled ...temporal.Trouble) temporal.Tally {
	t := temporal.Tally{Total: n, Classes: classes, Troubled: troubled}
	for _, count := range classes {
		t.Ended += count
	}
	for _, one := range troubled {
		if t.Kinds == nil {
			t.Kinds = map[string]int{}
		}
		t.Kinds[one.Kind]++
	}
	return t
}

// A fleet is followed to its end, and ends the command as rcreg fleet would.
func TestFleetEnds(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		end  temporal.Tally
		exit int
		says []string
	}{
		"well":      {tally(3, map[fleet.Class]int{fleet.Done: 2, fleet.Unchanged: 1}), 0, []string{"done       2", "unchanged  1", "all        3", "register of 3 workspaces"}},
		"some wait": {tally(3, map[fleet.Class]int{fleet.Done: 1, fleet.Pending: 2}), 3, []string{"2 wait for confirmation, in workflows rcreg/wait/NAME"}},
		"some failed": {
			tally(3, map[fleet.Class]int{fleet.Failed: 1, fleet.Pending: 2}, temporal.Trouble{Workspace: "beta", Kind: "no_tokens"}), 1,
			[]string{"no tokens (1): beta", "rcreg-worker status NAME"},
		},
		"nobody knows": {tally(3, map[fleet.Class]int{fleet.Unknown: 1}, temporal.Trouble{Workspace: "beta", Kind: "outcome_unknown"}), 1, []string{"outcome unknown (1): beta"}},
		"all are known but one": {
			tally(3, map[fleet.Class]int{fleet.Done: 2, fleet.Unknown: 1}, temporal.Trouble{Workspace: "beta", Kind: "outcome_unknown"}), 5, []string{"unknown  1"},
		},
		"cancelled": {tally(3, map[fleet.Class]int{fleet.Done: 1}), 1, []string{"cancelled  2"}},
		"hostile":   {tally(1, map[fleet.Class]int{fleet.Failed: 1}, temporal.Trouble{Workspace: "b\x1b[2J", Kind: "k\a"}), 1, []string{`k\a (1): b\x1b[2J`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			runClientTest(t, func(t *testing.T, d *clientTest) {
				half := tally(tc.end.Total, nil)
				d.server.next["rcreg/fleet/register"] = &script{answers: []any{temporal.Tally{}, half, tc.end}, result: tc.end}
				if exit := d.line(t.Context(), "fleet register --file LIST"); exit != tc.exit {
					t.Errorf("exit %d, want %d", exit, tc.exit)
				}
				wantText(t, d.stdout.String(), tc.says...)
				wantText(t, d.stderr.String(), "Started rcreg/fleet/register on the task queue rcreg.")
				if !d.server.closed {
					t.Error("the client was left open")
				}
			})
		})
	}
}

// What a command line says is what the workflow gets, with paths that hold on other machines.
func TestFleetInput(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]temporal.FleetRun{
		"status --select tier=gold --window 4 --patience 1m": {Operation: "status", Labels: map[string]string{"tier": "gold"}, Window: 4, Patience: 60e9},
		"sync":                                    {Operation: "sync"},
		"register --email ops@example.com":        {Operation: "register", Email: "ops@example.com"},
		"register --air-gap":                      {Operation: "register", AirGap: true},
		"register --token-file x/{name}.reg":      {Operation: "register", Token: fleet.Reference{File: "x/{name}.reg"}},
		"register --task-queue other --no-follow": {Operation: "register"},
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			d := newClientTest(t)
			if exit := d.line(t.Context(), "fleet "+line+" --no-follow --file LIST --output json"); exit != 0 || d.stderr.Len() > 0 {
				t.Fatalf("exit %d: %s%s", exit, d.stdout.String(), d.stderr.String())
			}
			want.List = d.in("fleet.yaml")
			if want.Labels == nil {
				want.Labels = map[string]string{}
			}
			if want.Token.File != "" {
				want.Token.File = absolute(t, want.Token.File)
			}
			begun := d.server.starts[0]
			queue := "rcreg"
			if strings.Contains(line, "other") {
				queue = "other"
			}
			if !reflect.DeepEqual(begun.input, want) || begun.workflow != temporal.FleetWorkflow || begun.options.ID != "rcreg/fleet/"+want.Operation || begun.options.TaskQueue != queue {
				t.Errorf("started %+v", begun)
			}
			if got := d.json(t); got.ID != begun.options.ID || !got.Started || got.Ended || d.server.queries > 0 {
				t.Errorf("got %+v", got)
			}
		})
	}
}

// What is wrong with a command line is told before anything is started, and before a server is asked.
func TestFleetUsage(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"fleet register":                                                  "--file",
		"fleet register --file DIR/none.yaml":                             "no such file",
		"fleet register --file LIST --select gold":                        "selects nothing",
		"fleet register --file LIST --select tier=iron":                   "no workspace is selected",
		"fleet register --file LIST --email a@example.com --air-gap":      "three ways",
		"fleet register --file LIST --token-file one.reg":                 "{name}",
		"fleet sync --file LIST --window -1":                              "cannot be negative",
		"fleet sync --file LIST --token-file x":                           "unknown flag",
		"fleet drop":                                                      "unknown command",
		"register --file LIST":                                            "takes one argument",
		"register delta --file LIST":                                      "alpha, beta, gamma",
		"register alpha --file LIST --email a@example.com --token-file x": "three ways",
		"keep-synced --file LIST --every 30s":                             "a minute",
		"keep-synced delta --file LIST":                                   "no workspace \"delta\"",
		"move-license alpha --file LIST":                                  "--license-file",
		"confirm":                                                         "takes one argument",
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			d := newClientTest(t)
			if exit := d.line(t.Context(), line); exit != 2 || !strings.Contains(d.stderr.String(), want) || len(d.server.starts) > 0 {
				t.Errorf("exit %d, want %q in %s", exit, want, d.stderr.String())
			}
		})
	}
}

// A list that is wrong is told of with its lines.
func TestFleetWrongList(t *testing.T) {
	t.Parallel()
	d := newClientTest(t)
	d.write(t, "fleet.yaml", strings.ReplaceAll(testList, "name: beta", "name: alpha"))
	if exit := d.line(t.Context(), "fleet sync --file LIST --output json"); exit != 2 {
		t.Errorf("exit %d", exit)
	}
	if got := d.json(t); got.Error.Kind != "invalid_input" || !strings.Contains(got.Error.Message, "line 4: the name alpha is taken") {
		t.Errorf("got %+v", got.Error)
	}
}

// absolute is a path from the root, from where the test runs.
func absolute(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.FromSlash(path))
	if err != nil {
		t.Fatal(err)
	}
	return path
}
