package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration"
)

func (a *app) resume() *cobra.Command {
	var c *connection
	var wait bool
	var path string
	cmd := a.leaf("resume", "Go on with a registration by e-mail", func(ctx context.Context) error {
		c.waits(wait)
		return c.operate(ctx, func(ctx context.Context, s session) (registration.Result, error) {
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
			return a.pursue(ctx, s, kept, ticket, wait)
		})
	})
	cmd.Long = "Look whether the message of rcreg register --email was confirmed, and complete the registration\nwhen it was. While it was not, the exit code is 3. The ticket may also come from another program\nthat uses the same library."
	cmd.Example = "  rcreg resume --workspace https://chat.example.com\n  rcreg resume --ticket-file ticket.json --wait"
	c = a.connectTo(cmd)
	waitFlags(cmd, &wait, &path)
	return cmd
}
