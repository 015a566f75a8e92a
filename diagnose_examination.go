package registration

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/rcreg/registration/internal/advice"
	"github.com/rcreg/registration/workspace"
)

// examination is one run of a diagnosis.
type examination struct {
	client *Client // its version and session are filled in once they are known
	choice diagnoseChoice
	found  Diagnosis
	info   workspace.Info
	status Status
	broken Check // the check that nothing can be seen behind; empty when there is none

	workspaceReaches, machineReaches answer
}

// answer is what is known of a yes-or-no question.
type answer int

const (
	unknown answer = iota
	yes
	no
)

// lookTimeout is how long one look may take: above the time that a server holds a refusal back, and that 6.5 takes while the Cloud is down.
const lookTimeout = 20 * time.Second

func (e *examination) run(ctx context.Context) {
	if e.lookAtAddress(ctx) && e.lookAtVersion() {
		seen := e.lookAtStatus(ctx)
		e.lookAtSupport(ctx)
		if seen {
			e.askWorkspace(ctx)
		}
		e.askMachine(ctx)
		e.askForList(ctx)
		if seen {
			e.trySync(ctx)
			e.fitTransport()
		}
		return
	}
	if !e.client.hostedByRocketChat() {
		e.askMachine(ctx)
		e.askForList(ctx)
	}
}

// look gives one look its time.
func (e *examination) look(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, min(lookTimeout, e.client.actTimeout))
}

func (e *examination) add(id Check, severity Severity, evidence, next string) {
	e.found.Findings = append(e.found.Findings, Finding{ID: id, Severity: severity, Evidence: evidence, Next: next})
}

// stop adds a problem behind which nothing can be seen.
func (e *examination) stop(id Check, evidence, next string) {
	e.broken = id
	e.add(id, SeverityProblem, evidence, next)
}

// failed stops at an error. Where the caller has ended the diagnosis, that is no problem of the workspace.
func (e *examination) failed(ctx context.Context, id Check, err error) {
	evidence, next := describe(err)
	if e.ended(ctx, id, evidence) {
		e.broken = id
		return
	}
	e.stop(id, evidence, next)
}

// ended reports whether the caller has ended the diagnosis, or its time ran out, before a check could be seen; it then adds the finding that says so.
func (e *examination) ended(ctx context.Context, id Check, evidence string) bool {
	switch {
	case ctx.Err() == nil:
		return false
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		e.add(id, SeverityUnknown, "the time ran out before this was seen: "+evidence, "run it again with more time, and see whether the address, the firewall and the server let an answer through")
	default:
		e.add(id, SeverityUnknown, "the diagnosis was interrupted before this was seen: "+evidence, "run it again")
	}
	return true
}

// describe says what an error shows, and what to do about it.
func describe(err error) (evidence, next string) {
	var failed *Error
	switch isOurs := errors.As(err, &failed); {
	case !isOurs && errors.Is(err, workspace.ErrReplyLost):
		return brief(err), "check the network, and any proxy before the workspace, then run it again"
	case !isOurs:
		return brief(err), advice.InGo(waysOut(&Error{Kind: kindOf(err), Err: err}))
	case failed.Kind == nil && failed.Err == nil:
		evidence = failed.Op + " failed"
	case failed.Kind == nil:
		evidence = brief(failed.Err)
	case failed.Err == nil:
		evidence = failed.Kind.Error()
	default:
		evidence = failed.Kind.Error() + ": " + brief(failed.Err)
	}
	return evidence, failed.Advice()
}

// close names what was skipped, and puts the findings in order.
func (e *examination) close() Diagnosis {
	for _, id := range checks() {
		if _, seen := e.found.Finding(id); !seen && id != CheckOptions {
			e.add(id, SeveritySkipped, "not looked at: the finding "+string(e.broken)+" stands before it", "")
		}
	}
	slices.SortStableFunc(e.found.Findings, func(a, b Finding) int {
		return cmp.Compare(slices.Index(checks(), a.ID), slices.Index(checks(), b.ID))
	})
	return e.found
}
