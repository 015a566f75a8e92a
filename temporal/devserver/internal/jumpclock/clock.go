// Package jumpclock is the clock of the machine for tests that skip days: it goes as fast, and jumps.
//
//	c := jumpclock.New()
//	server, err := devserver.Start(devserver.Config{Dir: dir, Address: "127.0.0.1:0", Clock: c})
//	c.Jump(24 * time.Hour)
//
// It is the clock of a server as well as that of workers and of fakes, so that all of them jump together.
package jumpclock

import (
	"context"
	"sync"
	"time"

	"go.temporal.io/server/common/clock"
)

// Clock tells the time of the machine, ahead by all jumps. It is safe for concurrent use.
type Clock struct {
	mu     sync.Mutex
	ahead  time.Duration
	timers map[*timer]struct{} // those that wait
}

// New returns a clock that shows the time of the machine.
func New() *Clock { return &Clock{timers: map[*timer]struct{}{}} }

// Ahead returns a clock that is ahead of the machine: what another process goes by that has jumped so far.
func Ahead(d time.Duration) *Clock {
	c := New()
	c.ahead = d
	return c
}

// Now returns the time that the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

// now is without the monotonic time of the machine, which does not jump.
func (c *Clock) now() time.Time { return time.Now().Add(c.ahead).Round(0).UTC() }

// Since returns the time from t to now.
func (c *Clock) Since(t time.Time) time.Duration { return c.Now().Sub(t) }

// Jump moves the clock forward. Timers that are due by then fire at once.
func (c *Clock) Jump(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
	for t := range c.timers {
		t.real.Reset(t.at.Sub(c.now()))
	}
}

// Sleep waits for d, or until ctx is done, and then returns the cause of ctx.
func (c *Clock) Sleep(ctx context.Context, d time.Duration) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	over, t := c.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-over:
		return nil
	}
}

// AfterFunc calls f in a goroutine of its own once d is over.
func (c *Clock) AfterFunc(d time.Duration, f func()) clock.Timer {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := &timer{clock: c, at: c.now().Add(d), f: f}
	c.timers[t] = struct{}{}
	t.real = time.AfterFunc(d, t.fire)
	return t
}

// NewTimer returns a channel that is sent the time once d is over.
func (c *Clock) NewTimer(d time.Duration) (<-chan time.Time, clock.Timer) {
	over := make(chan time.Time, 1)
	return over, c.AfterFunc(d, func() {
		select {
		case over <- c.Now():
		default: // the one before was not taken
		}
	})
}

// timer waits for its time on a clock.
type timer struct {
	clock *Clock
	at    time.Time
	real  *time.Timer
	f     func()
}

func (t *timer) fire() {
	if t.end() {
		t.f()
	}
}

// end takes the timer off the clock, and reports whether it was there.
func (t *timer) end() bool {
	t.clock.mu.Lock()
	defer t.clock.mu.Unlock()
	_, waits := t.clock.timers[t]
	delete(t.clock.timers, t)
	return waits
}

func (t *timer) Stop() bool {
	t.real.Stop()
	return t.end()
}

func (t *timer) Reset(d time.Duration) bool {
	t.clock.mu.Lock()
	defer t.clock.mu.Unlock()
	_, waits := t.clock.timers[t]
	t.clock.timers[t] = struct{}{}
	t.at = t.clock.now().Add(d)
	t.real.Reset(d)
	return waits
}
