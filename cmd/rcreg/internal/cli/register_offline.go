package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/rcreg/registration"
)

// registerOffline writes a request, or hands the workspace the answer that has come. With wait it looks until one comes.
func (a *app) registerOffline(ctx context.Context, c *connection, g *gapSource, wait bool) error {
	c.waits(wait)
	return g.operate(ctx, c, func(ctx context.Context, s session) (registration.Result, error) {
		result, err := s.Register(ctx, registration.Request{})
		var pending *registration.PendingError
		if !wait || !errors.As(err, &pending) {
			return result, err
		}
		a.announceRequest(g, pending.Ticket)
		result, err = s.Wait(ctx, pending.Ticket)
		return result, g.waits(pending.Ticket, err)
	})
}

// announceRequest tells a person who waits what they wait for.
func (a *app) announceRequest(g *gapSource, t registration.Ticket) {
	if a.system.StderrTerminal {
		_, _ = fmt.Fprintf(a.system.Stderr, "Request %s is in %s. Waiting for its answer; Ctrl-C stops, %s goes on.\n", t.Request, g.exchange, g.apply())
	}
}
