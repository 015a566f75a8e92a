package reliability_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/registrationtest/faults"
)

// pair lets two programs work on the workspace at once.
//
// Neither knows of the other, so what one reports may be over when it reports it: a success was true at some moment between begin and end, a failure
// likewise, and so was the state that it shows. Each spends at most its own token, and over a relay both share a vault and spend one together, unless the reply to
// the first is lost. No token is spent where the workspace was registered all the time.
func (w *walk) pair(t *testing.T, rt *rapid.T) {
	before := w.facts(t)
	all := actions(w.transport)
	all = append(all, all[1], all[1], all[1]) // above all to register, where most can go wrong
	var both [2]action
	for i := range both {
		both[i] = rapid.SampledFrom(all).Filter(func(d action) bool { return d.skips == nil || !d.skips(before) }).Draw(rt, "one of two")
	}
	before = w.chooseToken(rt, before)
	// A second token, or the same twice.
	tokens := [2]string{w.token, w.token}
	if rapid.Bool().Draw(rt, "own tokens") {
		w.freshToken()
		tokens[1] = w.token
	}
	queue := newTurns(rapid.SliceOfN(rapid.IntRange(0, 1), 0, 40).Draw(rt, "order"))
	seen := &moments{walk: w, reached: map[string]bool{}}
	seen.look()
	w.faults.Clear()
	var reports [2]report
	var work [2]func()
	for i, d := range both {
		program := w.program(t, queue.of(i, w.faults.RoundTripper(w.wire), seen.look))
		program.token = tokens[i]
		work[i] = func() {
			result, err := d.run(context.Background(), t, program)
			reports[i] = report{action: d, before: before, result: result, err: err}
		}
	}
	w.disturb(t, rt)
	stale := w.isStale()
	// A workspace may have a registration for no longer than one of its own exchanges with the Cloud, and its settings cache shows that to the other program.
	w.faults.Watch(func(faults.Step) { seen.look() })
	queue.run(work)
	w.faults.Watch(nil)
	fired := w.faults.Fired()
	followed := w.faults.Followed()
	w.faults.Clear()
	after := w.facts(t)
	w.tally(2, fired)
	w.count.pairs.Add(1)
	w.tell("two at once:")
	var wrong []string
	for i := range reports {
		reports[i].after, reports[i].fired, reports[i].stale = after, fired, stale || w.isStale()
		w.saveTicket(rt, reports[i].err)
		w.tell("  %s", reports[i])
		wrong = append(wrong, reports[i].violationsBeside(seen.states)...)
		wrong = append(wrong, w.shows(reports[i].result, reports[i].err)...)
	}
	if followed > 0 {
		wrong = append(wrong, "one followed a redirect to another host")
	}
	wrong = append(wrong, w.owes(t, before, after, fired, seen.reached)...)
	wrong = append(wrong, brokenTogether(reports, seen.states)...)
	w.fail(rt, wrong)
}

// moments are what was seen of the workspace while programs worked on it.
type moments struct {
	walk    *walk
	mu      sync.Mutex
	states  []registration.State
	reached map[string]bool // the ids of the clients that it had
}

func (m *moments) look() {
	state, client := m.walk.stateNow(), m.walk.setting("Cloud_Workspace_Client_Id")
	m.mu.Lock()
	defer m.mu.Unlock()
	m.states = append(m.states, state)
	m.reached[client] = true
}

// violationsBeside are the broken promises of an operation beside another one.
func (r report) violationsBeside(states []registration.State) []string {
	var wrong []string
	add := func(broken bool, format string, args ...any) {
		if broken {
			wrong = append(wrong, fmt.Sprintf(format, args...)+", "+r.name)
		}
	}
	states = append(states, r.after.state)
	wasTrue := func() bool {
		return slices.ContainsFunc(states, func(state registration.State) bool {
			then := r.after.truth
			then.state = state
			return r.done(r.before.truth, then)
		})
	}
	shown := r.result.After.State
	add(r.err == nil && r.ofState && !wasTrue(), "beside another it reported success, which was never so: %v", states)
	add(!r.stale && shown != "" && !slices.Contains(states, shown), "beside another it reported a state that never was: %s, none of %v", shown, states)
	return wrong
}

// brokenTogether are the broken promises of two operations at once.
func brokenTogether(reports [2]report, states []registration.State) []string {
	var wrong []string
	before, after := reports[0].before, reports[0].after
	most := 0
	for _, r := range reports {
		if r.takesToken() {
			most++
		}
	}
	if after.transport == relay && !isGrantHit(reports[0].fired) {
		most = min(most, 1)
	}
	if after.transport == gap || !slices.Contains(states, registration.Unregistered) {
		most = 0
	}
	if spent := after.spent - before.spent; spent > most {
		wrong = append(wrong, fmt.Sprintf("together they spent too many tokens: %d, at most %d", spent, most))
	}
	if !reports[0].stale && !mayEnd(before, after.state, reports[0].action, reports[1].action) {
		wrong = append(wrong, fmt.Sprintf("together they have no way there: from %s to %s", before.state, after.state))
	}
	return wrong
}
