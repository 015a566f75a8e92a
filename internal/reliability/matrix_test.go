package reliability_test

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/registrationtest/faults"
)

// TestMatrix lets every exchange of every operation, on every dialect and over every transport, fail in every way, once and from there on: with -matrix.full all of
// it, and otherwise a sample that has each kind of fault for each operation.
func TestMatrix(t *testing.T) {
	t.Parallel()
	count := &tally{}
	t.Cleanup(func() { count.print(t) }) // when all rows are through
	for _, op := range operations() {
		t.Run(op.name, func(t *testing.T) {
			t.Parallel()
			if *matrixFull {
				for _, row := range rows(op) {
					t.Run(row.version+"/"+row.transport, func(t *testing.T) {
						t.Parallel()
						count.play(t, row.all(t, count))
					})
				}
				return
			}
			var all []cell
			for _, row := range someRows(op.name, rows(op)) {
				all = append(all, row.all(t, count)...)
			}
			count.play(t, sample(op.name, all))
		})
	}
}

// rows are an operation on each dialect over each transport that have it.
func rows(op operation) []cell {
	var all []cell
	for _, version := range dialects() {
		for _, transport := range transports() {
			if op.on(version, transport) {
				all = append(all, cell{op: op, version: version, transport: transport})
			}
		}
	}
	return all
}

// all runs an operation once as it should be, and returns all cells of its row, which it counts.
func (c cell) all(t *testing.T, count *tally) []cell {
	t.Helper()
	all := c.cells(c.rehearse(t))
	count.row(c, all)
	return all
}

// rehearse runs the operation with nothing in its way, and returns its exchanges.
func (c cell) rehearse(t *testing.T) []faults.Step {
	t.Helper()
	w := c.world(t)
	defer w.close(t)
	c.op.prepare(t, w)
	before := w.truth(t)
	w.faults.Clear()
	_, err := c.op.run(t.Context(), t, w)
	steps := w.faults.Steps()
	after := w.truth(t)
	if c.op.isSuccess(err) == c.op.never || c.op.isSuccess(err) && !c.op.done(before, after) {
		t.Fatalf("undisturbed: %v, from %+v to %+v", err, before, after)
	}
	return steps
}

// world is one in which the operation can be run.
func (c cell) world(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, c.version, c.transport, c.lag)
	w.licenseless = !c.op.licenses
	return w
}

// matrixFaults are all that can go wrong with one exchange, and the same three from there on.
func matrixFaults() []faults.Fault {
	all := make([]faults.Fault, 0, len(faults.All())+3)
	for _, fault := range faults.All() {
		fault.Times = 1
		all = append(all, fault)
	}
	all = append(all,
		faults.Fault{Kind: faults.Refused},
		faults.Fault{Kind: faults.Reset, After: true},
		faults.Fault{Kind: faults.Page, After: true},
	)
	only := regexp.MustCompile(*matrixOnly)
	return slices.DeleteFunc(all, func(f faults.Fault) bool { return !only.MatchString(f.String()) })
}

// cell is one fault at one exchange of one operation.
type cell struct {
	op                 operation
	version, transport string
	step               faults.Step
	fault              faults.Fault
	lag                time.Duration // of the settings cache
}

func (c cell) String() string {
	from := ""
	if c.fault.Times == 0 {
		from = " from there on"
	}
	if c.lag > 0 {
		from += ", the settings cache lags " + c.lag.String()
	}
	return fmt.Sprintf("%s, %s, %s: %s at %d %s %s%s", c.op.name, c.version, c.transport, c.fault, c.step.N, c.step.Side, c.step.Call, from)
}

// play runs the operation with the fault, and again without, and returns what was not as it should be.
func (c cell) play(t *testing.T) []string {
	t.Helper()
	w := c.world(t)
	defer w.close(t)
	c.op.prepare(t, w)
	before := w.truth(t)
	w.faults.Clear()
	w.faults.Set(c.fault)
	result, err := c.op.run(t.Context(), t, w)
	j := judge{cell: c, w: w, before: before, result: result, err: err, fired: w.faults.Fired(), exchanged: exchanged(w.faults.Steps())}
	w.faults.Clear()
	j.after = w.truth(t)
	return append(j.violations(t), j.again(t)...)
}

// exchanged counts the tokens that were handed to the Cloud.
func exchanged(steps []faults.Step) (n int) {
	for _, step := range steps {
		if step.Call == faults.CallClients && step.CarriedOut {
			n++
		}
	}
	return n
}

// again runs the operation once more with nothing in its way: it must end as it should, whatever happened before.
func (j judge) again(t *testing.T) []string {
	t.Helper()
	_, err := j.op.run(t.Context(), t, j.w)
	if !j.op.isSuccess(err) && j.isTokenGone() {
		j.w.token = j.w.ws.Cloud().IssueToken()
		_, err = j.op.run(t.Context(), t, j.w)
	}
	after := j.w.truth(t)
	switch {
	case j.op.never && err == nil:
		return []string{"run again, it reported success"}
	case j.op.never:
		return nil
	case !j.op.isSuccess(err):
		return []string{fmt.Sprintf("run again, it failed: %v", err)}
	case !j.op.done(j.before, after):
		return []string{fmt.Sprintf("run again, it reported success, which is not so: %+v", after)}
	}
	return nil
}

// isTokenGone reports whether a token is spent, or may be, and nobody can have its grant: its reply was lost on the network, which the SDK said, or on the
// way to the workspace, which says nothing.
func (j judge) isTokenGone() bool {
	return j.isReplyLost() && errors.Is(j.err, registration.ErrOutcomeUnknown) || j.isInside() && j.after.spent > j.before.spent
}
