package temporal

import (
	"go.temporal.io/sdk/workflow"

	"github.com/rcreg/registration/fleet"
)

// LicenseMove is the input of [MoveLicenseWorkflow].
type LicenseMove struct {
	Workspace fleet.Workspace `json:"workspace"`
	// License says where the worker finds the text of the new license.
	License fleet.Reference `json:"license"`
	// Force hands over a license that would not be valid on the workspace, which ends the one in force: see ForceLicense of a registration.Client.
	Force bool `json:"force,omitempty"`
}

// moveLicenseWorkflow puts a new license in force, and lets the workspace tell the Cloud. A license that is refused leaves the one before in force.
func moveLicenseWorkflow(ctx workflow.Context, in LicenseMove) (fleet.Outcome, error) {
	progress := Progress{Workspace: in.Workspace.Name, URL: in.Workspace.URL, Phase: PhaseActing, Since: workflow.Now(ctx)}
	if err := workflow.SetQueryHandler(ctx, QueryStatus, func() (Progress, error) { return progress, nil }); err != nil {
		return fleet.Outcome{}, err
	}
	defer func() { progress.Phase = PhaseDone }()
	applied, err := act(ctx, applyLicenseActivity, actTimeout, in)
	if err != nil {
		return fleet.Outcome{}, err
	}
	// The license is in force, whatever comes of the sync: a workspace across a gap cannot sync, and need not.
	if _, err := act(ctx, syncActivity, lookTimeout, in.Workspace); err != nil {
		applied.Outcome.Message = "the license is in force; the sync after it failed: " + err.Error()
	}
	return applied.Outcome, nil
}
