package temporal

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/secret"
)

// histories are recorded ones, from runs on a real server: see their README.
const histories = "testdata/histories"

// TestReplays has the workflows go through histories of earlier runs once more. One that fails would be stuck in every workflow that is under way when a worker
// with this program takes it over: change the workflow under workflow.GetVersion, and leave the history as it is.
func TestReplays(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob(filepath.Join(histories, "*.json"))
	if err != nil || len(paths) < 20 {
		t.Fatalf("%d histories, %v", len(paths), err)
	}
	seen := map[string]int{}
	for _, path := range paths {
		history := readHistory(t, path)
		seen[history.GetEvents()[0].GetWorkflowExecutionStartedEventAttributes().GetWorkflowType().GetName()]++
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			replayer := newReplayer(t)
			bindWorkflows(replayer)
			if err := replayer.ReplayWorkflowHistory(quiet(), history); err != nil {
				t.Error(err)
			}
		})
	}
	for _, name := range []string{RegisterWorkflow, KeepSyncedWorkflow, MoveLicenseWorkflow, FleetWorkflow} {
		if seen[name] < 3 {
			t.Errorf("there are %d histories of %s", seen[name], name)
		}
	}
}

// TestReplaysNoticeAChange replays histories against workflows that were changed.
func TestReplaysNoticeAChange(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		history, workflow string
		changed           any
	}{
		"another activity": {"register-token", RegisterWorkflow, func(ctx workflow.Context, in Registration) (fleet.Outcome, error) {
			step, err := act(ctx, syncActivity, actTimeout, in.Workspace)
			return step.Outcome, err
		}},
		"one act more": {"license", MoveLicenseWorkflow, func(ctx workflow.Context, in LicenseMove) (fleet.Outcome, error) {
			if _, err := act(ctx, statusActivity, actTimeout, in.Workspace); err != nil {
				return fleet.Outcome{}, err
			}
			return moveLicenseWorkflow(ctx, in)
		}},
		"one act less": {"license", MoveLicenseWorkflow, func(ctx workflow.Context, in LicenseMove) (fleet.Outcome, error) {
			step, err := act(ctx, applyLicenseActivity, actTimeout, in)
			return step.Outcome, err
		}},
		"a window of another size": {"fleet-narrow", FleetWorkflow, func(ctx workflow.Context, in FleetRun) (Tally, error) {
			in.Window = 1
			return fleetWorkflow(ctx, in)
		}},
		"a wait that is not there": {"synced", KeepSyncedWorkflow, func(ctx workflow.Context, in Sync) error {
			_, err := act(ctx, syncActivity, actTimeout, in.Workspace)
			return err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			replayer := newReplayer(t)
			replayer.RegisterWorkflowWithOptions(test.changed, workflow.RegisterOptions{Name: test.workflow})
			err := replayer.ReplayWorkflowHistory(quiet(), readHistory(t, filepath.Join(histories, test.history+".json")))
			if err == nil || !strings.Contains(err.Error(), "TMPRL1100") { // the SDK's number for what is not deterministic
				t.Errorf("error %v", err)
			}
		})
	}
}

func quiet() sdklog.Logger { return sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)) }

// TestAWorkerWithoutTheKey leaves a workflow as it is, instead of ending it.
func TestAWorkerWithoutTheKey(t *testing.T) {
	t.Parallel()
	keys := newKeyring(t, "b")
	replayer, err := worker.NewWorkflowReplayerWithOptions(worker.WorkflowReplayerOptions{DataConverter: NewDataConverter(keys), FailureConverter: NewFailureConverter(keys)})
	if err != nil {
		t.Fatal(err)
	}
	bindWorkflows(replayer)
	err = replayer.ReplayWorkflowHistory(quiet(), readHistory(t, filepath.Join(histories, "register-token.json")))
	if err == nil || !strings.Contains(err.Error(), errUnknownKey.Error()) { // had it ended, the events after that would be what is wrong
		t.Errorf("error %v", err)
	}
}

func newReplayer(t *testing.T) worker.WorkflowReplayer {
	t.Helper()
	key, err := os.ReadFile(filepath.Join(histories, "key-for-tests-only.txt"))
	if err != nil {
		t.Fatal(err)
	}
	keys, err := NewKeyring(secret.New(strings.TrimSpace(string(key))))
	if err != nil {
		t.Fatal(err)
	}
	replayer, err := worker.NewWorkflowReplayerWithOptions(worker.WorkflowReplayerOptions{DataConverter: NewDataConverter(keys), FailureConverter: NewFailureConverter(keys)})
	if err != nil {
		t.Fatal(err)
	}
	return replayer
}

func readHistory(t *testing.T, path string) *historypb.History {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	history, err := client.HistoryFromJSON(bytes.NewReader(text), client.HistoryJSONOptions{})
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return history
}
