package endtoend_test

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/secret"
	"github.com/rcreg/registration/registrationtest/sim"
	"github.com/rcreg/registration/temporal"
	"github.com/rcreg/registration/temporal/devserver/internal/devserver"
	"github.com/rcreg/registration/temporal/devserver/internal/jumpclock"
)

// world is a server, a client of it, and fake workspaces, all by one clock.
type world struct {
	client.Client
	tb     testing.TB
	clock  *jumpclock.Clock // nil for that of the machine
	server *devserver.Server
	dir    string // of the server
	key    string
	sim    *sim.Server
	folder string // of the list, its secrets and its tokens
	list   fleet.List
}

// newWorld starts count fake workspaces of these versions, more than one.
func newWorld(tb testing.TB, count int, versions ...string) *world {
	tb.Helper()
	w := &world{tb: tb, clock: jumpclock.New(), key: newKey()}
	w.open(sim.Config{Count: count, Versions: versions, Clock: w.clock})
	return w
}

// open starts the fakes and the server, for as long as the test lasts.
func (w *world) open(config sim.Config) {
	w.tb.Helper()
	w.dir, w.folder = filepath.Join(w.tb.TempDir(), "server"), filepath.Join(w.tb.TempDir(), "fleet")
	config.FleetDir = w.folder
	var err error
	if w.sim, err = sim.Start(config); err != nil {
		w.tb.Fatal(err)
	}
	w.tb.Cleanup(w.sim.Close)
	for i, token := range w.sim.FleetInfo().RegistrationTokens {
		if err := os.WriteFile(w.tokenFile(w.sim.Fleet().Name(i)), []byte(token), 0o600); err != nil {
			w.tb.Fatal(err)
		}
	}
	if w.list, err = fleet.Load(w.listFile()); err != nil {
		w.tb.Fatal(err)
	}
	w.serve("127.0.0.1:0")
	w.Client = w.dial(w.key)
	w.tb.Cleanup(func() {
		w.Close()
		if err := w.server.Stop(); err != nil {
			w.tb.Error(err)
		}
	})
}

func newKey() string {
	key := make([]byte, 32)
	rand.Read(key)
	return base64.StdEncoding.EncodeToString(key)
}

// tokenFile is the file with the registration token of a workspace, or where it is for each with the name "{name}".
func (w *world) tokenFile(name string) string { return filepath.Join(w.folder, "secrets", name+".reg") }

func (w *world) listFile() string { return filepath.Join(w.folder, "fleet.yaml") }

func (w *world) pool() string { return filepath.Join(w.folder, "tokens.txt") }

func (w *world) serve(address string) {
	w.tb.Helper()
	config := devserver.Config{Dir: w.dir, Address: address}
	if w.clock != nil {
		config.Clock = w.clock
	}
	var err error
	if w.server, err = devserver.Start(config); err != nil {
		w.tb.Fatal(err)
	}
}

// restart stops the server, and starts another one that knows what this one knew.
func (w *world) restart() {
	w.tb.Helper()
	address := w.server.Address()
	if err := w.server.Stop(); err != nil {
		w.tb.Fatal(err)
	}
	w.serve(address)
}

// dial makes a client with a key.
func (w *world) dial(key string) client.Client {
	w.tb.Helper()
	c, err := dial(context.Background(), w.server.Address(), key, "test")
	if err != nil {
		w.tb.Fatal(err)
	}
	return c
}

func dial(ctx context.Context, address, key, identity string) (client.Client, error) {
	keys, err := temporal.NewKeyring(secret.New(key))
	if err != nil {
		return nil, err
	}
	return client.DialContext(ctx, client.Options{
		HostPort: address, Namespace: devserver.Namespace, Identity: identity, Logger: sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)),
		DataConverter: temporal.NewDataConverter(keys), FailureConverter: temporal.NewFailureConverter(keys),
	})
}

// begin starts a workflow.
func (w *world) begin(id, workflow string, in any) client.WorkflowRun {
	w.tb.Helper()
	run, err := w.ExecuteWorkflow(w.tb.Context(), client.StartWorkflowOptions{ID: id, TaskQueue: temporal.DefaultTaskQueue}, workflow, in)
	if err != nil {
		w.tb.Fatal(err)
	}
	return run
}

// progress asks a workflow for one workspace how far it is.
func (w *world) progress(id string) (p temporal.Progress) {
	w.tb.Helper()
	w.query(id, &p)
	return p
}

func (w *world) query(id string, answer any) {
	w.tb.Helper()
	value, err := w.QueryWorkflow(w.tb.Context(), id, "", temporal.QueryStatus)
	if err == nil {
		err = value.Get(answer)
	}
	if err != nil {
		w.tb.Fatal(err)
	}
}

// until asks a workflow how far it is until it is that far.
func (w *world) until(id, what string, far func(temporal.Progress) bool) temporal.Progress {
	w.tb.Helper()
	for {
		p := w.progress(id)
		if far(p) {
			return p
		}
		if p.Phase == temporal.PhaseDone {
			w.tb.Fatalf("it ended before %s: %+v", what, p)
		}
	}
}

// update sends an update, and returns what the workflow answers.
func (w *world) update(id, name string) temporal.Progress {
	w.tb.Helper()
	var p temporal.Progress
	handle, err := w.UpdateWorkflow(w.tb.Context(), client.UpdateWorkflowOptions{WorkflowID: id, UpdateName: name, WaitForStage: client.WorkflowUpdateStageCompleted})
	if err == nil {
		err = handle.Get(w.tb.Context(), &p)
	}
	if err != nil {
		w.tb.Fatal(err)
	}
	return p
}

// register starts the registration of the first workspace.
func (w *world) register(in temporal.Registration) client.WorkflowRun {
	w.tb.Helper()
	in.Workspace = w.list.Workspaces[0]
	return w.begin(temporal.RegisterID(in.Workspace.Name), temporal.RegisterWorkflow, in)
}
