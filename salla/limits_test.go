package salla_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/salla"
)

// window is a server with Salla's limit of requests per minute, in fake time: a
// minute that begins with the first request, then one request per second.
type window struct {
	perMinute int
	headers   bool
	delay     time.Duration

	mu       sync.Mutex
	ends     time.Time
	used     int
	over     time.Time
	refused  int
	accepted []time.Time
}

func (w *window) RoundTrip(r *http.Request) (*http.Response, error) {
	timer := time.NewTimer(w.delay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	if !now.Before(w.ends) {
		w.used, w.ends, w.over = 0, now.Add(time.Minute), time.Time{}
	}
	header := http.Header{"Content-Type": {"application/json"}, "Date": {now.UTC().Format(http.TimeFormat)}}
	status := http.StatusOK
	switch {
	case w.used < w.perMinute:
		w.used++
	case now.Sub(w.over) >= time.Second:
		w.over = now
	default:
		status = http.StatusTooManyRequests
		header.Set("Retry-After", strconv.Itoa(int(w.ends.Sub(now)/time.Second)+1))
		w.refused++
	}
	if status == http.StatusOK {
		w.accepted = append(w.accepted, now)
	}
	if w.headers {
		header.Set("X-RateLimit-Limit", strconv.Itoa(w.perMinute))
		header.Set("X-RateLimit-Remaining", strconv.Itoa(w.perMinute-w.used))
		header.Set("X-RateLimit-Reset", strconv.FormatInt(w.ends.Unix(), 10))
	}
	return &http.Response{
		StatusCode: status, Header: header, Request: r,
		Body: io.NopCloser(strings.NewReader(`{"status":200,"success":true,"data":[],"pagination":{"currentPage":0,"totalPages":0}}`)),
	}, nil
}

func (w *window) client(t *testing.T, cfg salla.Config) *salla.Client {
	t.Helper()
	cfg.HTTPClient = &http.Client{Transport: w}
	if cfg.Token == "" {
		cfg.Token = "token-1"
	}
	client, err := salla.NewClient(cfg)
	require.NoError(t, err)
	return client
}

// callFor calls events on the clients, from 8 goroutines each, for a while.
func callFor(t *testing.T, d time.Duration, call func(context.Context, *salla.Client) error, clients ...*salla.Client) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	var calls sync.WaitGroup
	for _, client := range clients {
		for range 8 {
			calls.Go(func() {
				for ctx.Err() == nil {
					if call(ctx, client) != nil {
						return // the deadline cannot be met
					}
				}
			})
		}
	}
	calls.Wait()
}

func events(ctx context.Context, c *salla.Client) error {
	_, err := c.Webhooks.Events(ctx)
	return err
}

// Clients of one store use the whole of its plan together, and none is refused.
func TestPlanLimit(t *testing.T) {
	t.Parallel()
	tests := []struct {
		plan      salla.Plan
		perMinute int
	}{
		{"", 120},
		{salla.PlanPlus, 120},
		{salla.PlanPro, 360},
		{salla.PlanSpecial, 720},
	}
	for _, tt := range tests {
		t.Run("plan "+string(tt.plan), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server := &window{perMinute: tt.perMinute, headers: true, delay: 50 * time.Millisecond}
				cfg := salla.Config{Plan: tt.plan, Merchant: "7", BaseURL: publicURL(t)}
				other := cfg
				other.Token = "token-2"

				callFor(t, 5*time.Minute, events, server.client(t, cfg), server.client(t, other))

				assert.Zero(t, server.refused)
				assert.Greater(t, len(server.accepted), 5*tt.perMinute*95/100)
				t.Logf("%d requests in 5 minutes", len(server.accepted))
			})
		})
	}
}

