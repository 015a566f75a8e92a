package fleet

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
)

// How long a try has to come back once its context is done. Code that obeys its context does so at once, but for the logout. These are times of the machine, as
// the deadlines of contexts are.
const (
	// partingTime is what a logout may take.
	partingTime = 10 * time.Second
	// returnTime is for all the rest; what takes longer does not obey.
	returnTime = partingTime + 5*time.Second
	// abandonedTime is what is left of it once the end is wanted at once.
	abandonedTime = time.Second
)

// errAbandoned is why work ends whose caller has gone.
var errAbandoned = errors.New("the run was stopped at once")

// within does one try within its time. It is false when the try did not come back: a transport of the caller's own may not obey its context, and must not take
// the outcomes of all others away. Such a goroutine stays until that code returns; then it sends nothing more, and neither claims nor settles a token.
func (f *Fleet) within(ctx context.Context, job *Job, op Operation) (found *attemptResult, returned bool) {
	parting, part := context.WithCancel(context.WithoutCancel(ctx))
	defer part()
	ctx, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	job.op, job.replaces, job.tokens, job.parting = op.Name, op.ReplaceLicense, f.tokens, parting
	done := make(chan *attemptResult, 1)
	go func() { done <- f.attempt(ctx, job, op) }()
	select {
	case found = <-done:
		return found, true
	case <-f.abandon:
	case <-ctx.Done():
		select {
		case found = <-done:
			return found, true
		case <-f.abandon:
		case <-time.After(returnTime):
		}
	}
	cancel()
	part()
	select {
	case found = <-done:
		return found, true
	case <-time.After(abandonedTime):
		return job.leave(ctx, op)
	}
}

// finish adds to what Do has found out, and keeps a copy.
func (j *Job) finish(found *attemptResult) {
	j.mu.Lock()
	defer j.mu.Unlock()
	found.broken, found.uniqueID, found.notes = j.broken, j.uniqueID, j.notes
	kept := *found
	j.found = &kept
}

// leave ends a job that does not come back. What Do has found out counts all the same.
func (j *Job) leave(ctx context.Context, op Operation) (found *attemptResult, finished bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.abandoned = true
	if j.found != nil {
		return j.found, true
	}
	why := "it was under way when the run was stopped, and did not come back"
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		why = "it did not come back when its time was over"
	}
	failed := &registration.Error{
		Op: op.Name, Workspace: j.Workspace.URL, Err: fmt.Errorf("%s: %w", why, ctx.Err()), Remedies: failure.Ways(failure.RunAgain), Certain: "it only looked",
	}
	if op.Writes {
		failed.Kind, failed.Certain = registration.ErrOutcomeUnknown, "the next run looks first what became of it, and a token stays with its workspace"
	}
	return &attemptResult{err: failed, broken: j.broken, uniqueID: j.uniqueID}, false
}
