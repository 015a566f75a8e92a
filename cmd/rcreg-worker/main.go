// Command rcreg-worker registers, syncs and disconnects self-managed Rocket.Chat workspaces as Temporal workflows: it is the worker, and the command that starts
// and asks workflows.
//
//	rcreg-worker --dev --tokens fleet/tokens.txt
//	rcreg-worker fleet register --dev --file fleet/fleet.yaml
//
// docs/temporal.md describes it.
package main

import (
	"context"
	"errors"
	"io"
	"os"

	_ "golang.org/x/crypto/x509roots/fallback" // an image of nothing but this file has no certificates of the web

	"github.com/rcreg/registration/cmd/rcreg-worker/internal/cli"
	"github.com/rcreg/registration/cmd/rcreg-worker/internal/devserver"
	"github.com/rcreg/registration/internal/process"
)

func main() {
	os.Exit(process.Run(func(ctx context.Context, _ func() <-chan struct{}) int {
		system := cli.Machine()
		system.StartDev = startDev
		return cli.Run(ctx, os.Args[1:], system)
	}))
}

// startDev starts the embedded server.
func startDev(_ context.Context, dir, address string, log io.Writer) (cli.Dev, error) {
	server, err := devserver.Start(devserver.Config{Dir: dir, Address: address, Log: log}) //nolint:contextcheck // it runs until it is stopped
	if err != nil {
		return nil, startError{err}
	}
	return server, nil
}

// startError is an error of the embedded server in the words of the command line, which does not know it.
type startError struct{ error }

func (e startError) Unwrap() error { return e.error }

// Is tells what the command line has advice for.
func (e startError) Is(target error) bool {
	switch target {
	case cli.ErrDevInUse:
		return errors.Is(e.error, devserver.ErrInUse)
	case cli.ErrDevDamaged:
		return errors.Is(e.error, devserver.ErrDamaged)
	case cli.ErrDevAddress:
		return errors.Is(e.error, devserver.ErrNotLoopback)
	}
	return false
}
