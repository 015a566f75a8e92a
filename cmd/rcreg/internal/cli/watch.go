package cli

import (
	"context"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/watch"
)

const watchHelp = `Keep an eye on one workspace, or on the list of --file, until interrupted: state, version, support
window, license, the days until it is read-only, and whether it waits to be told that it is a copy.
It only reads, unless --sync-every allows syncs: only they show whether the Cloud still knows it.

What changes for the worse and what mends is printed, with the next step, and sent to the webhook of
--webhook-file: a file with its address, which is a secret. With --state-file a restart repeats
nothing. At --listen are a page for people, /status as JSON, and /healthz.
Anyone who reaches it reads names, addresses and states there; it listens on this machine alone
unless you say otherwise.`

// watchFlags are the flags of rcreg watch.
type watchFlags struct {
	one         *connection // without a list
	fleet       *fleetFlags
	interval    time.Duration
	syncEvery   time.Duration
	notice      time.Duration
	listen      string
	stateFile   string
	webhookFile string
}

func (a *app) watch() *cobra.Command {
	f := &watchFlags{fleet: a.fleetFlagsOf(fleetCommand{operation: fleet.Status()})}
	cmd := a.leaf("watch", "Keep an eye on workspaces, and tell when one changes for the worse", func(ctx context.Context) error {
		return a.runWatch(ctx, f)
	})
	cmd.Long = watchHelp
	cmd.Example = "  rcreg watch --file fleet.yaml --state-file watch.json\n  rcreg watch --file fleet.yaml --interval 1m --sync-every 24h --webhook-file hook.txt\n" +
		"  rcreg watch --workspace https://chat.example.com --listen 127.0.0.1:9477"
	f.one = a.identify(cmd)
	flags := cmd.Flags()
	flags.StringVarP(&f.fleet.list, "file", "f", "", "`FILE` with a list of workspaces, in the place of one")
	flags.StringArrayVar(&f.fleet.selected, "select", nil, "only workspaces with this label, as `LABEL=VALUE`; repeated, with all of them")
	flags.DurationVar(&f.interval, "interval", 5*time.Minute, "look at each workspace this often, a `DURATION` from 10s")
	flags.DurationVar(&f.syncEvery, "sync-every", 0, "also let each registered one sync this often, a `DURATION` from 10m")
	flags.DurationVar(&f.notice, "notice", 30*24*time.Hour, "tell of the end of support or a license this `DURATION` before")
	flags.StringVar(&f.listen, "listen", "127.0.0.1:9477", "serve page and status at this `ADDRESS`, if any")
	flags.StringVar(&f.stateFile, "state-file", "", "keep in this `FILE` what was seen and told")
	flags.StringVar(&f.webhookFile, "webhook-file", "", "`FILE` with the address of a webhook to tell")
	flags.IntVar(&f.fleet.concurrency, "concurrency", 32, "`NUMBER` of workspaces at the same time")
	flags.IntVar(&f.fleet.perHost, "per-host", 4, "`NUMBER` of them on the same host and port")
	flags.DurationVar(&f.fleet.timeout, "timeout", time.Minute, "give up a look after this `DURATION`")
	flags.BoolVar(&f.fleet.plainHTTP, "plain-http", false, "allow http:// to another machine; of a workspace in a list the list says it")
	f.fleet.support.cloudSource.flags(cmd)
	f.fleet.support.flags(cmd)
	f.fleet.settingsLag.Add(flags)
	a.tls.Add(flags)
	f.fleet.transport.gap.stateFlag(cmd)
	f.fleet.transport.seal.identityFlag(cmd)
	f.fleet.transport.refreshes = true
	return cmd
}

// load returns the list, or one that is made of the one workspace.
func (f *watchFlags) load() (fleet.List, error) {
	if f.fleet.list != "" {
		if f.one.workspace != "" {
			return fleet.List{}, usage("--file and --workspace exclude each other", "pass one of the two")
		}
		return f.fleet.load()
	}
	if len(f.fleet.selected) > 0 {
		return fleet.List{}, usage("--select is for a list", "pass the list with --file")
	}
	f.one.plainHTTP = f.fleet.plainHTTP
	w, err := f.one.entry()
	return fleet.List{Workspaces: []fleet.Workspace{w}}, err
}

// options are those of the watch; done is called when they are not needed any more.
func (f *watchFlags) options(a *app, list fleet.List) (options []watch.Option, done func(), err error) {
	if f.syncEvery != 0 {
		f.fleet.command.operation = fleet.Sync() // for which relays need their transport
	}
	clients, done, err := f.fleet.clients(a, relays(list))
	if err != nil {
		return nil, nil, err
	}
	readingSettings := func(w fleet.Workspace) []registration.Option {
		return slices.Concat(clients(w), []registration.Option{registration.WithPublicSettings()})
	}
	talking := []fleet.Option{
		fleet.WithTimeout(f.fleet.timeout), fleet.WithLogger(a.logger()), fleet.WithWorkspaceOptions(userAgent()), fleet.WithClient(readingSettings),
	}
	over, err := a.tls.RoundTripper(a.Getenv)
	if err != nil {
		done()
		return nil, nil, err
	}
	if over != nil {
		talking = append(talking, fleet.WithRoundTripper(over))
	}
	options = []watch.Option{
		watch.WithInterval(f.interval), watch.WithNotice(f.notice), watch.WithConcurrency(f.fleet.concurrency, f.fleet.perHost), watch.WithClock(a.system.Clock),
		watch.WithFleet(talking...),
	}
	if f.syncEvery != 0 {
		options = append(options, watch.WithSync(f.syncEvery))
	}
	return options, done, nil
}

// entry is a workspace of a list that is made of flags and the environment. Its secret stays where it is.
func (c *connection) entry() (fleet.Workspace, error) {
	w := fleet.Workspace{URL: c.address(), Via: fleet.ViaDirect, PlainHTTP: c.plainHTTP}
	if w.URL == "" {
		return w, usage("no workspace was named", "pass the list of workspaces with --file fleet.yaml, or one with --workspace https://chat.example.com")
	}
	token := c.userID != "" || c.tokenFile != "" || c.app.system.Getenv("RCREG_USER_ID") != ""
	if user := c.app.or(c.user, "RCREG_USER"); c.user != "" || c.passwordFile != "" || user != "" && !token {
		w.User, w.Password = user, reference(c.passwordFile, "RCREG_PASSWORD")
	} else {
		w.UserID, w.AuthToken = c.app.or(c.userID, "RCREG_USER_ID"), reference(c.tokenFile, "RCREG_AUTH_TOKEN")
	}
	client, err := w.Open()
	if err != nil {
		return w, unusable("the workspace cannot be watched: ", err, "pass --workspace https://chat.example.com, with RCREG_USER_ID and RCREG_AUTH_TOKEN of an administrator")
	}
	w.URL = client.Address()
	w.Name = nameOf(w.URL)
	return w, nil
}

// reference is where a secret is: in a file, or else in a variable.
func reference(file, variable string) fleet.Reference {
	if file != "" {
		return fleet.Reference{File: file}
	}
	return fleet.Reference{Env: variable}
}
