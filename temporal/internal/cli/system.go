package cli

import (
	"context"
	"io"
	"os"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/internal/command"
	"github.com/rcreg/registration/temporal/internal/telemetry"
)

// System is the surroundings of a run.
type System struct {
	// Program is what the user calls: rcreg-worker, or rcreg-worker-dev.
	Program string
	command.Streams
	// LookupEnv tells an environment variable, and Environ all of them as NAME=VALUE.
	LookupEnv func(name string) (value string, ok bool)
	Environ   func() []string
	// Clock is what commands and the runner wait on.
	Clock clock.Clock
	// StartDev starts the server of --dev on a folder that is private and there, at an address. It writes what it does to log. It is nil where none is embedded.
	StartDev func(ctx context.Context, dir, address string, log io.Writer) (Dev, error)
	// Dial connects to a Temporal server, and finds out whether it has the namespace; see [Dial].
	Dial func(ctx context.Context, options client.Options) (client.Client, error)
	// Watch starts what the environment asks OpenTelemetry for, see [telemetry.Start]; nil is nothing.
	Watch func(ctx context.Context) (telemetry.Hooks, telemetry.Shutdown, error)
	// NewWorker makes a worker that is not started; see [worker.New].
	NewWorker func(c client.Client, taskQueue string, options worker.Options) worker.Worker
}

// Dev is an embedded server that runs.
type Dev interface {
	// Address is where it listens: host and port.
	Address() string
	// Stop ends it. What runs on it goes on when it is started again.
	Stop() error
}

// Machine is the surroundings of this process, without an embedded server.
func Machine() System {
	return System{
		Program:   "rcreg-worker",
		Streams:   command.ProcessStreams(),
		LookupEnv: os.LookupEnv,
		Environ:   os.Environ,
		Clock:     clock.System(),
		Dial:      Dial,
		Watch:     telemetry.Start,
		NewWorker: worker.New,
	}
}

// Getenv tells an environment variable; empty when it is not set.
func (s System) Getenv(name string) string {
	value, _ := s.LookupEnv(name)
	return value
}
