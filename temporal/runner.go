package temporal

import (
	"context"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/fleet"
)

// Runner carries out one operation on one workspace, once, on the worker: it reads the credentials that the workspace refers to, opens a client, and tells
// what came of it. It is called from several goroutines.
type Runner interface {
	Run(ctx context.Context, w fleet.Workspace, op fleet.Operation) fleet.Outcome
}

// Secrets reads what a reference leads to, on the worker: registration tokens and licences.
type Secrets interface {
	Read(r fleet.Reference) (cloud.Secret, error)
}

// RunWith returns the [Runner] that works as a fleet with these options does, its pool of tokens and its roads included.
func RunWith(options ...fleet.Option) Runner { return fleetOfOne(options) }

type fleetOfOne []fleet.Option

// Run makes a fleet of the workspace. Temporal retries, so the fleet does not.
func (options fleetOfOne) Run(ctx context.Context, w fleet.Workspace, op fleet.Operation) (outcome fleet.Outcome) {
	one, err := fleet.New(fleet.List{Workspaces: []fleet.Workspace{w}}, append(options[:len(options):len(options)], fleet.WithRetries(0))...)
	if err != nil {
		return refused(w, op, err)
	}
	for outcome = range one.Run(ctx, op) { // one workspace has one outcome
	}
	return outcome
}
