package fleet

import (
	"context"
	"errors"
	"iter"
	"net"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Run does an operation to every workspace and yields what became of each, in the order in which they end. Every workspace of the list is yielded once, also when
// ctx is done: then what is in flight gets [WithGrace] to end, and the rest is [Cancelled]. Leaving the loop ends a run in the same way. No goroutine outlives the
// loop, unless code of the caller's own does not obey its context, such as a transport: 15 seconds later what it has in flight is yielded as [Unknown], or as
// [Failed] or [Cancelled] where the operation does not write, and that code is left to itself. [WithAbandon] ends a run at once.
//
// With a journal, workspaces that it knows to be [Done] or [Unchanged] are yielded from it with Resumed set, and nothing is sent to them; what was in flight when
// the last run was killed comes first.
//
// One run at a time: see [ErrRunning]. What kept a run from its work is told by [Fleet.Err].
func (f *Fleet) Run(ctx context.Context, op Operation) iter.Seq[Outcome] {
	return func(yield func(Outcome) bool) {
		if f == nil { // Err tells
			return
		}
		yield = labelled(f.list, yield)
		if !f.running.TryLock() {
			f.refuse(op, ErrRunning, yield)
			return
		}
		defer f.running.Unlock()
		f.setErr(nil)
		if err := f.check(ctx, op); err != nil {
			f.setErr(err)
			f.refuse(op, err, yield)
			return
		}
		r := &run{fleet: f, op: op, identities: newIdentities(), tasks: make([]task, len(f.list))}
		defer func() { f.setErr(r.failure()) }()
		if order, more := r.resume(yield); more {
			r.run(ctx, order, yield)
		}
	}
}

// labelled gives each outcome the labels of its workspace in the list.
func labelled(list []Workspace, yield func(Outcome) bool) func(Outcome) bool {
	labels := map[string]map[string]string{}
	for _, w := range list {
		if len(w.Labels) > 0 {
			labels[w.Name] = w.Labels
		}
	}
	return func(o Outcome) bool {
		o.Labels = labels[o.Workspace]
		return yield(o)
	}
}

// check refuses what cannot work.
func (f *Fleet) check(ctx context.Context, op Operation) error {
	if err := f.usable(ctx); err != nil {
		return err
	}
	if err := op.check(); err != nil {
		return err
	}
	if f.journal != nil && f.journal.Operation() != op.Name {
		return ErrOtherOperation
	}
	return nil
}

// refuse yields that nothing was begun.
func (f *Fleet) refuse(op Operation, err error, yield func(Outcome) bool) {
	for _, w := range f.list {
		if !yield(notBegun(w, op, err)) {
			return
		}
	}
}

// run is one operation over all workspaces.
type run struct {
	fleet      *Fleet
	op         Operation
	identities *identities
	queue      *queue
	results    chan Outcome
	stop       context.CancelCauseFunc
	tasks      []task // by the index of the workspace; each belongs to whoever has taken it from the queue

	mu  sync.Mutex
	err error
}

// task is one workspace in a run. The zero value waits to be begun.
type task struct {
	*attempts // nil before the first try and after the last
	ended     bool
}

// resume yields what the journal knows, and returns the order for the rest: first what was in flight.
func (r *run) resume(yield func(Outcome) bool) (order []int, more bool) {
	var waiting []int
	for i, w := range r.fleet.list {
		if outcome, ok := r.known(w); ok {
			r.tasks[i].ended = true
			r.identities.take(outcome.UniqueID, w.Name)
			if !yield(outcome) {
				return nil, false
			}
			continue
		}
		if r.fleet.journal != nil && r.fleet.journal.InFlight(w.Name) {
			order = append(order, i)
		} else {
			waiting = append(waiting, i)
		}
	}
	return append(order, waiting...), true
}

// known returns the outcome of a workspace with which nothing is left to do. An entry of the list that has another address now is another workspace.
func (r *run) known(w Workspace) (Outcome, bool) {
	if r.fleet.journal == nil {
		return Outcome{}, false
	}
	outcome, ok := r.fleet.journal.Ended(w.Name)
	outcome.Resumed = true
	return outcome, ok && outcome.URL == w.URL && (outcome.Class == Done || outcome.Class == Unchanged)
}

// run works on what the journal does not know.
func (r *run) run(ctx context.Context, order []int, yield func(Outcome) bool) {
	f := r.fleet
	r.queue = newQueue(f.clock, f.perHost, order)
	r.queue.host = func(i int) string { return hostOf(f.list[i].URL) }
	r.queue.nextSlot = func(i int, now time.Time) time.Time { return f.pace.nextSlot(f.list[i].Name, r.op.AsksCloud, now) }
	r.queue.gate = func(now time.Time) time.Duration { return f.gate(r.op, now) }
	r.results = make(chan Outcome)
	defer f.CloseIdleConnections()

	begin, work, release := r.contexts(ctx)
	defer release()
	var workers sync.WaitGroup
	for range min(f.concurrency, len(order)) {
		workers.Go(func() { r.work(begin, work) })
	}
	go func() {
		workers.Wait()
		close(r.results)
	}()
	left := true // by a panic of the consumer too
	defer func() {
		if left {
			r.stop(errLeft)
			for range r.results { // journalled; the reader has gone
			}
		}
		r.rest(order, func(outcome Outcome) { left = left || !yield(outcome) })
	}()
	for outcome := range r.results {
		if !yield(outcome) {
			return
		}
	}
	left = false
}

// errLeft is why work ends whose reader has gone.
var errLeft = errors.New("the loop over the outcomes was left")

// gate is how long an operation must leave the Cloud alone. When it returns nought, it has begun.
func (f *Fleet) gate(op Operation, now time.Time) time.Duration {
	if !op.AsksCloud {
		return 0
	}
	turn := f.rate.ReserveN(now, 1)
	wait := turn.DelayFrom(now)
	if wait > 0 {
		turn.CancelAt(now)
	}
	return wait
}

// contexts returns the context in which workspaces are begun, and that in which they are worked on: an operation that writes gets a grace when the run is stopped.
// What release returns from leaves nothing behind.
func (r *run) contexts(ctx context.Context) (begin, work context.Context, release func()) {
	begin, r.stop = context.WithCancelCause(ctx)
	work, kill := context.WithCancelCause(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		select {
		case <-r.fleet.abandon:
			r.stop(errAbandoned)
			kill(errAbandoned)
		case <-work.Done():
		}
	}()
	detach := context.AfterFunc(begin, func() {
		defer close(ended)
		r.queue.close()
		if r.op.Writes {
			_ = r.fleet.clock.Sleep(work, r.fleet.grace)
		}
		kill(context.Cause(begin))
	})
	return begin, work, func() {
		unused := detach()
		kill(nil)
		r.stop(nil)
		if !unused {
			<-ended
		}
		<-watched
	}
}

// work takes workspaces until there are no more.
func (r *run) work(begin, work context.Context) {
	for {
		i, ok := r.queue.next(begin)
		if !ok {
			return
		}
		pause, ended := r.try(work, i)
		if !ended {
			r.queue.again(i, r.fleet.clock.Now().Add(pause))
			continue
		}
		r.tell(i)
	}
}

// tell ends a workspace and passes its outcome on. It stands apart from work, whose stack is there for as long as a workspace is in flight.
func (r *run) tell(i int) {
	outcome := r.end(i)
	r.queue.done(i)
	r.results <- outcome
}

// end writes down what became of a workspace.
func (r *run) end(i int) Outcome {
	outcome, inFlight := r.tasks[i].last, r.tasks[i].inFlight
	r.tasks[i] = task{ended: true}
	if r.fleet.journal != nil && outcome.Attempts > 0 && !inFlight {
		if err := r.fleet.journal.End(outcome); err != nil {
			r.fail(err)
		}
	}
	return outcome
}

// rest ends what no worker has begun when a run was stopped.
func (r *run) rest(order []int, tell func(Outcome)) {
	for _, i := range order {
		switch {
		case r.tasks[i].ended:
		case r.tasks[i].attempts != nil: // it waited for another try
			tell(r.end(i))
		default:
			tell(notBegun(r.fleet.list[i], r.op, r.failure()))
		}
	}
}

// fail stops the run, because it cannot do its work.
func (r *run) fail(err error) {
	r.mu.Lock()
	if r.err == nil {
		r.err = err
	}
	r.mu.Unlock()
	r.stop(err)
}

func (r *run) failure() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// hostOf returns host and port of an address.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}
