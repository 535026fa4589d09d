package otelsouk_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/otelsouk"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/shoplazza"
	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/shopline/shoplinetest"
	"github.com/souk-go/souk/souktest"
	"github.com/souk-go/souk/xclade"
	"github.com/souk-go/souk/xclade/xcladetest"
)

// telemetry keeps what an observer made.
type telemetry struct {
	spans   *tracetest.SpanRecorder
	tracers trace.TracerProvider
	metrics *sdkmetric.ManualReader
	meters  *sdkmetric.MeterProvider
}

func record() *telemetry {
	r := &telemetry{spans: tracetest.NewSpanRecorder(), metrics: sdkmetric.NewManualReader()}
	r.tracers = sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(r.spans))
	r.meters = sdkmetric.NewMeterProvider(sdkmetric.WithReader(r.metrics))
	return r
}

func (r *telemetry) observer() *souk.Observer {
	return otelsouk.New(otelsouk.Config{
		TracerProvider: r.tracers, MeterProvider: r.meters, Propagator: propagation.TraceContext{},
	})
}

// span is what a test compares of a span.
type span struct {
	name, parent string
	kind         trace.SpanKind
	failed       bool
	attributes   map[string]any
	events       []string
}

// ended returns the spans in the order in which they ended.
func (r *telemetry) ended() []span {
	names := map[trace.SpanID]string{}
	for _, s := range r.spans.Started() {
		names[s.SpanContext().SpanID()] = s.Name()
	}
	var all []span
	for _, s := range r.spans.Ended() {
		one := span{
			name: s.Name(), parent: names[s.Parent().SpanID()], kind: s.SpanKind(),
			failed: s.Status().Code == codes.Error, attributes: plain(s.Attributes()),
		}
		for _, event := range s.Events() {
			text := event.Name
			for _, a := range event.Attributes {
				text += " " + string(a.Key) + "=" + a.Value.String()
			}
			one.events = append(one.events, text)
		}
		all = append(all, one)
	}
	return all
}

func plain(attributes []attribute.KeyValue) map[string]any {
	values := map[string]any{}
	for _, a := range attributes {
		values[string(a.Key)] = a.Value.AsInterface()
	}
	return values
}

// collect returns the metrics by name.
func (r *telemetry) collect(t *testing.T) map[string]metricdata.Aggregation {
	t.Helper()
	var all metricdata.ResourceMetrics
	require.NoError(t, r.metrics.Collect(t.Context(), &all))
	found := map[string]metricdata.Aggregation{}
	for _, scope := range all.ScopeMetrics {
		for _, m := range scope.Metrics {
			found[m.Name] = m.Data
		}
	}
	return found
}

func points[N int64 | float64](data metricdata.Aggregation) map[string]uint64 {
	counts := map[string]uint64{}
	for _, p := range data.(metricdata.Histogram[N]).DataPoints {
		text, _ := json.Marshal(plain(p.Attributes.ToSlice()))
		counts[string(text)] = p.Count
	}
	return counts
}

func store(t *testing.T, o *souk.Observer) (*shoplinetest.Server, *shopline.Client) {
	t.Helper()
	server := shoplinetest.NewServer()
	t.Cleanup(server.Close)
	cfg := server.Config()
	cfg.Observer = o
	client, err := shopline.NewClient(cfg)
	require.NoError(t, err)
	return server, client
}

func hostOf(s interface{ BaseURL() string }) string {
	return strings.TrimPrefix(s.BaseURL(), "https://")
}

func TestACallHasASpanAndOneForEachAttempt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		told := record()
		server, client := store(t, told.observer())
		server.Inject(souktest.Fault{Operation: "Customers.Count", Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"30"}}})

		_, err := client.Customers.Count(t.Context())

		require.NoError(t, err)
		const route, name = "/customers/v2/count.json", "GET /customers/v2/count.json"
		host := hostOf(server)
		endpoint := map[string]any{"http.request.method": "GET", "url.template": route, "server.address": host}
		with := func(more map[string]any) map[string]any {
			for key, value := range endpoint {
				more[key] = value
			}
			return more
		}
		assert.Equal(t, []span{
			{name: name, parent: name, kind: trace.SpanKindClient, failed: true, attributes: with(map[string]any{
				"http.response.status_code": int64(429), "error.type": "429",
			})},
			{name: name, parent: name, kind: trace.SpanKindClient, attributes: with(map[string]any{
				"http.response.status_code": int64(200), "http.request.resend_count": int64(1),
			})},
			{
				name: name, kind: trace.SpanKindInternal,
				attributes: with(map[string]any{"souk.vendor": "shopline", "souk.attempts": int64(2)}),
				events:     []string{"souk.wait souk.wait.reason=held souk.wait.duration=30"},
			},
		}, told.ended())
		for i, request := range server.Requests() {
			assert.Contains(t, request.Header.Get("Traceparent"), told.spans.Ended()[i].SpanContext().SpanID().String(), "the attempt's own")
		}
	})
}

