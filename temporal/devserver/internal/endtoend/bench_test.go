package endtoend_test

import (
	"flag"
	"strconv"
	"strings"
	"testing"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/registrationtest/sim"
	"github.com/rcreg/registration/temporal"
)

var benchWorkspaces = flag.String("bench.workspaces", "500", "how many workspaces the fleets of the benchmark have; the promise is made for 1000,2500,5000")

// benchWindow is how many workspaces both are at work on at the same time.
const benchWindow = 32

// BenchmarkTemporal looks at the status of each workspace of a fleet: by the package fleet, and by two workers with the embedded server between them. The
// difference is what it costs that any machine may go away at any time.
//
//	go test ./temporal/devserver/internal/endtoend -run '^$' -bench Temporal -benchtime 1x -bench.workspaces 1000,2500,5000
func BenchmarkTemporal(b *testing.B) {
	for _, size := range strings.Split(*benchWorkspaces, ",") {
		n, err := strconv.Atoi(size)
		if err != nil {
			b.Fatal(err)
		}
		w := &world{tb: b, key: newKey()}
		w.open(sim.Config{Count: n, Versions: []string{"6.5.0", "8.7.0", "8.9.0", "9.0.0"}})
		w.sim.Fleet().Workspaces() // so that the first to ask does not wait until they are made
		f, err := fleet.New(w.list, fleet.WithClock(hurried{clock.System()}), fleet.WithConcurrency(benchWindow), fleet.WithPerHost(benchWindow), fleet.WithCloudRate(1e9))
		if err != nil {
			b.Fatal(err)
		}
		b.Run("fleet/"+size, func(b *testing.B) {
			measure(b, n, func() (answered int) {
				for outcome := range f.Run(b.Context(), fleet.Status()) {
					if outcome.Class == fleet.Unchanged {
						answered++
					}
				}
				return answered
			})
		})
		b.Run("temporal/"+size, func(b *testing.B) {
			defer w.work(w.config())()
			defer w.work(w.config())()
			measure(b, n, func() int {
				var tally temporal.Tally
				run := w.begin("fleet", temporal.FleetWorkflow, temporal.FleetRun{List: w.listFile(), Operation: temporal.FleetStatus, Window: benchWindow})
				if err := run.Get(b.Context(), &tally); err != nil {
					b.Fatal(err)
				}
				return tally.Classes[fleet.Unchanged]
			})
		})
	}
}

// measure tells how long each of n workspaces took, all of which must answer.
func measure(b *testing.B, n int, status func() (answered int)) {
	b.Helper()
	for b.Loop() {
		if answered := status(); answered != n {
			b.Fatalf("%d of %d workspaces have answered", answered, n)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N)/float64(n), "ms/workspace")
}
