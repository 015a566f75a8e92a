package devserver_test

import (
	"log/slog"
	"testing"
	"time"

	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/rcreg/registration/temporal/devserver/internal/devserver"
)

const (
	anyPort = "127.0.0.1:0"
	queue   = "test"
)

// running is a server, and a client of it.
type running struct {
	*devserver.Server
	client client.Client
}

func start(t *testing.T, c devserver.Config) running {
	t.Helper()
	if c.Address == "" {
		c.Address = anyPort
	}
	s, err := devserver.Start(c)
	if err != nil {
		t.Fatal(err)
	}
	return running{s, dial(t, s.Address())}
}

func dial(t *testing.T, address string) client.Client {
	t.Helper()
	connection, err := client.DialContext(t.Context(), client.Options{
		HostPort: address, Namespace: devserver.Namespace, Logger: sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return connection
}

func (r running) stop(t *testing.T) {
	t.Helper()
	r.client.Close()
	if err := r.Stop(); err != nil {
		t.Error(err)
	}
}

func waitForSignal(ctx workflow.Context) error {
	answers := workflow.SetQueryHandler(ctx, "status", func() (string, error) { return "waiting", nil })
	workflow.GetSignalChannel(ctx, "go on").Receive(ctx, nil)
	return answers
}

func waitForAWeek(ctx workflow.Context) error {
	began := workflow.Now(ctx)
	if err := workflow.SetQueryHandler(ctx, "status", func() (time.Time, error) { return began, nil }); err != nil {
		return err
	}
	return workflow.Sleep(ctx, 7*24*time.Hour)
}

// work starts a worker, which ends with the test at the latest.
func (r running) work(t *testing.T) worker.Worker {
	t.Helper()
	w := worker.New(r.client, queue, worker.Options{})
	w.RegisterWorkflow(waitForSignal)
	w.RegisterWorkflow(waitForAWeek)
	if err := w.Start(); err != nil {
		t.Fatal(err)
	}
	return w
}

// begin starts a workflow, and returns its id.
func (r running) begin(t *testing.T, workflow any) string {
	t.Helper()
	run, err := r.client.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{TaskQueue: queue}, workflow)
	if err != nil {
		t.Fatal(err)
	}
	return run.GetID()
}

// ask asks a workflow for its status, which it can answer once it waits.
func (r running) ask(t *testing.T, id string) {
	t.Helper()
	if _, err := r.client.QueryWorkflow(t.Context(), id, "", "status"); err != nil {
		t.Fatal(err)
	}
}

func (r running) expectEnd(t *testing.T, id string) {
	t.Helper()
	if err := r.client.GetWorkflow(t.Context(), id, "").Get(t.Context(), nil); err != nil {
		t.Error(err)
	}
}