func TestWithoutAPropagatorNothingIsSent(t *testing.T) {
	t.Parallel()
	told := record()
	server, client := store(t, otelsouk.New(otelsouk.Config{TracerProvider: told.tracers, MeterProvider: told.meters}))

	_, err := client.Customers.Count(t.Context())

	require.NoError(t, err)
	assert.NotContains(t, server.Requests()[0].Header, "Traceparent")
}

func TestTheSpanOfACallIsBelowThatOfItsCaller(t *testing.T) {
	t.Parallel()
	told := record()
	_, client := store(t, told.observer())
	ctx, export := told.tracers.Tracer("test").Start(t.Context(), "export")

	_, err := client.Customers.Count(ctx)
	export.End()

	require.NoError(t, err)
	assert.Equal(t, "export", told.ended()[1].parent)
}

func TestFailuresAreNamedInAWord(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault         souktest.Fault
		call, attempt string
	}{
		"own refusal":       {souktest.Fault{Status: http.StatusUnauthorized, Body: `{"errors":"no access"}`}, "unauthorized", "401"},
		"a web page":        {souktest.Fault{Status: http.StatusBadGateway, Body: "<html>"}, "unavailable", "502"},
		"the line was lost": {souktest.Fault{Drop: true}, "unavailable", "reset"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			told := record()
			server, client := store(t, told.observer())
			server.Inject(c.fault)

			_, err := client.Customers.Count(souk.WithMaxAttempts(t.Context(), 1))

			require.Error(t, err)
			spans := told.ended()
			require.Len(t, spans, 2)
			assert.Equal(t, c.attempt, spans[0].attributes["error.type"])
			assert.Equal(t, c.call, spans[1].attributes["error.type"])
			assert.True(t, spans[0].failed && spans[1].failed)
		})
	}
}

func TestTheContextsErrorIsNamed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		told := record()
		server, client := store(t, told.observer())
		server.Inject(souktest.Fault{Delay: time.Minute})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()

		_, err := client.Customers.Count(ctx)

		require.ErrorIs(t, err, context.DeadlineExceeded)
		spans := told.ended()
		assert.Equal(t, "deadline_exceeded", spans[len(spans)-1].attributes["error.type"])
	})
}

func TestMetricsCountCallsAttemptsAndWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		told := record()
		server, client := store(t, told.observer())
		server.Inject(souktest.Fault{Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"2"}}})

		_, err := client.Customers.Count(t.Context())

		require.NoError(t, err)
		metrics := told.collect(t)
		route := told.ended()[0].attributes["url.template"].(string)
		endpoint := `"http.request.method":"GET","http.response.status_code":200,"server.address":"` + hostOf(server) + `","url.template":"` + route + `"}`
		refused := `{"error.type":"429","http.request.method":"GET","http.response.status_code":429,"server.address":"` + hostOf(server) + `","url.template":"` + route + `"}`
		assert.Equal(t, map[string]uint64{"{" + endpoint: 1, refused: 1}, points[float64](metrics["http.client.request.duration"]))
		call := `{"http.request.method":"GET","server.address":"` + hostOf(server) + `","souk.vendor":"shopline","url.template":"` + route + `"}`
		assert.Equal(t, map[string]uint64{call: 1}, points[float64](metrics["souk.call.duration"]))
		assert.Equal(t, map[string]uint64{call: 1}, points[int64](metrics["souk.call.attempts"]))
		assert.Equal(t, map[string]uint64{`{"souk.vendor":"shopline","souk.wait.reason":"held"}`: 1}, points[float64](metrics["souk.wait.duration"]))
		assert.InDelta(t, 2, metrics["souk.wait.duration"].(metricdata.Histogram[float64]).DataPoints[0].Sum, 0.01)
		assert.Equal(t, int64(2), metrics["souk.call.attempts"].(metricdata.Histogram[int64]).DataPoints[0].Sum)
	})
}

