package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	exporter "go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/sdk/metric"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/otelsouk"
)

// measure returns the observer of a worker's clients, and the page that shows what it saw.
func measure(worker string) (*souk.Observer, http.Handler, error) {
	registry := prometheus.NewRegistry()
	labeled := prometheus.WrapRegistererWith(prometheus.Labels{"worker": worker}, registry)
	reader, err := exporter.New(exporter.WithRegisterer(labeled), exporter.WithoutScopeInfo())
	if err != nil {
		return nil, nil, err
	}
	provider := metric.NewMeterProvider(metric.WithReader(reader))
	observer := otelsouk.New(otelsouk.Config{MeterProvider: provider})
	return observer, promhttp.HandlerFor(registry, promhttp.HandlerOpts{}), nil
}

// serveMetrics serves one page for all workers, and returns its URL. Prometheus itself
// would ask each worker for its own.
func (m *manager) serveMetrics(ctx context.Context, addr string) (string, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return "", fmt.Errorf("-metrics: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(prometheus.GathererFunc(m.workers.gather), promhttp.HandlerOpts{}))
	go serve(m.ctx, listener, mux)
	return "http://" + listener.Addr().String() + "/metrics", nil
}

// gather reads the pages of all workers. One that was just killed has none.
func (w *workers) gather() ([]*dto.MetricFamily, error) {
	var all prometheus.Gatherers
	for _, page := range w.pages() {
		all = append(all, prometheus.GathererFunc(func() ([]*dto.MetricFamily, error) { return read(page), nil }))
	}
	return all.Gather()
}

func read(page string) []*dto.MetricFamily {
	client := http.Client{Timeout: time.Second}
	resp, err := client.Get("http://" + page)
	if err != nil {
		return nil
	}
	defer resp.Body.Close()
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(resp.Body)
	if err != nil {
		return nil
	}
	return slices.Collect(maps.Values(families))
}

// serve serves until the context ends.
func serve(ctx context.Context, listener net.Listener, handler http.Handler) {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		panic(err) // a listener on loopback does not end by itself
	}
}
