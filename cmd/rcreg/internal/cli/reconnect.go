package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration"
)

func (a *app) reconnect() *cobra.Command {
	var c *connection
	cmd := a.leaf("reconnect", "Use the registration of a disconnected workspace again (up to 6.4)", func(ctx context.Context) error {
		return c.operate(ctx, func(ctx context.Context, s session) (registration.Result, error) { return s.Reconnect(ctx) })
	})
	cmd.Long = "Make a disconnected workspace use its registration again, without a token, and sync as a proof.\nServers from 6.5 know no disconnected state: exit code 4."
	cmd.Example = "  rcreg reconnect --workspace https://chat.example.com"
	c = a.connectTo(cmd)
	return cmd
}
