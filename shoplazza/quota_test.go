package shoplazza_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/shoplazza"
)

// script is a transport that answers with one status after the other, and with
// 200 when there are no more. It notes when requests came.
type script struct {
	mu      sync.Mutex
	answers []scripted
	rest    *scripted // in place of the 200
	times   []time.Time
}

type scripted struct {
	status int
	header http.Header
	body   string
}

func (s *script) RoundTrip(req *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.times = append(s.times, time.Now())
	answer := scripted{status: http.StatusOK, body: whatever}
	if s.rest != nil {
		answer = *s.rest
	}
	if len(s.answers) > 0 {
		answer, s.answers = s.answers[0], s.answers[1:]
	}
	if answer.header == nil {
		answer.header = http.Header{}
	}
	return &http.Response{
		StatusCode: answer.status, Header: answer.header, Request: req,
		Body: io.NopCloser(strings.NewReader(answer.body)), ContentLength: int64(len(answer.body)),
	}, nil
}

// whatever answers every operation.
const whatever = `{"code":"Success","count":1,"customer":{"id":"1"},"customers":[],"address":{"id":"1"},"addresses":[],"webhook":{"id":"1"},"webhooks":[]}`

// client returns a client of the script for an app in a shop.
func (s *script) client(t *testing.T, shop, token string, limiter souk.Limiter) *shoplazza.Client {
	t.Helper()
	client, err := shoplazza.NewClient(shoplazza.Config{
		Shop:  shop,
		Token: token,
		Options: souk.Options{
			Limiter:    limiter,
			HTTPClient: &http.Client{Transport: s},
		},
	})
	require.NoError(t, err)
	return client
}

func count(t *testing.T, client *shoplazza.Client, times int) {
	t.Helper()
	for range times {
		_, err := client.Customers.Count(t.Context())
		require.NoError(t, err)
	}
}

func TestAnAppSends40RequestsAtOnceAnd2PerSecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, start := &script{}, time.Now()
		client := s.client(t, uniqueShop(), "a", nil)
		count(t, client, 40)
		assert.Zero(t, time.Since(start), "the burst")
		count(t, client, 20)
		assert.InDelta(t, 10, time.Since(start).Seconds(), 0.6, "20 more, 2 per second")
	})
}

func TestClientsOfAnAppAndStoreShareTheirPace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, start, shop := &script{}, time.Now(), uniqueShop()
		for range 60 {
			count(t, s.client(t, shop, "a", nil), 1) // made and dropped for every call
		}
		assert.InDelta(t, 10, time.Since(start).Seconds(), 0.6)
		count(t, s.client(t, uniqueShop(), "a", nil), 40)
		assert.InDelta(t, 10, time.Since(start).Seconds(), 0.6, "another store has a quota of its own")
	})
}

func TestAllAppsOfAStoreSend80RequestsAtOnceAnd20PerSecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, start, shop := &script{}, time.Now(), uniqueShop()
		for _, app := range []string{"a", "b"} {
			count(t, s.client(t, shop, app, nil), 40)
		}
		assert.Zero(t, time.Since(start), "the burst of two apps")
		count(t, s.client(t, shop, "c", nil), 40)
		assert.InDelta(t, 2, time.Since(start).Seconds(), 0.2, "40 more, 20 per second")
	})
}

func TestTokenSourcesOfOneAppShareItsPace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, start, shop := &script{}, time.Now(), uniqueShop()
		for token := range 60 {
			tokens := storeWithToken(t, shop, newToken(token))
			client, err := shoplazza.NewClient(shoplazza.Config{
				Shop:        shop,
				TokenSource: source(t, app(nil), shop, tokens),
				Options:     souk.Options{HTTPClient: &http.Client{Transport: s}},
			})
			require.NoError(t, err)
			count(t, client, 1)
		}
		assert.InDelta(t, 10, time.Since(start).Seconds(), 0.6, "whatever the token is")
	})
}

// counter is a Limiter without a pace.
type counter struct{ waits, pauses int }

func (c *counter) Wait(ctx context.Context) error { c.waits++; return ctx.Err() }
func (c *counter) Pause(time.Time)                { c.pauses++ }

func TestALimiterReplacesBothPacesButNotTheGate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, start, limiter := &script{}, time.Now(), &counter{}
		client := s.client(t, uniqueShop(), "a", limiter)
		count(t, client, 200)
		assert.Zero(t, time.Since(start))
		assert.Equal(t, 200, limiter.waits, "it is asked once per request")

		s.answers = []scripted{{status: http.StatusTooManyRequests, header: http.Header{"Retry-After": {"7"}}}}
		count(t, client, 1)
		assert.Equal(t, 7*time.Second, time.Since(start).Round(time.Second))
		assert.Equal(t, 1, limiter.pauses)
	})
}

func TestA429HoldsBackAllClientsAndIsRepeated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		shop := uniqueShop()
		s := &script{answers: []scripted{{status: http.StatusTooManyRequests, header: http.Header{"Retry-After": {"30"}}}}}
		start := time.Now()
		customer, err := s.client(t, shop, "a", nil).Customers.Create(t.Context(), shoplazza.CreateCustomerRequest{Email: "a@example.com"})
		require.NoError(t, err, "a write that was refused is repeated")
		assert.Equal(t, "1", customer.ID)
		assert.Equal(t, 30*time.Second, time.Since(start).Round(time.Second))

		s.answers = []scripted{{status: http.StatusTooManyRequests, header: http.Header{"Retry-After": {"30"}}}}
		start = time.Now()
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				_, err := s.client(t, shop, "a", nil).Customers.Count(t.Context())
				assert.NoError(t, err)
			})
		}
		wg.Wait()
		synctest.Wait()
		count(t, s.client(t, shop, "a", nil), 1)
		assert.GreaterOrEqual(t, time.Since(start), 30*time.Second)
	})
}

func TestARetryAfterBeyondMaxRetryWaitIsReportedAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: []scripted{{status: http.StatusTooManyRequests, header: http.Header{"Retry-After": {"3600"}}}}}
		start := time.Now()
		client := s.client(t, uniqueShop(), "a", nil)
		_, err := client.Customers.Count(t.Context())
		e := requireError(t, err, souk.ErrRateLimited)
		assert.Equal(t, time.Hour, e.RetryAfter.Round(time.Minute))
		assert.Zero(t, time.Since(start))
	})
}

func TestADeadlineBeforeTheRetryAfterIsReportedAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: []scripted{{status: http.StatusTooManyRequests, header: http.Header{"Retry-After": {"30"}}}}}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		start := time.Now()
		_, err := s.client(t, uniqueShop(), "a", nil).Customers.Count(ctx)
		requireError(t, err, souk.ErrRateLimited)
		assert.Zero(t, time.Since(start))
	})
}
