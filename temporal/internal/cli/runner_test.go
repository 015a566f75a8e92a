package cli_test

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/log"
	sdk "go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/temporal"
)

// place is a worker beside a fake workspace.
type place struct {
	*workerTest
	fake  *registrationtest.Workspace
	entry fleet.Workspace
}

func newPlace(t *testing.T, version string) *place {
	t.Helper()
	p := &place{workerTest: atServer(t), fake: registrationtest.NewWorkspace(t, version)}
	secret := fleet.Reference{File: p.write("admin.token", p.fake.Admin().AuthToken, 0o600)}
	p.entry = fleet.Workspace{Name: "chat", URL: p.fake.URL(), UserID: p.fake.Admin().UserID, AuthToken: secret, Via: fleet.ViaDirect}
	return p
}

// run runs a workflow on the worker of a command line, in the time of workflows.
func (p *place) run(line, name string, in any) (outcome fleet.Outcome, err error) {
	p.t.Helper()
	code := p.during(line+" --settings-lag 0s", func() { // the fakes have no cache that trails, and a test does not wait
		var suite testsuite.WorkflowTestSuite
		suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
		env := suite.NewTestWorkflowEnvironment()
		for name, run := range p.worker.workflows {
			env.RegisterWorkflowWithOptions(run, workflow.RegisterOptions{Name: name})
		}
		for name, act := range p.worker.activities {
			env.RegisterActivityWithOptions(act, activity.RegisterOptions{Name: name})
		}
		env.ExecuteWorkflow(name, in)
		if err = env.GetWorkflowError(); err == nil {
			err = env.GetWorkflowResult(&outcome)
		}
	})
	if code != 0 {
		p.t.Fatalf("%s ends with %d: %s", line, code, p.stderr.String())
	}
	return outcome, err
}

// register registers the workspace, and waits for nobody longer than an hour.
func (p *place) register(line string, in temporal.Registration) (fleet.Outcome, error) {
	p.t.Helper()
	in.Workspace, in.GiveUp = p.entry, time.Hour
	return p.run(line, temporal.RegisterWorkflow, in)
}

func TestWorkerRegistersWithATokenOfItsPool(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "9.0.0")
	token := p.fake.Cloud().IssueToken()
	p.write("tokens.txt", token+"\n", 0o600)
	outcome, err := p.register("--tokens DIR/tokens.txt --verbose", temporal.Registration{})
	if err != nil || outcome.Class != fleet.Done {
		t.Fatalf("%+v, %v", outcome, err)
	}
	if used := p.read("tokens.txt.used"); !strings.Contains(used, "spent") {
		t.Errorf("the pool remembers %s", used)
	}
	for _, secret := range []string{token, p.fake.Admin().AuthToken, someKey} {
		if strings.Contains(p.stderr.String()+p.stdout.String(), secret) {
			t.Error("a secret is shown")
		}
	}
	if !strings.Contains(p.stderr.String(), p.fake.URL()) {
		t.Error("--verbose does not tell of calls")
	}
}

func TestWorkerAsksOnlySoManyOfAHost(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "9.0.0")
	p.write("tokens.txt", p.fake.Cloud().IssueToken()+"\n", 0o600)
	if outcome, err := p.register("--per-host 1 --tokens DIR/tokens.txt", temporal.Registration{}); err != nil || outcome.Class != fleet.Done {
		t.Fatalf("%+v, %v", outcome, err)
	}
}

func TestWorkerIsARelay(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "9.0.0")
	p.entry.Via = fleet.ViaRelay
	p.write("tokens.txt", p.fake.Cloud().IssueToken()+"\n", 0o600)
	if _, err := p.register("--tokens DIR/tokens.txt", temporal.Registration{}); err == nil {
		t.Fatal("a worker that keeps nothing is a relay")
	}
	p.again()
	p.variables["RCREG_CLOUD_URL"] = p.fake.Cloud().URL()
	outcome, err := p.register("--tokens DIR/tokens.txt --state DIR/state --keep-grants", temporal.Registration{})
	if err != nil || outcome.Class != fleet.Done {
		t.Fatalf("%+v, %v", outcome, err)
	}
	if kept, err := os.ReadDir(filepath.Join(p.in("state"), "relay", "registered", "grants")); err != nil || len(kept) != 1 {
		t.Errorf("%d grants are kept: %v", len(kept), err)
	}
}

func TestWorkerAcrossAnAirGap(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "6.13.0")
	var failure *sdk.ApplicationError
	if _, err := p.register("", temporal.Registration{AirGap: true}); !errors.As(err, &failure) || !failure.NonRetryable() {
		t.Fatalf("without a folder: %v", err)
	}
	p.again()
	_, err := p.register("--state DIR/state --exchange DIR/exchange", temporal.Registration{AirGap: true})
	if !errors.As(err, &failure) || failure.Type() != "expired" {
		t.Fatalf("with a folder that nobody carries: %v", err)
	}
	if requests, err := os.ReadDir(filepath.Join(p.in("exchange"), "requests")); err != nil || len(requests) == 0 {
		t.Errorf("%d requests are to be carried: %v", len(requests), err)
	}
}
