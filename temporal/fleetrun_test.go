package temporal

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/converter"
	sdk "go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"github.com/rcreg/registration/fleet"
)

// listFile writes a list that has the workspace of the world, and made-up ones.
func (w *world) listFile(madeUp int) string {
	w.t.Helper()
	var text strings.Builder
	entry := func(name, url string) {
		text.WriteString("  - {name: " + name + ", url: '" + url + "', user_id: " + w.entry.UserID + ", auth_token: {file: '" + w.entry.AuthToken.File + "'}, labels: {tier: " + name + "}}\n")
	}
	text.WriteString("workspaces:\n")
	entry(w.entry.Name, w.entry.URL)
	for i := range madeUp {
		entry("w"+strconv.Itoa(i), "https://w"+strconv.Itoa(i)+".example.test")
	}
	path := filepath.Join(w.t.TempDir(), "fleet.yaml")
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return path
}

// fleetRun runs the fleet workflow to its end.
func (w *world) fleetRun(in FleetRun) (tally Tally, err error) {
	w.t.Helper()
	w.ExecuteWorkflow(FleetWorkflow, in)
	if err := w.GetWorkflowError(); err != nil {
		return tally, err
	}
	return tally, w.GetWorkflowResult(&tally)
}

// TestFleetRegisters looks at a fleet, registers it with a token of its own for each workspace, and syncs it.
func TestFleetRegisters(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "8.9.0")
	list := w.listFile(2)
	mine := map[string]string{"tier": "chat"}
	token := fleet.Reference{File: filepath.Join(t.TempDir(), "token-of-{name}")}
	text, err := os.ReadFile(w.token.File)
	if err == nil {
		err = os.WriteFile(strings.ReplaceAll(token.File, "{name}", "chat"), text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	var child string
	for _, step := range []struct {
		in   FleetRun
		want fleet.Class
	}{
		{FleetRun{List: list, Labels: mine, Operation: FleetStatus}, fleet.Unchanged},
		{FleetRun{List: list, Labels: mine, Operation: FleetRegister, Token: token}, fleet.Done},
		{FleetRun{List: list, Labels: mine, Operation: FleetRegister, Token: token}, fleet.Unchanged},
		{FleetRun{List: list, Labels: mine, Operation: FleetSync}, fleet.Unchanged},
	} {
		w.SetOnChildWorkflowCompletedListener(func(info *workflow.Info, _ converter.EncodedValue, _ error) { child = info.WorkflowExecution.ID })
		tally, err := w.fleetRun(step.in)
		if err != nil || tally.Total != 1 || tally.Ended != 1 || tally.Classes[step.want] != 1 {
			t.Errorf("%s: %+v, %v", step.in.Operation, tally, err)
		}
		w.begin(w.Now().Add(time.Hour), w.activities)
	}
	if spent := len(w.fake.Cloud().SpentTokens()); spent != 1 || child != RegisterID("chat") {
		t.Errorf("%d tokens were spent, the child was %q", spent, child)
	}
}

// TestFleetIsRefused before anything is sent.
func TestFleetIsRefused(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*FleetRun) error{
		"an unknown operation": func(in *FleetRun) error { in.Operation = "paint"; return nil },
		"a list that has changed": func(in *FleetRun) error {
			in.Progress = &FleetProgress{Digest: "another"}
			return nil
		},
		"a list that is none": func(in *FleetRun) error { return os.WriteFile(in.List, []byte("workspaces: 7"), 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "8.9.0")
			in := FleetRun{List: w.listFile(1), Operation: FleetSync}
			if err := change(&in); err != nil {
				t.Fatal(err)
			}
			_, err := w.fleetRun(in)
			checkFailure(t, err, "invalid_input")
			if n := len(w.fake.History()); n != 0 {
				t.Errorf("%d requests were sent", n)
			}
		})
	}
}

// TestFleetIsCancelled ends what is in flight, begins no more, and tells how far it came.
func TestFleetIsCancelled(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "8.9.0")
	w.fake.Close() // every workspace is tried for the whole patience
	w.RegisterDelayedCallback(func() {
		w.UpdateWorkflow(UpdateCancel, "cancel", &testsuite.TestUpdateCallback{
			OnAccept: func() {}, OnReject: func(err error) { t.Error(err) },
			OnComplete: func(answer any, err error) {
				if tally, ok := answer.(Tally); !ok || err != nil || tally.InFlight != 1 || tally.Total != 10 {
					t.Errorf("%+v, %v", answer, err)
				}
			},
		})
	}, time.Second)
	tally, err := w.fleetRun(FleetRun{List: w.listFile(9), Operation: FleetSync, Window: 1})
	if err != nil || tally.Total != 10 || tally.Ended != 1 || tally.InFlight != 0 || tally.Kinds["unreachable"] != 1 {
		t.Errorf("%+v, %v", tally, err)
	}
}

// TestFleetLeavesAlone what somebody registers already.
func TestFleetLeavesAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "8.9.0")
	w.OnWorkflow(RegisterWorkflow, anything, anything).Return(fleet.Outcome{}, &sdk.ChildWorkflowExecutionAlreadyStartedError{})
	tally, err := w.fleetRun(FleetRun{List: w.listFile(0), Operation: FleetRegister, Email: "ops@example.com"})
	if err != nil || tally.Kinds["already_running"] != 1 || tally.Classes[fleet.Failed] != 1 || len(w.fake.History()) != 0 {
		t.Errorf("%+v, %v", tally, err)
	}
}

// TestFleetDetaches leaves the waits to workflows of their own.
func TestFleetDetaches(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "8.9.0")
	waits := ""
	w.OnWorkflow(RegisterWorkflow, anything, anything).Return(func(ctx workflow.Context, in Registration) (fleet.Outcome, error) {
		if in.Wait == nil {
			return registerWorkflow(ctx, in)
		}
		waits = workflow.GetInfo(ctx).WorkflowExecution.ID
		return fleet.Outcome{}, nil
	})
	tally, err := w.fleetRun(FleetRun{List: w.listFile(0), Operation: FleetRegister, Email: "ops@example.com"})
	if err != nil || tally.Classes[fleet.Pending] != 1 || len(tally.Troubled) != 0 || waits != WaitID("chat") {
		t.Errorf("%+v, %v; %q waits", tally, err, waits)
	}
}
