package fleet_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/faults"
)

var (
	killedWorkspaces = flag.Int("killed.workspaces", 120, "how many workspaces are registered by processes that are killed")
	killedMoments    = flag.Int("killed.moments", 5, "how many of those processes are killed")
	killedSeed       = flag.Uint64("killed.seed", 1, "chooses the moments")
)

// TestKilled registers a fleet in a process that is killed (SIGKILL) at random moments and started again each time. In the end every workspace is registered, and
// the Cloud has spent one token for each.
func TestKilled(t *testing.T) {
	t.Parallel()
	moments := rand.New(rand.NewPCG(*killedSeed, 0)) // a seed brings the same moments back
	plan := faults.NewPlan(nil)
	fake := registrationtest.NewFleet(t, *killedWorkspaces, registrationtest.WithFaults(plan), registrationtest.WithoutHistory())
	run := killedRun{List: writeList(t, listOf(t, fake)), Journal: filepath.Join(t.TempDir(), "register.journal")}
	pool, path := poolOf(t, fake.Cloud(), fake.Len()+1)
	run.Tokens = path
	if err := pool.Close(); err != nil {
		t.Fatal(err)
	}
	killed := 0
	for left := *killedMoments; left > 0; left-- {
		// A workspace is asked some 6 times. The later moments must still find work.
		open := fake.Len() - len(fake.Cloud().Workspaces())
		if run.killedAfter(t, plan, 1+moments.Int64N(max(1, int64(12*open/(left+1))))) {
			killed++
		}
		recordKilled(t, fake, fmt.Sprintf("moment=%d", *killedMoments-left+1))
	}
	if killed < *killedMoments {
		t.Errorf("the process was killed %d times, want %d: it was done too early", killed, *killedMoments)
	}
	if run.killedAfter(t, plan, -1) {
		t.Error("the last process was killed too")
	}
	recordKilled(t, fake, "end")
	run.expectDone(t, fake)
}

// recordKilled prints how far a fleet has come, in the lines that docs/numbers.md keeps. Workspaces may still work on what a killed process has asked: they are
// counted first, since a workspace spends its token before it is registered.
func recordKilled(t *testing.T, fake *registrationtest.Fleet, moment string) {
	t.Helper()
	registered := 0
	for _, workspace := range fake.Workspaces() {
		if workspace.Setting("Cloud_Workspace_Id") != "" {
			registered++
		}
	}
	fmt.Fprintf(t.Output(), "BenchmarkKilled/%s 1 %d workspaces %d registered %d tokens-spent\n", moment, fake.Len(), registered, len(fake.Cloud().SpentTokens()))
}

func writeList(t *testing.T, list fleet.List) string {
	t.Helper()
	text, err := json.Marshal(map[string]any{"workspaces": list.Workspaces})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "fleet.json")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// killedAfter registers the fleet in a process of its own, which is killed when the fakes have been asked so many times, and reports whether it was. A process that
// was not must end well.
func (run killedRun) killedAfter(t *testing.T, plan *faults.Plan, asked int64) bool {
	t.Helper()
	child := run.child(t)
	var said bytes.Buffer
	child.Stderr = &said
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var n atomic.Int64
	plan.Watch(func(faults.Step) {
		if n.Add(1) == asked {
			_ = child.Process.Kill()
		}
	})
	err := child.Wait()
	plan.Watch(nil)
	var exit *exec.ExitError
	switch {
	case err == nil:
		return false
	case errors.As(err, &exit) && exit.ExitCode() == -1:
		return true
	}
	t.Fatalf("%v: %s", err, said.String())
	return false
}

// child is a process that registers the fleet.
func (run killedRun) child(t *testing.T) *exec.Cmd {
	t.Helper()
	text, err := json.Marshal(run)
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), self)
	child.Env = append(os.Environ(), killedVariable+"="+string(text), "GORACE=atexit_sleep_ms=0")
	return child
}

// expectDone checks that every workspace has ended right, and that no token was spent twice or lost.
func (run killedRun) expectDone(t *testing.T, fake *registrationtest.Fleet) {
	t.Helper()
	pool, journal := openPool(t, run.Tokens), openJournal(t, run.Journal, "register")
	list, err := fleet.Load(run.List)
	if err != nil {
		t.Fatal(err)
	}
	wantAll(t, fake, outcomes(t, open(t, list, fleet.WithConcurrency(16), fleet.WithPerHost(16)), fleet.Status()), fleet.Unchanged, "registered")
	known, spent := len(fake.Cloud().Workspaces()), len(fake.Cloud().SpentTokens())
	if known != fake.Len() || spent != fake.Len() || pool.Left() != 1 {
		t.Errorf("of %d workspaces the Cloud knows %d; %d tokens were spent and %d are left", fake.Len(), known, spent, pool.Left())
	}
	for i := range fake.Len() {
		name := fake.Name(i)
		if outcome, ok := journal.Ended(name); !ok || outcome.State != "registered" || pool.InDoubt(name) {
			t.Errorf("%s: %v, %s, in doubt: %v", name, ok, outcome.State, pool.InDoubt(name))
		}
	}
}
