package temporal

import (
	"context"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/worker"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/fleet"
)

// Activities are what a worker does for workflows: one operation on one workspace each. They may run twice, and look before they act.
type Activities struct {
	// Runner works on workspaces.
	Runner Runner
	// AirGap works on workspaces across an air gap; nil refuses them.
	AirGap Runner

	pages pages
}

// Step is what one activity did. The ticket of what waits for confirmation may hold a device code: that is why histories are encrypted.
type Step struct {
	Outcome fleet.Outcome        `json:"outcome"`
	Ticket  *registration.Ticket `json:"ticket,omitempty"`
}

// bindActivities registers the activities under the names that histories know.
func bindActivities(r worker.ActivityRegistry, a *Activities) {
	for name, act := range map[string]any{
		statusActivity:       a.status,
		registerActivity:     a.register,
		resumeActivity:       a.resume,
		syncActivity:         a.sync,
		applyLicenseActivity: a.applyLicense,
		pageActivity:         a.page,
	} {
		r.RegisterActivityWithOptions(act, activity.RegisterOptions{Name: name})
	}
}

// registering asks to begin a registration.
type registering struct {
	Workspace fleet.Workspace `json:"workspace"`
	Token     fleet.Reference `json:"token,omitzero"`
	Email     string          `json:"email,omitempty"`
	AirGap    bool            `json:"air_gap,omitempty"`
	Resend    bool            `json:"resend,omitempty"`

	ReplaceLicense bool `json:"replace_license,omitempty"`
}

// resumption asks to look whether it was confirmed or answered.
type resumption struct {
	Workspace fleet.Workspace     `json:"workspace"`
	AirGap    bool                `json:"air_gap,omitempty"`
	Ticket    registration.Ticket `json:"ticket"`
}

func (a *Activities) status(ctx context.Context, w fleet.Workspace) (Step, error) {
	op := fleet.Status()
	op.PublicSettings = true
	return a.do(ctx, a.Runner, w, op)
}

func (a *Activities) sync(ctx context.Context, w fleet.Workspace) (Step, error) {
	return a.do(ctx, a.Runner, w, fleet.Sync())
}

func (a *Activities) register(ctx context.Context, in registering) (Step, error) {
	return a.do(ctx, a.runner(in.AirGap), in.Workspace, a.operation(in))
}

// operation is what a registration asks for.
func (a *Activities) operation(in registering) fleet.Operation {
	if in.Token.IsZero() && in.Email == "" && !in.AirGap {
		op := fleet.Register() // with a token from the worker's pool
		op.ReplaceLicense = in.ReplaceLicense
		return op
	}
	return fleet.Operation{Name: "register", Writes: true, AsksCloud: !in.AirGap, Do: func(ctx context.Context, j *fleet.Job) (registration.Result, error) {
		request := registration.Request{Email: in.Email, Resend: in.Resend, ReplaceLicense: in.ReplaceLicense}
		if !in.Token.IsZero() {
			token, err := readSecret(j.Workspace, in.Token)
			if err != nil {
				return registration.Result{Operation: "register"}, err
			}
			request.Token = token.Reveal()
		}
		return j.Client.Register(ctx, request)
	}}
}

func (a *Activities) resume(ctx context.Context, in resumption) (Step, error) {
	return a.do(ctx, a.runner(in.AirGap), in.Workspace, fleet.Operation{
		Name: "resume", Writes: true, AsksCloud: !in.AirGap,
		Do: func(ctx context.Context, j *fleet.Job) (registration.Result, error) {
			return j.Client.Resume(ctx, in.Ticket)
		},
	})
}

func (a *Activities) applyLicense(ctx context.Context, in LicenseMove) (Step, error) {
	return a.do(ctx, a.Runner, in.Workspace, fleet.Operation{
		Name: "apply license", Writes: true,
		Do: func(ctx context.Context, j *fleet.Job) (registration.Result, error) {
			result := registration.Result{Operation: "apply license"}
			text, err := readSecret(j.Workspace, in.License)
			if err != nil {
				return result, err
			}
			apply := j.Client.ApplyLicense
			if in.Force {
				apply = j.Client.ForceLicense
			}
			applied, err := apply(ctx, text.Reveal())
			result.Changed, result.License = applied.Changed, &applied
			return result, err
		},
	})
}

func (a *Activities) runner(airGap bool) Runner {
	if airGap {
		return a.AirGap
	}
	return a.Runner
}

// do runs an operation once. What waits for confirmation is no failure.
func (a *Activities) do(ctx context.Context, runner Runner, w fleet.Workspace, op fleet.Operation) (Step, error) {
	var outcome fleet.Outcome
	if runner == nil {
		outcome = refused(w, op, invalid(w, nil, failure.GiveExchange))
	} else {
		outcome = withHeartbeat(ctx, func(ctx context.Context) fleet.Outcome { return runner.Do(ctx, w, op) })
	}
	outcome.Attempts = int(activity.GetInfo(ctx).Attempt)
	switch {
	case outcome.Class == fleet.Pending && outcome.Ticket != nil:
		return Step{Outcome: outcome, Ticket: outcome.Ticket}, nil
	case outcome.Err != nil && ctx.Err() != nil && outcome.Class == fleet.Cancelled:
		return Step{}, context.Cause(ctx)
	case outcome.Err != nil:
		return Step{}, failedWith(outcome, outcome.Began.Add(outcome.Took))
	}
	return Step{Outcome: outcome}, nil
}

// refused is the outcome of an operation that cannot begin.
func refused(w fleet.Workspace, op fleet.Operation, err error) fleet.Outcome {
	return fleet.Outcome{Workspace: w.Name, URL: w.URL, Operation: op.Name, Class: fleet.Failed, Kind: failure.KindOf(err).Name(), Message: err.Error(), Remedies: failure.Remedies(err), Err: err}
}

func invalid(w fleet.Workspace, err error, act failure.Act) error {
	return &registration.Error{Op: "open", Workspace: w.URL, Kind: registration.ErrInvalidInput, Err: err, Remedies: failure.Ways(act)}
}

// readSecret reads what a reference leads to, when it is needed and not before.
func readSecret(w fleet.Workspace, r fleet.Reference) (cloud.Secret, error) {
	text, err := r.Read()
	if err != nil {
		return cloud.Secret{}, invalid(w, err, failure.CorrectReference)
	}
	return text, nil
}

// Runner carries out one operation on one workspace, once, on the worker: it reads the credentials that the workspace refers to, opens a client, and tells
// what came of it. It is called from several goroutines. A [fleet.Fleet] is one; its list may be empty.
type Runner interface {
	Do(ctx context.Context, w fleet.Workspace, op fleet.Operation) fleet.Outcome
}
