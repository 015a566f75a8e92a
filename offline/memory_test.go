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
		n     = 40
		large = 200 << 10 // bytes of each request
		limit = 2 << 20   // a fraction of what all would take
	)
	g := newGap(t)
	padding := strings.Repeat("x", large)
	for i := range n {
		data := base64.StdEncoding.EncodeToString(fmt.Appendf(nil, `{"uniqueId":"unique-%d","address":"https://chat.example.com","padding":%q}`, i, padding))
		r, _, err := newRequest(Registration, data, start())
		must(t, err)
		must(t, g.folder.writeRequest(r))
	}
	heap := map[int]uint64{}
	calls := 0
	g.cloud.exchange = func(_ string, grant cloud.Grant) (cloud.Grant, error) {
		if calls++; calls%10 == 0 {
			var stats runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&stats)
			heap[calls] = stats.HeapAlloc
		}
		return grant, nil
	}
	c := g.courier(t, "* shared")
	c.Concurrency = 1 // so that what is at work takes the same at each look
	report, err := c.Run(t.Context())
	must(t, err)
	if report.Count(Answered) != n || len(heap) != n/10 {
		t.Errorf("%d answered, %d looks", report.Count(Answered), len(heap))
	}
	for calls, bytes := range heap {
		if bytes > heap[10]+limit {
			t.Errorf("after %d requests the heap has %d bytes, after 10 it had %d", calls, bytes, heap[10])
		}
	}
}
