package fleet

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/cenkalti/backoff/v4"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/workspace"
)

// attempts is what a run keeps of a workspace between two attempts.
type attempts struct {
	made     int
	began    time.Time
	before   registration.Status // as it was seen first
	pauses   *backoff.ExponentialBackOff
	last     Outcome
	notes    []string // of all results
	told     []string // by the fleet itself, of all tries
	inFlight bool     // what was begun last did not come back
}

// attemptResult is what one attempt has found out.
type attemptResult struct {
	result  registration.Result
	version string
	support registration.Support
	err     error
	broken  error // of the pool of tokens

	uniqueID string
	notes    []string // beside those of the result
}

// try works on a workspace once. It returns false, and how long to wait, when another try may help.
func (r *run) try(ctx context.Context, i int) (pause time.Duration, ended bool) {
	f, w := r.fleet, r.fleet.list[i]
	p := r.tasks[i].attempts
	if p == nil {
		p = &attempts{began: f.clock.Now()}
		r.tasks[i].attempts = p
	}
	job := &Job{Workspace: w, identities: r.identities, resumes: f.journal != nil && f.journal.InFlight(w.Name)}
	if f.journal != nil && r.op.Writes {
		if err := f.journal.Begin(w.Name, p.made+1); err != nil {
			r.fail(err)
			if p.made == 0 {
				p.last = notBegun(w, r.op, err)
			}
			return 0, true
		}
	}
	p.made++
	found, returned := f.within(ctx, job, r.op)
	p.inFlight = !returned
	if found.broken != nil {
		r.fail(found.broken)
	}
	now := f.clock.Now()
	p.last = p.outcome(w, r.op, found, now, context.Cause(ctx))
	if !returned || p.last.heldOff(now, maxPause) || found.err == nil || p.made > f.retries || ctx.Err() != nil || found.broken != nil || !failure.Temporary(found.err) {
		return 0, true
	}
	if p.pauses == nil {
		p.pauses = newPauses(f.clock)
	}
	return pauseAfter(found.err, p.pauses.NextBackOff(), now), false
}

// attempt opens a workspace, does the operation and logs out. What it finds out is behind a pointer, and so is the rest of what is large: the stack of each
// workspace in flight is as deep as this.
func (f *Fleet) attempt(ctx context.Context, job *Job, op Operation) *attemptResult {
	w := &job.Workspace
	base := f.pace.of(w.Name)
	defer f.pace.release(w.Name)
	session, err := f.open(w, base)
	if err != nil {
		return &attemptResult{err: err}
	}
	if w.User != "" { // a token is no login
		defer logOut(job.parting, session) //nolint:contextcheck // logging out is for what is left of the time, also when the try was stopped
	}
	client, err := registration.New(ctx, session, f.clientOptions(w, op)...)
	if err != nil {
		return &attemptResult{err: err}
	}
	job.Client = client
	found := &attemptResult{}
	found.err = job.do(ctx, op, &found.result)
	version, err := session.Version(ctx)
	if err == nil { // it is known by now
		found.version = version.Original()
	}
	job.finish(found)
	if err == nil && notBefore(found.err).IsZero() { // otherwise it does not want to be asked
		found.support = f.windows.of(ctx, version, client, f.clock.Now())
	}
	return found
}

// open makes the client of a workspace.
func (f *Fleet) open(w *Workspace, base http.RoundTripper) (*workspace.Client, error) {
	options := slices.Concat(f.workspace, []workspace.Option{
		workspace.WithClock(f.clock), workspace.WithLogger(f.logger), workspace.WithRoundTripper(base),
	})
	return w.Open(options...)
}

// do looks who the workspace is, and does the operation.
func (j *Job) do(ctx context.Context, op Operation, result *registration.Result) (err error) {
	if op.Writes && !op.looks {
		if err := j.lookBefore(ctx, op, result); err != nil {
			return err
		}
	}
	if *result, err = op.Do(ctx, j); !op.Writes {
		j.noteOther(result)
	}
	return err
}

// lookBefore looks who the workspace is; where it is not to be worked on, the result is what was seen.
func (j *Job) lookBefore(ctx context.Context, op Operation, result *registration.Result) error {
	status, err := j.look(ctx)
	if err != nil {
		*result = registration.Result{Operation: op.Name, Before: status, After: status}
	}
	return err
}

// noteOther notes that what was looked at is the same workspace as another one of the list.
func (j *Job) noteOther(result *registration.Result) {
	if other := j.identify(result.After); other != "" {
		j.notes = append(j.notes, sameWorkspaceError{other, j.uniqueID}.Error()+". An operation that changes it refuses the second of them")
	}
}

func (f *Fleet) clientOptions(w *Workspace, op Operation) []registration.Option {
	options := []registration.Option{registration.WithCloud(f.cloud)}
	if f.client != nil {
		options = append(options, f.client(*w)...)
	}
	if op.PublicSettings {
		options = append(options, registration.WithPublicSettings())
	}
	return options
}

// logOut ends a login also when the work ran out of time. A login that stays is no reason to call the work a failure: it expires.
func logOut(ctx context.Context, session *workspace.Client) {
	ctx, cancel := context.WithTimeout(ctx, partingTime)
	defer cancel()
	_ = session.Close(ctx)
}
