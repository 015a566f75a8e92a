package diagnose

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/workspace"
)

// examination is one run of a diagnosis.
type examination struct {
	workspace            *workspace.Client
	options              []registration.Option
	maySync, mayAskCloud bool
	cloud                *cloud.Client

	client *registration.Client // once the version is known
	info   workspace.Info
	status registration.Status
	found  Report
	broken Check // the check that nothing can be seen behind; empty when there is none

	workspaceReaches, machineReaches answer
	forbidden                        bool // the license in force forbids the workspace to ask the Cloud
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

// prepare refuses what makes no sense, and workspaces that are not ours to ask. It asks nothing.
func (e *examination) prepare(ctx context.Context) (err error) {
	if e.mayAskCloud && e.cloud == nil && e.workspace != nil {
		if e.cloud, err = cloud.New(cloud.WithClock(e.workspace.Clock())); err != nil {
			return err
		}
	}
	if e.cloud != nil {
		e.options = append(e.options, registration.WithCloud(e.cloud))
	}
	const anyVersion = "3.0"
	_, err = e.open(ctx, anyVersion)
	return err
}

// open makes the client of a server of a version, which is not asked for again.
func (e *examination) open(ctx context.Context, version string) (*registration.Client, error) {
	return registration.New(ctx, e.workspace, append(slices.Clone(e.options), registration.WithVersion(version), registration.WithPublicSettings())...)
}

func (e *examination) run(ctx context.Context) {
	seen := e.lookAtAddress(ctx) && e.lookAtVersion(ctx)
	readable := seen && e.lookAtStatus(ctx)
	if readable {
		e.tryPost(ctx)
		e.lookAtSetup(ctx)
	}
	if seen {
		e.lookAtSupport(ctx)
	}
	if readable {
		e.lookAtLicense(ctx)
		e.askWorkspace(ctx)
	}
	e.askMachine(ctx)
	e.askForList(ctx)
	if readable {
		e.trySync(ctx)
		e.fitTransport()
	}
}

// look gives one look its time.
func look(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, lookTimeout)
}

func (e *examination) add(id Check, severity Severity, evidence string, remedies []failure.Remedy) {
	e.found.Findings = append(e.found.Findings, Finding{ID: id, Severity: severity, Evidence: evidence, Remedies: remedies})
}

// stop adds a problem behind which nothing can be seen.
func (e *examination) stop(id Check, evidence string, remedies []failure.Remedy) {
	e.broken = id
	e.add(id, Problem, evidence, remedies)
}

// failed stops at an error. Where the caller has ended the diagnosis, that is no problem of the workspace.
func (e *examination) failed(ctx context.Context, id Check, err error) {
	if e.ended(ctx, id, err) {
		e.broken = id
		return
	}
	evidence, remedies := describe(err)
	e.stop(id, evidence, remedies)
}

// ended reports whether the caller has ended the diagnosis, or its time ran out, before a check could be seen; it then adds the finding that says so.
func (e *examination) ended(ctx context.Context, id Check, err error) bool {
	evidence, _ := describe(err)
	switch {
	case ctx.Err() == nil:
		return false
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		e.add(id, Unknown, "the time ran out before this was seen: "+evidence, failure.Ways(failure.GiveMoreTime))
	default:
		e.add(id, Unknown, "the diagnosis was interrupted before this was seen: "+evidence, failure.Ways(failure.RunAgain))
	}
	return true
}

// describe says what an error shows, and what to do about it.
func describe(err error) (evidence string, remedies []failure.Remedy) {
	var failed *registration.Error
	if errors.As(err, &failed) {
		evidence = cmp.Or(failed.Reason(), failed.Op+" failed")
		if failed.Certain != "" {
			evidence += "; " + failed.Certain
		}
		return evidence, failed.Remedies
	}
	evidence = err.Error()
	if call, ok := err.(*workspace.Error); ok { //nolint:errorlint // a wrapped one has words of its own
		evidence = call.Reason()
	}
	if errors.Is(err, workspace.ErrReplyLost) { // of a read, so that there is nothing to look up
		return evidence, failure.Ways(failure.CheckConnection)
	}
	return evidence, failure.Remedies(err)
}

// close names what was skipped, and puts the findings in order.
func (e *examination) close() Report {
	for _, id := range checks() {
		if _, seen := e.found.Finding(id); !seen && id != CheckOptions {
			e.add(id, Skipped, string(e.broken)+" failed first", nil)
		}
	}
	slices.SortStableFunc(e.found.Findings, func(a, b Finding) int {
		return cmp.Compare(slices.Index(checks(), a.ID), slices.Index(checks(), b.ID))
	})
	return e.found
}
