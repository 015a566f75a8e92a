package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration"
)

const resumeHelp = `Look whether the message of rcreg register --email was confirmed, and complete the registration
when it was. While it was not, the exit code is 3. The ticket may also come from another program
that uses the same library.

Take the transport over which the registration was started: --via relay with the same --state. With
--via offline it does what rcreg offline apply does, unless --ticket-file names a ticket.
--replace-license lets the Cloud's license replace a better one that is in force.`

func (a *app) resume() *cobra.Command {
	var c *connection
	var r *transport
	var wait, replaceLicense bool
	var path string
	cmd := a.leaf("resume", "Go on with a registration that waits for confirmation", func(ctx context.Context) error {
		via, err := r.name()
		switch {
		case err != nil:
			return err
		case via == viaOffline && path == "":
			return a.resumeOffline(ctx, c, r, wait, replaceLicense)
		}
		return a.resumeTicket(ctx, c, r, path, wait, replaceLicense)
	})
	cmd.Long = resumeHelp
	cmd.Example = "  rcreg resume --workspace https://chat.example.com\n  rcreg resume --ticket-file ticket.json --wait\n  rcreg resume --via relay"
	c, r = a.connectTo(cmd), a.registerTransportOf(cmd)
	waitFlags(cmd, &wait, &path)
	replaceLicenseFlag(cmd, &replaceLicense)
	return cmd
}

// resumeOffline goes on with what the state folder knows, which needs no ticket.
func (a *app) resumeOffline(ctx context.Context, c *connection, r *transport, wait, replaceLicense bool) error {
	if wait {
		return usage("--wait has no ticket to wait for", "pass --ticket-file, or wait with rcreg register --via offline --wait")
	}
	return a.applyAnswers(ctx, c, &r.gap, applyFlags{replaceLicense: replaceLicense})
}

// resumeTicket goes on with the registration of a ticket.
func (a *app) resumeTicket(ctx context.Context, c *connection, r *transport, path string, wait, replaceLicense bool) error {
	c.waits(wait)
	return r.operate(ctx, c, func(ctx context.Context, s session) (registration.Result, error) {
		kept, err := a.ticketFileOf(path, s.workspace.Address())
		if err != nil {
			return registration.Result{}, err
		}
		ticket, found, err := kept.load()
		if err == nil && !found {
			err = usage("there is no ticket in "+kept.path, "start with rcreg register --email, or name the ticket's file with --ticket-file")
		}
		if err != nil {
			return registration.Result{}, err
		}
		ticket.ReplaceLicense = ticket.ReplaceLicense || replaceLicense
		return a.pursue(ctx, s, r, kept, ticket, wait)
	})
}
