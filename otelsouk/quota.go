package otelsouk

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/souk-go/souk"
)

// Quoted is implemented by the clients of all vendors.
type Quoted interface{ Quota() souk.Quota }

// ObserveQuota adds the quota of a client to the metrics: souk.quota.limit,
// souk.quota.remaining and souk.quota.queue, each in requests, with only these
// attributes. Clients of one store share their quota, so observe one of them.
// Unregister the result when the client is no longer used. A nil MeterProvider means
// the global one.
func ObserveQuota(provider metric.MeterProvider, client Quoted, attributes ...attribute.KeyValue) (metric.Registration, error) {
	if provider == nil {
		provider = otel.GetMeterProvider()
	}
	meter := provider.Meter(scope)
	unit := metric.WithUnit("{request}")
	limit, err1 := meter.Int64ObservableGauge("souk.quota.limit", unit,
		metric.WithDescription("Requests that the vendor takes at once or per period, 0 where it publishes no limit."))
	remaining, err2 := meter.Int64ObservableGauge("souk.quota.remaining", unit,
		metric.WithDescription("Requests that may still be sent."))
	queue, err3 := meter.Int64ObservableGauge("souk.quota.queue", unit,
		metric.WithDescription("Requests that wait."))
	if err := errors.Join(err1, err2, err3); err != nil {
		return nil, err
	}
	set := metric.WithAttributeSet(attribute.NewSet(attributes...))
	return meter.RegisterCallback(func(_ context.Context, o metric.Observer) error {
		q := client.Quota()
		o.ObserveInt64(limit, int64(q.Limit), set)
		o.ObserveInt64(remaining, int64(q.Remaining), set)
		o.ObserveInt64(queue, int64(q.Queue), set)
		return nil
	}, limit, remaining, queue)
}
