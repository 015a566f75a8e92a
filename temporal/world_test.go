package temporal

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	common "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/registrationtest"
)

// world is a fake workspace and the workflows that work on it, in one virtual time: that of the workflows.
type world struct {
	*testsuite.TestWorkflowEnvironment
	t     *testing.T
	fake  *registrationtest.Workspace
	entry fleet.Workspace
	token fleet.Reference
	ring  *Keyring

	activities *Activities
	history    *history
}

// workflowTime is the clock of a workflow environment, which skips whatever its workflows wait for. What an activity waits for takes no time.
type workflowTime struct{ *world }

func (c workflowTime) Now() time.Time { return c.world.Now() }

func (workflowTime) Sleep(ctx context.Context, _ time.Duration) error { return context.Cause(ctx) }

func newWorld(t *testing.T, version string, options ...registrationtest.Option) *world {
	t.Helper()
	w := &world{t: t, ring: newKeyring(t, "a"), history: &history{}}
	w.begin(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), &Activities{})
	w.fake = registrationtest.NewWorkspace(t, version, append(options, registrationtest.WithClock(workflowTime{w}))...)
	w.entry = fleet.Workspace{Name: "chat", URL: w.fake.URL(), UserID: w.fake.Admin().UserID, AuthToken: secretFile(t, w.fake.Admin().AuthToken), Via: fleet.ViaDirect}
	w.token = secretFile(t, w.fake.Cloud().IssueToken())
	w.activities.Runner = w.fleet()
	return w
}

// begin makes the environment of a workflow that starts at a time.
func (w *world) begin(at time.Time, a *Activities) {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	env := suite.NewTestWorkflowEnvironment()
	env.SetStartTime(at)
	env.SetTestTimeout(time.Minute)
	env.SetDataConverter(converter.NewCodecDataConverter(converter.GetDefaultDataConverter(), NewCodec(w.ring), w.history))
	Bind(env, a)
	w.TestWorkflowEnvironment, w.activities = env, a
}

// fleet makes the runner of a worker.
func (w *world) fleet(options ...fleet.Option) *fleet.Fleet {
	w.t.Helper()
	f, err := fleet.New(fleet.List{}, append(options, fleet.WithClock(workflowTime{w}))...)
	if err != nil {
		w.t.Fatal(err)
	}
	return f
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

// decode reads what a workflow was given.
func (w *world) decode(input *common.Payloads, in any) error {
	return NewDataConverter(w.ring).FromPayloads(input, in)
}

// register registers the workspace, and begins anew.
func (w *world) register() {
	w.t.Helper()
	if outcome, err := w.run(RegisterWorkflow, Registration{Workspace: w.entry, Token: w.token}); err != nil || outcome.Class != fleet.Done {
		w.t.Fatalf("%+v, %v", outcome, err)
	}
	w.begin(w.Now().Add(time.Hour), w.activities)
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

// secretFile keeps a secret where a reference leads.
func secretFile(t *testing.T, text string) fleet.Reference {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return fleet.Reference{File: path}
}
