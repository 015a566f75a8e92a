package fleet

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/cenkalti/backoff/v4"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/workspace"
)

// progress is what a run keeps of a workspace between two tries.
type progress struct {
	attempts int
	began    time.Time
	before   registration.Status // as it was seen first
	pauses   *backoff.ExponentialBackOff
	last     Outcome
}

// report is what one try has found out.
type report struct {
	result  registration.Result
	version string
	support *time.Time
	err     error
	broken  error // of the pool of tokens
}

// try works on a workspace once. It returns false, and how long to wait, when another try may help.
func (r *run) try(ctx context.Context, i int) (pause time.Duration, ended bool) {
	f, w := r.fleet, r.fleet.list[i]
	p := r.tasks[i].progress
	if p == nil {
		p = &progress{began: f.clock.Now(), last: notBegun(w, r.op, nil)}
		r.tasks[i].progress = p
	}
	if f.journal != nil && r.op.Writes {
		if err := f.journal.Begin(w.Name, p.attempts+1); err != nil {
			r.fail(err)
			if p.attempts == 0 {
				p.last = notBegun(w, r.op, err)
			}
			return 0, true
		}
	}
	p.attempts++
	found := r.once(ctx, i)
	if found.broken != nil {
		r.fail(found.broken)
	}
	now := f.clock.Now()
	p.last = p.outcome(w, r.op, found, now, context.Cause(ctx))
	if found.err == nil || p.attempts > f.retries || ctx.Err() != nil || found.broken != nil || !passes(found.err) {
		return 0, true
	}
	if p.pauses == nil {
		p.pauses = newPauses(f.clock)
	}
	return pauseAfter(found.err, p.pauses.NextBackOff(), now), false
}

// once opens a workspace, does the operation and logs out.
func (r *run) once(ctx context.Context, i int) (found report) {
	f, w := r.fleet, r.fleet.list[i]
	ctx, cancel := context.WithTimeout(ctx, f.patience)
	defer cancel()
	defer f.pace.release(i)
	options := slices.Concat(f.workspace, []workspace.Option{
		workspace.WithClock(f.clock), workspace.WithLogger(f.logger), workspace.WithRoundTripper(f.pace.of(i)),
	})
	session, err := w.Open(options...)
	if err != nil {
		return report{err: err}
	}
	defer logOut(ctx, session)
	client, err := registration.New(ctx, session, f.clientOptions(w)...)
	if err != nil {
		return report{err: err}
	}
	job := &Job{Workspace: w, Client: client, tokens: f.tokens}
	found.result, found.err = r.op.Do(ctx, job)
	found.broken = job.broken
	if version, err := session.Version(ctx); err == nil { // it is known by now
		found.version = version.Original()
	}
	return found
}

func (f *Fleet) clientOptions(w Workspace) []registration.Option {
	options := []registration.Option{registration.WithCloud(f.cloud)}
	if f.client != nil {
		options = append(options, f.client(w)...)
	}
	return options
}

// logOut ends a login also when the work ran out of time. A login that stays is no reason to call the work a failure: it expires.
func logOut(ctx context.Context, session *workspace.Client) {
	const patience = 10 * time.Second
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	_ = session.Close(ctx)
}

// outcome says what became of a workspace, as far as it is known after a try.
func (p *progress) outcome(w Workspace, op Operation, found report, now time.Time, interrupted error) Outcome {
	before, after := found.result.Before, found.result.After
	if p.before.State == "" {
		p.before = before
	}
	o := Outcome{
		Workspace: w.Name, URL: w.URL, Operation: op.Name,
		Version: found.version, State: string(after.State), SupportUntil: found.support,
		Attempts: p.attempts, Began: p.began, Took: now.Sub(p.began), Err: found.err,
	}
	if o.State == "" {
		o.State = p.last.State
	}
	if o.Version == "" {
		o.Version = p.last.Version
	}
	// An earlier try may have changed what the last one found as it should be.
	o.Changed = found.result.Changed || p.last.Changed || after.State != "" && p.before != after
	o.classify(found.err, interrupted)
	return o
}

// notBegun is the outcome of a workspace that nothing was sent to; why may be nil.
func notBegun(w Workspace, op Operation, why error) Outcome {
	o := Outcome{Workspace: w.Name, URL: w.URL, Operation: op.Name, Class: Cancelled, Kind: kindInterrupted, Err: why,
		Message: "it was not begun", Advice: "run the operation again: with its journal, what is done is not done twice"}
	if why != nil {
		o.Kind, o.Message = kindName(why), "it was not begun: "+why.Error()
	}
	return o
}

// classify says in words what an error means.
func (o *Outcome) classify(err, interrupted error) {
	switch {
	case err == nil && o.Changed:
		o.Class = Done
	case err == nil:
		o.Class = Unchanged
	case errors.Is(err, registration.ErrPending):
		o.Class = Pending
	case errors.Is(err, registration.ErrOutcomeUnknown):
		o.Class = Unknown
	case interrupted != nil:
		o.Class = Cancelled
	default:
		o.Class = Failed
	}
	if err == nil {
		return
	}
	o.Kind, o.Message = kindName(err), err.Error()
	var failed *registration.Error
	if errors.As(err, &failed) {
		plain := *failed
		plain.Advice = ""
		o.Message, o.Advice = plain.Error(), failed.Advice
	}
	var pending *registration.PendingError
	if errors.As(err, &pending) {
		ticket := pending.Ticket
		o.Ticket, o.Advice = &ticket, "let somebody act, then run the operation again"
	}
}

const kindInterrupted = "interrupted"

// kindName is that of the registration package, and a few names for what only a fleet has.
func kindName(err error) string {
	for _, kind := range []struct {
		is   error
		name string
	}{
		{ErrNoTokens, "no_tokens"}, {ErrJournalBroken, "journal_broken"}, {ErrOtherOperation, "other_operation"}, {ErrRunning, "running"},
	} {
		if errors.Is(err, kind.is) {
			return kind.name
		}
	}
	return registration.KindName(err)
}
