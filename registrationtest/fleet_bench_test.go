package registrationtest_test

import (
	"runtime"
	"strconv"
	"testing"

	"github.com/rcreg/registration/registrationtest"
)

// Starting a fleet, whatever its size: its workspaces wait for their first request.
func BenchmarkFleetStart(b *testing.B) {
	for _, n := range []int{200, 10_000, 100_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				fleet, err := registrationtest.StartFleet(n)
				if err != nil {
					b.Fatal(err)
				}
				fleet.Close()
			}
		})
	}
}

// Making a workspace of a fleet, with the memory that it holds from then on.
func BenchmarkFleetMake(b *testing.B) {
	for _, version := range registrationtest.MixedVersions() {
		b.Run(version, func(b *testing.B) {
			const n = 100
			made := 0
			before := heap()
			for b.Loop() {
				fleet, err := registrationtest.StartFleet(n, registrationtest.InProcess(), registrationtest.WithoutHistory(),
					registrationtest.WithVersions(version))
				if err != nil {
					b.Fatal(err)
				}
				made += len(fleet.Workspaces())
				b.Cleanup(fleet.Close) // it is held until the memory is measured
			}
			b.ReportMetric(float64(heap()-before)/float64(made), "held-B/workspace")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(made), "ns/workspace")
		})
	}
}

func heap() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
