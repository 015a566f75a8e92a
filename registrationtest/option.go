package registrationtest

import (
	"maps"
	"net/http"
	"time"

	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/registrationtest/faults"
	"github.com/rcreg/registration/registrationtest/internal/rocketcloud"
)

// Option changes how a fake server is started. Options that a server has no use for are ignored.
type Option func(*options)

// options are the settings of both kinds of server.
type options struct {
	clock       faults.Clock
	address     string
	known       string // the URL of a server that does not listen, since its requests are handed to it
	noHistory   bool
	cloud       *Cloud
	settingsLag time.Duration
	path        string
	faults      *faults.Plan
	cloudFaults *faults.Plan            // on the way from a workspace to the Cloud; may be nil
	beside      map[string]http.Handler // answers on the same address, outside the history, by pattern
	workspaceOptions
	fleetOptions

	// For the replay of recordings, which were made with a Cloud of its own kind.
	names rocketcloud.Names // nil: random ones
}

// given are the options as they were given, over the defaults.
func given(opts []Option) options {
	o := options{clock: clock.System(), address: "127.0.0.1:0", workspaceOptions: newWorkspaceOptions()}
	for _, opt := range opts {
		if opt != nil {
			opt(&o)
		}
	}
	return o
}

func newOptions(opts []Option) options {
	o := given(opts)
	if o.faults == nil {
		o.faults = faults.NewPlan(o.clock)
	}
	return o
}

// WithClock replaces the clock of a workspace or a Cloud. The default is the system's; a [*Clock] makes waiting free.
// A workspace and its Cloud should share one.
func WithClock(c faults.Clock) Option { return func(o *options) { o.clock = c } }

// WithListenAddress sets the address of a workspace or a Cloud, such as "127.0.0.1:3000". The default is a free port on
// loopback.
func WithListenAddress(address string) Option { return func(o *options) { o.address = address } }

// WithCloud tells a workspace which Cloud to talk to. Without it the workspace starts one of its own, with the same
// clock, and closes it.
func WithCloud(cloud *Cloud) Option { return func(o *options) { o.cloud = cloud } }

// WithSettingsLag makes the settings cache of a workspace lag behind its database, as that of a real server does: some
// answers are then as misleading as they really are. The default is no lag.
func WithSettingsLag(lag time.Duration) Option { return func(o *options) { o.settingsLag = lag } }

// WithoutHistory lets a workspace, a Cloud or a fleet keep no record of what it is asked: [Workspace.History] is empty then. For
// thousands of requests a second the history costs more than the answers.
func WithoutHistory() Option { return func(o *options) { o.noHistory = true } }

// WithHandler serves a handler beside a workspace or a Cloud, on its address and with a pattern of http.ServeMux, such as
// "/_control/": outside its history and its faults.
func WithHandler(pattern string, handler http.Handler) Option {
	return func(o *options) {
		o.beside = maps.Clone(o.beside)
		if o.beside == nil {
			o.beside = map[string]http.Handler{}
		}
		o.beside[pattern] = handler
	}
}

// WithFaults puts the faults in front of a workspace or a Cloud, and in front of the Cloud that a workspace starts. The
// faults that are set on the server are then among them.
func WithFaults(plan *faults.Plan) Option { return func(o *options) { o.faults = plan } }

// WithCloudFaults puts the faults on the way from a workspace to its Cloud, as [faults.Plan.RoundTripper] does for a program.
// Together they see, in one order, what a program asks and what the workspace asks the Cloud meanwhile.
func WithCloudFaults(plan *faults.Plan) Option { return func(o *options) { o.cloudFaults = plan } }

// WithPath serves a workspace under a sub-path, such as "/chat".
func WithPath(path string) Option { return func(o *options) { o.path = path } }
