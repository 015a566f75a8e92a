package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration"
)

func (a *app) reconnect() *cobra.Command {
	var c *connection
	var r *transport
	cmd := a.leaf("reconnect", "Use the registration of a disconnected workspace again (up to 6.4)", func(ctx context.Context) error {
		return r.operateHere(ctx, c, func(ctx context.Context, s session) (registration.Result, error) { return s.Reconnect(ctx) })
	})
	cmd.Long = "Make a disconnected workspace use its registration again, without a token, and sync as a proof\n(not over --via relay or offline: the workspace does not reach the Cloud there). Servers from 6.5\nknow no disconnected state: exit code 4."
	cmd.Example = "  rcreg reconnect --workspace https://chat.example.com"
	c, r = a.connectTo(cmd), a.transportOf(cmd)
	return cmd
}
