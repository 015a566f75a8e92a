package endtoend_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.temporal.io/sdk/client"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/temporal"
)

// tour goes through every workflow, and every way that one can take, with a workspace for each.
type tour struct {
	*world
	runs map[string]client.WorkflowRun // by the name of what it shows
	next int                           // workspace
}

// takeTour needs a worker with a pool and an air gap.
func takeTour(w *world, gap string) *tour {
	v := &tour{world: w, runs: map[string]client.WorkflowRun{}}
	v.byToken()
	v.byEmail()
	v.overAGap(gap)
	v.synced()
	v.licenses()
	v.fleets()
	return v
}

// workspace is one that nobody has worked with.
func (v *tour) workspace() fleet.Workspace {
	v.next++
	return v.list.Workspaces[v.next-1]
}

// start starts a workflow that shows something.
func (v *tour) start(shows, workflow string, in any) string {
	v.tb.Helper()
	v.runs[shows] = v.begin(shows, workflow, in)
	return shows
}

// ends waits for a workflow, and checks how it ends: a kind of failure, or none.
func (v *tour) ends(shows, kind string) {
	v.tb.Helper()
	if err := v.runs[shows].Get(v.tb.Context(), nil); kindOf(err) != kind {
		v.tb.Errorf("%s ended with %v, want %q", shows, err, kind)
	}
}

func (v *tour) file(text string) fleet.Reference {
	v.tb.Helper()
	return fleet.Reference{File: secretFile(v.tb, text)}
}

func secretFile(tb testing.TB, text string) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

func (v *tour) byToken() {
	one := v.workspace()
	in := temporal.Registration{Workspace: one, Token: fleet.Reference{File: v.tokenFile(one.Name)}}
	v.ends(v.start("register-token", temporal.RegisterWorkflow, in), "")
	v.ends(v.start("register-again", temporal.RegisterWorkflow, in), "")
	v.ends(v.start("register-refused", temporal.RegisterWorkflow, temporal.Registration{Workspace: v.workspace(), Token: v.file("no-token-of-this-cloud")}), "rejected")
	v.ends(v.start("register-pool", temporal.RegisterWorkflow, temporal.Registration{Workspace: v.workspace()}), "")
}

func (v *tour) byEmail() {
	const address = "ops@example.com"
	confirmed := v.start("email-confirmed", temporal.RegisterWorkflow, temporal.Registration{Workspace: v.workspace(), Email: address})
	v.untilSent(confirmed, 1)
	code := v.sim.Cloud().Devices()[0].Code
	v.update(confirmed, temporal.UpdateConfirm) // too early
	if err := v.sim.Cloud().ConfirmDevice(code); err != nil {
		v.tb.Fatal(err)
	}
	v.clock.Jump(time.Minute) // nobody tells the workflow
	v.ends(confirmed, "")
	cancelled := v.start("email-cancelled", temporal.RegisterWorkflow, temporal.Registration{Workspace: v.workspace(), Email: address})
	stopped := v.start("email-stopped", temporal.RegisterWorkflow, temporal.Registration{Workspace: v.workspace(), Email: address})
	forgotten := v.start("email-nobody", temporal.RegisterWorkflow, temporal.Registration{Workspace: v.workspace(), Email: address, GiveUp: 36 * time.Hour})
	for _, id := range []string{cancelled, stopped, forgotten} {
		v.untilSent(id, 1)
	}
	v.update(cancelled, temporal.UpdateRemind)
	v.update(cancelled, temporal.UpdateCancel)
	v.ends(cancelled, "")
	if err := v.CancelWorkflow(v.tb.Context(), stopped, ""); err != nil {
		v.tb.Fatal(err)
	}
	v.ends(stopped, "canceled")
	v.clock.Jump(day)
	v.untilSent(forgotten, 2)
	v.clock.Jump(day)
	v.ends(forgotten, "expired")
}

func (v *tour) overAGap(gap string) {
	id := v.start("air-gap", temporal.RegisterWorkflow, temporal.Registration{Workspace: v.workspace(), AirGap: true})
	v.until(id, "the request was written", func(p temporal.Progress) bool { return p.Phase == temporal.PhaseWaiting })
	v.clock.Jump(day)
	v.until(id, "a look", func(p temporal.Progress) bool { return p.Looks > 0 && p.Phase == temporal.PhaseWaiting })
	v.courier(exchangeOf(gap))
	v.update(id, temporal.UpdateConfirm)
	v.ends(id, "")
}

