package offline_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/rcreg/registration/grants"
	"github.com/rcreg/registration/registrationtest"
)

// TestKilledRelayTakesAnotherToken goes on with another token than the killed process had, as a fleet does. At every step between the note that a token leaves (the try)
// and the moment in which that is forgotten, the next run ends registered. The tokens that are spent are the one of the registration and those that its result calls
// lost, and a grant that was whole on disk costs no second one.
func TestKilledRelayTakesAnotherToken(t *testing.T) {
	t.Parallel()
	t.Run("whole grant", func(t *testing.T) {
		t.Parallel()
		killing{trial: trial{Transport: byRelay}, isStep: everyStep, then: takeAnotherToken}.killAll(t, "6.13.0")
	})
	t.Run("grant without a license", func(t *testing.T) {
		t.Parallel()
		killing{trial: trial{Transport: byRelay, WithoutLicense: true}, isStep: eachReply, then: takeAnotherToken}.killAll(t, "6.13.0")
	})
}

// takeAnotherToken registers with a new token, and compares what is said of tokens with what the Cloud knows of them.
func takeAnotherToken(t *testing.T, tr trial, ws *registrationtest.Workspace, step string) {
	t.Helper()
	first, whole := tr.Token, tr.hasWholeGrant(t)
	tr.Token, tr.Tells = ws.Cloud().IssueToken(), true
	lines, err := tr.inAChild(t)
	if err != nil {
		t.Fatalf("the next run ends with %s", said(err))
	}
	var told toldOfTokens
	must(t, json.Unmarshal([]byte(lines[len(lines)-1]), &told))
	tr.expectDone(t, ws)
	spent := ws.Cloud().SpentTokens()
	if took := slices.Contains(spent, tr.Token); told.Unspent == took {
		t.Errorf("the new token is spent: %t, and it says unspent: %t", took, told.Unspent)
	}
	if whole && len(spent) > 1 {
		t.Errorf("a grant that was whole on disk is lost: %v", spent)
	}
	want := 1 + told.Lost
	if step == "before POST clients" && told.Lost == 1 && !slices.Contains(spent, first) {
		want = 1 // whether a token that was noted came to leave, nothing on this machine can tell
	}
	if len(spent) != want {
		t.Errorf("%d tokens are spent: one of the registration, and %d are told of as lost", len(spent), told.Lost)
	}
	store, err := grants.Open(tr.at("pending"))
	must(t, err)
	if tries, err := store.Tries(tr.UniqueID); err != nil || len(tries) != 0 {
		t.Errorf("still noted is %v, %v", tries, err)
	}
}
