package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration/diagnose"
	"github.com/rcreg/registration/workspace"
)

const doctorHelp = `Look at the workspace from the outside in: address, TLS, version, credentials, permissions,
support and status, and say what to do about each thing that is wrong, and which transport fits.

It changes nothing: it reads, and sends one POST that every server refuses, to see whether what is in
front of the workspace lets a POST pass. --with-cloud also asks whether the workspace and this
machine reach the Cloud; the workspace sends its registration data there. --with-sync tries one sync:
a workspace that the Cloud has removed forgets its registration then.

What is wrong is shown with the command that mends it, the rest is counted; --all lists it. The exit
code is 1 when something is wrong, such as a workspace that is not registered, or could not be seen.`

func (a *app) doctor() *cobra.Command {
	var c *connection
	var withSync, withCloud, all bool
	source := &supportSource{cloudSource: cloudSource{app: a}}
	cmd := a.leaf("doctor", "Find out why the workspace does not work, and what to do", func(ctx context.Context) error {
		cloudClient, options, err := source.options(c)
		if err != nil {
			return err
		}
		asked := []diagnose.Option{diagnose.ClientOptions(options...)}
		if withCloud {
			asked = append(asked, diagnose.AskCloud(cloudClient))
		}
		if withSync {
			asked = append(asked, diagnose.TrySync())
		}
		return c.reach(ctx, func(ctx context.Context, ws *workspace.Client) error {
			return a.diagnose(ctx, ws, asked, all)
		})
	})
	cmd.Long = doctorHelp
	cmd.Example = "  rcreg doctor --workspace https://chat.example.com\n  rcreg doctor --with-cloud --output json | jq '.findings[] | select(.severity == \"problem\")'"
	c = a.connectTo(cmd)
	cmd.Flags().BoolVar(&withSync, "with-sync", false, "also try one sync, which acts")
	cmd.Flags().BoolVar(&withCloud, "with-cloud", false, "also ask who reaches the Cloud")
	cmd.Flags().BoolVar(&all, "all", false, "list every check, not only what is wrong")
	source.flags(cmd)
	source.cloudSource.flags(cmd)
	return cmd
}

func (a *app) diagnose(ctx context.Context, ws *workspace.Client, options []diagnose.Option, all bool) error {
	found := diagnose.Run(ctx, ws, options...)
	if err := a.show(viewOfReport(found, all)); err != nil {
		return err
	}
	switch found.Worst() {
	case diagnose.Problem, diagnose.Unknown:
		return errAnsweredBadly
	}
	return nil
}
