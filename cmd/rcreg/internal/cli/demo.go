package cli

import (
	"context"

	"github.com/spf13/cobra"
)

func (a *app) demo() *cobra.Command {
	return leaf("demo", "Show the main job on fake workspaces from 3.0 to 9.0", func(context.Context) error { return nil })
}
