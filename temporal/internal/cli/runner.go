package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/safedir"
	"github.com/rcreg/registration/internal/stores"
	"github.com/rcreg/registration/offline"
	"github.com/rcreg/registration/temporal"
	"github.com/rcreg/registration/workspace"
)

// activities opens what work on workspaces takes. It sends nothing, so that everything wrong here is wrong usage.
func (a *app) activities(f *workerFlags) (*temporal.Activities, error) {
	state, err := a.openState(f)
	if err != nil {
		return nil, err
	}
	common := []fleet.Option{
		fleet.WithConcurrency(f.concurrency), fleet.WithPerHost(max(1, f.placesPerHost())), fleet.WithCloudRate(f.cloudRate), fleet.WithTimeout(f.timeout), fleet.WithRetries(0),
		fleet.WithClock(a.system.Clock), fleet.WithLogger(a.logger(slog.LevelWarn)), fleet.WithWorkspaceOptions(workspace.WithUserAgent("rcreg-worker")),
	}
	over, err := f.tls.RoundTripper(a.Getenv)
	if err != nil {
		return nil, err
	}
	if over != nil {
		common = append(common, fleet.WithRoundTripper(over))
		a.atEnd = append(a.atEnd, func(context.Context) error { f.tls.Close(); return nil })
	}
	lag, err := f.settingsLag.Options(a.Getenv)
	if err != nil {
		return nil, err
	}
	options, err := a.transports(f, state, lag)
	if err != nil {
		return nil, err
	}
	pool, err := a.openTokens(f.tokens)
	if err != nil {
		return nil, err
	}
	if pool != nil {
		options = append(options, fleet.WithTokens(pool))
	}
	hosts := newHosts(f.placesPerHost())
	activities := &temporal.Activities{}
	if activities.Runner, err = hosts.runner(append(options, common...)); err != nil {
		return nil, err
	}
	if f.exchange == "" {
		return activities, nil
	}
	if options, err = gap(f.exchange, state, lag); err != nil {
		return nil, err
	}
	activities.AirGap, err = hosts.runner(append(options, common...))
	return activities, err
}

// openState makes the folder of what must not be lost, and returns its path; empty where there is none.
func (a *app) openState(f *workerFlags) (string, error) {
	path := f.state
	switch {
	case path == "" && a.server.dev:
		path = filepath.Join(a.server.devDir, "state")
	case path == "" && f.exchange != "":
		return "", usage("--exchange needs a folder for the keys that open the answers", "name one with --state: it is never carried, and whoever loses it begins anew")
	case path == "" && f.keepGrants:
		return "", usage("--keep-grants needs a folder to keep them in", "name one with --state")
	case path == "":
		return "", nil
	}
	err := safedir.Make(path)
	if err == nil {
		err = safedir.NewPrivate(path).Check()
	}
	return path, badState(err)
}

// badState is a folder of state that cannot be used; nil stays nil.
func badState(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, safedir.ErrReadableByOthers), errors.Is(err, offline.ErrReadableByOthers):
		return usage(fmt.Sprintf("the state folder cannot be used: %v", err), "make it yours alone (chmod 700), and see who could read it; or name another one with --state")
	}
	return usage(fmt.Sprintf("the state cannot be kept: %v", err), "name another folder with --state; the one above it must be there")
}

// transports are the options of the transports to the Cloud. Without a folder of state there are no relays: what the Cloud gives for a token would be lost with the process.
func (a *app) transports(f *workerFlags, state string, lag []registration.Option) ([]fleet.Option, error) {
	options := []cloud.Option{cloud.WithClock(a.system.Clock), cloud.WithLogger(a.logger(slog.LevelWarn)), cloud.WithUserAgent("rcreg-worker")}
	address := f.cloudURL
	if address == "" {
		address = a.system.Getenv("RCREG_CLOUD_URL")
	}
	if address != "" {
		options = append(options, cloud.WithURL(address))
	}
	if f.plainHTTP {
		options = append(options, cloud.WithPlainHTTP())
	}
	over, err := f.tls.RoundTripper(a.Getenv)
	if err != nil {
		return nil, err
	}
	options = append(options, cloud.WithRoundTripper(over))
	toCloud, err := cloud.New(options...)
	if err != nil {
		return nil, usage(err.Error(), "pass an address such as --cloud-url "+cloud.DefaultURL+"; --plain-http allows http:// to another machine")
	}
	if state == "" {
		if lag == nil {
			return nil, nil // a fleet without options for its clients refuses relays
		}
		return []fleet.Option{fleet.WithClient(func(w fleet.Workspace) []registration.Option {
			if w.Via == fleet.ViaRelay {
				return []registration.Option{func(*registration.Client) error {
					return errors.New("it is reached over a relay, for which this worker has no --state")
				}}
			}
			return lag
		})}, nil
	}
	relay, err := stores.Relay(toCloud, filepath.Join(state, "relay"), f.keepGrants)
	if err != nil {
		return nil, badState(err)
	}
	overRelay := slices.Concat(lag, []registration.Option{registration.WithTransport(relay)})
	a.atEnd = append(a.atEnd, func(context.Context) error { toCloud.CloseIdleConnections(); return nil })
	return []fleet.Option{fleet.WithClient(func(w fleet.Workspace) []registration.Option {
		if w.Via == fleet.ViaRelay {
			return overRelay
		}
		return lag
	})}, nil
}

// gap is the transport over an exchange folder.
func gap(exchange, state string, lag []registration.Option) ([]fleet.Option, error) {
	folder, err := offline.OpenFolder(exchange)
	if err != nil {
		return nil, usage(fmt.Sprintf("the exchange folder cannot be used: %v", err), "is the stick in? The folder above it must be there")
	}
	keys, err := offline.OpenState(filepath.Join(state, "offline"))
	if err != nil {
		return nil, badState(err)
	}
	transport, err := offline.NewTransport(folder, keys)
	if err != nil {
		return nil, err
	}
	over := slices.Concat(lag, []registration.Option{registration.WithTransport(transport)})
	return []fleet.Option{fleet.WithClient(func(fleet.Workspace) []registration.Option { return over })}, nil
}
