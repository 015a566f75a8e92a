package offline_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/offline"
)

// TestStateFolderThatCannotBeUsed: nothing is asked without a key, and nothing is handed over that is not kept. A file in the place of a folder stops
// even the superuser, as a full disk would.
func TestStateFolderThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		folder string
		asks   bool // before the folder is blocked
	}{{"pending", false}, {"received", true}, {"used", true}} {
		name := tc.folder
		if tc.asks {
			name += " after asking"
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGapped(t, "6.13.0")
			client := g.run(t)
			if tc.asks {
				g.ask(t, client)
				g.courier(t)
			}
			blocked := filepath.Join(g.path, "state", tc.folder)
			if err := os.WriteFile(blocked, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			result, err := client.Register(t.Context(), registration.Request{})
			clienttest.Expect(t, "register", result, err, offline.ErrStateDamaged, false)
			if errors.Is(err, registration.ErrInvalidGrant) || !strings.Contains(err.Error(), tc.folder) {
				t.Errorf("got %v", err)
			}
			if g.handedOver() != 0 {
				t.Error("something was handed over")
			}
			if !tc.asks {
				g.expectFiles(t, "requests")
			}
			if err := os.Remove(blocked); err != nil {
				t.Fatal(err)
			}
			if !tc.asks {
				g.ask(t, client)
				return
			}
			result, err = client.Register(t.Context(), registration.Request{})
			clienttest.Expect(t, "register again", result, err, nil, true)
		})
	}
}

// TestStateFolderThatOthersCanRead keeps the key of no request.
func TestStateFolderThatOthersCanRead(t *testing.T) {
	t.Parallel()
	g := newGapped(t, "6.13.0")
	client := g.run(t)
	ticket := g.ask(t, client)
	if err := os.Chmod(filepath.Join(g.path, "state"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, look := range g.looks(client, ticket) {
		result, err := look(t)
		clienttest.Expect(t, name, result, err, registration.ErrInvalidInput, false)
		if !errors.Is(err, offline.ErrReadableByOthers) || !strings.Contains(err.Error(), "chmod 700") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// TestDamagedRequest: a request whose key is gone can be withdrawn, and asked anew.
func TestDamagedRequest(t *testing.T) {
	t.Parallel()
	g := newGapped(t, "6.13.0")
	client := g.run(t)
	ticket := g.ask(t, client)
	kept, err := filepath.Glob(filepath.Join(g.path, "state", "pending", ticket.Request+"*"))
	if err != nil || len(kept) != 1 {
		t.Fatalf("%v, %v", kept, err)
	}
	if err := os.WriteFile(kept[0], []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, look := range g.looks(client, ticket) {
		result, err := look(t)
		clienttest.Expect(t, name, result, err, offline.ErrStateDamaged, false)
		if errors.Is(err, registration.ErrInvalidGrant) || !strings.Contains(err.Error(), ticket.Request) || !strings.Contains(err.Error(), "withdrawn") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if err := g.requester(t).Withdraw(ticket.Request); err != nil {
		t.Fatal(err)
	}
	if again := g.ask(t, client); again.Request == ticket.Request {
		t.Error("the damaged request stands")
	}
}

// TestAnotherStateFolder has not the key of the request.
func TestAnotherStateFolder(t *testing.T) {
	t.Parallel()
	g := newGapped(t, "6.13.0")
	ticket := g.ask(t, g.run(t))
	g.courier(t)
	if err := os.Rename(filepath.Join(g.path, "state"), filepath.Join(g.path, "other")); err != nil {
		t.Fatal(err)
	}
	result, err := g.run(t).Resume(t.Context(), ticket)
	clienttest.Expect(t, "resume", result, err, registration.ErrInvalidInput, false)
	if !errors.Is(err, offline.ErrUnknownRequest) || !strings.Contains(err.Error(), "state folder") {
		t.Errorf("got %v", err)
	}
}

// TestOfflineWithoutFolders says what is missing, before anything is asked.
func TestOfflineWithoutFolders(t *testing.T) {
	t.Parallel()
	r := newGapped(t, "6.13.0").requester(t)
	for name, without := range map[string]offline.Requester{"neither": {}, "no state": {Folder: r.Folder}, "no folder": {State: r.State}} {
		transport, err := offline.NewTransport(without.Folder, without.State)
		if transport != nil || !errors.Is(err, registration.ErrInvalidInput) || !strings.Contains(err.Error(), "folder is missing") {
			t.Errorf("%s: got %v, %v", name, transport, err)
		}
	}
}

// TestOfflineCarriesNoToken refuses what belongs to the other transports, with nothing written.
func TestOfflineCarriesNoToken(t *testing.T) {
	t.Parallel()
	g := newGapped(t, "6.13.0")
	client := g.run(t)
	g.ClearHistory()
	for name, request := range map[string]registration.Request{"a token": {Token: "some-token"}, "an e-mail": {Email: "ops@example.com"}} {
		result, err := client.Register(t.Context(), request)
		clienttest.Expect(t, name, result, err, registration.ErrInvalidInput, false)
		if strings.Contains(err.Error(), "some-token") || !strings.Contains(err.Error(), "nothing was sent") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	g.expectFiles(t, "requests")
	if n := len(g.History()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}
