package watch

import (
	"container/heap"
	"context"
	"math/rand/v2"
	"net/url"
	"sync"
	"time"

	"github.com/rcreg/registration/workspace"
)

// schedule hands out workspaces, by their index, when their time has come.
type schedule struct {
	clock   workspace.Clock
	perHost int
	hosts   []string // by index

	mu     sync.Mutex // the fields below
	due    dueHeap
	active map[string]int     // in flight, by host
	full   map[string][]dueAt // what waits for a host at its limit
}

// tick is how long a change of the schedule may stay unnoticed.
const tick = time.Second

func newSchedule(c workspace.Clock, perHost int, hosts []string) *schedule {
	return &schedule{clock: c, perHost: perHost, hosts: hosts, active: map[string]int{}, full: map[string][]dueAt{}}
}

// put lets a workspace come at a time.
func (s *schedule) put(i int, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	heap.Push(&s.due, dueAt{at, i})
}

// take returns a workspace whose time has come, and when that was; or how long nothing needs to be done.
func (s *schedule) take() (next dueAt, wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.Now()
	for len(s.due) > 0 {
		if wait := s.due[0].at.Sub(now); wait > 0 {
			return dueAt{}, min(wait, tick)
		}
		next := heap.Pop(&s.due).(dueAt)
		host := s.hosts[next.index]
		if s.active[host] < s.perHost {
			s.active[host]++
			return next, 0
		}
		s.full[host] = append(s.full[host], next)
	}
	return dueAt{}, tick
}

// done gives a workspace back, which comes again at a time.
func (s *schedule) done(i int, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	heap.Push(&s.due, dueAt{at, i})
	host := s.hosts[i]
	if s.active[host]--; s.active[host] == 0 {
		delete(s.active, host)
	}
	if waiting := s.full[host]; len(waiting) > 0 {
		heap.Push(&s.due, waiting[0])
		if s.full[host] = waiting[1:]; len(waiting) == 1 {
			delete(s.full, host)
		}
	}
}

// run lets visit work on each workspace when its time has come, on so many at once, until ctx is done; visit returns when it comes again. When it returns, nothing is in
// flight.
func (s *schedule) run(ctx context.Context, concurrency int, visit func(ctx context.Context, next dueAt) time.Time) {
	slots := make(chan struct{}, concurrency)
	var inFlight sync.WaitGroup
	defer inFlight.Wait()
	for {
		select {
		case <-ctx.Done():
			return
		case slots <- struct{}{}:
		}
		next, wait := s.take()
		for wait > 0 {
			if s.clock.Sleep(ctx, wait) != nil {
				return
			}
			next, wait = s.take()
		}
		inFlight.Go(func() {
			s.done(next.index, visit(ctx, next))
			<-slots
		})
	}
}

// What is between the first looks, and between the first syncs, of a small list: the whole of it is seen soon, and not at once. Syncs are half of those that a fleet lets
// ask the Cloud in a minute.
const lookGap, syncGap = 100 * time.Millisecond, 200 * time.Millisecond

// spread is the time of the first look, or sync, of the i-th of n workspaces: a gap apart, and all within an interval.
func spread(i, n int, gap, interval time.Duration) time.Duration {
	return time.Duration(i) * min(gap, interval/time.Duration(n))
}

// again is when a workspace comes that was due at a time: a tenth earlier or later than an interval later, and never at once.
func again(due, now time.Time, interval time.Duration) time.Time {
	const jitter = 0.1
	at := due.Add(time.Duration(float64(interval) * (1 - jitter + 2*jitter*rand.Float64()))) //nolint:gosec // no secret depends on it
	if soonest := now.Add(interval / 2); at.Before(soonest) {
		return soonest
	}
	return at
}

// hostOf returns host and port of an address.
func hostOf(address string) string {
	if u, err := url.Parse(address); err == nil {
		return u.Host
	}
	return address
}

type dueAt struct {
	at    time.Time
	index int
}

type dueHeap []dueAt

func (h dueHeap) Len() int           { return len(h) }
func (h dueHeap) Less(a, b int) bool { return h[a].at.Before(h[b].at) }
func (h dueHeap) Swap(a, b int)      { h[a], h[b] = h[b], h[a] }

// Push is for the heap package.
func (h *dueHeap) Push(x any) { *h = append(*h, x.(dueAt)) }

// Pop is for the heap package.
func (h *dueHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
