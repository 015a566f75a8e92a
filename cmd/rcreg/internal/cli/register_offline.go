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

// announceRequest tells a person who waits what they wait for, and how it is answered.
func (a *app) announceRequest(g *gapSource, t registration.Ticket) {
	if !a.system.StderrTerminal {
		return
	}
	waits := g.waits(t, registration.ErrPending)
	requestIn(waits).text(a.system.Stderr, a.style(true), errorBody{Message: waits.Error()})
	_, _ = fmt.Fprintln(a.system.Stderr, "Waiting until the answer is there; Ctrl-C stops.")
}
