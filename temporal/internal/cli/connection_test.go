package cli_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"

	"github.com/rcreg/registration/temporal/internal/cli"
	"github.com/rcreg/registration/temporal/internal/telemetry"
)

func TestServerThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, line, kind, told string
		err                    error
	}{
		{"away", "", "server_unreachable", "rcreg-worker-dev --dev", context.DeadlineExceeded},
		{"another namespace", "--namespace ops", "unknown_namespace", "temporal operator namespace create --namespace ops", serviceerror.NewNamespaceNotFound("ops")},
		{"no permission", "", "server_refused", "TEMPORAL_API_KEY", serviceerror.NewPermissionDenied("Request unauthorized.", "")},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := atServer(t)
			s.dialError = c.err
			s.fails(1, c.line, c.kind, c.told)
			if got := s.log.String(); got != "" {
				t.Errorf("it has begun: %s", got)
			}
		})
	}
}

func TestServerOfDevThatIsNotThere(t *testing.T) {
	t.Parallel()
	s := newWorkerTest(t)
	s.must(0, "--dev --dev-dir DIR/dev")
	s.again()
	s.dialError = errors.New("connection refused")
	s.must(1, "status --dev --dev-dir DIR/dev", "does not answer: connection refused", "start it in another terminal with rcreg-worker-dev --dev")
}

// TestServerIsFoundAsTheTemporalCLIFindsIt, flags before variables before profiles.
func TestServerIsFoundAsTheTemporalCLIFindsIt(t *testing.T) {
	t.Parallel()
	const profiles = "[profile.default]\naddress = 'default.example.com:7233'\n[profile.ops]\naddress = 'ops.example.com:7233'\nnamespace = 'of-profile'\n"
	for _, c := range []struct {
		name, line, profile, address string
		want, namespace              string
	}{
		{"the default profile", "", "", "", "default.example.com:7233", "default"},
		{"another profile", "", "ops", "", "ops.example.com:7233", "of-profile"},
		{"a variable", "", "ops", "variable.example.com:7233", "variable.example.com:7233", "of-profile"},
		{"flags", "--address flag.example.com:7233 --namespace of-flag", "ops", "variable.example.com:7233", "flag.example.com:7233", "of-flag"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := atServer(t)
			s.variables["TEMPORAL_CONFIG_FILE"] = s.write("temporal.toml", profiles, 0o600)
			for name, value := range map[string]string{"TEMPORAL_PROFILE": c.profile, "TEMPORAL_ADDRESS": c.address} {
				if value != "" {
					s.variables[name] = value
				}
			}
			s.must(0, c.line)
			if s.dialled.HostPort != c.want || s.dialled.Namespace != c.namespace {
				t.Errorf("it has dialled %s, %s", s.dialled.HostPort, s.dialled.Namespace)
			}
		})
	}
}

func TestServerWithAnAPIKey(t *testing.T) {
	t.Parallel()
	s := atServer(t)
	s.variables["TEMPORAL_API_KEY"] = "the-api-key"
	s.must(0, "--verbose")
	if s.dialled.Credentials == nil || s.dialled.ConnectionOptions.TLS == nil {
		t.Error("it has dialled without the key, or in clear")
	}
	if strings.Contains(s.stdout.String()+s.stderr.String(), "the-api-key") {
		t.Errorf("the key is shown: %s", s.stderr.String())
	}
}

func TestServerThatIsNotUnderstood(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]string{"TEMPORAL_PROFILE": "nobody", "TEMPORAL_TLS_CLIENT_CERT_PATH": "/nowhere"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := atServer(t)
			s.variables[name] = value
			s.must(2, "", "Error: ", "correct the variables TEMPORAL_*")
		})
	}
}

func TestDialReachesNobody(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := cli.Dial(ctx, client.Options{HostPort: "127.0.0.1:1", Logger: log.NewStructuredLogger(slog.New(slog.DiscardHandler))}); err == nil {
		t.Error("somebody has answered")
	}
}

func TestOpenTelemetry(t *testing.T) {
	t.Parallel()
	t.Run("watches", func(t *testing.T) {
		t.Parallel()
		s := atServer(t)
		s.system.Watch = func(context.Context) (telemetry.Hooks, telemetry.Shutdown, error) {
			return telemetry.Hooks{Metrics: client.MetricsNopHandler}, func(context.Context) error { s.log.add("told all"); return nil }, nil
		}
		s.must(0, "")
		if s.dialled.MetricsHandler == nil || !strings.HasSuffix(s.log.String(), "client closed, told all") {
			t.Errorf("%v: %s", s.dialled.MetricsHandler, s.log.String())
		}
	})
	t.Run("cannot be told", func(t *testing.T) {
		t.Parallel()
		s := atServer(t)
		s.system.Watch = func(context.Context) (telemetry.Hooks, telemetry.Shutdown, error) {
			return telemetry.Hooks{}, func(context.Context) error { return errors.New("connection refused") }, nil
		}
		s.must(0, "", "not all was told to OpenTelemetry", "connection refused")
	})
	t.Run("does not start", func(t *testing.T) {
		t.Parallel()
		s := atServer(t)
		s.system.Watch = func(context.Context) (telemetry.Hooks, telemetry.Shutdown, error) {
			return telemetry.Hooks{}, nil, errors.New("unknown exporter pigeon")
		}
		s.must(2, "", "OpenTelemetry does not start: unknown exporter pigeon", "correct the variables OTEL_*")
	})
}
