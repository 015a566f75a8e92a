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
