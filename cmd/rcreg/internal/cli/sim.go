package cli

import (
	"context"

	"github.com/spf13/cobra"
)

func (a *app) sim() *cobra.Command {
	return leaf("sim", "Serve a fake workspace with its fake Cloud", func(context.Context) error { return nil })
}
