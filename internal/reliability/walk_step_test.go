package reliability_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/faults"
)

// steps are what may happen next on a walk.
func (w *walk) steps(t *testing.T) map[string]func(*rapid.T) {
	steps := map[string]func(*rapid.T){
		"the program restarts":       func(*rapid.T) { w.restart(t) },
		"the server is upgraded":     func(*rapid.T) { w.upgrade(t) },
		"it is removed in the Cloud": func(*rapid.T) { w.remove(t) },
		"time passes":                func(*rapid.T) { w.clock.Advance(20 * time.Minute) },
		"the message is answered":    w.answerMessage,
		"it asks whether it moved":   func(*rapid.T) { w.ws.Set("Deployment_FingerPrint_Verified", false) },
		"two at once":                func(rt *rapid.T) { w.pair(t, rt) },
	}
	if w.transport == gap {
		steps["a courier comes"] = func(rt *rapid.T) { w.courier(t, rt) }
	}
	for name, step := range steps {
		if name != "two at once" {
			steps[name] = func(rt *rapid.T) {
				w.tell("%s", name)
				step(rt)
			}
		}
	}
	for _, d := range actions(w.transport) {
		steps["do: "+d.name] = func(rt *rapid.T) { w.do(t, rt, d) }
	}
	return steps
}

// tally counts operations, and those of them that faults hit.
func (w *walk) tally(operations int64, fired []faults.Step) {
	w.count.operations.Add(operations)
	if len(fired) > 0 {
		w.count.hit.Add(operations)
	}
}

// tell adds to the story of the walk.
func (w *walk) tell(format string, args ...any) {
	w.story = append(w.story, fmt.Sprintf(format, args...))
}

func (w *walk) remove(t *testing.T) {
	t.Helper()
	for _, known := range w.ws.Cloud().Workspaces() {
		if !known.Removed {
			if err := w.ws.Cloud().Remove(known.ID); err != nil {
				t.Fatal(err)
			}
			w.removed = true
		}
	}
}

// answerMessage does what a person does about the message of the ticket, if there is one that is not answered.
func (w *walk) answerMessage(rt *rapid.T) {
	cloud := w.ws.Cloud()
	answers := []func(string) error{cloud.ConfirmDevice, cloud.DenyDevice, cloud.ExpireDevice}
	answer := answers[rapid.SampledFrom([]int{0, 0, 0, 1, 2}).Draw(rt, "answer")]
	err := answer(w.ticket.DeviceCode)
	if err != nil && !errors.Is(err, registrationtest.ErrNotFound) {
		rt.Fatal(err)
	}
}

// disturb draws what goes wrong during an operation: nothing half of the time.
func (w *walk) disturb(t *testing.T, rt *rapid.T) {
	w.faults.Clear()
	if rapid.SampledFrom([]bool{false, true}).Draw(rt, "disturbed") {
		all := append(faults.All(), faults.Fault{
			Side: faults.Workspace, Kind: faults.Restart, Do: func() { w.upgrade(t) },
		})
		fault := rapid.SampledFrom(all).Draw(rt, "fault")
		n := rapid.IntRange(1, 10).Draw(rt, "at exchange")
		w.faults.At(n, fault)
	}
}

// chooseToken takes a fresh token where the one at hand is spent, mostly.
func (w *walk) chooseToken(rt *rapid.T, f facts) facts {
	if f.burnt && rapid.SampledFrom([]bool{true, true, false}).Draw(rt, "fresh token") {
		w.freshToken()
		f.burnt = false
	}
	return f
}

// do runs an operation, disturbed or not, and judges it. One that failed is run once more with nothing in its way.
func (w *walk) do(t *testing.T, rt *rapid.T, d action) {
	facts := w.facts(t)
	if d.skips != nil && d.skips(facts) {
		rt.Skip() // how rapid is told that a step does not fit here, so that it draws another; no test is skipped
	}
	if d.takesToken() {
		facts = w.chooseToken(rt, facts)
	}
	w.disturb(t, rt)
	r := w.perform(t, rt, d, facts)
	if !r.disturbed() || r.err == nil || errors.Is(r.err, registration.ErrPending) {
		return
	}
	w.restart(t)
	w.tell("again")
	w.perform(t, rt, d, w.facts(t))
}

// perform runs an operation over what is set to go wrong, and fails the walk when a promise is broken.
func (w *walk) perform(t *testing.T, rt *rapid.T, d action, before facts) report {
	stale := w.isStale()
	result, err := d.run(context.Background(), t, w.world)
	r := report{action: d, before: before, result: result, err: err, fired: w.faults.Fired(), stale: stale || w.isStale()}
	followed := w.faults.Followed()
	w.faults.Clear()
	w.tally(1, r.fired)
	w.saveTicket(rt, err)
	r.after = w.facts(t)
	w.tell("%s", r)
	wrong := append(r.violations(), w.shows(result, err)...)
	wrong = append(wrong, w.owes(t, before, r.after, r.fired, nil)...)
	if followed > 0 {
		wrong = append(wrong, "it followed a redirect to another host")
	}
	w.fail(rt, wrong)
	return r
}

// fail ends the walk with its story when something is wrong. The failure itself is what comes before the first colon: a walk is shrunk as long as that stays.
func (w *walk) fail(rt *rapid.T, wrong []string) {
	if len(wrong) == 0 {
		return
	}
	rt.Logf("over the transport %s, with a settings cache that lags %s:\n  %s\n%s", w.transport, w.lag, strings.Join(w.story, "\n  "), strings.Join(wrong, "\n"))
	what, _, _ := strings.Cut(wrong[0], ":")
	rt.Fatal(what)
}

// saveTicket keeps the ticket of what waits, as its JSON.
func (w *walk) saveTicket(rt *rapid.T, err error) {
	var pending *registration.PendingError
	if !errors.As(err, &pending) {
		return
	}
	text, jsonErr := json.Marshal(pending.Ticket)
	if jsonErr != nil {
		rt.Fatal(jsonErr)
	}
	ticket, parseErr := registration.ParseTicket(text)
	if parseErr != nil {
		rt.Fatal(parseErr)
	}
	w.ticket = ticket
	w.keepSecret(ticket.DeviceCode)
}
