package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration"
)

const syncHelp = `Let the workspace and the Cloud exchange what they know, the license above all. A workspace that
was removed from the Cloud is reported as such.

Where the workspace does not reach the Cloud, only its license is refreshed (from 3.10). --via relay
fetches it from here, with the grant that rcreg register --via relay --keep-grants has kept.
--via offline does what rcreg license request does.`

func (a *app) sync() *cobra.Command {
	var c *connection
	var r *transport
	cmd := a.leaf("sync", "Let the workspace and the Cloud exchange what they know", func(ctx context.Context) error {
		return r.operate(ctx, c, syncNow)
	})
	cmd.Long = syncHelp
	cmd.Example = "  rcreg sync --workspace https://chat.example.com\n  rcreg sync --via relay"
	c, r = a.connectTo(cmd), a.syncTransportOf(cmd)
	return cmd
}

// syncNow syncs, or refreshes the license where the transport allows no more.
func syncNow(ctx context.Context, s session) (registration.Result, error) { return s.Sync(ctx) }
