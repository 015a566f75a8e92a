package reliability_test

import (
	"flag"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rcreg/registration"
)

var walkSteps = flag.Int64("walk.steps", usualSteps, "how many steps all walks take together")

// usualSeed is where the draws of all walks begin, unless -rapid.seed says it: so that a run can be repeated.
const usualSeed = "20261124"

// TestWalk lets random things happen to workspaces, over every transport, until all walks together have taken -walk.steps steps.
//
// A walk that breaks a promise is shrunk, and printed with its story and its seed. With that -rapid.seed it is the first walk of a run.
func TestWalk(t *testing.T) {
	t.Parallel()
	setFlags(t)
	// Files make a walk slow: most are over the transport without any.
	for transport, share := range map[string]int64{direct: 50, relay: 30, gap: 20} {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			start, count := time.Now(), &walked{most: *walkSteps * share / 100}
			rapid.Check(t, func(rt *rapid.T) { stroll(t, rt, transport, count) })
			t.Logf("%d steps of %d walks, with %d operations, of which faults hit %d, and %d times two at once, in %s", count.steps.Load(),
				count.walks.Load(), count.operations.Load(), count.hit.Load(), count.pairs.Load(), time.Since(start).Round(time.Second))
		})
	}
}

// setFlags tells rapid what it takes from the command line alone.
func setFlags(t *testing.T) {
	t.Helper()
	flags := map[string]string{
		"rapid.nofailfile": "true",                            // the seed is enough to walk again, and a test leaves no file in the work tree
		"rapid.checks":     strconv.FormatInt(*walkSteps, 10), // walks, which end as soon as they have taken all steps
	}
	if flag.Lookup("rapid.seed").Value.String() == "0" {
		flags["rapid.seed"] = usualSeed
	}
	for name, value := range flags {
		if err := flag.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
}

// walked counts what was done on walks.
type walked struct {
	most                                 int64 // steps to take
	steps, walks, operations, hit, pairs atomic.Int64
	broken                               atomic.Bool // a walk has failed, and is walked again and shrunk
}

// isEnough reports whether all steps are taken.
func (c *walked) isEnough() bool { return c.steps.Load() >= c.most && !c.broken.Load() }

// stroll is one walk.
func stroll(t *testing.T, rt *rapid.T, transport string, count *walked) {
	if count.isEnough() {
		return
	}
	count.walks.Add(1)
	isThrough := false
	defer func() {
		if !isThrough {
			count.broken.Store(true)
		}
	}()
	version := rapid.SampledFrom(upgrades()).Draw(rt, "version")
	lag := rapid.SampledFrom(append(lags(), 0, 0)).Draw(rt, "lag")
	w := newWalk(t, version, transport, lag)
	defer w.close(t)
	w.count = count
	steps := w.steps(t)
	count.steps.Add(-1) // the first look is before the first step
	steps[""] = func(*rapid.T) { count.steps.Add(1) }
	rt.Repeat(steps)
	if leaks := w.used(t, w.setting("uniqueID")).leaks(w.outputs(t, registration.Result{}, nil)); len(leaks) > 0 {
		rt.Fatal(leaks[0])
	}
	isThrough = true
}
