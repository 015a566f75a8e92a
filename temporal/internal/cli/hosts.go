package cli

import (
	"context"
	"net/url"
	"sync"

	"github.com/rcreg/registration/fleet"
)

// hosts limits how many workspaces on the same host and port are worked on at the same time: a worker takes its work one by one, so that a fleet's own limit does not
// see it.
type hosts struct {
	most int

	mu     sync.Mutex
	places map[string]*places
}

// places are those at one host. They are forgotten when they are unused.
type places struct {
	free  chan struct{}
	users int
}

func newHosts(most int) *hosts { return &hosts{most: most, places: map[string]*places{}} }

// enter waits for a place at the host of a workspace, and returns what gives it back.
func (h *hosts) enter(ctx context.Context, address string) (leave func(), err error) {
	host := address
	if parsed, err := url.Parse(address); err == nil {
		host = parsed.Host
	}
	h.mu.Lock()
	at := h.places[host]
	if at == nil {
		at = &places{free: make(chan struct{}, h.most)}
		h.places[host] = at
	}
	at.users++
	h.mu.Unlock()
	select {
	case at.free <- struct{}{}:
		return func() { <-at.free; h.forget(host, at) }, nil
	case <-ctx.Done():
		h.forget(host, at)
		return nil, context.Cause(ctx)
	}
}

func (h *hosts) forget(host string, at *places) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if at.users--; at.users == 0 {
		delete(h.places, host)
	}
}

// runner makes a runner that keeps within the limit. All errors are of options, before anything is sent.
func (h *hosts) runner(options []fleet.Option) (*limited, error) {
	runner, err := fleet.New(fleet.List{}, options...)
	if err != nil {
		return nil, usage("the worker cannot work like this: "+explain(err).Message, "correct the flags")
	}
	return &limited{runner, h}, nil
}

// limited is a fleet that keeps within the limit of hosts.
type limited struct {
	*fleet.Fleet
	hosts *hosts
}

// Do does an operation to one workspace, once there is a place at its host; when the wait is interrupted the outcome is that of an operation that is.
func (l *limited) Do(ctx context.Context, w fleet.Workspace, op fleet.Operation) fleet.Outcome {
	leave, err := l.hosts.enter(ctx, w.URL)
	if err == nil {
		defer leave()
	}
	return l.Fleet.Do(ctx, w, op)
}
