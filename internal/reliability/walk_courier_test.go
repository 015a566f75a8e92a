package reliability_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/offline"
)

// courier carries the folder to the Cloud and back, disturbed or not.
func (w *walk) courier(t *testing.T, rt *rapid.T) {
	before := w.chooseToken(rt, w.facts(t))
	w.disturb(t, rt)
	report, err := w.carry(t)
	fired := w.faults.Fired()
	w.faults.Clear()
	if len(fired) > 0 {
		w.doubted = append(w.doubted, w.token)
	}
	after := w.facts(t)
	wrong := w.shows(registration.Result{}, err)
	for _, item := range report.Items {
		w.tell("  request %s for a %s: %s, %v", item.Request, item.Kind, item.Outcome, item.Err)
		wrong = append(wrong, w.shows(registration.Result{}, item.Err)...)
		if len(fired) == 0 && !slices.Contains(w.outcomes(item, before), item.Outcome) {
			wrong = append(wrong, fmt.Sprintf("nothing failed, and the courier has no answer: %s, %v", item.Outcome, item.Err))
		}
	}
	if err != nil {
		wrong = append(wrong, fmt.Sprintf("the courier failed: %v", err))
	}
	if after.spent > before.spent+1 {
		wrong = append(wrong, fmt.Sprintf("more than one token was spent: %d", after.spent-before.spent))
	}
	if !isGrantHit(fired) {
		for _, given := range w.ws.Cloud().Workspaces()[before.given:] {
			w.owed[given.ClientID] = before.uniqueID
		}
	}
	w.fail(rt, wrong)
}

// outcomes are what a courier may say of a request when nothing fails. A grant that has come to a courier becomes an answer, whatever failed afterwards.
// A token whose fate an earlier run could not learn stays unknown.
func (w *walk) outcomes(item offline.Item, f facts) []offline.Outcome {
	good := []offline.Outcome{offline.Answered, offline.AnsweredBefore, offline.WrittenAgain}
	switch {
	case f.removed:
	case item.Kind == offline.Registration && w.isOwed(item.Workspace.UniqueID):
		return good
	case item.Kind == offline.Registration && item.Workspace.UniqueID == f.uniqueID && !f.burnt:
		return append(good, offline.Unknown)
	}
	return append(good, offline.Unknown, offline.Refused, offline.Failed)
}

// isOwed reports whether the Cloud gave a grant for the workspace that came to this machine, and has not been seen in the workspace yet.
func (w *walk) isOwed(uniqueID string) bool {
	for _, of := range w.owed {
		if of == uniqueID {
			return true
		}
	}
	return false
}
