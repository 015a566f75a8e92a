package fleet_test

import (
	"context"
	"flag"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/registrationtest"
)

var benchWorkspaces = flag.Int("bench.workspaces", 500, "how many workspaces the benchmarks of throughput have; the promise is made for 10000")

const benchConcurrency = 64

// unhurried is the time of the machine, with sleeps that are over at once: the client leaves a server's settings cache 250 ms after a sync, which is no work.
type unhurried struct{ clock.Clock }

func (unhurried) Sleep(ctx context.Context, _ time.Duration) error { return context.Cause(ctx) }

// BenchmarkThroughput compares status and sync of a fleet with a bare net/http loop that makes the same requests, with as many at the same time, turn by turn.
//
//	go test ./fleet -run '^$' -bench Throughput -benchtime 6x -bench.workspaces 10000
func BenchmarkThroughput(b *testing.B) {
	// Older servers are synced by a method, and limit methods for administrators too: both would wait.
	fake := registrationtest.NewFleet(b, *benchWorkspaces, registrationtest.WithoutHistory(),
		registrationtest.WithVersions("6.5.0", "8.7.0", "8.9.0", "9.0.0"))
	list := listOf(b, fake)
	pool, _ := poolOf(b, fake.Cloud(), fake.Len())
	options := []fleet.Option{
		withoutLag(), fleet.WithClock(unhurried{clock.System()}), fleet.WithConcurrency(benchConcurrency), fleet.WithPerHost(benchConcurrency), fleet.WithCloudRate(1e9),
	}
	wantAll(b, fake, outcomes(b, open(b, list, slices.Concat(options, []fleet.Option{fleet.WithTokens(pool)})...), fleet.Register()), fleet.Done, "registered")
	loop := newBareLoop(b, fake, list, options)
	f := open(b, list, options...)
	var ours, bare time.Duration
	turns := []func(){
		func() { ours += timed(func() { statusAndSyncAll(b, f, fake.Len()) }) },
		func() { bare += timed(func() { loop.run(b) }) },
	}
	for b.Loop() {
		for _, turn := range turns {
			turn()
		}
		slices.Reverse(turns) // whoever is first meets another heap
	}
	b.ReportMetric(float64(fake.Len()*b.N)/ours.Seconds(), "workspaces/s")
	b.ReportMetric(float64(fake.Len()*b.N)/bare.Seconds(), "bare/s")
	b.ReportMetric(bare.Seconds()/ours.Seconds(), "of-bare")
}

func timed(do func()) time.Duration {
	began := time.Now()
	do()
	return time.Since(began)
}

// statusAndSyncAll runs both operations over n registered workspaces. It keeps no outcomes: the loop that it is compared with keeps none.
func statusAndSyncAll(b *testing.B, f *fleet.Fleet, n int) {
	b.Helper()
	for _, op := range statusAndSync() {
		well := 0
		for outcome := range f.Run(b.Context(), op) {
			if outcome.Class != fleet.Unchanged || outcome.State != "registered" {
				b.Fatalf("%+v", outcome)
			}
			well++
		}
		if well != n {
			b.Fatalf("%s: %d of %d workspaces", op.Name, well, n)
		}
	}
}

func statusAndSync() []fleet.Operation { return []fleet.Operation{fleet.Status(), fleet.Sync()} }

// BenchmarkGrowth tells what a workspace costs in fleets of different sizes, whose workspaces answer at once.
//
//	go test ./fleet -run '^$' -bench Growth -benchtime 3x
func BenchmarkGrowth(b *testing.B) {
	for _, size := range []struct {
		name string
		n    int
	}{{"1000", 1_000}, {"10000", 10_000}, {"100000", 100_000}} {
		b.Run(size.name, func(b *testing.B) {
			list := madeUp(b, size.n)
			f := open(b, list, withoutLag(), fleet.WithClock(unhurried{clock.System()}), fleet.WithConcurrency(benchConcurrency), fleet.WithCloudRate(1e9),
				fleet.WithRoundTripper(ready{}))
			// As many workspaces for each size: what is measured is not how warm the machine is.
			rounds := 100_000 / size.n
			for b.Loop() {
				for range rounds {
					statusAndSyncAll(b, f, size.n)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*rounds*size.n), "µs/workspace")
		})
	}
}

// ready answers at once as a registered workspace of 9.0.
type ready struct{}

func (ready) RoundTrip(request *http.Request) (*http.Response, error) {
	return answer(request, readyAnswers()[request.URL.Path]), nil
}
