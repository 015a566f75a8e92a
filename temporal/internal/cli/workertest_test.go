package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/mocks"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/internal/command"
	"github.com/rcreg/registration/temporal/internal/cli"
)

// workerTest is where a worker is run, without a server.
type workerTest struct {
	t         *testing.T
	dir       string
	variables map[string]string
	system    cli.System

	stdout, stderr *lockedBuffer
	log            events
	client         idleClient
	dialled        client.Options
	queue          string
	options        worker.Options
	worker         *idleWorker
	startDev       error
	dialError      error
}

func newWorkerTest(t *testing.T) *workerTest {
	t.Helper()
	s := &workerTest{t: t, dir: t.TempDir(), stdout: newLockedBuffer(), stderr: newLockedBuffer()}
	s.variables = map[string]string{"TEMPORAL_CONFIG_FILE": s.in("none.toml")}
	s.client.log = &s.log
	s.worker = newIdleWorker(&s.log)
	s.system = cli.System{
		Program: "rcreg-worker",
		Streams: command.Streams{Stdin: strings.NewReader(""), Stdout: s.stdout, Stderr: s.stderr}, Clock: clock.System(),
		LookupEnv: func(name string) (string, bool) { text, ok := s.variables[name]; return text, ok },
		Environ:   func() []string { return nil },
		StartDev: func(_ context.Context, dir, address string, log io.Writer) (cli.Dev, error) {
			if s.startDev != nil {
				return nil, s.startDev
			}
			_, _ = io.WriteString(log, "what the server itself says\n")
			s.log.add("server started")
			return idleDev{address, &s.log}, os.WriteFile(filepath.Join(dir, "temporal.db"), nil, 0o600)
		},
		Dial: func(_ context.Context, options client.Options) (client.Client, error) {
			s.dialled = options
			return &s.client, s.dialError
		},
		NewWorker: func(_ client.Client, queue string, options worker.Options) worker.Worker {
			s.queue, s.options = queue, options
			return s.worker
		},
	}
	return s
}

// in is a path in the folder of the test.
func (s *workerTest) in(name string) string { return filepath.Join(s.dir, name) }

// write writes a file, which others can read when mode says so.
func (s *workerTest) write(name, text string, mode os.FileMode) string {
	s.t.Helper()
	path := s.in(name)
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		s.t.Fatal(err)
	}
	return path
}

// line runs a command line, in which DIR is the folder of the test. A worker that takes work is ended at once.
func (s *workerTest) line(line string) int { return s.during(line, func() {}) }

// during runs a worker and ends it when meanwhile has ended.
func (s *workerTest) during(line string, meanwhile func()) int {
	s.t.Helper()
	var group sync.WaitGroup
	defer group.Wait()
	ctx, cancel := context.WithCancel(s.t.Context())
	defer cancel() // also when the command panics
	group.Go(func() {
		select {
		case <-s.worker.started:
			meanwhile()
			cancel()
		case <-ctx.Done():
		}
	})
	return cli.Run(ctx, strings.Fields(strings.ReplaceAll(line, "DIR", s.dir)), s.system)
}

// must runs a command line that ends with an exit code and tells something on stderr.
func (s *workerTest) must(code int, line string, told ...string) {
	s.t.Helper()
	if got := s.line(line); got != code {
		s.t.Errorf("%s ends with %d, want %d", line, got, code)
	}
	wantText(s.t, s.stderr.String(), told...)
}

// fails runs a command line that ends with an exit code, and tells programs a kind of failure and people what to do.
func (s *workerTest) fails(code int, line, kind, told string) {
	s.t.Helper()
	if got := s.line("--output json " + line); got != code {
		s.t.Errorf("%s ends with %d, want %d", line, got, code)
	}
	var v struct {
		Error struct{ Kind, Message, Advice string }
	}
	if err := json.Unmarshal([]byte(s.stdout.String()), &v); err != nil || v.Error.Kind != kind {
		s.t.Errorf("it fails as %s, want %s: %v", s.stdout.String(), kind, err)
	}
	wantText(s.t, v.Error.Message+" "+v.Error.Advice, told)
}

// events are what has happened, in order.
type events struct {
	mu   sync.Mutex
	list []string
}

func (e *events) add(event string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.list = append(e.list, event)
}

func (e *events) String() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return strings.Join(e.list, ", ")
}

// lockedBuffer is a buffer that several goroutines use.
type lockedBuffer struct {
	mu      sync.Mutex
	buffer  bytes.Buffer
	written *sync.Cond
}

func newLockedBuffer() *lockedBuffer {
	b := &lockedBuffer{}
	b.written = sync.NewCond(&b.mu)
	return b
}

// wait waits until something is written, and returns it.
func (b *lockedBuffer) wait() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.buffer.Len() == 0 {
		b.written.Wait()
	}
	return b.buffer.String()
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	defer b.written.Broadcast()
	return b.buffer.Write(p)
}

func (b *lockedBuffer) reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.buffer.Reset()
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}

// idleDev is an embedded server.
type idleDev struct {
	address string
	log     *events
}

func (d idleDev) Address() string { return d.address }
func (d idleDev) Stop() error     { d.log.add("server stopped"); return nil }

// idleClient is a client of which only the health and the list are asked.
type idleClient struct {
	mocks.Client
	log  *events
	sick error
}

func (c *idleClient) Close() { c.log.add("client closed") }

func (c *idleClient) CheckHealth(context.Context, *client.CheckHealthRequest) (*client.CheckHealthResponse, error) {
	return &client.CheckHealthResponse{}, c.sick
}

func (c *idleClient) ListWorkflow(context.Context, *workflowservice.ListWorkflowExecutionsRequest) (*workflowservice.ListWorkflowExecutionsResponse, error) {
	return &workflowservice.ListWorkflowExecutionsResponse{}, nil
}

// idleWorker is a worker to which nobody gives work. What it does not have panics.
type idleWorker struct {
	worker.Worker
	log        *events
	started    chan struct{}
	stopped    chan struct{}
	activities map[string]any
	workflows  map[string]any
	fails      error
	onStop     func() // nil does nothing
}

func newIdleWorker(log *events) *idleWorker {
	return &idleWorker{log: log, started: make(chan struct{}), stopped: make(chan struct{}), activities: map[string]any{}, workflows: map[string]any{}}
}

func (w *idleWorker) RegisterActivityWithOptions(act any, options activity.RegisterOptions) {
	w.activities[options.Name] = act
}

func (w *idleWorker) RegisterWorkflowWithOptions(run any, options workflow.RegisterOptions) {
	w.workflows[options.Name] = run
}

func (w *idleWorker) Start() error {
	if w.fails != nil {
		return w.fails
	}
	w.log.add("worker started")
	defer close(w.started)
	return nil
}

func (w *idleWorker) Stop() {
	if w.onStop != nil {
		w.onStop()
	}
	w.log.add("worker stopped")
	close(w.stopped)
}

// wait waits until it is stopped.
func (w *idleWorker) wait() { <-w.stopped }

// read reads a file.
func (s *workerTest) read(name string) string {
	s.t.Helper()
	text, err := os.ReadFile(s.in(name))
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

// again is for another worker in the same folder.
func (s *workerTest) again() {
	s.stdout.reset()
	s.stderr.reset()
	s.worker = newIdleWorker(&s.log)
}
