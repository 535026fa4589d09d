package otelsouk

import (
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/metric"
)

type instruments struct {
	requestDuration metric.Float64Histogram
	callDuration    metric.Float64Histogram
	callAttempts    metric.Int64Histogram
	waitDuration    metric.Float64Histogram
	refreshes       metric.Int64Counter
	drifts          metric.Int64Counter
}

// The bounds of the histograms: for requests as in the conventions, for calls and waits
// up to the minutes that a quota can take.
var (
	requestBounds = metric.WithExplicitBucketBoundaries(.005, .01, .025, .05, .075, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10)
	callBounds    = metric.WithExplicitBucketBoundaries(.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 120, 300)
	attemptBounds = metric.WithExplicitBucketBoundaries(0, 1, 2, 3, 4, 6, 8, 12)
)

func newInstruments(meter metric.Meter) instruments {
	return instruments{
		requestDuration: made(meter.Float64Histogram("http.client.request.duration", requestBounds,
			metric.WithUnit("s"), metric.WithDescription("Duration of HTTP client requests."))),
		callDuration: made(meter.Float64Histogram("souk.call.duration", callBounds,
			metric.WithUnit("s"), metric.WithDescription("Duration of calls, their waits and repeats included."))),
		callAttempts: made(meter.Int64Histogram("souk.call.attempts", attemptBounds,
			metric.WithUnit("{attempt}"), metric.WithDescription("How often calls were sent."))),
		waitDuration: made(meter.Float64Histogram("souk.wait.duration", callBounds,
			metric.WithUnit("s"), metric.WithDescription("Waits for quota, and between attempts."))),
		refreshes: made(meter.Int64Counter("souk.token.refreshes",
			metric.WithUnit("{refresh}"), metric.WithDescription("Renewals of tokens."))),
		drifts: made(meter.Int64Counter("souk.drift",
			metric.WithUnit("{value}"), metric.WithDescription("Values of another kind than the vendor documents."))),
	}
}

// made returns an instrument, or one that does nothing if the instrument was refused.
func made[T any](instrument T, err error) T {
	if err != nil {
		otel.Handle(err)
	}
	return instrument
}
