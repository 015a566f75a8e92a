package cli

import (
	"fmt"
	"time"

	"github.com/spf13/pflag"

	"github.com/rcreg/registration/internal/command"
)

// workerFlags are the flags of a worker.
type workerFlags struct {
	tokens      string
	state       string
	exchange    string
	keepGrants  bool
	concurrency int
	perHost     int
	cloudRate   float64
	timeout     time.Duration
	settingsLag command.SettingsLag
	tls         command.TLSFiles
	grace       time.Duration
	cloudURL    string
	plainHTTP   bool
	health      string
}

func (f *workerFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.tokens, "tokens", "", "`FILE` with registration tokens, one a line, for workflows that name none; one worker has it")
	flags.StringVar(&f.state, "state", "", "keep what must not be lost in this `FOLDER`: for relays and --exchange (with --dev: below --dev-dir)")
	flags.StringVar(&f.exchange, "exchange", "", "exchange `FOLDER`, which is carried, for workspaces across an air gap")
	flags.BoolVar(&f.keepGrants, "keep-grants", false, "of relays: keep the client secrets, with which syncs fetch licenses")
	flags.IntVar(&f.concurrency, "concurrency", 32, "`NUMBER` of workspaces at the same time")
	flags.IntVar(&f.perHost, "per-host", 0, "`NUMBER` of them on the same host and port (default: no limit); the others wait, and a try has five minutes")
	flags.Float64Var(&f.cloudRate, "cloud-rate", 600, "`NUMBER` of operations a minute that ask the Cloud")
	flags.DurationVar(&f.timeout, "timeout", 3*time.Minute, "give up a try after this `DURATION`")
	f.settingsLag.Add(flags)
	f.tls.Add(flags)
	flags.DurationVar(&f.grace, "grace", defaultGrace, "after Ctrl-C or SIGTERM let what is in flight go on for this `DURATION`")
	flags.StringVar(&f.cloudURL, "cloud-url", "", "of relays: ask this `URL`, such as that of rcreg sim, not the Cloud (RCREG_CLOUD_URL)")
	flags.BoolVar(&f.plainHTTP, "plain-http", false, "allow http:// to a Cloud on another machine; of a workspace the list says it")
	flags.StringVar(&f.health, "health-address", "", "serve /healthz and /readyz on this `HOST:PORT`, such as :8080")
}

// maxTimeout leaves room within the five minutes that Temporal gives an activity.
const maxTimeout = 4 * time.Minute

// check refuses what cannot be meant. The runner refuses the rest.
func (f *workerFlags) check() error {
	switch {
	case f.timeout > maxTimeout:
		return usage(fmt.Sprintf("--timeout is longer than %s, and a workflow begins a try again after five minutes", maxTimeout), "pass a shorter one: the workflow tries again by itself")
	case f.perHost < 0:
		return usage("--per-host is negative", "pass a number of workspaces, or 0 for no limit")
	case f.grace < 0:
		return usage("--grace is negative", "pass a duration such as --grace 2m")
	}
	return nil
}

// placesPerHost is how many workspaces on the same host and port may be worked on at the same time.
func (f *workerFlags) placesPerHost() int {
	if f.perHost == 0 {
		return f.concurrency // who waits for a place uses up the time of a try, so that only those wait who must
	}
	return f.perHost
}
