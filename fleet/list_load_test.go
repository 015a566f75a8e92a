package fleet_test

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/rcreg/registration/fleet"
)

// manyWorkspaces is the text of a list of n workspaces with a file each, all of which lead to one secret.
func manyWorkspaces(n int) []byte {
	var text strings.Builder
	text.WriteString("defaults:\n  user_id: rcreg\n  auth_token: {file: '{name}/../token'}\nworkspaces:\n")
	for i := range n {
		fmt.Fprintf(&text, "  - name: workspace-%06d\n    url: https://chat-%06d.example.com/team\n    labels: {region: %s, tier: tier-%d}\n", i, i, []string{"eu", "us", "asia"}[i%3], i%7)
	}
	return []byte(text.String())
}

// TestMemoryOfWaiting measures what a list costs in memory for as long as its workspaces wait: less than 1 KiB each, with half of that left for the runner.
func TestMemoryOfWaiting(t *testing.T) { //nolint:paralleltest // it measures the memory of the whole process
	const n, most = 20_000, 512
	dir := t.TempDir()
	keep(t, dir, "token", "secret", 0o600)
	text := manyWorkspaces(n)
	before := heap()
	list, err := fleet.Parse(text, dir)
	if err != nil {
		t.Fatal(err)
	}
	each := (heap() - before) / n
	t.Logf("%d bytes a workspace", each)
	if each > most || each < 100 { // less cannot hold what is in it: then the measurement is wrong
		t.Errorf("a waiting workspace takes %d bytes; at most %d are allowed", each, most)
	}
	runtime.KeepAlive(text)
	runtime.KeepAlive(list)
}

// heap is the memory in use, in bytes, after all that is not needed was collected.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func BenchmarkLoad(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 200_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			dir := b.TempDir()
			keep(b, dir, "token", "secret", 0o600)
			path := keep(b, dir, "fleet.yaml", string(manyWorkspaces(n)), 0o644)
			for b.Loop() {
				if _, err := fleet.Load(path); err != nil {
					b.Fatal(err)
				}
			}
			var stats runtime.MemStats
			runtime.ReadMemStats(&stats)
			b.ReportMetric(float64(stats.Sys)/1e6, "MB-of-the-process") // its peak
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/workspace")
		})
	}
}