func (v *tour) synced() {
	id := v.start("synced", temporal.KeepSyncedWorkflow, temporal.Sync{Workspace: v.list.Workspaces[0]})
	v.untilSynced(id, 1)
	v.clock.Jump(day / 2)
	v.untilSynced(id, 2)
	v.update(id, temporal.UpdateConfirm)
	v.update(id, temporal.UpdateCancel)
	v.ends(id, "")
	refused := v.list.Workspaces[0]
	refused.AuthToken = v.file("not-a-token-of-this-workspace")
	v.ends(v.start("synced-refused", temporal.KeepSyncedWorkflow, temporal.Sync{Workspace: refused}), "unauthorized")
	v.ends(v.start("synced-unregistered", temporal.KeepSyncedWorkflow, temporal.Sync{Workspace: v.workspace()}), "not_registered")
}

func (v *tour) licenses() {
	text, err := v.sim.Cloud().License(registrationtest.LicenseSpec{Modules: []string{"auditing"}})
	if err != nil {
		v.tb.Fatal(err)
	}
	license := v.file(text)
	v.ends(v.start("license", temporal.MoveLicenseWorkflow, temporal.LicenseMove{Workspace: v.list.Workspaces[0], License: license}), "")
	v.ends(v.start("license-unsynced", temporal.MoveLicenseWorkflow, temporal.LicenseMove{Workspace: v.workspace(), License: license}), "")
	v.ends(v.start("license-refused", temporal.MoveLicenseWorkflow, temporal.LicenseMove{Workspace: v.list.Workspaces[0], License: v.file("no license")}), "license_refused")
}

// fleets come last: they work with all workspaces.
func (v *tour) fleets() {
	v.fleet("fleet-status", temporal.FleetRun{Operation: temporal.FleetStatus}, "")
	v.fleet("fleet-narrow", temporal.FleetRun{Operation: temporal.FleetSync, Window: 2}, "")
	v.fleet("fleet-refused", temporal.FleetRun{Operation: "disconnect"}, "invalid_input")
	v.fleet("fleet-unchosen", temporal.FleetRun{Operation: temporal.FleetStatus, Labels: map[string]string{"version": "none"}}, "")
	v.fleet("fleet-last-page", temporal.FleetRun{Operation: temporal.FleetStatus, Progress: &temporal.FleetProgress{Next: len(v.list.Workspaces) - 2}}, "")

	last := v.list.Workspaces[len(v.list.Workspaces)-1].Name
	v.fleet("fleet-email", temporal.FleetRun{Operation: temporal.FleetRegister, Email: "ops@example.com"}, "")
	v.runs["email-detached"] = v.GetWorkflow(v.tb.Context(), temporal.RegisterID(last), "")
	v.runs["email-wait"] = v.GetWorkflow(v.tb.Context(), temporal.WaitID(last), "")
	v.update(temporal.WaitID(last), temporal.UpdateCancel)
	v.ends("email-wait", "")

	v.start("fleet-cancelled", temporal.FleetWorkflow, temporal.FleetRun{List: v.listFile(), Operation: temporal.FleetSync, Window: 1})
	v.update("fleet-cancelled", temporal.UpdateCancel)
	v.ends("fleet-cancelled", "")
	v.start("fleet-stopped", temporal.FleetWorkflow, temporal.FleetRun{List: v.listFile(), Operation: temporal.FleetSync, Window: 1})
	if err := v.CancelWorkflow(v.tb.Context(), "fleet-stopped", ""); err != nil {
		v.tb.Fatal(err)
	}
	v.ends("fleet-stopped", "canceled")

	v.fleet("fleet-register", temporal.FleetRun{Operation: temporal.FleetRegister, Token: fleet.Reference{File: v.tokenFile("{name}")}}, "")
	v.runs["register-child"] = v.GetWorkflow(v.tb.Context(), temporal.RegisterID(last), "")
}

func (v *tour) fleet(shows string, in temporal.FleetRun, kind string) {
	v.tb.Helper()
	in.List = v.listFile()
	v.ends(v.start(shows, temporal.FleetWorkflow, in), kind)
}
