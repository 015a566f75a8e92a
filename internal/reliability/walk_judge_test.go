package reliability_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/registrationtest/faults"
)

// report is what one operation of a walk reported, and when.
type report struct {
	action
	before, after facts
	result        registration.Result
	err           error
	fired         []faults.Step
	stale         bool // the server had another version than the program knew, before or after
}

// disturbed reports whether something failed that was not the operation's own doing.
func (r report) disturbed() bool { return len(r.fired) > 0 || r.stale }

func (r report) String() string {
	said, _, _ := strings.Cut(fmt.Sprint(r.err), ". Next: ")
	lines := append(make([]string, 0, 1+len(r.fired)), fmt.Sprintf("%s, %s at %s: %s", r.name, r.before.state, r.before.version, said))
	for _, step := range r.fired {
		lines = append(lines, fmt.Sprintf("  hit by %s (after the act: %t) at %d %s %s", step.Fault, step.After, step.N, step.Side, step.Call))
	}
	return strings.Join(lines, "\n    ")
}

// violations are the broken promises of one operation that ran alone.
func (r report) violations() []string {
	var wrong []string
	add := func(broken bool, format string, args ...any) {
		if broken {
			wrong = append(wrong, fmt.Sprintf(format, args...))
		}
	}
	after, before := r.after.truth, r.before.truth
	pends, unknown := errors.Is(r.err, registration.ErrPending), errors.Is(r.err, registration.ErrOutcomeUnknown)
	add(r.err == nil && !r.isTrue() && !r.mayFade() && !r.isFooled(), "it reported success, which is not so: %+v", after)
	add(pends && (r.waits == nil || !r.waits(before, after)), "it says that it waits, which is not so: %+v", after)
	add(r.err != nil && !pends && !unknown && r.isDoneAllTheSame(), "it reported a failure, which is not so: %+v", after)
	add(!r.stale && r.result.After.State != "" && r.result.After.State != after.state && !unknown, "it reported another state: %s, and it is %s", r.result.After.State, after.state)
	add(after.spent > before.spent+1, "more than one token was spent: %d", after.spent-before.spent)
	add(before.state != registration.Unregistered && after.spent > before.spent, "a token was spent in vain: the workspace is %s", before.state)
	add(!r.stale && !mayEnd(r.before, after.state, r.action), "the model has no way there: from %s to %s", before.state, after.state)
	add(!r.disturbed() && !endsAsPredicted(r.err, r.predicted()), "nothing failed, and it did not end as it must: %v", r.predicted())
	return wrong
}

func (r report) predicted() []error {
	if r.ends == nil {
		return nil
	}
	return r.ends(r.before)
}

// isTrue reports whether what a success claims is so.
func (r report) isTrue() bool { return r.done(r.before.truth, r.after.truth) }

// isFooled reports whether something else may have answered the workspace in the Cloud's place. Servers believe a good status, and nothing that they show
// reports whether a sync has reached the Cloud.
func (r report) isFooled() bool {
	return r.name == "sync" && slices.ContainsFunc(r.fired, func(s faults.Step) bool { return s.Side == faults.Cloud })
}

// mayFade reports whether what was so may be over already, or something is so that was not then: a server that has just come up syncs, and so finds out that the Cloud has removed it.
func (r report) mayFade() bool { return r.stale && !r.before.known }

// isDoneAllTheSame reports whether what was to be done was not so before, is so now, and the error does not say so. A sync that proves nothing
// (ErrSyncFailed) leaves what it was to prove, and of a registration that the Cloud has removed (ErrRemovedFromCloud) nothing is left to do.
func (r report) isDoneAllTheSame() bool {
	if errors.Is(r.err, registration.ErrRemovedFromCloud) {
		return r.before.known
	}
	if r.stale && errors.Is(r.err, registration.ErrUnsupported) {
		return false // the program knows a version that cannot be asked; a newer one may show a license that was there before
	}
	return r.isTrue() && !r.mayFade() && !r.done(r.before.truth, r.before.truth) && !errors.Is(r.err, registration.ErrSyncFailed) &&
		!isFronted(r.name, r.err, r.fired)
}

// shows names the places in which a secret of the walk shows.
func (w *walk) shows(result registration.Result, err error) []string {
	for _, device := range w.ws.Cloud().Devices() {
		w.keepSecret(device.Code)
	}
	w.keepSecret(w.setting("Cloud_Workspace_Client_Secret"))
	var shown []string
	for place, text := range map[string]string{
		"the error":  fmt.Sprintf("%v %+v %#v", err, err, err),
		"the result": fmt.Sprintf("%v %+v %#v", result, result, result),
	} {
		if w.holdsSecret(text) {
			shown = append(shown, "a secret shows in "+place)
		}
	}
	return shown
}

func (w *walk) keepSecret(text string) {
	if text != "" && !slices.Contains(w.secrets, text) {
		w.secrets = append(w.secrets, text)
	}
}

func (w *walk) holdsSecret(text string) bool {
	return slices.ContainsFunc(w.secrets, func(secret string) bool { return strings.Contains(text, secret) })
}

// owes notes the grants that the Cloud gave between two looks, and names those that came to this machine and are neither kept nor in the workspace,
// and were not among those that have reached it meanwhile.
//
// A reply of the Cloud that a fault has hit may have brought nothing: nobody is owed that.
func (w *walk) owes(t *testing.T, before, after facts, fired []faults.Step, reached map[string]bool) []string {
	t.Helper()
	if w.transport == direct {
		return nil
	}
	all := w.ws.Cloud().Workspaces()
	if w.transport == relay && !isGrantHit(fired) {
		for _, given := range all[before.given:] {
			w.owed[given.ClientID] = before.uniqueID
			if w.kept(t, "pending", after.uniqueID).of == given.ID { // beside another that gave the workspace a new unique id
				w.owed[given.ClientID] = after.uniqueID
			}
		}
	}
	var lost []string
	for _, given := range all {
		uniqueID, owed := w.owed[given.ClientID]
		switch {
		case !owed:
		case given.Removed, given.ClientID == after.clientID, reached[given.ClientID]:
			delete(w.owed, given.ClientID)
		case w.transport == relay && w.kept(t, "pending", uniqueID).of != given.ID:
			lost = append(lost, "a grant is lost: "+given.ID)
		}
	}
	return lost
}

// isGrantHit reports whether a fault has hit a reply with which the Cloud gives a grant.
func isGrantHit(fired []faults.Step) bool {
	return slices.ContainsFunc(fired, func(s faults.Step) bool {
		return s.Side == faults.Cloud && (s.Call == faults.CallClients || s.Call == faults.CallPoll)
	})
}
