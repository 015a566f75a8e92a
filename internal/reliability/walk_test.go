package reliability_test

import (
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestWalk lets random things happen to workspaces, over every road, until all walks together have taken walkSteps steps.
//
// A walk that breaks a promise is shrunk, and printed with its seed and the command that walks it again.
func TestWalk(t *testing.T) {
	t.Parallel()
	for _, road := range roads() {
		t.Run(road, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			var steps atomic.Int64
			for steps.Load() < walkSteps/int64(len(roads())) {
				rapid.Check(t, func(rt *rapid.T) { stroll(rt, t, road, &steps) })
			}
			t.Logf("%d steps in %s", steps.Load(), time.Since(began).Round(time.Second))
		})
	}
}

// stroll is one walk.
func stroll(rt *rapid.T, t *testing.T, road string, steps *atomic.Int64) {
	version := rapid.SampledFrom(upgrades()).Draw(rt, "version")
	lag := rapid.SampledFrom([]time.Duration{0, 0, 20 * time.Millisecond, 200 * time.Millisecond}).Draw(rt, "lag")
	w := newWalk(t, version, road, lag)
	defer w.close(t)
	actions := w.steps(t)
	actions[""] = func(*rapid.T) { steps.Add(1) }
	rt.Repeat(actions)
	if w.holdsSecret(w.log.String()) {
		rt.Fatal("a secret shows in the log")
	}
}