func TestRenewalsAreCountedAndTheirCallsTraced(t *testing.T) {
	t.Parallel()
	told := record()
	server := xcladetest.NewServer()
	t.Cleanup(server.Close)
	cfg := server.Config()
	cfg.Observer = told.observer()
	client, err := xclade.NewClient(cfg)
	require.NoError(t, err)

	_, err = client.Customers.List(t.Context(), xclade.ListCustomersRequest{})

	require.NoError(t, err)
	refreshes := told.collect(t)["souk.token.refreshes"].(metricdata.Sum[int64]).DataPoints
	require.Len(t, refreshes, 1)
	assert.Equal(t, int64(1), refreshes[0].Value)
	var names []string
	for _, s := range told.ended() {
		names = append(names, s.parent+" > "+s.name)
		if s.name == "GET /admin/customers" && s.kind == trace.SpanKindInternal {
			assert.Equal(t, []string{"souk.token.refresh souk.vendor=xclade"}, s.events)
		}
	}
	assert.Contains(t, names, "POST /auth/user/emailpass > POST /auth/user/emailpass")
}

func TestDriftIsCounted(t *testing.T) {
	t.Parallel()
	told := record()
	server, client := store(t, told.observer())
	server.Inject(souktest.Fault{Operation: "Customers.Get", Status: 200, Body: `{"customer":{"id":"12","email":7,"orders_count":"11"}}`})

	_, err := client.Customers.Get(t.Context(), "12", shopline.GetCustomerRequest{})

	require.NoError(t, err)
	var total int64
	for _, p := range told.collect(t)["souk.drift"].(metricdata.Sum[int64]).DataPoints {
		total += p.Value
		assert.NotContains(t, plain(p.Attributes.ToSlice()), "souk.drift.path", "a path is no label")
	}
	assert.Positive(t, total)
}

// quoted is a client of which only the quota counts.
type quoted souk.Quota

func (q quoted) Quota() souk.Quota { return souk.Quota(q) }

var _ = []otelsouk.Quoted{&salla.Client{}, &commercengine.Client{}, &shopline.Client{}, &shoplazza.Client{}, &xclade.Client{}}

func TestAQuotaIsObservedUntilItIsUnregistered(t *testing.T) {
	t.Parallel()
	told := record()
	registration, err := otelsouk.ObserveQuota(told.meters, quoted{Limit: 40, Remaining: 12, Queue: 3}, attribute.String("store", "a"))
	require.NoError(t, err)

	metrics := told.collect(t)

	value := func(name string) int64 {
		data := metrics[name].(metricdata.Gauge[int64]).DataPoints
		require.Len(t, data, 1)
		assert.Equal(t, map[string]any{"store": "a"}, plain(data[0].Attributes.ToSlice()))
		return data[0].Value
	}
	assert.Equal(t, []int64{40, 12, 3}, []int64{value("souk.quota.limit"), value("souk.quota.remaining"), value("souk.quota.queue")})
	require.NoError(t, registration.Unregister())
	if data, ok := told.collect(t)["souk.quota.limit"].(metricdata.Gauge[int64]); ok {
		assert.Empty(t, data.DataPoints)
	}
}

// Nothing that a request holds, or that a server repeats, gets into spans and metrics.
func TestNoIDAndNoPersonalDataIsTold(t *testing.T) {
	t.Parallel()
	const email, phone, name, token = "hidden.person@example.test", "+4915112345678", "Hiddenname", "hidden-token-0123456789"
	told := record()
	server := shoplinetest.NewServer()
	t.Cleanup(server.Close)
	cfg := server.Config()
	cfg.Observer = told.observer()
	client, err := shopline.NewClient(cfg)
	require.NoError(t, err)
	created, err := client.Customers.Create(t.Context(), shopline.CreateCustomerRequest{Email: email, FirstName: name})
	require.NoError(t, err)
	said := `{"errors":"` + strings.Join([]string{email, phone, name, token}, " ") + `"}`

	for _, status := range []int{200, 400, 401, 404, 409, 422, 500} {
		server.Inject(souktest.Fault{Status: status, Body: said, Header: http.Header{"Traceid": {token}}})
		_, _ = client.Customers.Get(souk.WithMaxAttempts(t.Context(), 1), created.ID, shopline.GetCustomerRequest{})
	}

	var all strings.Builder
	for _, s := range told.spans.Ended() {
		text, err := json.Marshal(tracetest.SpanStubFromReadOnlySpan(s))
		require.NoError(t, err)
		all.Write(text)
	}
	text, err := json.Marshal(told.collect(t))
	require.NoError(t, err)
	all.Write(text)
	require.Contains(t, all.String(), "shopline")
	for _, hidden := range []string{email, phone, name, token, created.ID, "hidden.person"} {
		assert.NotContains(t, all.String(), hidden)
	}
}
