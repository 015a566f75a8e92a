package cli

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"github.com/rcreg/registration/internal/command"
	"github.com/rcreg/registration/temporal"
)

const workerHelp = `Run a worker: it registers and syncs Rocket.Chat workspaces for workflows of a Temporal server, until
Ctrl-C or SIGTERM. Then it takes no more work and lets what is in flight end, for as long as --grace
says; what is cut off is taken over by another worker, which looks first.

rcreg-worker-dev --dev needs no server: one is embedded, with its database and a key in the folder
rcreg-dev. Without --dev the server is found as the Temporal CLI finds it, by TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE,
TEMPORAL_API_KEY, TEMPORAL_TLS_* and its profiles (TEMPORAL_PROFILE).

A server that does not answer within 10 seconds at the start ends the worker with exit code 1: let
Kubernetes or systemd start it again. Later it is waited for, however long it is away.

Histories are encrypted: all workers, and all who start workflows, need the same key. Make it with
openssl rand -base64 32.

--health-address serves /healthz (the worker runs) and /readyz (the server answers too). Metrics and
traces go where OTEL_METRICS_EXPORTER and OTEL_TRACES_EXPORTER say (otlp, prometheus, console), and
nowhere while they are unset.

The pool of --tokens, and the folder of --state, belong to one worker: give it a task queue of its own.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 pending (waiting for a person), 4 not supported by
this version, 5 outcome unknown.`

const workerExample = `  rcreg-worker-dev --dev --tokens fleet/tokens.txt
  rcreg-worker --key-file history.key --health-address :8080
  rcreg-worker --key-file history.key --state /var/lib/rcreg --exchange /media/stick/exchange`

// workerCommand is the root: it runs a worker.
func (a *app) workerCommand() *cobra.Command {
	f := &workerFlags{}
	cmd := a.Leaf(a.Program, "Run a worker that registers Rocket.Chat workspaces for Temporal workflows", command.NoSuchCommand, func(ctx context.Context, _ []string) error {
		return a.runWorker(ctx, f)
	})
	cmd.Long, cmd.Example = workerHelp, workerExample
	f.add(cmd.Flags())
	return cmd
}

// runWorker opens all that a worker needs, and runs it. Nothing is asked of a workspace before a workflow wants it.
func (a *app) runWorker(ctx context.Context, f *workerFlags) error {
	if err := a.server.check(); err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return err
	}
	options, keys, err := a.workerTarget(ctx)
	if err != nil {
		return err
	}
	activities, err := a.activities(f)
	if err != nil {
		return err
	}
	c, err := a.connect(ctx, options, keys, a.workerLevel())
	if err != nil {
		return err
	}
	defer c.Close()
	return a.work(ctx, f, c, options, activities)
}

// workerTarget says where the server is, after it was started with --dev.
func (a *app) workerTarget(ctx context.Context) (client.Options, *temporal.Keyring, error) {
	if a.server.dev {
		return a.startDev(ctx)
	}
	keys, err := a.keys()
	if err != nil {
		return client.Options{}, nil, err
	}
	options, err := a.target()
	return options, keys, err
}

// workerLevel is how much a worker logs: where it runs by itself, also when it begins and ends.
func (a *app) workerLevel() slog.Level {
	if a.StderrTerminal || a.server.dev {
		return slog.LevelWarn
	}
	return slog.LevelInfo
}

// work runs the worker until ctx is done and what was in flight has ended.
func (a *app) work(ctx context.Context, f *workerFlags, c client.Client, options client.Options, activities *temporal.Activities) error {
	fatal := make(chan error, 1)
	w := a.system.NewWorker(c, a.taskQueue, worker.Options{
		MaxConcurrentActivityExecutionSize: f.concurrency, WorkerStopTimeout: f.grace,
		OnFatalError: func(err error) {
			select {
			case fatal <- err:
			default: // the first one says it
			}
		},
	})
	temporal.Bind(w, activities)
	health, err := a.serveHealth(ctx, f.health, c)
	if err != nil {
		return err
	}
	if err := w.Start(); err != nil {
		return advised(fmt.Errorf("the worker does not start: %w", err), "worker_failed", "run it again with --verbose to see why")
	}
	if err := a.ready(f, options, health); err != nil {
		w.Stop()
		return err
	}
	select {
	case err := <-fatal:
		w.Stop()
		return advised(fmt.Errorf("the worker cannot go on: %w", err), "worker_failed", "see whether the namespace is still there, and run it again")
	case <-ctx.Done():
		a.leaving(f.grace)
		w.Stop()
		return nil
	}
}

// defaultGrace lets an act whose reply is lost end, which takes a minute, with the looks after it. Whoever ends the process by force has to wait longer.
const defaultGrace = 2 * time.Minute
