package cli

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration/cmd/rcreg/internal/demo"
)

func (a *app) demo() *cobra.Command {
	cmd := a.leaf("demo", "Show the main job on fake workspaces from 3.0 to 9.0", func(ctx context.Context) error {
		report, err := demo.Run(ctx, demo.Transports())
		if err != nil {
			return err
		}
		return a.show(demoView{report})
	})
	cmd.Long = "Start fake workspaces from 3.0 to 9.0 with a fake Cloud in this process, register, sync and disconnect\n" +
		"each, and show what happened over which call: over the workspace's own connection, through a relay, and\n" +
		"across an air gap, with two folders and a copy between them. Nothing leaves this machine."
	cmd.Example = "  rcreg demo\n  rcreg demo --output json | jq '.workspaces[] | select(.transport == \"offline\")'"
	return cmd
}

type demoView struct{ demo.Report }

func (v demoView) text(out io.Writer, _ style) { _ = v.Write(out) } // like all text: no reader is left
