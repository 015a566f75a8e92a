package reliability_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/grants"
	"github.com/rcreg/registration/offline"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/faults"
	relays "github.com/rcreg/registration/relay"
	"github.com/rcreg/registration/workspace"
)

// The transports to the Cloud.
const (
	direct = "direct"
	relay  = "relay"
	gap    = "offline"
)

func transports() []string { return []string{direct, relay, gap} }

// dialects has a server for each generation that is asked in another way.
func dialects() []string {
	return []string{"3.0.0", "3.1.0", "4.4.0", "4.6.0", "6.0.0", "6.5.0", "8.7.0", "8.9.0", "9.0.0"}
}

// began is when the clocks start.
func began() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }

// world is a workspace with its Cloud, and a program that works on them over a transport on which things may go wrong.
type world struct {
	version, transport string
	ws                 *registrationtest.Workspace
	clock              *registrationtest.Clock
	faults             *faults.Plan
	wire               *wire
	log                *journal
	dir                string
	cloud              *cloud.Client
	client             *registration.Client // over the transport
	clean              *registration.Client // over nothing that fails, for what no setting shows; nil until it is needed
	licenseless        bool                 // the operation has nothing to do with licenses: nobody looks for one
	ticket             registration.Ticket
	token              string   // that the operation may spend
	license            string   // that the operation applies
	secrets            []string // registration tokens
	printed            []string // what a program would print besides
}

// newWorld starts a workspace with a Cloud.
func newWorld(t *testing.T, version, transport string, lag time.Duration) *world {
	t.Helper()
	clock := registrationtest.NewClock(began())
	plan := faults.NewPlan(clock)
	itsCloud, err := registrationtest.StartCloud(registrationtest.WithClock(clock))
	if err != nil {
		t.Fatal(err)
	}
	ws, err := registrationtest.StartWorkspace(version, registrationtest.WithClock(clock), registrationtest.WithCloudFaults(plan), registrationtest.WithCloud(itsCloud),
		registrationtest.WithSettingsLag(lag))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{version: version, transport: transport, ws: ws, clock: clock, faults: plan, wire: newWire(), log: &journal{}}
	w.dir = folder(t)
	logger := slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	w.cloud, err = cloud.New(cloud.WithURL(ws.Cloud().URL()), cloud.WithClock(clock), cloud.WithLogger(logger), cloud.WithRoundTripper(w.faults.RoundTripper(w.wire)))
	if err != nil {
		t.Fatal(err)
	}
	w.token = ws.Cloud().IssueToken()
	w.client = w.open(t, w.newTransport(t), workspace.WithLogger(logger), workspace.WithRoundTripper(w.faults.RoundTripper(w.wire)))
	w.secrets = append(w.secrets, w.token)
	return w
}

func (w *world) open(t *testing.T, transport registration.Transport, options ...workspace.Option) *registration.Client {
	t.Helper()
	admin := w.ws.Admin()
	password := func(context.Context, workspace.Challenge) (string, error) { return admin.Password, nil }
	options = append(options, workspace.WithClock(w.clock), workspace.WithTwoFactor(password))
	ws, err := workspace.New(w.ws.URL(), workspace.Token(admin.UserID, admin.AuthToken), options...)
	if err != nil {
		t.Fatal(err)
	}
	client, err := registration.New(t.Context(), ws, registration.WithTransport(transport))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// made ends the test where a transport cannot be made.
func made(t *testing.T) func(registration.Transport, error) registration.Transport {
	return func(transport registration.Transport, err error) registration.Transport {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return transport
	}
}

// newTransport makes the transport of the world, with everything that it keeps in the world's folder.
func (w *world) newTransport(t *testing.T) registration.Transport {
	t.Helper()
	switch w.transport {
	case relay:
		return made(t)(relays.New(w.cloud, w.vault(t, "pending"), relays.LicensesWith(w.vault(t, "registered"))))
	case gap:
		state, err := offline.OpenState(filepath.Join(w.dir, "state"))
		if err != nil {
			t.Fatal(err)
		}
		return made(t)(offline.NewTransport(w.exchange(t), state))
	}
	return registration.Direct()
}

func (w *world) vault(t *testing.T, name string) *grants.Store {
	t.Helper()
	vault, err := grants.Open(filepath.Join(w.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return vault
}

func (w *world) exchange(t *testing.T) *offline.Folder {
	t.Helper()
	folder, err := offline.OpenFolder(filepath.Join(w.dir, "exchange"))
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// carry runs a courier over the exchange folder.
func (w *world) carry(t *testing.T) (offline.Report, error) {
	t.Helper()
	ledger, err := offline.OpenLedger(filepath.Join(w.dir, "ledger"))
	if err != nil {
		return offline.Report{}, err
	}
	defer func() {
		if err := ledger.Close(); err != nil {
			t.Error(err)
		}
	}()
	uniqueID, _ := w.ws.Setting("uniqueID").(string)
	tokens, err := offline.ParseTokens([]byte(uniqueID + " " + w.token))
	if err != nil {
		t.Fatal(err)
	}
	courier := &offline.Courier{Cloud: w.cloud, Tokens: tokens, Folder: w.exchange(t), Ledger: ledger, KeepGrants: true, Clock: w.clock}
	return courier.Run(t.Context())
}

func (w *world) close(t *testing.T) {
	t.Helper()
	w.wire.transport.CloseIdleConnections()
	if open := w.wire.left(); open != 0 {
		t.Errorf("%d connections stayed open", open)
	}
	w.ws.Close()
	w.ws.Cloud().Close()
	if err := os.RemoveAll(w.dir); err != nil {
		t.Error(err)
	}
}

// journal is a log that is kept.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}
