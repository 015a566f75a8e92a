package temporal

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/secret"
	"github.com/rcreg/registration/registrationtest"
)

// world is a fake workspace and the workflows that work on it, in one virtual time: that of the workflows.
type world struct {
	*testsuite.TestWorkflowEnvironment
	t     *testing.T
	fake  *registrationtest.Workspace
	entry fleet.Workspace
	ring  *Keyring
}

// workflowTime is the clock of a workflow environment, which skips whatever its workflows wait for. What an activity waits for takes no time.
type workflowTime struct {
	env *testsuite.TestWorkflowEnvironment
}

func (c workflowTime) Now() time.Time { return c.env.Now() }

func (workflowTime) Sleep(ctx context.Context, _ time.Duration) error { return context.Cause(ctx) }

// vault is what references lead to.
type vault map[fleet.Reference]cloud.Secret

func (v vault) Read(r fleet.Reference) (cloud.Secret, error) {
	text, ok := v[r]
	if !ok {
		return text, errors.New("nothing is there")
	}
	return text, nil
}

func newWorld(t *testing.T, version string, options ...registrationtest.Option) *world {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	env := suite.NewTestWorkflowEnvironment()
	env.SetStartTime(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	env.SetTestTimeout(time.Minute)
	ring := newKeyring(t, "a")
	env.SetDataConverter(NewDataConverter(ring))
	clock := workflowTime{env}
	fake := registrationtest.NewWorkspace(t, version, append(options, registrationtest.WithClock(clock))...)
	w := &world{TestWorkflowEnvironment: env, t: t, fake: fake, ring: ring}
	w.entry = fleet.Workspace{
		Name: "chat", URL: fake.URL(), UserID: fake.Admin().UserID, AuthToken: fleet.Reference{File: secretFile(t, fake.Admin().AuthToken)}, Via: fleet.ViaDirect,
	}
	Bind(env, &Activities{Runner: RunWith(fleet.WithClock(clock)), Secrets: vault{
		tokenRef(): secret.New(fake.Cloud().IssueToken()),
	}})
	return w
}

// later does something in a while, in the time of the workflow.
func (w *world) later(wait time.Duration, do func() error) {
	w.RegisterDelayedCallback(func() {
		if err := do(); err != nil {
			w.t.Error(err)
		}
	}, wait)
}

// confirm has the person confirm the newest message.
func (w *world) confirm() error {
	devices := w.fake.Cloud().Devices()
	if len(devices) == 0 {
		return errors.New("no message was sent")
	}
	return w.fake.Cloud().ConfirmDevice(devices[len(devices)-1].Code)
}

// run runs a workflow to its end.
func (w *world) run(name string, in any) (fleet.Outcome, error) {
	w.t.Helper()
	w.ExecuteWorkflow(name, in)
	if !w.IsWorkflowCompleted() {
		w.t.Fatal("the workflow does not end")
	}
	if err := w.GetWorkflowError(); err != nil {
		return fleet.Outcome{}, err
	}
	var outcome fleet.Outcome
	return outcome, w.GetWorkflowResult(&outcome)
}

// progress asks the workflow how far it is.
func (w *world) progress() (p Progress) {
	w.t.Helper()
	value, err := w.QueryWorkflow(QueryStatus)
	if err == nil {
		err = value.Get(&p)
	}
	if err != nil {
		w.t.Error(err)
	}
	return p
}

func tokenRef() fleet.Reference { return fleet.Reference{Env: "TOKEN"} }

// secretFile keeps a secret where a reference may lead.
func secretFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
