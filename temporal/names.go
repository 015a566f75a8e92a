package temporal

// DefaultTaskQueue is where workers and those who start workflows meet, unless both name another one.
const DefaultTaskQueue = "rcreg"

// The workflows.
const (
	RegisterWorkflow    = "rcreg.Register"
	KeepSyncedWorkflow  = "rcreg.KeepSynced"
	MoveLicenseWorkflow = "rcreg.MoveLicense"
	FleetWorkflow       = "rcreg.Fleet"
)

// What can be asked of a workflow that runs.
const (
	// QueryStatus returns the [Progress] of a workflow for one workspace, and the [Tally] of a fleet.
	QueryStatus = "status"
	// UpdateConfirm looks at once whether it was confirmed or answered, instead of at the next look, and returns the [Progress] after the look.
	UpdateConfirm = "confirm"
	// UpdateRemind has the message sent once more, and returns the [Progress] after that.
	UpdateRemind = "remind"
	// UpdateCancel ends the wait. What was begun is finished first: nothing is left half done.
	UpdateCancel = "cancel"
)

const (
	statusActivity       = "rcreg.status"
	registerActivity     = "rcreg.register"
	resumeActivity       = "rcreg.resume"
	syncActivity         = "rcreg.sync"
	applyLicenseActivity = "rcreg.apply-license"
	pageActivity         = "rcreg.page"
)
