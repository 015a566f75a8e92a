package cli

import (
	"context"
	"errors"
	"io"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/screen"
)

// registerOffline writes a request, or hands the workspace the answer that has come. With wait it looks until one comes.
func (a *app) registerOffline(ctx context.Context, c *connection, g *gapSource, request registration.Request, wait bool) error {
	c.waits(wait)
	return g.operate(ctx, c, func(ctx context.Context, s session) (registration.Result, error) {
		result, err := s.Register(ctx, request)
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
	if !a.StderrTerminal {
		return
	}
	waits := g.waits(t, registration.ErrPending)
	a.Say(func(out io.Writer, s style) {
		requestIn(waits).text(out, s, errorBody{Message: waits.Error()})
		screen.Printf(out, "Waiting until the answer is there; Ctrl-C stops.\n")
	})
}
