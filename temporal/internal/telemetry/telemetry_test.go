package telemetry

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/interceptor"
	sdk "go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// theSecret goes in and out of an activity.
const theSecret = "device-code-1234"

// kept keeps what is exported when the exporter is shut down.
type kept struct {
	trace.SpanExporter
	spans tracetest.SpanStubs
}

func (k *kept) ExportSpans(_ context.Context, spans []trace.ReadOnlySpan) error {
	k.spans = append(k.spans, tracetest.SpanStubsFromReadOnlySpans(spans)...)
	return nil
}

func (k *kept) Shutdown(context.Context) error { return nil }

// run runs an activity as a worker with hooks does.
func run(t *testing.T, hooks Hooks, fails error) {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestActivityEnvironment()
	options := worker.Options{}
	for _, hook := range hooks.Interceptors {
		if both, ok := hook.(interceptor.Interceptor); ok { // as a worker takes them over from its client
			options.Interceptors = append(options.Interceptors, both)
		}
	}
	env.SetWorkerOptions(options)
	env.RegisterActivityWithOptions(func(_ context.Context, in string) (string, error) { return in, fails }, activity.RegisterOptions{Name: "rcreg.register"})
	if _, err := env.ExecuteActivity("rcreg.register", theSecret); (err == nil) != (fails == nil) {
		t.Fatal(err)
	}
}

func TestSpans(t *testing.T) {
	t.Parallel()
	for name, fails := range map[string]error{"done": nil, "failed": sdk.NewNonRetryableApplicationError("the token was rejected", "rejected", nil)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			exporter := &kept{}
			hooks, shutdown, err := hook(t.Context(), exporter, nil)
			if err != nil {
				t.Fatal(err)
			}
			run(t, hooks, fails)
			if err := shutdown(t.Context()); err != nil {
				t.Error(err)
			}
			if len(exporter.spans) != 1 || exporter.spans[0].Name != "RunActivity:rcreg.register" || hooks.Metrics != nil {
				t.Fatalf("%+v", exporter.spans)
			}
			span := exporter.spans[0]
			told := fmt.Sprintf("%+v, of %v", span, span.Resource.Encoded(attribute.DefaultEncoder()))
			if !strings.Contains(told, "service.name=rcreg-worker") || strings.Contains(told, "rejected") != (fails != nil) {
				t.Errorf("it tells %s", told)
			}
			if strings.Contains(told, theSecret) {
				t.Errorf("it tells the secret: %s", told)
			}
		})
	}
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	reader := metric.NewManualReader()
	hooks, shutdown, err := hook(t.Context(), nil, reader)
	if err != nil || len(hooks.Interceptors) > 0 {
		t.Fatalf("%+v, %v", hooks, err)
	}
	hooks.Metrics.WithTags(map[string]string{"activity_type": "rcreg.register"}).Counter("temporal_activity_execution_failed").Inc(2)
	hooks.Metrics.Counter("not a name\n").Inc(1) // it must not panic
	var found metricdata.ResourceMetrics
	if err := errors.Join(reader.Collect(t.Context(), &found), shutdown(t.Context())); err != nil {
		t.Fatal(err)
	}
	if len(found.ScopeMetrics) != 1 || found.ScopeMetrics[0].Metrics[0].Name != "temporal_activity_execution_failed" {
		t.Errorf("%+v", found)
	}
}

func TestStartsNothingUnlessAsked(t *testing.T) { //nolint:paralleltest // it changes the environment
	for _, name := range []string{"", "none"} {
		t.Setenv(tracesExporter, name)
		t.Setenv(metricsExporter, name)
		hooks, shutdown, err := Start(t.Context())
		if err != nil || hooks.Metrics != nil || hooks.Interceptors != nil {
			t.Fatalf("%+v, %v", hooks, err)
		}
		if err := shutdown(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

func TestStartRefusesWhatItDoesNotKnow(t *testing.T) { //nolint:paralleltest // it changes the environment
	for _, names := range [][2]string{{"pigeon", ""}, {"", "pigeon"}, {"console", "pigeon"}} {
		t.Setenv(tracesExporter, names[0])
		t.Setenv(metricsExporter, names[1])
		if _, _, err := Start(t.Context()); err == nil || !strings.Contains(err.Error(), "_EXPORTER") {
			t.Errorf("%v: %v", names, err)
		}
	}
}

func TestPrometheusAsksForMetrics(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(address)
	t.Setenv(metricsExporter, "prometheus")
	t.Setenv("OTEL_EXPORTER_PROMETHEUS_HOST", "127.0.0.1")
	t.Setenv("OTEL_EXPORTER_PROMETHEUS_PORT", port)
	hooks, shutdown, err := Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	hooks.Metrics.Counter("temporal_activity_execution_failed").Inc(1)
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	reply, err := client.Get("http://" + address + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reply.Body.Close() }()
	if text, err := io.ReadAll(reply.Body); err != nil || !bytes.Contains(text, []byte("temporal_activity_execution_failed")) {
		t.Errorf("%s: %v", text, err)
	}
	if err := shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}
