package fleet

import (
	"container/heap"
	"context"
	"sync"
	"time"

	"github.com/rcreg/registration/workspace"
)

// queue hands out workspaces, by their index in the list, to those who work on them. A waiting workspace is a number in it, and takes no goroutine.
type queue struct {
	clock   workspace.Clock
	perHost int
	host    func(i int) string
	// nextSlot is when a workspace has room for another operation; gate, how long the Cloud must be left alone.
	nextSlot func(i int, now time.Time) time.Time
	gate     func(now time.Time) time.Duration

	mu      sync.Mutex // the fields below
	changed sync.Cond
	ready   []int
	due     dueHeap
	hosts   map[string]*hostQueue // those with something in flight
	open    int                   // waiting, due or in flight
	closed  bool
	gated   time.Time // no operation begins before
	sleeper *sleeper  // the one who waits for the time, while others wait for a change
}

// hostQueue is what waits for a host that is at its limit.
type hostQueue struct {
	active  int
	waiting []int
}

type sleeper struct {
	until time.Time
	wake  context.CancelFunc
}

func newQueue(c workspace.Clock, perHost int, order []int) *queue {
	q := &queue{clock: c, perHost: perHost, ready: order, open: len(order), hosts: map[string]*hostQueue{}}
	q.changed.L = &q.mu
	return q
}

// next waits for a workspace that may be begun. It is false when there will be no more, when the queue was closed, and when ctx is done.
func (q *queue) next(ctx context.Context) (i int, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for !q.closed && q.open > 0 && ctx.Err() == nil {
		now := q.clock.Now()
		q.promote(now)
		if i, ok := q.take(now); ok {
			q.changed.Signal() // another worker waits for the time, or takes the next one
			return i, true
		}
		if until, ok := q.nextTime(); ok && q.sleeper == nil {
			q.sleep(ctx, until, now)
		} else {
			q.changed.Wait()
		}
	}
	return 0, false
}

// promote makes ready what was waiting for a time that has come.
func (q *queue) promote(now time.Time) {
	for len(q.due) > 0 && !q.due[0].at.After(now) {
		q.ready = append(q.ready, heap.Pop(&q.due).(dueTask).index)
	}
}

// take takes the first of the ready ones that its host, its limits and the Cloud allow.
func (q *queue) take(now time.Time) (i int, ok bool) {
	for len(q.ready) > 0 {
		if now.Before(q.gated) {
			return 0, false
		}
		i := q.ready[0]
		name := q.host(i)
		host := q.hosts[name]
		if host != nil && host.active >= q.perHost {
			q.ready = q.ready[1:]
			host.waiting = append(host.waiting, i)
			continue
		}
		if at := q.nextSlot(i, now); at.After(now) {
			q.ready = q.ready[1:]
			heap.Push(&q.due, dueTask{at, i})
			q.admit(host) // in its place
			continue
		}
		if wait := q.gate(now); wait > 0 {
			q.gated = now.Add(wait)
			return 0, false
		}
		q.ready = q.ready[1:]
		if host == nil {
			host = &hostQueue{}
			q.hosts[name] = host
		}
		host.active++
		return i, true
	}
	return 0, false
}

// nextTime is when something may be ready that is not now.
func (q *queue) nextTime() (at time.Time, ok bool) {
	if len(q.due) > 0 {
		at, ok = q.due[0].at, true
	}
	if len(q.ready) > 0 && (!ok || q.gated.Before(at)) {
		at, ok = q.gated, true
	}
	return at, ok
}

// sleep waits for a time, or until something changes.
func (q *queue) sleep(ctx context.Context, until, now time.Time) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	q.sleeper = &sleeper{until, cancel}
	q.mu.Unlock()
	_ = q.clock.Sleep(ctx, until.Sub(now)) // woken early or not, the caller looks again
	q.mu.Lock()
	q.sleeper = nil
}

// done ends a workspace that was taken.
func (q *queue) done(i int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.release(i)
	if q.open--; q.open == 0 {
		q.changed.Broadcast()
		q.wake()
	}
}

// again puts a workspace that was taken back, to be taken once a time has come.
func (q *queue) again(i int, at time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.release(i)
	heap.Push(&q.due, dueTask{at, i})
	q.notify()
}

// release makes room for another workspace of the host.
func (q *queue) release(i int) {
	name := q.host(i)
	host := q.hosts[name]
	host.active--
	q.admit(host)
	if host.active == 0 && len(host.waiting) == 0 {
		delete(q.hosts, name)
	}
}

// admit makes ready what waits for a host, if anything does.
func (q *queue) admit(host *hostQueue) {
	if host != nil && len(host.waiting) > 0 {
		q.ready = append(q.ready, host.waiting[0])
		host.waiting = host.waiting[1:]
		q.notify()
	}
}

// notify wakes one that waits.
func (q *queue) notify() {
	q.changed.Signal()
	if q.sleeper == nil {
		return
	}
	if at, ok := q.nextTime(); ok && at.Before(q.sleeper.until) {
		q.wake()
	}
}

func (q *queue) wake() {
	if q.sleeper != nil {
		q.sleeper.wake()
	}
}

// close hands out no more.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.changed.Broadcast()
	q.wake()
}

// dueHeap holds what waits for a time, the earliest in front.
type dueHeap []dueTask

type dueTask struct {
	at    time.Time
	index int
}

func (h dueHeap) Len() int           { return len(h) }
func (h dueHeap) Less(a, b int) bool { return h[a].at.Before(h[b].at) }
func (h dueHeap) Swap(a, b int)      { h[a], h[b] = h[b], h[a] }

// Push is for the heap package.
func (h *dueHeap) Push(x any) { *h = append(*h, x.(dueTask)) }

// Pop is for the heap package.
func (h *dueHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
