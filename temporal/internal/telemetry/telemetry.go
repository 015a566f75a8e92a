// Package telemetry lets OpenTelemetry watch what workers and their clients do, over Temporal's own hooks.
//
//	hooks, shutdown, err := telemetry.Start(ctx)
//	defer shutdown(ctx)
//	options := client.Options{MetricsHandler: hooks.Metrics, Interceptors: hooks.Interceptors}
//
// Where it goes is said by the variables of OpenTelemetry: OTEL_TRACES_EXPORTER and OTEL_METRICS_EXPORTER (otlp, prometheus, console), OTEL_EXPORTER_… of each,
// OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES. While they name no exporter, nothing is started and nothing leaves the process.
//
// Spans and metrics hold ids of workflows, which hold names of workspaces, and what errors say. They hold no secret: what goes in and out of workflows and
// activities is in none of them.
package telemetry

import (
	"context"
	"errors"
	"fmt"
	"os"

	"go.opentelemetry.io/contrib/exporters/autoexport"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/opentelemetry"
	"go.temporal.io/sdk/interceptor"
)

// The variables that name exporters.
const (
	tracesExporter  = "OTEL_TRACES_EXPORTER"
	metricsExporter = "OTEL_METRICS_EXPORTER"
)

// scope is whom spans and metrics are from.
const scope = "github.com/rcreg/registration/temporal/cmd/rcreg-worker"

// Hooks are for client.Options; a worker takes them over from its client. They are empty when nothing is watched.
type Hooks struct {
	Metrics      client.MetricsHandler
	Interceptors []interceptor.ClientInterceptor
}

// Shutdown sends what was not sent yet, and ends.
type Shutdown func(ctx context.Context) error

// Start starts the exporters that the environment names. Errors: an exporter that is not known, or that does not start.
func Start(ctx context.Context) (Hooks, Shutdown, error) {
	var spans trace.SpanExporter
	var metrics metric.Reader
	var err error
	if named(tracesExporter) {
		if spans, err = autoexport.NewSpanExporter(ctx); err != nil {
			return Hooks{}, nil, fmt.Errorf("start the exporter of %s: %w", tracesExporter, err)
		}
	}
	if named(metricsExporter) {
		if metrics, err = autoexport.NewMetricReader(ctx); err != nil {
			err = fmt.Errorf("start the exporter of %s: %w", metricsExporter, err)
			if spans != nil {
				err = errors.Join(err, spans.Shutdown(ctx))
			}
			return Hooks{}, nil, err
		}
	}
	return hook(ctx, spans, metrics)
}

// named reports whether the environment names an exporter: by the rules of OpenTelemetry silence would mean one.
func named(variable string) bool {
	name := os.Getenv(variable)
	return name != "" && name != "none"
}

// hook makes the hooks of exporters; each may be nil.
func hook(ctx context.Context, spans trace.SpanExporter, metrics metric.Reader) (Hooks, Shutdown, error) {
	hooks, ends := Hooks{}, []Shutdown{}
	shutdown := func(ctx context.Context) error {
		var failed error
		for _, end := range ends {
			failed = errors.Join(failed, end(ctx))
		}
		return failed
	}
	if spans == nil && metrics == nil {
		return hooks, shutdown, nil
	}
	about, err := resource.New(ctx, resource.WithAttributes(attribute.String("service.name", "rcreg-worker")), resource.WithTelemetrySDK(), resource.WithHost(), resource.WithFromEnv())
	if err != nil && !errors.Is(err, resource.ErrPartialResource) {
		return hooks, nil, fmt.Errorf("say whom telemetry is from: %w", err)
	}
	if metrics != nil {
		meters := metric.NewMeterProvider(metric.WithReader(metrics), metric.WithResource(about))
		ends = append(ends, meters.Shutdown)
		hooks.Metrics = opentelemetry.NewMetricsHandler(opentelemetry.MetricsHandlerOptions{Meter: meters.Meter(scope), OnError: otel.Handle})
	}
	if spans != nil {
		tracers := trace.NewTracerProvider(trace.WithBatcher(spans), trace.WithResource(about))
		ends = append(ends, tracers.Shutdown)
		tracing, err := opentelemetry.NewTracingInterceptor(opentelemetry.TracerOptions{Tracer: tracers.Tracer(scope)})
		if err != nil {
			return Hooks{}, nil, errors.Join(fmt.Errorf("trace: %w", err), shutdown(ctx))
		}
		hooks.Interceptors = []interceptor.ClientInterceptor{tracing}
	}
	return hooks, shutdown, nil
}
