// Command rcreg-worker registers, syncs and disconnects self-managed Rocket.Chat workspaces as Temporal workflows: it is the worker, and the command that starts
// and asks workflows.
//
//	rcreg-worker --key-file history.key --tokens fleet/tokens.txt
//	rcreg-worker fleet register --key-file history.key --file fleet/fleet.yaml
//
// It has no server in it; rcreg-worker-dev has. docs/temporal.md describes both.
package main

import (
	"context"
	"os"

	_ "golang.org/x/crypto/x509roots/fallback" // an image of nothing but this file has no certificates of the web

	"github.com/rcreg/registration/internal/process"
	"github.com/rcreg/registration/temporal/internal/cli"
)

func main() {
	os.Exit(process.Run(func(ctx context.Context, _ func() <-chan struct{}) int {
		return cli.Run(ctx, os.Args[1:], cli.Machine())
	}))
}