// A source of a store's tokens tells whose requests they are, without Merchant.
func TestPlanLimitIsSharedBySourcesOfAStore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &window{perMinute: 120, headers: true, delay: 50 * time.Millisecond}
		var clients []*salla.Client
		for range 3 {
			tokens := source(t, app, stored(t, pair("1", 48*time.Hour)))
			cfg := salla.Config{TokenSource: tokens, BaseURL: publicURL(t), Options: souk.Options{HTTPClient: &http.Client{Transport: server}}}
			client, err := salla.NewClient(cfg)
			require.NoError(t, err)
			clients = append(clients, client)
		}

		callFor(t, 2*time.Minute, events, clients...)

		assert.Zero(t, server.refused)
		assert.Greater(t, len(server.accepted), 240)
	})
}

// The server knows better than Config.Plan, be it more or less.
func TestHeadersCorrectThePlan(t *testing.T) {
	t.Parallel()
	for _, perMinute := range []int{60, 720} {
		t.Run(strconv.Itoa(perMinute), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server := &window{perMinute: perMinute, headers: true, delay: 50 * time.Millisecond}
				client := server.client(t, salla.Config{BaseURL: publicURL(t)})
				require.NoError(t, events(t.Context(), client))

				callFor(t, 5*time.Minute, events, client)

				assert.Zero(t, server.refused)
				assert.Greater(t, len(server.accepted), 5*perMinute)
				t.Logf("%d requests in 5 minutes", len(server.accepted))
			})
		})
	}
}

// In any 10 minutes no more than 500 requests go to paths below /customers,
// over all stores, and hardly fewer.
func TestLimitPerIPIsSharedByAllStores(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &window{perMinute: 1_000_000, delay: 100 * time.Millisecond}
		cfg := salla.Config{BaseURL: publicURL(t), Options: souk.Options{Limiter: unlimited{}}}
		var clients []*salla.Client
		for i := range 3 {
			cfg.Token = "token-" + strconv.Itoa(i)
			clients = append(clients, server.client(t, cfg))
		}

		callFor(t, 40*time.Minute, func(ctx context.Context, c *salla.Client) error {
			if _, err := c.Customers.List(ctx, salla.ListCustomersRequest{}); err != nil {
				return err
			}
			_, err := c.CustomerGroups.List(ctx, salla.ListCustomerGroupsRequest{})
			return err
		}, clients...)

		most := 0
		for i, first := range server.accepted {
			n := 0
			for _, later := range server.accepted[i:] {
				if later.Sub(first) < 10*time.Minute {
					n++
				}
			}
			most = max(most, n)
		}
		t.Logf("at most %d requests in 10 minutes", most)
		assert.LessOrEqual(t, most, 500)
		assert.Greater(t, most, 490)
	})
}

// Paths that are not below /customers have no limit per IP address.
func TestLimitPerIPIsForCustomersOnly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &window{perMinute: 1_000_000, delay: 100 * time.Millisecond}
		client := server.client(t, salla.Config{BaseURL: publicURL(t), Options: souk.Options{Limiter: unlimited{}}})

		callFor(t, time.Minute, events, client)
		all := len(server.accepted)
		callFor(t, time.Minute, func(ctx context.Context, c *salla.Client) error {
			return c.Do(ctx, "GET", "/customers/loyalty/prizes", nil, nil, nil)
		}, client)

		assert.Equal(t, 8*600, all)
		assert.Less(t, len(server.accepted)-all, 60)
	})
}

// A stand-in is not Salla: tests do not wait for a limit that it does not have.
func TestLimitPerIPIsNotForStandIns(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"http://127.9.9.9:%d", "http://localhost:%d", "http://[::1]:%d", "https://n%d.test", "https://n.test:%d"} {
		synctest.Test(t, func(t *testing.T) {
			base := fmt.Sprintf(base, 1024+hostNumber(t))
			server := &window{perMinute: 1_000_000, delay: time.Millisecond}
			client := server.client(t, salla.Config{BaseURL: base, Options: souk.Options{Limiter: unlimited{}}})
			started := time.Now()

			for range 50 {
				_, err := client.Customers.List(t.Context(), salla.ListCustomersRequest{})
				require.NoError(t, err)
			}

			assert.Equal(t, 50*time.Millisecond, time.Since(started))
		})
	}
}

