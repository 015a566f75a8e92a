package cli

import (
	"context"

	"github.com/spf13/cobra"
)

// workerCommand is the root: it runs a worker.
func (a *app) workerCommand() *cobra.Command {
	cmd := a.leaf("rcreg-worker", "Run a worker", noSuchCommand, func(ctx context.Context, _ []string) error { return nil })
	return cmd
}
