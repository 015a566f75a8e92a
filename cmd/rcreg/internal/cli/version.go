package cli

import (
	"context"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration/internal/command"
)

func (a *app) version() *cobra.Command {
	return a.leaf("version", "Show the version of rcreg", func(context.Context) error {
		info, ok := debug.ReadBuildInfo()
		v := command.VersionOf(a.Program, info, ok)
		return a.Show(v, v.Text)
	})
}
