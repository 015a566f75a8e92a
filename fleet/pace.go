package fleet

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/rcreg/registration/internal/httpclient"
	"github.com/rcreg/registration/workspace"
)

// pace sends the requests of a fleet no faster than each workspace lets them in, so that none is refused with 429.
type pace struct {
	clock workspace.Clock
	base  http.RoundTripper

	mu       sync.Mutex          // the fields below
	limiters map[string]*limiter // by the name of the workspace
	retired  []retirement        // oldest first
}

// retirement is the moment in which the last operation left a workspace.
type retirement struct {
	name string
	at   time.Time
}

func newPace(c workspace.Clock, base http.RoundTripper) *pace {
	return &pace{clock: c, base: base, limiters: map[string]*limiter{}}
}

// of returns the transport to the workspace of a name.
func (p *pace) of(name string) http.RoundTripper {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.limiters[name]
	if l == nil {
		l = &limiter{}
		p.limiters[name] = l
	}
	l.users++
	l.left = time.Time{}
	return paced{pace: p, limiter: l}
}

// release ends the work of one operation on a workspace. What was learned of its limits is kept for as long as it counts, and no longer: a fleet is large.
func (p *pace) release(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.limiters[name]
	if l.users--; l.users > 0 {
		return
	}
	now := p.clock.Now()
	if l.isEmpty() {
		delete(p.limiters, name)
	} else {
		l.left = now
		p.retired = append(p.retired, retirement{name, now})
	}
	for len(p.retired) > 0 && now.Sub(p.retired[0].at) >= longestWindow {
		old := p.retired[0].name
		p.retired = p.retired[1:]
		if l := p.limiters[old]; l != nil && !l.left.IsZero() && now.Sub(l.left) >= longestWindow {
			delete(p.limiters, old)
		}
	}
}

// nextSlot returns the earliest time at which an operation will not hit a rate limit.
func (p *pace) nextSlot(name string, asksCloud bool, now time.Time) time.Time {
	p.mu.Lock()
	l := p.limiters[name]
	p.mu.Unlock()
	if l == nil {
		return now
	}
	return l.nextSlot(now, asksCloud)
}

// paced is the transport to one workspace.
type paced struct {
	pace    *pace
	limiter *limiter
}

// RoundTrip waits until the limit of the call has room, then sends it. Errors: *httpclient.NotSentError when ctx ends before, and those of the base.
func (t paced) RoundTrip(request *http.Request) (*http.Response, error) {
	r, ok := routeOf(request)
	if !ok {
		return t.pace.base.RoundTrip(request)
	}
	if err := t.admit(request.Context(), r); err != nil {
		if request.Body != nil {
			_ = request.Body.Close()
		}
		return nil, &httpclient.NotSentError{Err: err}
	}
	reply, err := t.pace.base.RoundTrip(request)
	if err == nil && !r.isMethod() {
		t.limiter.learn(r, request, reply, t.pace.clock.Now())
	}
	return reply, err
}

func (t paced) admit(ctx context.Context, r route) error {
	for {
		wait := t.limiter.admit(r, t.pace.clock.Now())
		if wait <= 0 {
			return nil
		}
		if err := t.pace.clock.Sleep(ctx, wait); err != nil {
			return err
		}
	}
}
