package transport_test

import (
	"context"
	"log/slog"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/percall"
	"github.com/souk-go/souk/internal/ratelimit"
	"github.com/souk-go/souk/internal/transport"
)

// A panic of the user's functions costs quota if the request may have been sent, and
// keeps no place.
func TestAPanicCostsQuotaIfTheRequestMayHaveBeenSent(t *testing.T) {
	t.Parallel()
	boom := func() { panic("boom") }
	for name, tt := range map[string]struct {
		cost    int
		options func(o *souk.Options)
	}{
		"before it": {0, func(o *souk.Options) {
			o.Observer = &souk.Observer{AttemptStart: func(context.Context, souk.Attempt, http.Header) context.Context { boom(); return nil }}
		}},
		"in the HTTP transport": {1, func(o *souk.Options) {
			o.HTTPClient = scripted(func(*http.Request) (*http.Response, error) { boom(); return nil, nil })
		}},
		"after the answer": {1, func(o *souk.Options) {
			o.Observer = &souk.Observer{Attempt: func(context.Context, souk.Attempt) { boom() }}
		}},
		"in the logger": {1, func(o *souk.Options) { o.Logger = slog.New(panicking{}) }},
		"when a limiter is paused": {1, func(o *souk.Options) {
			o.HTTPClient = scripted(says(429, "", ""))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				cfg := transport.Config{
					BaseURL: baseURL(t),
					Quotas: []transport.Quota{
						{Bucket: "wide", Limit: &ratelimit.Limit{Burst: 100, Rate: 0.0001}},
						{Bucket: "paused", Limit: &ratelimit.Limit{}, Limiter: brokenPause{}},
					},
					Options: souk.Options{HTTPClient: scripted(says(200, "", "{}"))},
				}
				tt.options(&cfg.Options)
				client := newClient(t, cfg)

				assert.PanicsWithValue(t, "boom", func() { _ = client.Do(t.Context(), classCall(transport.Write)) })

				assert.Equal(t, 100-tt.cost, client.Quota().Remaining)
			})
		})
	}
}

type panicking struct{ slog.Handler }

func (panicking) Enabled(context.Context, slog.Level) bool { panic("boom") }

type brokenPause struct{}

func (brokenPause) Wait(context.Context) error { return nil }

func (brokenPause) Pause(time.Time) { panic("boom") }

// Whoever must not lose an answer is told of the panics of those who watch afterwards.
func TestPanicsOfThoseWhoWatchLoseNoAnswerThatMustBeKept(t *testing.T) {
	t.Parallel()
	boom := func() { panic("boom") }
	for name, options := range map[string]souk.Options{
		"CallStart":    {Observer: &souk.Observer{CallStart: func(context.Context, souk.Call) context.Context { boom(); return nil }}},
		"AttemptStart": {Observer: &souk.Observer{AttemptStart: func(context.Context, souk.Attempt, http.Header) context.Context { boom(); return nil }}},
		"Attempt":      {Observer: &souk.Observer{Attempt: func(context.Context, souk.Attempt) { boom() }}},
		"Wait":         {Observer: &souk.Observer{Wait: func(context.Context, souk.Wait) { boom() }}},
		"Drift":        {Observer: &souk.Observer{Drift: func(context.Context, souk.Drift) { boom() }}},
		"CallEnd":      {Observer: &souk.Observer{CallEnd: func(context.Context, souk.Call, error) { boom() }}},
		"Logger":       {Logger: slog.New(panicking{})},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				options.HTTPClient = scripted(says(429, "", "", "Retry-After", "5"), says(200, "", `{"thing":{"id":"1","name":7}}`))
				client := newClient(t, transport.Config{Options: options})
				var kept percall.Panics
				var out oneThing
				call := classCall(transport.Write)
				call.Out = &out

				err := client.Do(percall.WithPanics(t.Context(), &kept), call)

				require.NoError(t, err)
				assert.Equal(t, &thing{ID: "1", Name: "7"}, out.Thing)
				assert.Equal(t, "boom", kept.First())
			})
		})
	}
}
