package cli_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration/temporal"
)

func TestKeepSynced(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		line  string
		want  []string // the ids that are started
		every time.Duration
	}{
		"all":      {"", []string{"rcreg/sync/alpha", "rcreg/sync/gamma"}, 0},
		"selected": {"--select tier=gold --every 6h", []string{"rcreg/sync/alpha", "rcreg/sync/gamma"}, 6 * time.Hour},
		"named":    {"gamma beta", []string{"rcreg/sync/gamma"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newClientTest(t)
			d.server.flows["rcreg/sync/beta"] = &script{workflow: temporal.KeepSyncedWorkflow, stays: true}
			if exit := d.line(t.Context(), "keep-synced --file LIST --output json "+tc.line); exit != 0 {
				t.Errorf("exit %d: %s", exit, d.stdout.String())
			}
			begun := make([]string, 0, len(tc.want))
			for _, one := range d.server.starts {
				begun = append(begun, one.options.ID)
				if in, ok := one.input.(temporal.Sync); !ok || in.Every != tc.every || temporal.SyncID(in.Workspace.Name) != one.options.ID || one.workflow != temporal.KeepSyncedWorkflow {
					t.Errorf("started %+v", one)
				}
			}
			var said []string
			for _, one := range d.json(t).Workflows {
				if one.Started {
					said = append(said, one.ID)
				}
			}
			if want := strings.Join(tc.want, " "); strings.Join(begun, " ") != want || strings.Join(said, " ") != want {
				t.Errorf("started %v, said %v, want %v", begun, said, tc.want)
			}
		})
	}
}

// People see what was started, and what was under way.
func TestKeepSyncedText(t *testing.T) {
	t.Parallel()
	d := newClientTest(t)
	d.server.flows["rcreg/sync/beta"] = &script{workflow: temporal.KeepSyncedWorkflow, stays: true}
	if exit := d.line(t.Context(), "keep-synced --file LIST"); exit != 0 || d.stderr.Len() > 0 {
		t.Errorf("exit %d: %s", exit, d.stderr.String())
	}
	wantText(t, d.stdout.String(), "alpha      rcreg/sync/alpha  started\n", "beta       rcreg/sync/beta   under way\n", "2 started, 1 under way before\n")
}
