package reliability_test

import (
	"flag"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var walkSteps = flag.Int64("walk.steps", usualSteps, "how many steps all walks take together")

// TestWalk lets random things happen to workspaces, over every road, until all walks together have taken -walk.steps steps.
//
// A walk that breaks a promise is shrunk, and printed with its story and its seed: -run and -rapid.seed walk it again.
func TestWalk(t *testing.T) {
	t.Parallel()
	// The seed is enough to walk again, and a test leaves no file in the work tree.
	if err := flag.Set("rapid.nofailfile", "true"); err != nil {
		t.Fatal(err)
	}
	isReplay := flag.Lookup("rapid.seed").Value.String() != "0"
	// Files make a walk slow: most are over the road without any.
	for road, share := range map[string]int64{direct: 50, relay: 30, gap: 20} {
		t.Run(road, func(t *testing.T) {
			t.Parallel()
			start, count := time.Now(), &walked{}
			for count.steps.Load() < *walkSteps*share/100 {
				rapid.Check(t, func(rt *rapid.T) { stroll(t, rt, road, count) })
				if isReplay {
					break
				}
			}
			t.Logf("%d steps, with %d operations, of which faults hit %d, and %d times two at once, in %s",
				count.steps.Load(), count.operations.Load(), count.hit.Load(), count.pairs.Load(), time.Since(start).Round(time.Second))
		})
	}
}

// walked counts what was done on walks.
type walked struct{ steps, operations, hit, pairs atomic.Int64 }

// stroll is one walk.
func stroll(t *testing.T, rt *rapid.T, road string, count *walked) {
	version := rapid.SampledFrom(upgrades()).Draw(rt, "version")
	lag := rapid.SampledFrom([]time.Duration{0, 0, 20 * time.Millisecond, 200 * time.Millisecond}).Draw(rt, "lag")
	w := newWalk(t, version, road, lag)
	defer w.close(t)
	w.count = count
	steps := w.steps(t)
	count.steps.Add(-1) // the first look is before the first step
	steps[""] = func(*rapid.T) { count.steps.Add(1) }
	rt.Repeat(steps)
	if w.holdsSecret(w.log.String()) {
		rt.Fatal("a secret shows in the log")
	}
}
