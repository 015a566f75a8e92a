package reliability_test

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/registrationtest/faults"
)

var wayoutFull = flag.Bool("wayout.full", false, "follow the ways out of all failures, and not of a sample")

// TestWayOut lets a robot follow the first remedy of every failure that the matrix can produce, where what is wrong lasts until a remedy ends it: it must arrive where the operation
// wanted to go within four steps, or where a remedy says that nothing can be done, and the model agrees.
func TestWayOut(t *testing.T) {
	t.Parallel()
	count := &ways{failures: map[string]int{}, found: map[string][]string{}}
	t.Cleanup(func() { count.print(t) })
	for _, op := range goals() {
		t.Run(op.name, func(t *testing.T) {
			t.Parallel()
			all := rows(op)
			if !*wayoutFull {
				all = someRows("way out of "+op.name, all)
			}
			for _, row := range all {
				t.Run(row.version+"/"+row.transport, func(t *testing.T) {
					t.Parallel()
					rehearsed := row
					rehearsed.op = operationNamed(op.name)
					steps := rehearsed.rehearse(t)
					for _, c := range row.lasting(steps) {
						c.wayOut(t, count)
					}
				})
			}
		})
	}
}

// goals are the operations, with where each wants to go: what cannot succeed as things are does so at the end of its way out, and what waits for a person is through.
func goals() []operation {
	all := operations()
	for i := range all {
		op := &all[i]
		switch {
		case op.name == "register by e-mail" || op.name == "request":
			op.done = isRegistered
		case op.name == "license request":
			op.done, op.licenses = isLicensed, true
		case op.name == "sync of a removed workspace":
			op.done = isSynced
		case op.never:
			op.done = isRegistered
		}
		op.never, op.pends = false, false
	}
	return all
}

// operationNamed is an operation as the matrix has it.
func operationNamed(name string) operation {
	all := operations()
	return all[slices.IndexFunc(all, func(op operation) bool { return op.name == name })]
}

// lasting are the faults of a row, each from the first of its calls on: one for each call that is made, and some for all of them.
func (c cell) lasting(steps []faults.Step) []cell {
	var all []cell
	seen := map[string]bool{}
	for _, step := range steps {
		call := fmt.Sprint(step.Side, step.By, step.Call, step.Frame)
		if seen[call] {
			continue
		}
		seen[call] = true
		for _, fault := range matrixFaults() {
			if fault.Times == 0 || !fault.Fits(step) || isGateway(fault.Kind) && lot("way out", c.String(), call, string(fault.Kind)).IntN(alike) > 0 {
				continue
			}
			fault.Times, fault.Side, fault.Call = 0, step.Side, step.Call
			c.step, c.fault = step, fault
			all = append(all, c)
		}
	}
	if !*wayoutFull {
		return some(c.String(), all)
	}
	return all
}

// some takes a few of the cells of a row.
func some(name string, all []cell) []cell {
	draw := lot("way out", name)
	draw.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:min(len(all), 12)]
}

// wayOut runs the operation with what is wrong, and follows the ways out of its failure, unless another one like it was followed before.
func (c cell) wayOut(t *testing.T, count *ways) {
	t.Helper()
	w := c.world(t)
	defer w.close(t)
	c.op.prepare(t, w)
	r := &robot{world: w, goal: c.op, before: w.truth(t)}
	w.faults.Clear()
	w.faults.Set(c.fault)
	err := r.run(t, c.op)
	hit, ok := r.hit()
	if !ok || err == nil {
		return
	}
	r.cause = causeOf(hit)
	if !count.isNew(c.version + "/" + c.transport + " " + r.sign(t, err)) {
		return
	}
	steps, wrong := r.arrives(t, err)
	count.judged(t, c, r, failure.KindOf(err), steps, wrong)
}

// ways counts what was followed, and keeps what was found.
type ways struct {
	mu       sync.Mutex
	failures map[string]int // sign → how often
	longest  int
	way      string
	found    map[string][]string // violation → stories
}

// isNew counts a failure, and reports whether it is the first of its sort.
func (c *ways) isNew(sign string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failures[sign]++
	return c.failures[sign] == 1
}

func (c *ways) judged(t *testing.T, played cell, r *robot, kind *failure.Kind, steps int, wrong string) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if steps > c.longest {
		c.longest, c.way = steps, played.String()+"\n    "+strings.Join(r.story, "\n    ")
	}
	if wrong == "" {
		return
	}
	wrong = plain(played.op.name + " " + played.transport + ": " + kind.Name() + ": " + wrong)
	c.found[wrong] = append(c.found[wrong], played.String()+"\n    "+strings.Join(r.story, "\n    "))
}

// print shows what was followed, and the violations, of which there must be none.
func (c *ways) print(t *testing.T) {
	t.Helper()
	failures := 0
	for _, n := range c.failures {
		failures += n
	}
	t.Logf("failures: %d, distinct: %d, longest way: %d steps, violations: %d", failures, len(c.failures), c.longest, len(c.found))
	t.Logf("the longest way: %s", c.way)
	for _, wrong := range slices.Sorted(maps.Keys(c.found)) {
		t.Errorf("%s\n  in %d sorts of failures, such as %s", wrong, len(c.found[wrong]), c.found[wrong][0])
	}
}
