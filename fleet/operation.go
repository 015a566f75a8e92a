package fleet

import (
	"context"
	"errors"
	"sync"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
)

// Operation is what a [Fleet] does to each of its workspaces. [Status], [Register], [Sync] and [Reconcile] are usual ones; others are made the same way.
type Operation struct {
	// Name is what journals and outcomes call it.
	Name string
	// Writes tells that it may change a workspace: the journal then knows what was begun, and an interrupted one gets time to see what came of it.
	Writes bool
	// AsksCloud tells that the workspace or this machine asks Rocket.Chat Cloud, so that [WithCloudRate] counts it.
	AsksCloud bool
	// Do is called from several goroutines, perhaps more than once for a workspace: it must look before it acts, as the operations of a
	// [registration.Client] do.
	Do func(ctx context.Context, j *Job) (registration.Result, error)
	// ReplaceLicense lets [Register] and [Reconcile] replace a license in force by a worse one, as in a [registration.Request].
	ReplaceLicense bool
	// PublicSettings makes clients that read the public settings with each status, which takes one more request: see [registration.WithPublicSettings].
	PublicSettings bool

	looks bool // Do looks by Job.look
}

// check refuses what cannot be done.
func (op Operation) check() error {
	if op.Name == "" || op.Do == nil {
		return invalid(errors.New("the operation has no name or does nothing"), failure.Ways(failure.CorrectRequest))
	}
	return nil
}

// Job is one workspace while an [Operation] works on it.
type Job struct {
	// Workspace is the entry of the list.
	Workspace Workspace
	// Client is good until Do returns.
	Client *registration.Client

	tokens     *Tokens
	identities *identities
	op         string          // the name of the operation
	replaces   bool            // a license in force by a worse one
	resumes    bool            // what an earlier run has begun
	parting    context.Context //nolint:containedctx // it is the job that ends, also for its logout

	mu        sync.Mutex     // the fields below, and the pool while the job uses it
	uniqueID  string         // of the workspace, once it was looked at; empty where it tells none
	notes     []string       // for the outcome
	broken    error          // why the pool of tokens cannot be used any more
	found     *attemptResult // what Do has found out, once it has come back
	abandoned bool           // its caller has gone
}

// Status reads what each workspace believes about its registration. It changes nothing. With PublicSettings outcomes have ReadOnly and Unconfirmed.
func Status() Operation {
	return Operation{Name: "status", Do: func(ctx context.Context, j *Job) (registration.Result, error) {
		status, err := j.Client.Status(ctx)
		result := registration.Result{Operation: "status", Before: status, After: status}
		if status.Unconfirmed {
			result.Notes = []string{"its address or its database has changed, and it waits to be told what it is: say that it is a copy (rcreg deployment confirm new-workspace) " +
				"or was moved (rcreg deployment confirm updated-configuration)"}
		}
		return result, err
	}}
}

// Register registers what is unregistered, each workspace with a token from the pool of [WithTokens]. What is registered already is left alone, and takes
// no token.
func Register() Operation {
	return Operation{Name: "register", Writes: true, AsksCloud: true, looks: true, Do: func(ctx context.Context, j *Job) (registration.Result, error) {
		status, err := j.look(ctx)
		if err != nil {
			return registration.Result{Operation: "register", Before: status, After: status}, err
		}
		return j.register(ctx, status)
	}}
}

// Sync syncs what is registered. An unregistered workspace fails with [registration.ErrNotRegistered].
func Sync() Operation {
	return Operation{Name: "sync", Writes: true, AsksCloud: true, Do: func(ctx context.Context, j *Job) (registration.Result, error) {
		return j.Client.Sync(ctx)
	}}
}

// Reconcile brings every workspace to where it should be: it registers what is unregistered and syncs what is registered. Journals and outcomes call it "run",
// as the command rcreg fleet run is called.
func Reconcile() Operation {
	return Operation{Name: "run", Writes: true, AsksCloud: true, looks: true, Do: func(ctx context.Context, j *Job) (registration.Result, error) {
		status, err := j.look(ctx)
		if err != nil {
			return registration.Result{Operation: "run", Before: status, After: status}, err
		}
		if status.State != registration.Registered || j.inDoubt() {
			return j.register(ctx, status)
		}
		return j.Client.Sync(ctx)
	}}
}
