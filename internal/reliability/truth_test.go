package reliability_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/grants"
	"github.com/rcreg/registration/workspace"
)

// truth is what the workspace and the Cloud hold, whatever anybody reports.
type truth struct {
	state       registration.State
	workspaceID string
	uniqueID    string
	clientID    string
	verified    bool // the deployment
	license     registration.LicenseState
	licensed    string // with what: the id, the modules and the end of the license
	syncs       int    // that the Cloud has seen
	spent       int    // registration tokens
	given       int    // grants
	devices     int    // messages that were sent
	requests    int    // in the exchange folder
	answers     int
}

func (w *world) truth(t *testing.T) truth {
	t.Helper()
	w.clock.Advance(tick)
	w.faults.Settle()
	w.clock.Advance(tick)
	text := func(name string) string { s, _ := w.ws.Setting(name).(string); return s }
	now := truth{
		state:       registration.Unregistered,
		workspaceID: text("Cloud_Workspace_Id"),
		uniqueID:    text("uniqueID"),
		clientID:    text("Cloud_Workspace_Client_Id"),
		spent:       len(w.ws.Cloud().SpentTokens()),
		devices:     len(w.ws.Cloud().Devices()),
	}
	if now.clientID != "" && text("Cloud_Workspace_Client_Secret") != "" {
		now.state = registration.Registered
		if connected, ok := w.ws.Setting("Register_Server").(bool); ok && !connected && before(w.version, "6.5") {
			now.state = registration.Disconnected
		}
	}
	now.verified, _ = w.ws.Setting("Deployment_FingerPrint_Verified").(bool)
	workspaces := w.ws.Cloud().Workspaces()
	now.given = len(workspaces)
	for _, known := range workspaces {
		now.syncs += known.Syncs
	}
	now.requests, now.answers = w.files(t, "requests"), w.files(t, "answers")
	if !w.licenseless && !before(w.version, "3.10") {
		if w.clean == nil {
			w.clean = w.open(t, registration.Direct(), workspace.WithRoundTripper(w.wire.transport))
		}
		license, err := w.clean.License(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		now.license, now.licensed = license.State, fmt.Sprint(license.ID, license.Modules, license.Expires)
	}
	return now
}

// files counts the files for couriers in a folder of the exchange folder.
func (w *world) files(t *testing.T, folder string) int {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(w.dir, "exchange", folder, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	return len(names)
}

// keptSecrets are the secrets of the grants that the relay has kept, if there are any.
func (w *world) keptSecrets(t *testing.T, uniqueID string) []string {
	t.Helper()
	if w.transport != relay {
		return nil
	}
	var kept []string
	for _, name := range []string{"pending", "registered"} {
		grant, err := w.vault(t, name).Load(uniqueID)
		switch {
		case err == nil:
			kept = append(kept, grant.ClientSecret.Reveal(), grant.Blob())
		case !errors.Is(err, grants.ErrNothingKept):
			t.Fatal(err)
		}
	}
	return kept
}

// isGrantKept reports whether the relay has kept what the Cloud gave.
func (w *world) isGrantKept(t *testing.T, uniqueID string) bool {
	t.Helper()
	kept, err := w.vault(t, "pending").Has(uniqueID)
	if err != nil {
		t.Fatal(err)
	}
	return kept
}
