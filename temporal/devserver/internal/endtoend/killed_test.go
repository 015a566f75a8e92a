package endtoend_test

import (
	"flag"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/temporal"
)

var (
	killedWorkspaces = flag.Int("killed.workspaces", 500, "how many workspaces are registered by workers that are killed")
	killedMoments    = flag.Int("killed.moments", 3, "how many of those workers are killed, one after the other")
	killedSeed       = flag.Uint64("killed.seed", 1, "chooses the moments")
)

// TestKilled registers a fleet with a worker that is killed (SIGKILL) in the middle, and has another one take over. In the end every workspace is registered, and
// the Cloud has spent one token for each.
func TestKilled(t *testing.T) {
	t.Parallel()
	for name, pool := range map[string]bool{"a token of its own for each": false, "a pool": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, *killedWorkspaces)
			in := temporal.FleetRun{List: w.listFile(), Operation: temporal.FleetRegister, Patience: day}
			config := w.config()
			if pool {
				config.Tokens = w.pool()
			} else {
				in.Token = fleet.Reference{File: w.tokenFile("{name}")}
			}
			run := w.begin("fleet", temporal.FleetWorkflow, in)
			moments := rand.New(rand.NewPCG(*killedSeed, 0)) // a seed brings the same moments back
			for left := *killedMoments; left > 0; left-- {
				// A workspace is asked some 6 times. All of these workers must die while there is work.
				open := *killedWorkspaces - len(w.sim.Cloud().Workspaces())
				w.killed(config, 1+moments.Int64N(max(1, int64(8*open/(left+1)))))
				w.noticeDeath()
			}
			w.work(config)
			w.nextTry("fleet")
			var tally temporal.Tally
			if err := run.Get(t.Context(), &tally); err != nil {
				t.Fatal(err)
			}
			if ended := tally.Classes[fleet.Done] + tally.Classes[fleet.Unchanged]; ended != *killedWorkspaces || tally.Ended != ended {
				t.Errorf("tally %+v", tally)
			}
			w.expectAllRegistered()
		})
	}
}

// TestKilledAndNobodyTakesOver in time for what was begun: it may have happened, and nobody says that it failed.
func TestKilledAndNobodyTakesOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2, "8.9.0")
	run := w.begin("fleet", temporal.FleetWorkflow, temporal.FleetRun{List: w.listFile(), Operation: temporal.FleetSync})
	w.killed(w.config(), 1)
	w.noticeDeath()
	w.clock.Jump(10 * time.Minute) // more than the patience of a fleet
	w.work(w.config())
	var tally temporal.Tally
	if err := run.Get(t.Context(), &tally); err != nil {
		t.Fatal(err)
	}
	unknown := failure.OutcomeUnknown.Name()
	if n := tally.Classes[fleet.Unknown]; tally.Ended != 2 || n < 1 || tally.Kinds[unknown] != n {
		t.Errorf("tally %+v", tally)
	}
}

// noticeDeath lets the server's time go on until it misses the heartbeats of a worker that has died.
func (w *world) noticeDeath() { w.clock.Jump(time.Minute) }

// nextTry lets the time go on until what was begun by a worker that died is tried again. The worker that is there by now must not seem dead.
func (w *world) nextTry(id string) {
	w.tb.Helper()
	var anything any
	w.query(id, &anything) // it works
	w.clock.Jump(6 * time.Second)
}

// expectAllRegistered checks that every workspace is registered, and that no token was spent twice or lost.
func (w *world) expectAllRegistered() {
	w.tb.Helper()
	spent, issued := w.sim.Cloud().SpentTokens(), w.sim.FleetInfo().RegistrationTokens
	slices.Sort(spent)
	slices.Sort(issued)
	if known := len(w.sim.Cloud().Workspaces()); known != len(issued) || !slices.Equal(spent, issued) {
		w.tb.Errorf("of %d workspaces the Cloud knows %d; %d tokens were spent", len(issued), known, len(spent))
	}
	f, err := fleet.New(w.list, fleet.WithConcurrency(16), fleet.WithPerHost(16), fleet.WithClock(w.clock))
	if err != nil {
		w.tb.Fatal(err)
	}
	registered := 0
	for outcome := range f.Run(w.tb.Context(), fleet.Status()) {
		if outcome.State == "registered" {
			registered++
		} else {
			w.tb.Errorf("%s is %s: %s", outcome.Workspace, outcome.State, outcome.Message)
		}
	}
	if registered != len(issued) {
		w.tb.Errorf("%d are registered", registered)
	}
}
