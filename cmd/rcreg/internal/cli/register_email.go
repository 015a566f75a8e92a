package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/command"
	"github.com/rcreg/registration/internal/screen"
)

// registerByEmail starts a registration by e-mail, or goes on with the one whose ticket is kept.
func (a *app) registerByEmail(ctx context.Context, c *connection, r *transport, f registerFlags) error {
	c.waits(f.wait)
	return r.operate(ctx, c, func(ctx context.Context, s session) (registration.Result, error) {
		kept, err := a.ticketFileOf(f.ticketFile, s.workspace.Address())
		if err != nil {
			return registration.Result{}, err
		}
		ticket, useful, err := a.keptTicket(kept, s.workspace.Address(), f)
		if err != nil {
			return registration.Result{}, err
		}
		if useful {
			ticket.ReplaceLicense = ticket.ReplaceLicense || f.replaceLicense // it may come with a later look
			return a.pursue(ctx, s, r, kept, ticket, f.wait)
		}
		reserved, err := kept.reserve()
		if err != nil {
			return registration.Result{}, err
		}
		defer reserved.drop()
		result, err := s.Register(ctx, registration.Request{Email: f.email, Resend: f.resend, ReplaceLicense: f.replaceLicense, Replace: f.replace})
		var pending *registration.PendingError
		if !errors.As(err, &pending) {
			return result, err
		}
		if err := reserved.save(pending.Ticket); err != nil {
			return result, fmt.Errorf("the message was sent, but its ticket could not be kept: %w", err)
		}
		if !f.wait {
			return result, &ticketError{pending.Ticket, kept, r, err}
		}
		return a.pursue(ctx, s, r, kept, pending.Ticket, true)
	})
}

// keptTicket looks at the ticket that a new one would overwrite: it is useful when it is of the same registration. Another's is never
// overwritten, except one that has expired or, with --resend, one of this workspace.
func (a *app) keptTicket(kept ticketFile, address string, f registerFlags) (t registration.Ticket, useful bool, err error) {
	t, found, err := kept.load()
	switch {
	case err != nil || !found:
		return t, false, err
	case !a.system.Clock.Now().Before(t.Expires):
		return t, false, nil
	case t.Workspace != address:
		return t, false, usage(fmt.Sprintf("%s holds the ticket of %s", kept.path, t.Workspace), "name another file with --ticket-file")
	case f.resend:
		return t, false, nil
	case t.Email != f.email:
		return t, false, usage(fmt.Sprintf("%s holds a ticket that waits for %s", kept.path, t.Email), "go on with rcreg resume, or replace it with --resend")
	}
	return t, true, nil
}

// pursue looks whether a pending registration was confirmed, or waits until it is. Its ticket is removed once it has served.
func (a *app) pursue(ctx context.Context, s session, r *transport, kept ticketFile, ticket registration.Ticket, wait bool) (registration.Result, error) {
	if via := s.Capabilities().Transport; ticket.Transport != via {
		return registration.Result{}, usage(fmt.Sprintf("%s holds the ticket of a registration over another transport", kept.path), "add --via "+ticket.Transport)
	}
	look := s.Resume
	if wait {
		a.announce(r, ticket)
		look = s.Wait
	}
	result, err := look(ctx, ticket)
	if errors.Is(err, registration.ErrPending) {
		return result, r.waits(ticket, kept, err)
	}
	if err != nil {
		return result, err
	}
	if err := kept.remove(); err != nil {
		result.Notes = append(result.Notes, fmt.Sprintf("the ticket has served and could not be removed: %v", err))
	}
	return result, nil
}

// ticketError is a registration that still waits, with where its ticket is kept.
type ticketError struct {
	ticket    registration.Ticket
	kept      ticketFile
	transport *transport
	err       error
}

// waits says of a ticket that it waits: for a message to be confirmed, or for an answer in the exchange folder.
func (r *transport) waits(t registration.Ticket, kept ticketFile, err error) error {
	if t.Request != "" {
		return r.gap.waits(t, err)
	}
	return &ticketError{t, kept, r, err}
}

func (e *ticketError) Error() string {
	return e.ticket.Email + " has to confirm the message that Rocket.Chat Cloud sent"
}

func (e *ticketError) Unwrap() error { return e.err }

func (e *ticketError) advice() string {
	command := "rcreg resume" + e.transport.repeated(e.ticket.Transport)
	if e.kept.named {
		command += " --ticket-file " + e.kept.path
	}
	return "confirm it, then run " + command
}

// pendingIn finds what a person needs to know of a registration that still waits; nil where none does.
func pendingIn(err error) *pendingView {
	var waits *ticketError
	if !errors.As(err, &waits) {
		return nil
	}
	t := waits.ticket
	return &pendingView{t.Workspace, t.Email, t.UserCode, t.VerificationURL, t.Expires, t.Interval, waits.kept.path}
}

func (v pendingView) text(out io.Writer, s style, what errorBody) {
	screen.Printf(out, "%s %s.\n", s.Warn("Pending:"), what.Message)
	rows := append(confirmation(v.UserCode, v.VerificationURL), []string{"Until", v.Expires.UTC().Format("2006-01-02 15:04 MST")}, []string{"Ticket", v.TicketFile},
		[]string{"Next", what.Advice})
	screen.Columns(out, rows)
}

// confirmation is what a person confirms with, as far as the Cloud said it.
func confirmation(code, link string) [][]string {
	var rows [][]string
	if code != "" {
		rows = append(rows, []string{"User code", code})
	}
	if link != "" {
		rows = append(rows, []string{"Confirm at", link})
	}
	return rows
}

// announce tells a person who waits what they wait for.
func (a *app) announce(r *transport, t registration.Ticket) {
	if t.Request != "" {
		a.announceRequest(&r.gap, t)
		return
	}
	if !a.StderrTerminal && a.Output == command.JSON {
		return
	}
	a.Say(func(out io.Writer, _ style) {
		screen.Printf(out, "A message was sent to %s. Waiting until %s for its confirmation; Ctrl-C stops, rcreg resume goes on.\n", t.Email, t.Expires.Local().Format(time.TimeOnly))
		screen.Columns(out, confirmation(t.UserCode, t.VerificationURL))
	})
}
