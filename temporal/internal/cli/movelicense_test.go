package cli_test

import (
	"reflect"
	"testing"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/temporal"
)

// A license is waited for, whatever the workflow is doing, and a sync that failed after it is told of.
func TestMoveLicense(t *testing.T) {
	t.Parallel()
	runClientTest(t, func(t *testing.T, d *clientTest) {
		result := fleet.Outcome{Workspace: "beta", URL: "https://beta.example.com", Operation: "apply license", Class: fleet.Done, Message: "the license is in force; the sync\nafter it failed"}
		d.server.next["rcreg/license/beta"] = &script{answers: []any{temporal.Progress{Phase: temporal.PhaseActing}, temporal.Progress{Phase: temporal.PhaseActing}}, result: result}
		if exit := d.line(t.Context(), "move-license beta --file LIST --license-file licenses/{name}.txt"); exit != 0 {
			t.Errorf("exit %d: %s", exit, d.stderr.String())
		}
		wantText(t, d.stdout.String(), "Workflow   rcreg/license/beta", "Outcome    done", "Remark     the license is in force; the sync; after it failed\n")
		in, ok := d.server.starts[0].input.(temporal.LicenseMove)
		if want := (fleet.Reference{File: absolute(t, "licenses/beta.txt")}); !ok || !reflect.DeepEqual(in.License, want) || in.Workspace.Name != "beta" {
			t.Errorf("started %+v", d.server.starts[0])
		}
	})
}

// A workflow that puts another license in force is not followed.
func TestOtherLicenseUnderWay(t *testing.T) {
	t.Parallel()
	for file, exit := range map[string]int{"one.txt": 0, "two.txt": 1} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			runClientTest(t, func(t *testing.T, d *clientTest) {
				d.server.flows["rcreg/license/beta"] = &script{
					workflow: temporal.MoveLicenseWorkflow, input: temporal.LicenseMove{License: fleet.Reference{File: d.in("one.txt")}},
					answers: []any{temporal.Progress{Phase: temporal.PhaseActing}}, result: fleet.Outcome{Workspace: "beta", Class: fleet.Done},
				}
				if got := d.line(t.Context(), "move-license beta --file LIST --license-file DIR/"+file); got != exit {
					t.Errorf("exit %d: %s", got, d.stderr.String())
				}
				if exit == 1 {
					wantText(t, d.stderr.String(), "is under way with another license, the file "+d.in("one.txt"))
				}
			})
		})
	}
}
