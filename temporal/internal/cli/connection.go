package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/pflag"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/envconfig"
	"go.temporal.io/sdk/log"

	"github.com/rcreg/registration/temporal"
)

// defaultDevDir is the folder of the embedded server, where the command is run.
const defaultDevDir = "rcreg-dev"

// serverFlags say which Temporal server a command talks to.
type serverFlags struct {
	address   string
	namespace string
	keyFile   string
	dev       bool
	devDir    string
}

func (f *serverFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.address, "address", "", "`HOST:PORT` of the Temporal server (TEMPORAL_ADDRESS; by default "+client.DefaultHostPort+")")
	flags.StringVar(&f.namespace, "namespace", "", "`NAME` of the namespace (TEMPORAL_NAMESPACE; by default "+client.DefaultNamespace+")")
	flags.StringVar(&f.keyFile, "key-file", "", "`FILE` with the keys of histories, one a line, the first one encrypts (RCREG_HISTORY_KEY)")
	flags.BoolVar(&f.dev, "dev", false, "use the embedded server of rcreg-worker-dev, and its key")
	flags.StringVar(&f.devDir, "dev-dir", defaultDevDir, "`FOLDER` of the embedded server")
}

// check refuses what cannot be meant together.
func (f *serverFlags) check() error {
	switch {
	case f.dev && f.keyFile != "":
		return usage("--dev has a key of its own", "leave --key-file out, or leave --dev out")
	case f.dev && f.namespace != "" && f.namespace != client.DefaultNamespace:
		return usage("the server of --dev has the namespace "+client.DefaultNamespace+" only", "leave --namespace out")
	}
	return nil
}

// dial connects to the server. Whoever has the client closes it.
func (a *app) dial(ctx context.Context) (client.Client, error) {
	if err := a.server.check(); err != nil {
		return nil, err
	}
	keys, err := a.keys()
	if err != nil {
		return nil, err
	}
	options, err := a.target()
	if err != nil {
		return nil, err
	}
	return a.connect(ctx, options, keys, slog.LevelWarn)
}

// connect makes a client that encrypts, and logs from a level on.
func (a *app) connect(ctx context.Context, options client.Options, keys *temporal.Keyring, level slog.Level) (client.Client, error) {
	options.DataConverter = temporal.NewDataConverter(keys)
	options.FailureConverter = temporal.NewFailureConverter(keys)
	options.Logger = log.NewStructuredLogger(a.logger(level))
	if err := a.watch(ctx, &options); err != nil {
		return nil, err
	}
	c, err := a.system.Dial(ctx, options)
	if err != nil {
		return nil, a.badServer(options, err)
	}
	return c, nil
}

// watch lets OpenTelemetry watch a client, where the environment asks for it.
func (a *app) watch(ctx context.Context, options *client.Options) error {
	if a.system.Watch == nil {
		return nil
	}
	hooks, shutdown, err := a.system.Watch(ctx)
	if err != nil {
		return usage(fmt.Sprintf("OpenTelemetry does not start: %v", err), "correct the variables OTEL_*, or unset OTEL_TRACES_EXPORTER and OTEL_METRICS_EXPORTER")
	}
	a.atEnd = append(a.atEnd, func(ctx context.Context) error {
		const timeout = 5 * time.Second
		ctx, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		if err := shutdown(ctx); err != nil { // the work is done all the same
			a.logger(slog.LevelWarn).Warn("not all was told to OpenTelemetry", "error", err)
		}
		return nil
	})
	options.MetricsHandler, options.Interceptors = hooks.Metrics, hooks.Interceptors
	return nil
}

// environment is the environment as the SDK reads it.
type environment struct{ System }

// Environ gives all variables, as NAME=VALUE.
func (e environment) Environ() []string { return e.System.Environ() }

// LookupEnv gives one variable.
func (e environment) LookupEnv(name string) (string, bool) { return e.System.LookupEnv(name) }

// target says where the server is, and who asks: flags go before the environment, and that before the files of the Temporal CLI.
func (a *app) target() (client.Options, error) {
	options := client.Options{}
	if a.server.dev {
		address, err := a.devAddress()
		if err != nil {
			return options, err
		}
		options.HostPort = address
	} else {
		var err error
		if options, err = envconfig.LoadClientOptions(envconfig.LoadClientOptionsRequest{EnvLookup: environment{a.system}}); err != nil {
			return options, usage(fmt.Sprintf("how to reach the Temporal server is not understood: %v", err),
				"correct the variables TEMPORAL_*, or the file of TEMPORAL_CONFIG_FILE, as for the Temporal CLI")
		}
	}
	if a.server.address != "" {
		options.HostPort = a.server.address
	}
	if a.server.namespace != "" {
		options.Namespace = a.server.namespace
	}
	if options.HostPort == "" {
		options.HostPort = client.DefaultHostPort
	}
	if options.Namespace == "" {
		options.Namespace = client.DefaultNamespace
	}
	return options, nil
}

// dialTimeout is how long a server may take to answer at first.
const dialTimeout = 10 * time.Second

// Dial connects to a server, and asks it for the namespace: both are found out before there is work.
func Dial(ctx context.Context, options client.Options) (client.Client, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	c, err := client.DialContext(ctx, options)
	if err != nil {
		return nil, err
	}
	if _, err := c.WorkflowService().DescribeNamespace(ctx, &workflowservice.DescribeNamespaceRequest{Namespace: options.Namespace}); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// badServer says what to do about a server that cannot be used.
func (a *app) badServer(options client.Options, err error) error {
	where := "the Temporal server at " + options.HostPort
	var unknown *serviceerror.NamespaceNotFound
	var forbidden *serviceerror.PermissionDenied
	switch {
	case errors.As(err, &unknown):
		return advised(fmt.Errorf("%s has no namespace %q", where, options.Namespace), "unknown_namespace",
			"name one that it has with --namespace or TEMPORAL_NAMESPACE, or make it: temporal operator namespace create --namespace "+options.Namespace)
	case errors.As(err, &forbidden):
		return advised(fmt.Errorf("%s refuses: %w", where, err), kindRefused,
			"check TEMPORAL_API_KEY or TEMPORAL_TLS_CLIENT_CERT_PATH, and what they may do in the namespace "+options.Namespace)
	}
	advice := "check --address or TEMPORAL_ADDRESS, and TLS (TEMPORAL_TLS_*); or try it with an embedded server: rcreg-worker-dev --dev"
	if a.server.dev {
		advice = "start it in another terminal with rcreg-worker-dev --dev: it goes on where it was"
	}
	return advised(fmt.Errorf("%s does not answer: %w", where, err), kindUnreachable, advice)
}
