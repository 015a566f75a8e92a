package reliability_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rcreg/registration/registrationtest"
)

// tally counts what the matrix covers, and keeps what it finds.
type tally struct {
	mu         sync.Mutex
	operations map[string]bool
	dialects   map[string]bool
	roads      map[string]bool
	rows       int
	exchanges  map[string]bool
	cells      int
	played     int
	found      map[string][]string // violation → cells
}

func (c *tally) row(operation, dialect, road string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.operations == nil {
		c.operations, c.dialects, c.roads = map[string]bool{}, map[string]bool{}, map[string]bool{}
		c.exchanges, c.found = map[string]bool{}, map[string][]string{}
	}
	c.operations[operation], c.dialects[dialect], c.roads[road] = true, true, true
	c.rows++
}

// picks counts a cell, and tells whether it is played: under the race detector only some are.
func (c *tally) picks(next cell) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cells++
	c.exchanges[fmt.Sprint(next.op.name, next.version, next.road, next.step.N)] = true
	return c.cells%every == 0
}

// judged keeps what was found in a cell.
func (c *tally) judged(played cell, wrong []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.played++
	for _, text := range wrong {
		text = played.op.name + " " + played.road + ": " + plain(text)
		c.found[text] = append(c.found[text], played.String())
	}
}

// plain takes out what differs from run to run, so that one violation is one line.
func plain(text string) string {
	for _, part := range []string{`http://127\.0\.0\.1:\d+`, `\d+\.\d+\.\d+`, `\b[0-9a-f]{8}-[0-9a-f-]{27}\b`, `\brequest [a-z2-7]{16}\b`, `\b[A-Za-z0-9]{17}\b`, `\b[A-Z0-9]{24}\b`, `HTTP \d+`} {
		text = regexp.MustCompile(part).ReplaceAllString(text, "…")
	}
	return text
}

// print shows the counts and the table of violations, which has to be empty.
func (c *tally) print(t *testing.T) {
	t.Helper()
	t.Logf("%d operations × %d dialects × %d roads: %d rows with %d exchanges × %d faults: %d cells", len(c.operations), len(c.dialects), len(c.roads), c.rows,
		len(c.exchanges), len(faults()), c.cells)
	if c.played < c.cells {
		t.Logf("under the race detector a sample of 1 in %d was played: %d cells", every, c.played)
	}
	for _, exception := range exceptions() {
		t.Logf("no violation: %s", exception)
	}
	t.Logf("violations: %d", len(c.found))
	for _, text := range slices.Sorted(maps.Keys(c.found)) {
		cells := c.found[text]
		slices.Sort(cells)
		t.Errorf("%s\n  in %d cells:\n  %s", text, len(cells), strings.Join(cells[:min(len(cells), 5)], "\n  "))
	}
}

// exceptions are what the matrix does not take for a violation, although it looks like one. The judge knows each of them by the exchange that was hit.
func exceptions() []string {
	return []string{
		"the outcome is unknown although the status can be read, when the exchange of a token at the Cloud, or the request for a message, got no answer of the Cloud: no status tells what became of it",
		"a grant is lost whose reply the network lost before it reached this machine, or before it reached the workspace that had asked for it",
		"a sync failed although the Cloud has seen it, when one of the exchanges between the workspace and the Cloud failed: then the workspace has not finished it",
		"a sync succeeded although the Cloud has not seen it, when something else answered the workspace in its place: nothing that the workspace shows tells",
		"a message was sent although the workspace says that it was refused, when the reply was lost between the Cloud and the workspace",
	}
}

// registrationtest.AllFaults must not shrink unnoticed.
func TestFaultsAreMany(t *testing.T) {
	t.Parallel()
	if n := len(registrationtest.AllFaults()); n < 25 {
		t.Errorf("there are %d faults", n)
	}
}
