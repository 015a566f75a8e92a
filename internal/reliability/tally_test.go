package reliability_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rcreg/registration/registrationtest/faults"
)

// tally counts what the matrix covers, and keeps what it finds.
type tally struct {
	mu         sync.Mutex
	operations map[string]bool
	dialects   map[string]bool
	transports map[string]bool
	rows       int
	exchanges  map[string]bool
	cells      int
	played     int
	found      map[string][]string // violation → cells
}

// row counts a row with its cells.
func (c *tally) row(row cell, cells []cell) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.operations == nil {
		c.operations, c.dialects, c.transports = map[string]bool{}, map[string]bool{}, map[string]bool{}
		c.exchanges, c.found = map[string]bool{}, map[string][]string{}
	}
	c.operations[row.op.name], c.dialects[row.version], c.transports[row.transport] = true, true, true
	c.rows++
	c.cells += len(cells)
	for _, next := range cells {
		c.exchanges[fmt.Sprint(row.op.name, row.version, row.transport, next.step.N)] = true
	}
}

// play plays cells and keeps what it finds.
func (c *tally) play(t *testing.T, cells []cell) {
	t.Helper()
	for _, next := range cells {
		c.judged(t, next, next.play(t))
	}
}

// judged keeps what was found in a cell.
func (c *tally) judged(t *testing.T, played cell, wrong []string) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.played++
	for _, text := range wrong {
		text = played.op.name + " " + played.transport + ": " + plain(text)
		if c.found[text] == nil {
			t.Logf("%s: %s", played, text) // at once: who reads along need not wait for the end
		}
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
	t.Logf("%d operations × %d dialects × %d transports: %d rows with %d exchanges × %d faults: %d cells", len(c.operations), len(c.dialects), len(c.transports), c.rows,
		len(c.exchanges), len(matrixFaults()), c.cells)
	if *matrixFull {
		t.Logf("the whole was played")
	} else {
		t.Logf("a sample was played, of %d cells: each kind of fault for each operation in some of its rows (-matrix.seed=%d takes others, -matrix.full all)", c.played, *matrixSeed)
	}
	t.Logf("lags of settings caches: %s", lags())
	t.Logf("faults: %s", strings.Join(kinds(), ", "))
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

// kinds names the faults that are played.
func kinds() []string {
	names := make([]string, 0, len(matrixFaults()))
	for _, fault := range matrixFaults() {
		name := fault.String()
		if fault.Times == 0 {
			name += " from there on"
		}
		names = append(names, name)
	}
	return names
}

// exceptions are what the matrix does not take for a violation, although it looks like one. The judge knows each of them by the exchange that was hit.
func exceptions() []string {
	return []string{
		"the outcome is unknown although the status can be read, when the exchange of a token at the Cloud, or the request for a message, got no answer of the Cloud: no status tells what became of it",
		"the outcome is unknown although the status can be read, when the act itself had no answer of the workspace, and shows no effect or only a late one: servers go on, before 6.4 without a time limit, and may take back what comes late",
		"a grant is lost whose reply the network lost before it reached this machine, or before it reached the workspace that had asked for it",
		"a sync failed although the Cloud has seen it, when one of the exchanges between the workspace and the Cloud failed: then the workspace has not finished it",
		"a sync succeeded although the Cloud has not seen it, when something else answered the workspace in its place: nothing that the workspace shows tells",
		"a sync was carried out, a message sent, or a move confirmed, although the error says that something in front of the workspace answered: no status tells",
		"a message was sent although the workspace says that it was refused, when the reply was lost between the Cloud and the workspace",
	}
}

// faults.All must not shrink unnoticed.
func TestFaultsAreMany(t *testing.T) {
	t.Parallel()
	if n := len(faults.All()); n < 60 {
		t.Errorf("there are %d faults", n)
	}
}
