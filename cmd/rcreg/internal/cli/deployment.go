package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration"
)

const deploymentHelp = `Tell a workspace whose address or database has changed what it is (from 6.5).

new-workspace: a copy, such as staging. It forgets the registration and the license, and takes a
new unique id, so that it stops using those of its original. It cannot be undone.
updated-configuration: the same workspace at another address. It keeps everything.

rcreg status shows whether a workspace waits for this answer. It never does where the server runs
with AUTO_ACCEPT_FINGERPRINT=true, and takes no new unique id where DEPLOYMENT_ID fixes it.`

func (a *app) deployment() *cobra.Command {
	confirm := a.group("confirm", "Tell a moved or copied workspace what it is",
		a.confirmAs(registration.NewWorkspace, "It is a copy: forget the registration of the original"),
		a.confirmAs(registration.UpdatedConfiguration, "It is the same workspace at another address"))
	confirm.Long = deploymentHelp
	return a.group("deployment", "Confirm what a moved or copied workspace is", confirm)
}

func (a *app) confirmAs(as registration.Deployment, short string) *cobra.Command {
	var c *connection
	var yes bool
	cmd := a.leaf(string(as), short, func(ctx context.Context) error {
		if err := a.confirmDeployment(ctx, c.address(), as, yes); err != nil {
			return err
		}
		return c.operate(ctx, func(ctx context.Context, s session) (registration.Result, error) { return s.ConfirmDeployment(ctx, as) })
	})
	cmd.Long = deploymentHelp
	cmd.Example = "  rcreg deployment confirm " + string(as) + " --workspace https://chat.example.com"
	c = a.connectTo(cmd)
	cmd.Flags().BoolVar(&yes, "yes", false, "do not ask whether it is meant")
	return cmd
}

// confirmDeployment asks whether what it clears is meant.
func (a *app) confirmDeployment(ctx context.Context, address string, as registration.Deployment, yes bool) error {
	if yes {
		return nil
	}
	if a.system.Ask == nil {
		return usage(string(as)+" was not confirmed", "add --yes: "+as.Warning())
	}
	answer, err := a.system.Ask(ctx, fmt.Sprintf("%s: %s. Type yes to go on: ", address, as.Warning()), true)
	if err == nil && answer != "yes" {
		err = usage(string(as)+" was not confirmed; nothing was sent", "answer yes, or leave it")
	}
	return err
}
