package temporal

import (
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

// Bind registers the workflows and their activities with a worker, under the names that histories know. Nil activities refuse all work, as those without a
// [Runner] do; without a registry there is nothing to do.
func Bind(r worker.Registry, a *Activities) {
	if r == nil {
		return
	}
	if a == nil {
		a = &Activities{}
	}
	bindActivities(r, a)
	bindWorkflows(r)
}

func bindWorkflows(r worker.WorkflowRegistry) {
	for _, w := range []struct {
		name string
		run  any
	}{{RegisterWorkflow, registerWorkflow}, {KeepSyncedWorkflow, keepSyncedWorkflow}, {MoveLicenseWorkflow, moveLicenseWorkflow}, {FleetWorkflow, fleetWorkflow}} {
		r.RegisterWorkflowWithOptions(w.run, workflow.RegisterOptions{Name: w.name})
	}
}

// RegisterID is the id of the workflow that registers a workspace: with it no two do so at the same time.
func RegisterID(workspace string) string { return "rcreg/register/" + workspace }

// WaitID is the id of the workflow that waits for confirmation on behalf of a fleet.
func WaitID(workspace string) string { return "rcreg/wait/" + workspace }

// SyncID is the id of the workflow that keeps a workspace synced.
func SyncID(workspace string) string { return "rcreg/sync/" + workspace }

// LicenseID is the id of the workflow that puts a new license of a workspace in force.
func LicenseID(workspace string) string { return "rcreg/license/" + workspace }

// FleetID is the id of the workflow that does an operation to a list: one at a time on a server, so that whoever asks for it again follows the one under way.
func FleetID(operation string) string { return "rcreg/fleet/" + operation }
