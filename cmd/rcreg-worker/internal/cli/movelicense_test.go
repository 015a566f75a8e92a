package cli_test

import (
	"reflect"
	"testing"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/temporal"
)

// A licence is waited for, whatever the workflow is doing, and a sync that failed after it is told of.
func TestMoveLicense(t *testing.T) {
	t.Parallel()
	atDesk(t, func(t *testing.T, d *desk) {
		result := fleet.Outcome{Workspace: "beta", URL: "https://beta.example.com", Operation: "apply license", Class: fleet.Done, Message: "the licence is in force; the sync\nafter it failed"}
		d.server.next["rcreg/license/beta"] = &script{answers: []any{temporal.Progress{Phase: temporal.PhaseActing}, temporal.Progress{Phase: temporal.PhaseActing}}, result: result}
		if exit := d.line(t.Context(), "move-license beta --file LIST --license-file licences/{name}.txt"); exit != 0 {
			t.Errorf("exit %d: %s", exit, d.stderr.String())
		}
		wantText(t, d.stdout.String(), "Workflow   rcreg/license/beta", "Outcome    done", "Remark     the licence is in force; the sync after it failed\n")
		in, ok := d.server.starts[0].input.(temporal.LicenseMove)
		if want := (fleet.Reference{File: absolute(t, "licences/beta.txt")}); !ok || !reflect.DeepEqual(in.License, want) || in.Workspace.Name != "beta" {
			t.Errorf("started %+v", d.server.starts[0])
		}
	})
}
