package offline

import (
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/rcreg/registration/cloud"
)

// TestMemoryIsFlat looks at the heap while a courier works through large requests: it must not hold them.
//
//nolint:paralleltest // others would use memory meanwhile
func TestMemoryIsFlat(t *testing.T) {
	const (
		n     = 60
		large = 100 << 10 // of each request
		limit = 512 << 10 // a tenth of all requests
	)
	g := newGap(t)
	padding := strings.Repeat("x", large)
	for i := range n {
		_, err := g.requester.Ask(Registration, base64.StdEncoding.EncodeToString(fmt.Appendf(nil, `{"uniqueId":"unique-%d","padding":%q}`, i, padding)))
		must(t, err)
	}
	heap := map[int]uint64{}
	calls := 0
	g.cloud.exchange = func(_ string, grant cloud.Grant) (cloud.Grant, error) {
		if calls++; calls%15 == 0 {
			var stats runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&stats)
			heap[calls] = stats.HeapAlloc
		}
		return grant, nil
	}
	for _, item := range g.run(t, "* shared") {
		if item.Outcome != Answered {
			t.Errorf("%v", item)
		}
	}
	for calls, bytes := range heap {
		if bytes > heap[15]+limit {
			t.Errorf("after %d requests the heap has %d bytes, after 15 it had %d", calls, bytes, heap[15])
		}
	}
	if len(heap) != 4 {
		t.Errorf("the heap is %v", heap)
	}
}
