package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration"
)

const disconnectHelp = `Make the workspace stop using its registration. It keeps its credentials, and the Cloud is not
told.

Up to 5.4 coming back takes more than this: rcreg reconnect writes a setting, for which a user needs
the permission edit-privileged-setting, and from 3.18 a second factor. One who has manage-cloud alone
can disconnect, and not reconnect.

Servers from 6.5 cannot do this: exit code 4, with the remedies. With --forget-identity such a
workspace forgets its registration and takes a new unique id: licenses bound to the old one end,
and only a new registration token brings it back.`

func (a *app) disconnect() *cobra.Command {
	var c *connection
	var r *transport
	var forget, yes bool
	cmd := a.leaf("disconnect", "Make the workspace stop using its registration (up to 6.4)", func(ctx context.Context) error {
		var options []registration.DisconnectOption
		if forget {
			if err := a.confirmForgetting(ctx, c.address(), yes); err != nil {
				return err
			}
			options = append(options, registration.ForgetIdentity())
		}
		return r.operateHere(ctx, c, func(ctx context.Context, s session) (registration.Result, error) {
			return s.Disconnect(ctx, options...)
		})
	})
	cmd.Long = disconnectHelp
	cmd.Example = "  rcreg disconnect --workspace https://chat.example.com\n  rcreg disconnect --forget-identity --yes"
	c, r = a.connectTo(cmd), a.transportOf(cmd)
	cmd.Flags().BoolVar(&forget, "forget-identity", false, "from 6.5: forget the registration and take a new unique id")
	cmd.Flags().BoolVar(&yes, "yes", false, "do not ask whether --forget-identity is meant")
	return cmd
}

// confirmForgetting asks whether a workspace should really lose its identity.
func (a *app) confirmForgetting(ctx context.Context, address string, yes bool) error {
	return a.confirm(ctx, yes, "--forget-identity", "Licenses bound to the unique id of "+address+" end from 6.5. Type yes to go on: ",
		"add --yes: from 6.5 the workspace gets a new unique id, and licenses bound to the old one end")
}
