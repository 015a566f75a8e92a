package cli

import (
	"context"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration/internal/command"
)

func (a *app) versionCommand() *cobra.Command {
	return a.Leaf("version", "Show the version of "+a.Program, command.NoArguments, func(context.Context, []string) error {
		info, ok := debug.ReadBuildInfo()
		v := command.VersionOf(a.Program, info, ok)
		return a.Show(v, v.Text)
	})
}
