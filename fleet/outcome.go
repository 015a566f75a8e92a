package fleet

import (
	"errors"
	"slices"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/advice"
	"github.com/rcreg/registration/workspace"
)

// Class says in one word what became of a workspace, for those who count.
type Class string

// The classes of outcomes.
const (
	// Done: the operation succeeded, and the workspace is another one than before.
	Done Class = "done"
	// Unchanged: the operation succeeded, and there was nothing to change.
	Unchanged Class = "unchanged"
	// Pending: a person or a courier has to act first; run it again then.
	Pending Class = "pending"
	// Failed: it did not happen. Outcome.Advice says what to do.
	Failed Class = "failed"
	// Unknown: it may have happened, and the workspace could not tell. The next run looks first.
	Unknown Class = "unknown"
	// Cancelled: it was not begun, or was interrupted.
	Cancelled Class = "cancelled"
)

// Outcome is what became of one workspace in a run. It holds no secret.
type Outcome struct {
	Workspace string `json:"workspace"` // its name in the list
	URL       string `json:"url"`
	Operation string `json:"operation"`
	Class     Class  `json:"class"`
	// Labels are those of the list, where a run yields it; they are not in the journal. Do not change them.
	Labels map[string]string `json:"labels,omitempty"`
	// Version is empty when the workspace did not tell.
	Version string `json:"version,omitempty"`
	// State is the state of its registration that was seen last, such as "registered"; empty when none was.
	State string `json:"state,omitempty"`
	// UniqueID is the workspace's own identity, as [registration.Status] has it: the same one under two names is the same workspace. Empty when it told none.
	UniqueID string `json:"unique_id,omitempty"`
	// Kind names the kind of failure, such as "unauthorized", and does not change with releases; empty when it went well.
	Kind    string `json:"kind,omitempty"`
	Message string `json:"message,omitempty"`
	// Advice says in words what to do next: to a program. A command line says the Remedies in flags.
	Advice   string           `json:"advice,omitempty"`
	Remedies []failure.Remedy `json:"-"`
	Certain  string           `json:"-"` // in spite of the failure, such as "nothing was sent"; may be empty
	Changed  bool             `json:"changed"`
	// Attempts counts how often the operation was tried in this run.
	Attempts int           `json:"attempts"`
	Began    time.Time     `json:"began"`
	Took     time.Duration `json:"took_ns"` // with the waits between attempts
	// RetryAt is when another try makes sense, where the workspace or the Cloud wants to be left alone for longer than a run waits; zero otherwise.
	RetryAt time.Time `json:"retry_at,omitzero"`
	// Resumed: the journal knew the outcome, and nothing was asked.
	Resumed bool `json:"resumed,omitempty"`
	// Notes say what its reader should know besides, also where it went well: a registration that nothing uses any more, for example.
	Notes []string `json:"notes,omitempty"`
	// Support says whether Rocket.Chat still supports the version: "supported", "unsupported" or "unknown"; empty without WithSupport.
	Support registration.SupportState `json:"support,omitempty"`
	// SupportUntil is the end of the version's support window, where it is known: see WithSupport.
	SupportUntil *time.Time `json:"support_until,omitempty"`
	// ReadOnly and Unconfirmed are those of a [registration.Status], where the operation reads them: see PublicSettings of [Operation].
	ReadOnly    registration.Countdown `json:"days_until_read_only,omitzero"`
	Unconfirmed bool                   `json:"deployment_unconfirmed,omitempty"`
	// Ticket is that of a pending operation.
	Ticket *registration.Ticket `json:"-"`
	// Err is the error as it was; nil when it went well, and after a resumed run.
	Err error `json:"-"`
}

// outcome says what became of a workspace, as far as it is known after a try.
func (p *attempts) outcome(w Workspace, op Operation, found *attemptResult, now time.Time, interrupted error) Outcome {
	before, after := found.result.Before, found.result.After
	if p.before.State == "" {
		p.before = before
	}
	o := Outcome{
		Workspace: w.Name, URL: w.URL, Operation: op.Name,
		Version: found.version, State: string(after.State), UniqueID: found.uniqueID, Support: found.support.State,
		ReadOnly: after.ReadOnly, Unconfirmed: after.Unconfirmed, Attempts: p.made, Began: p.began, Took: now.Sub(p.began), Err: found.err,
	}
	if until := found.support.Until; !until.IsZero() {
		o.SupportUntil = &until
	}
	if o.State == "" {
		o.State = p.last.State
	}
	if o.Version == "" {
		o.Version = p.last.Version
	}
	if o.UniqueID == "" {
		o.UniqueID = p.last.UniqueID
	}
	for _, note := range found.result.Notes {
		if !slices.Contains(p.notes, note) {
			p.notes = append(p.notes, note)
		}
	}
	if len(found.notes) > 0 {
		p.told = found.notes
	}
	o.Notes = slices.Concat(p.notes, p.told)
	// An earlier try may have changed what the last one found as it should be.
	o.Changed = found.result.Changed || p.last.Changed || after.State != "" && p.before != after
	o.classify(found.err, interrupted)
	return o
}

// notBegun is the outcome of a workspace that nothing was sent to; why may be nil.
func notBegun(w Workspace, op Operation, why error) Outcome {
	o := Outcome{Workspace: w.Name, URL: w.URL, Operation: op.Name, Class: Cancelled, Kind: kindInterrupted, Err: why, Message: "it was not begun"}
	o.advise(failure.Ways(failure.ResumeRun), "")
	if why != nil {
		o.Kind, o.Message = failure.KindOf(why).Name(), "it was not begun: "+why.Error()
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
	o.Kind, o.Message = failure.KindOf(err).Name(), err.Error()
	ways, certain := failure.Remedies(err), ""
	if failed := (*registration.Error)(nil); errors.As(err, &failed) {
		o.Message, certain = failed.Summary(), failed.Certain
	}
	if errors.Is(err, workspace.ErrTwoFactorRequired) {
		ways = failure.Ways(failure.UseAccessToken) // no one gives a code for each workspace of a fleet
	}
	o.advise(ways, certain)
	var pending *registration.PendingError
	if errors.As(err, &pending) {
		ticket := pending.Ticket
		o.Ticket = &ticket
	}
}

const kindInterrupted = "interrupted"

// advise says what to do next, and what is certain in spite of the failure.
func (o *Outcome) advise(ways []failure.Remedy, certain string) {
	o.Remedies, o.Certain, o.Advice = ways, certain, advice.With(advice.InGo(ways), certain)
}
