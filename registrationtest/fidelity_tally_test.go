package registrationtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
)

// tally counts the exchanges of a replay. It is safe for concurrent use.
type tally struct {
	mu     sync.Mutex
	files  map[string]*counts
	failed map[string]map[string]int // by scenario and file
	least  int                       // how many exchanges there have to be
}

type counts struct{ exchanges, passed, excepted, failed int }

func newTally() *tally {
	return &tally{files: map[string]*counts{}, failed: map[string]map[string]int{}}
}

func (t *tally) add(s scene, step *recording, passed, excepted bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.files[s.file] == nil {
		t.files[s.file] = &counts{}
	}
	c := t.files[s.file]
	c.exchanges++
	switch {
	case excepted:
		c.excepted++
	case passed:
		c.passed++
	default:
		c.failed++
		if t.failed[step.Scenario] == nil {
			t.failed[step.Scenario] = map[string]int{}
		}
		t.failed[step.Scenario][s.file]++
	}
}

// report prints the counts, and fails the test when too many exchanges are excepted.
func (t *tally) report(tb testing.TB) {
	tb.Helper()
	t.mu.Lock()
	defer t.mu.Unlock()
	var all counts
	var out strings.Builder
	fmt.Fprintf(&out, "%-26s %9s %7s %8s %6s\n", "file", "exchanges", "passed", "excepted", "failed")
	for _, file := range slices.Sorted(maps.Keys(t.files)) {
		c := t.files[file]
		all.exchanges += c.exchanges
		all.passed += c.passed
		all.excepted += c.excepted
		all.failed += c.failed
		fmt.Fprintf(&out, "%-26s %9d %7d %8d %6d\n", file, c.exchanges, c.passed, c.excepted, c.failed)
	}
	fmt.Fprintf(&out, "%-26s %9d %7d %8d %6d\n", "all", all.exchanges, all.passed, all.excepted, all.failed)
	if *summary {
		for _, scenario := range slices.Sorted(maps.Keys(t.failed)) {
			fmt.Fprintf(&out, "failed in %s:", scenario)
			for _, file := range slices.Sorted(maps.Keys(t.failed[scenario])) {
				fmt.Fprintf(&out, " %s (%d)", file, t.failed[scenario][file])
			}
			out.WriteByte('\n')
		}
	}
	if all.failed > 0 && *summary {
		tb.Errorf("\n%s", out.String())
		return
	}
	tb.Logf("\n%s", out.String())
	if all.exchanges < t.least {
		tb.Errorf("%d exchanges, want at least %d", all.exchanges, t.least)
	}
	if all.excepted*100 > all.exchanges*maxExcepted {
		tb.Errorf("%d of %d exchanges are excepted, more than %d %%", all.excepted, all.exchanges, maxExcepted)
	}
}