// A 429 of one client holds back all clients of the store, and no other store.
func TestGateIsSharedByTheStore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &window{perMinute: 1, delay: time.Millisecond}
		same := salla.Config{Merchant: "7", BaseURL: publicURL(t), Options: souk.Options{MaxAttempts: 1, Limiter: unlimited{}}}
		one, two := server.client(t, same), server.client(t, same)
		same.Merchant = "8"
		stranger := server.client(t, same)
		require.NoError(t, events(t.Context(), one))
		require.NoError(t, events(t.Context(), one))
		require.ErrorIs(t, events(t.Context(), one), souk.ErrRateLimited)
		sent := server.refused
		deadline, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()

		err := events(deadline, two)
		assert.ErrorIs(t, err, souk.ErrRateLimited)
		assert.Equal(t, sent, server.refused, "nothing was sent")

		err = events(deadline, stranger)
		assert.ErrorIs(t, err, souk.ErrRateLimited)
		assert.Equal(t, sent+1, server.refused, "it was sent")
	})
}

// An IPLimiter takes the place of the limit per IP address, and of nothing else: it is
// asked for /customers, and told of what the server refuses.
func TestIPLimiter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		perIP, perStore := &counter{}, &counter{}
		client, err := salla.NewClient(salla.Config{
			Token: "token-1", IPLimiter: perIP, BaseURL: realHost(),
			Options: souk.Options{Limiter: perStore, MaxAttempts: 1, HTTPClient: &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				return &http.Response{
					StatusCode: http.StatusOK, Request: r,
					Body: io.NopCloser(strings.NewReader(`{"status":200,"success":true,"data":[],"pagination":{"currentPage":1,"totalPages":1}}`)),
				}, nil
			})}},
		})
		require.NoError(t, err)
		started := time.Now()
		for range 600 {
			_, err = client.Customers.List(t.Context(), salla.ListCustomersRequest{})
			require.NoError(t, err)
		}
		assert.Zero(t, time.Since(started), "no other pace is kept")
		assert.Equal(t, 600, perIP.waits)
		assert.Equal(t, 600, perStore.waits)

		_, err = client.Webhooks.List(t.Context(), salla.ListWebhooksRequest{})
		require.NoError(t, err)
		assert.Equal(t, 600, perIP.waits, "it is for /customers")
		assert.Equal(t, 601, perStore.waits)
	})
}

// A refusal that the plan is not the reason of is told to the IPLimiter.
func TestIPLimiterIsToldOfRefusals(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for remaining, told := range map[string]bool{"60": true, "0": false} {
			perIP := &counter{}
			client, err := salla.NewClient(salla.Config{
				Token: "token-" + remaining, IPLimiter: perIP, BaseURL: realHost(),
				Options: souk.Options{MaxAttempts: 1, MaxRetryWait: time.Second, HTTPClient: &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
					return &http.Response{
						StatusCode: http.StatusTooManyRequests, Request: r, Body: http.NoBody,
						Header: http.Header{"Retry-After": {"7"}, "X-Ratelimit-Remaining": {remaining}, "X-Ratelimit-Limit": {"120"}},
					}, nil
				})}},
			})
			require.NoError(t, err)

			_, err = client.Customers.List(t.Context(), salla.ListCustomersRequest{})

			require.ErrorIs(t, err, souk.ErrRateLimited)
			assert.Equal(t, told, !perIP.paused.IsZero(), "remaining %s", remaining)
		}
	})
}

// realHost is no stand-in's, so that it has the limit, and no other test's.
func realHost() string { return "https://" + strings.ToLower(rand.Text()) + ".example" }

type counter struct {
	waits  int
	paused time.Time
}

func (c *counter) Wait(context.Context) error { c.waits++; return nil }
func (c *counter) Pause(until time.Time)      { c.paused = until }

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
