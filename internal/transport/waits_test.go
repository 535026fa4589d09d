package transport_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/ratelimit"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/internal/transport"
)

// A wait that the context ends is told like any other, by its length until then.
func TestWaitsThatTheContextEndsAreTold(t *testing.T) {
	t.Parallel()
	forever := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	for name, tt := range map[string]struct {
		first   step // of another call, which comes before
		step    step
		limit   ratelimit.Limit
		limiter souk.Limiter
		told    []souk.Wait
	}{
		"pace": {
			first: says(200, "", "{}"), step: says(200, "", "{}"), limit: ratelimit.Limit{Burst: 1, Rate: 0.01},
			told: []souk.Wait{{Reason: souk.WaitPace, Duration: 100 * time.Second}},
		},
		"gate": {
			first: says(429, "", "", "Retry-After", "40"), step: says(200, "", "{}"),
			told: []souk.Wait{{Reason: souk.WaitHeld, Duration: 40 * time.Second}},
		},
		"limiter": {
			step: says(200, "", "{}"), limiter: &limiterOf{0, forever},
			told: []souk.Wait{{Reason: souk.WaitPace, Duration: 10 * time.Second}},
		},
		"between attempts": {
			step: says(503, "", trouble, "Retry-After", "40"),
			told: []souk.Wait{{Reason: souk.WaitRetry, Duration: 40 * time.Second}},
		},
		"gate for its own 429": {
			step: says(429, "", "", "Retry-After", "40"),
			told: []souk.Wait{{Reason: souk.WaitHeld, Duration: 40 * time.Second}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var told []souk.Wait
				cfg := transport.Config{
					BaseURL: baseURL(t), App: baseURL(t),
					Quotas: []transport.Quota{{Limit: &tt.limit, ByApp: true}},
					Options: souk.Options{
						HTTPClient: scripted(tt.step),
						Limiter:    tt.limiter,
						Observer:   &souk.Observer{Wait: func(_ context.Context, w souk.Wait) { told = append(told, w) }},
					},
				}
				client := newClient(t, cfg)
				if tt.first != nil {
					before := cfg
					before.HTTPClient, before.Observer = scripted(tt.first), nil
					_ = newClient(t, before).Do(souk.WithMaxAttempts(t.Context(), 1), classCall(transport.Safe))
				}
				var captured souk.Response
				ctx, cancel := context.WithCancel(souk.WithResponse(t.Context(), &captured))
				time.AfterFunc(10*time.Second, cancel)
				began := time.Now()

				err := client.Do(ctx, classCall(transport.Safe))

				require.ErrorIs(t, err, context.Canceled)
				assert.Equal(t, 10*time.Second, time.Since(began))
				assert.Equal(t, 10*time.Second, captured.Waited)
				for i := range told {
					told[i] = souk.Wait{Reason: told[i].Reason, Duration: told[i].Duration}
				}
				assert.Equal(t, tt.told, told)
			})
		})
	}
}

// Where the user's Limiter waits behind the gate, each is told by its own length.
func TestTheWaitInALimiterBehindTheGate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var told []souk.Wait
		var log testkit.Log
		late := &limiterOf{f: func(context.Context) error { time.Sleep(2 * time.Second); return nil }}
		client := newClient(t, transport.Config{Options: souk.Options{
			HTTPClient: scripted(says(429, "", "", "Retry-After", "5"), says(200, "", "{}")), Limiter: late, Logger: log.Logger(),
			Observer: &souk.Observer{Wait: func(_ context.Context, w souk.Wait) {
				told = append(told, souk.Wait{Reason: w.Reason, Duration: w.Duration})
			}},
		}})

		err := client.Do(t.Context(), classCall(transport.Safe))

		require.NoError(t, err)
		assert.Equal(t, []souk.Wait{
			{Reason: souk.WaitPace, Duration: 2 * time.Second},
			{Reason: souk.WaitHeld, Duration: 5 * time.Second},
			{Reason: souk.WaitPace, Duration: 2 * time.Second},
		}, told)
		var reasons []any
		for _, record := range log.Records() {
			if record["msg"] == "wait" {
				reasons = append(reasons, record["reason"])
			}
		}
		assert.Equal(t, []any{"pace", "held", "pace"}, reasons)
	})
}

