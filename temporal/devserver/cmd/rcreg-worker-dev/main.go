// Command rcreg-worker-dev is rcreg-worker with a Temporal server in it, for trying and for development.
//
//	rcreg-worker-dev --dev --tokens fleet/tokens.txt
//	rcreg-worker-dev fleet register --dev --file fleet/fleet.yaml
//
// docs/temporal.md describes it.
package main

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/rcreg/registration/internal/process"
	"github.com/rcreg/registration/temporal/devserver/internal/devserver"
	"github.com/rcreg/registration/temporal/internal/cli"
)

func main() {
	os.Exit(process.Run(func(ctx context.Context, _ func() <-chan struct{}) int {
		system := cli.Machine()
		system.Program, system.StartDev = "rcreg-worker-dev", startDev
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
