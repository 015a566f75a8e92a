package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration"
)

func (a *app) sync() *cobra.Command {
	var c *connection
	cmd := a.leaf("sync", "Let the workspace and the Cloud exchange what they know", func(ctx context.Context) error {
		return c.operate(ctx, func(ctx context.Context, s session) (registration.Result, error) { return s.Sync(ctx) })
	})
	cmd.Long = "Let the workspace and the Cloud exchange what they know, the licence above all. A workspace that\nwas removed from the Cloud is reported as such."
	cmd.Example = "  rcreg sync --workspace https://chat.example.com"
	c = a.connectTo(cmd)
	return cmd
}
