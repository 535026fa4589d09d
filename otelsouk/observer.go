package otelsouk

import (
	"context"
	"net/http"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/propagation"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/souk-go/souk"
)

type observer struct {
	instruments
	tracer     trace.Tracer
	propagator propagation.TextMapPropagator
}

func (o *observer) callStart(ctx context.Context, c souk.Call) context.Context {
	ctx, _ = o.tracer.Start(ctx, spanName(c.Method, c.Route),
		trace.WithAttributes(append(endpoint(c.Method, c.Route, c.Host), vendorKey.String(c.Vendor))...))
	return ctx
}

func (o *observer) callEnd(ctx context.Context, c souk.Call, err error) {
	attributes := append(endpoint(c.Method, c.Route, c.Host), vendorKey.String(c.Vendor))
	span := trace.SpanFromContext(ctx)
	span.SetAttributes(attemptsKey.Int(c.Attempts))
	if class := classOf(err); class != "" {
		attributes = append(attributes, semconv.ErrorTypeKey.String(class))
		span.SetAttributes(semconv.ErrorTypeKey.String(class))
		span.SetStatus(codes.Error, "")
	}
	span.End()
	set := metric.WithAttributeSet(attribute.NewSet(attributes...))
	o.callDuration.Record(ctx, c.Duration.Seconds(), set)
	o.callAttempts.Record(ctx, int64(c.Attempts), set)
}

func (o *observer) attemptStart(ctx context.Context, a souk.Attempt, header http.Header) context.Context {
	attributes := endpoint(a.Method, a.Route, a.Host)
	if a.Number > 1 {
		attributes = append(attributes, semconv.HTTPRequestResendCount(a.Number-1))
	}
	ctx, _ = o.tracer.Start(ctx, spanName(a.Method, a.Route),
		trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(attributes...))
	if o.propagator != nil {
		o.propagator.Inject(ctx, propagation.HeaderCarrier(header))
	}
	return ctx
}

func (o *observer) attempt(ctx context.Context, a souk.Attempt) {
	outcome := outcomeOf(a)
	span := trace.SpanFromContext(ctx)
	span.SetAttributes(outcome...)
	if failed(a) {
		span.SetStatus(codes.Error, "")
	}
	span.End()
	attributes := append(endpoint(a.Method, a.Route, a.Host), outcome...)
	o.requestDuration.Record(ctx, a.Duration.Seconds(), metric.WithAttributes(attributes...))
}

func (o *observer) wait(ctx context.Context, w souk.Wait) {
	reason := waitReasonKey.String(string(w.Reason))
	trace.SpanFromContext(ctx).AddEvent("souk.wait",
		trace.WithAttributes(reason, waitDurationKey.Float64(w.Duration.Seconds())))
	o.waitDuration.Record(ctx, w.Duration.Seconds(), metric.WithAttributes(vendorKey.String(w.Vendor), reason))
}

func (o *observer) tokenRefresh(ctx context.Context, r souk.TokenRefresh) {
	attributes := []attribute.KeyValue{vendorKey.String(r.Vendor)}
	if class := classOf(r.Err); class != "" {
		attributes = append(attributes, semconv.ErrorTypeKey.String(class))
	}
	trace.SpanFromContext(ctx).AddEvent("souk.token.refresh", trace.WithAttributes(attributes...))
	o.refreshes.Add(ctx, 1, metric.WithAttributes(attributes...))
}

func (o *observer) drift(ctx context.Context, d souk.Drift) {
	kinds := []attribute.KeyValue{driftWantKey.String(d.Want), driftGotKey.String(d.Got)}
	trace.SpanFromContext(ctx).AddEvent("souk.drift",
		trace.WithAttributes(append(kinds, driftPathKey.String(d.Path))...))
	o.drifts.Add(ctx, 1, metric.WithAttributes(append(kinds, vendorKey.String(d.Vendor), semconv.URLTemplate(d.Route))...))
}
