package temporal

import (
	"testing"

	"github.com/rcreg/registration/fleet"
)

// BenchmarkFleet takes a fleet through its histories, with activities that answer at once:
//
//	go test ./temporal -run '^$' -bench Fleet -benchtime 1x
func BenchmarkFleet(b *testing.B) {
	const size = 100_000
	for b.Loop() {
		c := &crowd{size: size}
		tally, histories := c.run(b, FleetRun{List: "fleet.yaml", Operation: FleetSync})
		if tally.Classes[fleet.Unchanged] != size || histories != size/pageSize {
			b.Fatalf("%d histories, %+v", histories, tally)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/size, "µs/workspace")
}
