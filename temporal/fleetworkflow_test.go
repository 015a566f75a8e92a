package temporal

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"
	sdklog "go.temporal.io/sdk/log"
	sdk "go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"github.com/rcreg/registration/fleet"
)

// crowd is a fleet of made-up workspaces, with activities that answer at once.
type crowd struct {
	size  int
	most  atomic.Int64 // in flight
	now   atomic.Int64
	fails func(name string) error
}

func (c *crowd) page(_ context.Context, in pageRequest) (page, error) {
	p := page{Digest: "digest", Total: c.size}
	if in.From > 0 && in.Digest != "digest" {
		return p, errors.New("the digest is not pinned")
	}
	for i := in.From; i < min(in.From+in.Size, c.size); i++ {
		p.Workspaces = append(p.Workspaces, fleet.Workspace{Name: "w" + strconv.Itoa(i), URL: "https://chat.example.com"})
	}
	return p, nil
}

func (c *crowd) sync(_ context.Context, w fleet.Workspace) (Step, error) {
	c.most.Store(max(c.most.Load(), c.now.Add(1)))
	defer c.now.Add(-1)
	if c.fails != nil {
		if err := c.fails(w.Name); err != nil {
			return Step{}, err
		}
	}
	return Step{Outcome: fleet.Outcome{Workspace: w.Name, Class: fleet.Unchanged}}, nil
}

// env makes an environment for one run of the workflow, and with it one history.
func (c *crowd) env() *testsuite.TestWorkflowEnvironment {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	env := suite.NewTestWorkflowEnvironment()
	env.SetTestTimeout(time.Minute)
	bindWorkflows(env)
	env.RegisterActivityWithOptions(c.page, activity.RegisterOptions{Name: pageActivity})
	env.RegisterActivityWithOptions(c.sync, activity.RegisterOptions{Name: syncActivity})
	return env
}

// run runs the workflow to its end, over all its histories.
func (c *crowd) run(tb testing.TB, in FleetRun) (tally Tally, histories int) {
	tb.Helper()
	for {
		env := c.env()
		env.ExecuteWorkflow(FleetWorkflow, in)
		histories++
		err := env.GetWorkflowError()
		var goesOn *workflow.ContinueAsNewError
		if !errors.As(err, &goesOn) {
			if err != nil || env.GetWorkflowResult(&tally) != nil {
				tb.Fatal(err)
			}
			return tally, histories
		}
		in = FleetRun{}
		if err := converter.GetDefaultDataConverter().FromPayloads(goesOn.Input, &in); err != nil {
			tb.Fatal(err)
		}
	}
}

// TestAFleetOfManyPages has a history for each page, and counts every workspace once.
func TestAFleetOfManyPages(t *testing.T) {
	t.Parallel()
	c := &crowd{size: 2*pageSize + 1, fails: func(name string) error {
		if name == "w7" || name == "w777" {
			return sdk.NewNonRetryableApplicationError("no", "forbidden", nil)
		}
		return nil
	}}
	tally, histories := c.run(t, FleetRun{List: "fleet.yaml", Operation: FleetSync, Window: 8})
	if histories != 3 || tally.Total != c.size || tally.Ended != c.size || tally.InFlight != 0 || tally.Classes[fleet.Unchanged] != c.size-2 || tally.Kinds["forbidden"] != 2 {
		t.Errorf("%d histories, %+v", histories, tally)
	}
	if len(tally.Troubled) != 2 || tally.Troubled[1] != (Trouble{"w777", "forbidden"}) {
		t.Errorf("%v", tally.Troubled)
	}
	if most := c.most.Load(); most > 8 || most < 1 {
		t.Errorf("%d were in flight", most)
	}
}