// Without a quota there is no gate: the call waits by itself for as long as it is told.
func TestA429WithoutAQuota(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := newClient(t, transport.Config{Quotas: []transport.Quota{}, Options: souk.Options{
			HTTPClient: scripted(says(429, "", "", "Retry-After", "7"), says(200, "", "{}")),
		}})
		began := time.Now()

		err := client.Do(t.Context(), classCall(transport.Safe))

		require.NoError(t, err)
		assert.Equal(t, 7*time.Second, time.Since(began))
	})
}

// However the gate moves, all waits that refusals cause within a call come to no more
// than MaxRetryWait: those before the first attempt, at the gate that another call
// moves, and between attempts.
func TestRefusalsOfManyKindsAreWaitedForInAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cfg := transport.Config{
			BaseURL: baseURL(t), App: baseURL(t),
			Quotas:  []transport.Quota{{Limit: &ratelimit.Limit{}, ByApp: true}},
			Options: souk.Options{MaxRetryWait: 60 * time.Second, MaxAttempts: 20},
		}
		others, own := cfg, cfg
		others.HTTPClient = scripted(says(429, "", "", "Retry-After", "10"))
		own.HTTPClient = scripted(
			says(429, "", "", "Retry-After", "15"), says(503, "", trouble, "Retry-After", "5"),
			says(429, "", "", "Retry-After", "12"), says(429, "", "", "Retry-After", "20"), says(200, "", "{}"),
		)
		_ = newClient(t, others).Do(souk.WithMaxAttempts(t.Context(), 1), classCall(transport.Safe))
		var captured souk.Response
		began := time.Now()

		err := newClient(t, own).Do(souk.WithResponse(t.Context(), &captured), classCall(transport.Safe))

		require.ErrorIs(t, err, souk.ErrRateLimited)
		e := requireError(t, err)
		assert.Equal(t, 4, e.Attempts, "10 s for the other call, 15, 5 and 12 for its own: another 20 would be too long")
		assert.Equal(t, 20*time.Second, e.RetryAfter)
		assert.Equal(t, 42*time.Second, time.Since(began))
		assert.Equal(t, 42*time.Second, captured.Waited)
	})
}

// A gate that moves while a call waits for it is no new wait: what was waited for
// before counts.
func TestAGateThatMovesIsNoNewWait(t *testing.T) {
	t.Parallel()
	for name, limiter := range map[string]souk.Limiter{"": nil, "limiter": &limiterOf{n: 9}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				cfg := transport.Config{
					BaseURL: baseURL(t), App: baseURL(t), Quotas: []transport.Quota{{Limit: &ratelimit.Limit{}, ByApp: true}},
					Options: souk.Options{MaxRetryWait: 60 * time.Second},
				}
				late := func(wait time.Duration) step { // answers an attempt that was sent before the gate closed
					return func(r *http.Request) (*http.Response, error) {
						time.Sleep(wait)
						return says(429, "", "", "Retry-After", "40")(r)
					}
				}
				others := func(s step) {
					other := cfg
					other.HTTPClient = scripted(s)
					_ = newClient(t, other).Do(souk.WithMaxAttempts(t.Context(), 1), classCall(transport.Safe))
				}
				var done sync.WaitGroup
				for _, wait := range []time.Duration{20 * time.Second, 40 * time.Second} {
					done.Go(func() { others(late(wait)) })
				}
				synctest.Wait()
				others(says(429, "", "", "Retry-After", "30"))
				cfg.HTTPClient, cfg.Limiter = scripted(says(200, "", "{}")), limiter
				began := time.Now()

				err := newClient(t, cfg).Do(t.Context(), classCall(transport.Safe))

				require.ErrorIs(t, err, souk.ErrRateLimited)
				assert.Equal(t, 40*time.Second, time.Since(began), "the gate that was to open at 60 s is to open at 80 s now")
				assert.Equal(t, 40*time.Second, requireError(t, err).RetryAfter)
				done.Wait()
			})
		})
	}
}
