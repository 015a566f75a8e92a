package reliability_test

import (
	"log/slog"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/faults"
	"github.com/rcreg/registration/workspace"
)

// upgrades are the versions that a workspace walks through. It starts at any of them.
func upgrades() []string {
	return []string{"3.0.0", "3.1.0", "4.4.0", "5.4.0", "6.0.0", "6.5.0", "8.7.0", "8.9.0", "9.0.0"}
}

// walk is one workspace on its way: the world that things happen to, and what has to be remembered of it.
type walk struct {
	*world
	lag     time.Duration // of the settings cache
	started string        // the version that the program found when it started
	// owed are the grants that have come to this machine and have not been seen in the workspace yet: the client's id, and the unique id that it is kept for.
	owed    map[string]string
	doubted []string // tokens of which a courier may not know whether they are spent
	removed bool     // something was removed in the Cloud
	story   []string // what happened, step by step
	count   *walked
}

// newWalk starts a workspace and a program. Faults hit what the program asks, and what the workspace asks the Cloud meanwhile.
func newWalk(t *testing.T, version, transport string, lag time.Duration) *walk {
	t.Helper()
	clock := registrationtest.NewClock(began())
	plan := faults.NewPlan(clock)
	ws, err := registrationtest.StartWorkspace(version, registrationtest.WithClock(clock), registrationtest.WithCloudFaults(plan), registrationtest.WithSettingsLag(lag))
	if err != nil {
		t.Fatal(err)
	}
	w := &walk{world: &world{version: version, transport: transport, ws: ws, clock: clock, faults: plan, wire: newWire(), log: &journal{}}, lag: lag, owed: map[string]string{}}
	w.dir = folder(t)
	w.license, err = ws.Cloud().License(registrationtest.LicenseSpec{})
	if err != nil {
		t.Fatal(err)
	}
	w.freshToken()
	w.secrets = append(w.secrets, ws.Admin().AuthToken, ws.Admin().Password)
	w.restart(t)
	return w
}

// folder makes a folder for a walk: in memory where the system has room there, since every file is synced, and none has to survive the system.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "walk") //nolint:usetesting // t.TempDir is on a disk
	if err != nil {
		return t.TempDir()
	}
	return dir
}

// freshToken gets another registration token.
func (w *walk) freshToken() {
	w.token = w.ws.Cloud().IssueToken()
	w.secrets = append(w.secrets, w.token)
}

// restart ends the program and starts it anew: only what is on disk comes from the one before.
func (w *walk) restart(t *testing.T) {
	t.Helper()
	w.faults.Clear()
	w.started = w.ws.Version()
	w.world = w.program(t, w.faults.RoundTripper(w.wire))
	w.noticeVersion(t)
}

// noticeVersion lets those who look for the truth know which version the server has.
func (w *walk) noticeVersion(t *testing.T) {
	t.Helper()
	if w.clean == nil || w.version != w.ws.Version() {
		w.version = w.ws.Version()
		w.clean = w.open(t, registration.Direct(), workspace.WithRoundTripper(w.wire.transport))
	}
}

// program is the same world with a client of its own, whose exchanges go through a transport.
func (w *walk) program(t *testing.T, through http.RoundTripper) *world {
	t.Helper()
	own := *w.world
	logger := slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var err error
	own.cloud, err = cloud.New(cloud.WithURL(w.ws.Cloud().URL()), cloud.WithClock(w.clock), cloud.WithLogger(logger), cloud.WithRoundTripper(through))
	if err != nil {
		t.Fatal(err)
	}
	own.client = own.open(t, own.newTransport(t), workspace.WithLogger(logger), workspace.WithRoundTripper(through))
	return &own
}

// isStale reports whether the server has another version than the one that the program found.
func (w *walk) isStale() bool { return w.ws.Version() != w.started }

// upgrade restarts the server with the next version.
func (w *walk) upgrade(t *testing.T) {
	t.Helper()
	for _, version := range upgrades() {
		if before(w.ws.Version(), version) {
			if err := w.ws.Upgrade(version); err != nil {
				t.Error(err)
			}
			return
		}
	}
}

// setting is a text among the settings of the workspace.
func (w *walk) setting(name string) string {
	text, _ := w.ws.Setting(name).(string)
	return text
}

// current is the registration that the workspace uses, as the Cloud knows it.
func (w *walk) current() (registrationtest.Registration, bool) {
	clientID := w.setting("Cloud_Workspace_Client_Id")
	for _, known := range w.ws.Cloud().Workspaces() {
		if known.ClientID == clientID {
			return known, true
		}
	}
	return registrationtest.Registration{}, false
}

// stateNow is the state of the workspace at this moment, by its database.
func (w *walk) stateNow() registration.State {
	// A server takes any value for a client that the Cloud has answered, and up to 4.8 no secret.
	isSet := func(name string) bool { value := w.ws.Setting(name); return value != nil && value != "" }
	if !isSet("Cloud_Workspace_Client_Id") || !isSet("Cloud_Workspace_Client_Secret") && !before(w.ws.Version(), "5.0") {
		return registration.Unregistered
	}
	if connected, ok := w.ws.Setting("Register_Server").(bool); ok && !connected && before(w.ws.Version(), "6.5") {
		return registration.Disconnected
	}
	return registration.Registered
}
