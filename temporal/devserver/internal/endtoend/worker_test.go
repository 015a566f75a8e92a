package endtoend_test

import (
	"context"
	"errors"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/offline"
	"github.com/rcreg/registration/temporal"
)

// workerConfig says what a worker has.
type workerConfig struct {
	Address string
	Key     string
	Ahead   time.Duration // of its clock
	Tokens  string        // its pool; empty for none
	Gap     string        // the folders of an air gap; empty for none
}

// stopTimeout is for activities that a worker has begun when it is stopped.
const stopTimeout = 10 * time.Second

// aWorker is one that runs.
type aWorker struct {
	client client.Client
	worker worker.Worker
	pool   *fleet.Tokens
}

// hurried is a clock whose sleeps take a thousandth of the time: the client leaves a server's settings cache some time after it acted, and asks no route too
// often.
type hurried struct{ clock.Clock }

func (h hurried) Sleep(ctx context.Context, d time.Duration) error { return h.Clock.Sleep(ctx, d/1000) }

// openWorker starts a worker.
func openWorker(ctx context.Context, c workerConfig, goesBy clock.Clock) (w *aWorker, err error) {
	w = &aWorker{}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.close())
		}
	}()
	options := []fleet.Option{fleet.WithClock(hurried{goesBy}), fleet.WithCloudRate(1e6)}
	acts := &temporal.Activities{}
	if c.Gap != "" {
		if acts.AirGap, err = openGap(c.Gap, options); err != nil {
			return w, err
		}
	}
	if c.Tokens != "" {
		if w.pool, err = fleet.OpenTokens(c.Tokens); err != nil {
			return w, err
		}
		options = append(options, fleet.WithTokens(w.pool))
	}
	if acts.Runner, err = fleet.New(fleet.List{}, options...); err != nil {
		return w, err
	}
	if w.client, err = dial(ctx, c.Address, c.Key, "worker"); err != nil {
		return w, err
	}
	w.worker = worker.New(w.client, temporal.DefaultTaskQueue, worker.Options{MaxConcurrentActivityExecutionSize: 64, WorkerStopTimeout: stopTimeout})
	temporal.Bind(w.worker, acts)
	return w, w.worker.Start()
}

// openGap makes the runner for workspaces across an air gap.
func openGap(dir string, options []fleet.Option) (*fleet.Fleet, error) {
	folder, err := offline.OpenFolder(exchangeOf(dir))
	if err != nil {
		return nil, err
	}
	state, err := offline.OpenState(dir + "/state")
	if err != nil {
		return nil, err
	}
	transport, err := offline.NewTransport(folder, state)
	if err != nil {
		return nil, err
	}
	client := func(fleet.Workspace) []registration.Option {
		return []registration.Option{registration.WithTransport(transport)}
	}
	return fleet.New(fleet.List{}, append(options[:len(options):len(options)], fleet.WithClient(client))...)
}

func exchangeOf(dir string) string { return dir + "/exchange" }

// stop lets what was begun end, as a worker does at SIGTERM.
func (w *aWorker) stop() error {
	w.worker.Stop()
	return w.close()
}

func (w *aWorker) close() error {
	if w.client != nil {
		w.client.Close()
	}
	if w.pool != nil {
		return w.pool.Close()
	}
	return nil
}

func (w *world) config() workerConfig {
	return workerConfig{Address: w.server.Address(), Key: w.key, Ahead: time.Until(w.time().Now())}
}

// time is the clock that the workers in this process go by.
func (w *world) time() clock.Clock {
	if w.clock == nil {
		return clock.System()
	}
	return w.clock
}

// work runs a worker in this process, until the test ends or the returned function is called.
func (w *world) work(c workerConfig) (stop func()) {
	w.tb.Helper()
	running, err := openWorker(w.tb.Context(), c, w.time())
	if err != nil {
		w.tb.Fatal(err)
	}
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		if err := running.stop(); err != nil {
			w.tb.Error(err)
		}
	}
	w.tb.Cleanup(stop)
	return stop
}
