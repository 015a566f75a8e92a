package fleet_test

import (
	"context"
	"net/http"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/registrationtest"
)

// slowly takes a second of virtual time for each request. Those that have begun end, whatever becomes of their caller.
type slowly struct {
	http.RoundTripper
	sent *atomic.Int64
}

func (s slowly) RoundTrip(request *http.Request) (*http.Response, error) {
	s.sent.Add(1)
	if err := clock.System().Sleep(request.Context(), time.Second); err != nil {
		return nil, err
	}
	return s.RoundTripper.RoundTrip(request)
}

// interruption is a run over a fleet that is stopped somehow. It is begun in a bubble, which does not end while a goroutine is left.
type interruption struct {
	fake    *registrationtest.Fleet
	list    fleet.List
	sent    atomic.Int64
	options []fleet.Option
	journal string
	tokens  string
}

func newInterruption(t *testing.T, n int) *interruption {
	t.Helper()
	i := &interruption{fake: registrationtest.NewFleet(t, n, registrationtest.InProcess())}
	i.list = listOf(t, i.fake)
	pool, path := poolOf(t, i.fake.Cloud(), n)
	if err := pool.Close(); err != nil {
		t.Fatal(err)
	}
	i.tokens, i.journal = path, filepath.Join(t.TempDir(), "register.journal")
	i.options = []fleet.Option{
		fleet.WithRoundTripper(slowly{i.fake.RoundTripper(), &i.sent}), fleet.WithConcurrency(4), fleet.WithCloudRate(1e6),
	}
	return i
}

// run registers the fleet, as a process does that was just started.
func (i *interruption) run(t *testing.T, do func(*fleet.Fleet)) {
	t.Helper()
	pool, journal := openPool(t, i.tokens), openJournal(t, i.journal, "register")
	do(open(t, i.list, append(i.options, fleet.WithTokens(pool), fleet.WithJournal(journal))...))
	if err := journal.Close(); err != nil {
		t.Error(err)
	}
	if err := pool.Close(); err != nil {
		t.Error(err)
	}
}

// resume ends what was interrupted, and checks that nothing was lost or done twice.
func (i *interruption) resume(t *testing.T) {
	t.Helper()
	i.run(t, func(f *fleet.Fleet) {
		for name, outcome := range outcomes(t, f, fleet.Register()) {
			if outcome.State != "registered" || outcome.Class != fleet.Done && outcome.Class != fleet.Unchanged {
				t.Errorf("%s is %s, %s: %s", name, outcome.Class, outcome.State, outcome.Message)
			}
		}
	})
	pool := openPool(t, i.tokens)
	if n := len(i.fake.Cloud().Workspaces()); n != i.fake.Len() || pool.Left() != 0 {
		t.Errorf("the Cloud knows %d of %d workspaces, and %d tokens are left", n, i.fake.Len(), pool.Left())
	}
}

func TestCancelledRun(t *testing.T) {
	t.Parallel()
	for name, after := range map[string]time.Duration{"before it begins": 0, "while it reads": 2500 * time.Millisecond, "while it registers": 5500 * time.Millisecond, "later": 33 * time.Second} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				i := newInterruption(t, 18)
				ctx, cancel := context.WithTimeout(t.Context(), after)
				defer cancel()
				seen := map[string]fleet.Class{}
				i.run(t, func(f *fleet.Fleet) {
					for outcome := range f.Run(ctx, fleet.Register()) {
						seen[outcome.Workspace] = outcome.Class
						if outcome.Class == fleet.Cancelled && outcome.Kind != "interrupted" {
							t.Errorf("%+v", outcome)
						}
					}
				})
				if len(seen) != i.fake.Len() {
					t.Errorf("%d of %d workspaces were yielded", len(seen), i.fake.Len())
				}
				if after == 0 && i.sent.Load() != 0 {
					t.Errorf("%d requests were sent", i.sent.Load())
				}
				i.resume(t)
			})
		})
	}
}

func TestLoopIsLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		i := newInterruption(t, 18)
		left := 0
		i.run(t, func(f *fleet.Fleet) {
			for range f.Run(t.Context(), fleet.Register()) {
				if left++; left == 5 {
					break
				}
			}
		})
		sent := i.sent.Load()
		synctest.Wait()
		if i.sent.Load() != sent {
			t.Error("requests were sent after the loop")
		}
		i.resume(t)
	})
}

func TestConsumerPanics(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		i := newInterruption(t, 18)
		i.run(t, func(f *fleet.Fleet) {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			for range f.Run(t.Context(), fleet.Register()) {
				panic("the consumer has a fault")
			}
		})
		i.resume(t)
	})
}

func TestGraceEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		i := newInterruption(t, 4)
		i.options = append(i.options, fleet.WithGrace(300*time.Millisecond))
		ctx, cancel := context.WithTimeout(t.Context(), 4500*time.Millisecond)
		defer cancel()
		i.run(t, func(f *fleet.Fleet) {
			began := time.Now()
			for outcome := range f.Run(ctx, fleet.Register()) {
				if outcome.Class != fleet.Cancelled && outcome.Class != fleet.Unknown {
					t.Errorf("%+v", outcome)
				}
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("it went on for %s", took)
			}
		})
		i.resume(t)
	})
}
