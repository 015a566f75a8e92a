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
	clock   workspace.Clock
	beneath http.RoundTripper

	mu      sync.Mutex       // the fields below
	books   map[string]*book // by the name of the workspace
	retired []retirement     // oldest first
}

// retirement is the moment in which nobody worked on a workspace any more.
type retirement struct {
	name string
	at   time.Time
}

func newPace(c workspace.Clock, beneath http.RoundTripper) *pace {
	return &pace{clock: c, beneath: beneath, books: map[string]*book{}}
}

// of returns the transport to the workspace of a name.
func (p *pace) of(name string) http.RoundTripper {
	p.mu.Lock()
	defer p.mu.Unlock()
	b := p.books[name]
	if b == nil {
		b = &book{}
		p.books[name] = b
	}
	b.users++
	b.left = time.Time{}
	return paced{pace: p, book: b}
}

// release tells that nobody works on a workspace any more. What was learned of its limits is kept for as long as it counts, and no longer: a fleet is large.
func (p *pace) release(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	b := p.books[name]
	if b.users--; b.users > 0 {
		return
	}
	now := p.clock.Now()
	if b.isEmpty() {
		delete(p.books, name)
	} else {
		b.left = now
		p.retired = append(p.retired, retirement{name, now})
	}
	for len(p.retired) > 0 && now.Sub(p.retired[0].at) >= longestWindow {
		old := p.retired[0].name
		p.retired = p.retired[1:]
		if b := p.books[old]; b != nil && !b.left.IsZero() && now.Sub(b.left) >= longestWindow {
			delete(p.books, old)
		}
	}
}

// free is when no limit of a workspace is used up that an operation is likely to meet.
func (p *pace) free(name string, asksCloud bool, now time.Time) time.Time {
	p.mu.Lock()
	b := p.books[name]
	p.mu.Unlock()
	if b == nil {
		return now
	}
	return b.free(now, asksCloud)
}

// paced is the transport to one workspace.
type paced struct {
	pace *pace
	book *book
}

// RoundTrip waits until the limit of the call has room, then sends it. Errors: *httpclient.NotSentError when ctx ends before, and those of the transport
// beneath.
func (t paced) RoundTrip(request *http.Request) (*http.Response, error) {
	r, ok := routeOf(request)
	if !ok {
		return t.pace.beneath.RoundTrip(request)
	}
	if err := t.admit(request.Context(), r); err != nil {
		if request.Body != nil {
			_ = request.Body.Close()
		}
		return nil, &httpclient.NotSentError{Err: err}
	}
	reply, err := t.pace.beneath.RoundTrip(request)
	if err == nil && !r.isMethod() {
		t.book.learn(r, request, reply, t.pace.clock.Now())
	}
	return reply, err
}

func (t paced) admit(ctx context.Context, r route) error {
	for {
		wait := t.book.admit(r, t.pace.clock.Now())
		if wait <= 0 {
			return nil
		}
		if err := t.pace.clock.Sleep(ctx, wait); err != nil {
			return err
		}
	}
}
