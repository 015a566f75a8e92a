package reliability_test

import (
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/grants"
	"github.com/rcreg/registration/offline"
	"github.com/rcreg/registration/registrationtest"
)

// facts are the truth, and what else decides how an operation ends when nothing fails.
type facts struct {
	truth
	version   string
	transport string
	given     int  // registrations that the Cloud ever gave
	known     bool // the Cloud knows the registration that the workspace uses, and has not removed it
	burnt     bool // the token at hand is spent, or a courier does not know
	// device is what became of the message of the ticket at hand; empty without one.
	device registrationtest.DeviceState
	ticket registration.Ticket
	now    bool // the ticket has not run out
	kept   kept // the grant on its way to the workspace
	stored kept // the grant for its licenses
	// removed: something was removed in the Cloud, so that a grant may be worth nothing.
	removed bool
	// answered tells for which kinds of requests across the gap an answer lies in the folder.
	answered map[offline.Kind]bool
}

// kept is what a vault keeps for the workspace.
type kept struct {
	is    bool
	of    string // the workspace's id in the Cloud
	known bool   // and the Cloud has not removed it
}

func (w *walk) facts(t *testing.T) facts {
	t.Helper()
	w.noticeVersion(t)
	f := facts{truth: w.truth(t), version: w.version, transport: w.transport, given: len(w.ws.Cloud().Workspaces()), ticket: w.ticket, removed: w.removed}
	current, ok := w.current()
	f.known = ok && !current.Removed
	f.burnt = slices.Contains(w.ws.Cloud().SpentTokens(), w.token) || slices.Contains(w.doubted, w.token)
	for _, device := range w.ws.Cloud().Devices() {
		if device.Code == w.ticket.DeviceCode {
			f.device = device.State
		}
	}
	f.now = w.ticket.Expires.IsZero() || w.clock.Now().Before(w.ticket.Expires)
	switch w.transport {
	case relay:
		f.kept, f.stored = w.kept(t, "pending", f.uniqueID), w.kept(t, "registered", f.uniqueID)
	case gap:
		f.answered = w.answered(t, f.uniqueID)
	}
	return f
}

// kept looks into a vault of the relay.
func (w *walk) kept(t *testing.T, vault, uniqueID string) kept {
	t.Helper()
	grant, err := w.vault(t, vault).Load(uniqueID)
	if errors.Is(err, grants.ErrNothingKept) {
		return kept{}
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, known := range w.ws.Cloud().Workspaces() {
		if known.ID == grant.WorkspaceID {
			return kept{is: true, of: known.ID, known: !known.Removed}
		}
	}
	return kept{is: true, of: grant.WorkspaceID}
}

// answered looks for the answers to the requests of the workspace that are not closed.
func (w *walk) answered(t *testing.T, uniqueID string) map[offline.Kind]bool {
	t.Helper()
	state, err := offline.OpenState(filepath.Join(w.dir, "state"))
	if err != nil {
		t.Fatal(err)
	}
	folder := w.exchange(t)
	requester := &offline.Requester{Folder: folder, State: state, Clock: w.clock}
	pending, err := requester.Pending(uniqueID)
	if err != nil {
		t.Fatal(err)
	}
	found := map[offline.Kind]bool{}
	for _, request := range pending {
		if _, err := folder.Answer(request); err == nil {
			found[request.Kind()] = true
		}
	}
	return found
}
