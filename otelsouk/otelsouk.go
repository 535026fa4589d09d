package otelsouk

import (
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/souk-go/souk"
)

// scope names the instrumentation.
const scope = "github.com/souk-go/souk/otelsouk"

// Config says where traces and metrics go. Its zero value uses OpenTelemetry's global
// providers.
type Config struct {
	// TracerProvider creates the spans. Default: the global one.
	TracerProvider trace.TracerProvider
	// MeterProvider creates the metrics. Default: the global one.
	MeterProvider metric.MeterProvider
	// Propagator writes the span of each attempt into the request's headers, for
	// example propagation.TraceContext{}. Default: nothing is sent, since the vendors
	// do not use it.
	Propagator propagation.TextMapPropagator
}

// New returns an Observer for [souk.Options]. One Observer serves all clients. An
// instrument that a MeterProvider refuses is reported to [otel.Handle] and not used.
func New(cfg Config) *souk.Observer {
	if cfg.TracerProvider == nil {
		cfg.TracerProvider = otel.GetTracerProvider()
	}
	if cfg.MeterProvider == nil {
		cfg.MeterProvider = otel.GetMeterProvider()
	}
	o := &observer{
		tracer:      cfg.TracerProvider.Tracer(scope),
		propagator:  cfg.Propagator,
		instruments: newInstruments(cfg.MeterProvider.Meter(scope)),
	}
	return &souk.Observer{
		CallStart:    o.callStart,
		AttemptStart: o.attemptStart,
		Attempt:      o.attempt,
		Wait:         o.wait,
		TokenRefresh: o.tokenRefresh,
		Drift:        o.drift,
		CallEnd:      o.callEnd,
	}
}
