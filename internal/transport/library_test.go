package transport_test

import (
	"context"
	"log"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/go-retryablehttp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/internal/transport"
)

// These tests name what go-retryablehttp does by default and what is done here
// instead. Each first shows the default, so that it tells when that changes.

// tooMany answers 429, to be repeated at once.
func tooMany(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Retry-After", "0")
	w.WriteHeader(http.StatusTooManyRequests)
}

func library() *retryablehttp.Client {
	c := retryablehttp.NewClient()
	c.Logger, c.RetryWaitMin, c.RetryWaitMax = nil, time.Nanosecond, time.Nanosecond
	return c
}

func TestPostIsNotRepeatedAfterAFailure(t *testing.T) {
	t.Parallel()
	byDefault := testkit.NewServer(t)
	byDefault.Otherwise(testkit.Answer(500, ""))
	_, err := library().Post(byDefault.URL, "application/json", []byte("{}"))
	require.Error(t, err)
	require.Len(t, byDefault.Requests(), 5)

	server := testkit.NewServer(t)
	server.Otherwise(testkit.Answer(500, ""))
	err = newClient(t, transport.Config{BaseURL: server.URL}).Do(t.Context(), classCall(transport.Write))

	assert.ErrorIs(t, err, souk.ErrOutcomeUnknown)
	assert.Len(t, server.Requests(), 1)
}

func TestLastAnswerIsNotHidden(t *testing.T) {
	t.Parallel()
	byDefault := testkit.NewServer(t)
	byDefault.Otherwise(testkit.Answer(502, "the reason"))
	resp, err := library().Get(byDefault.URL + "/?access_token=SECRET")
	require.ErrorContains(t, err, "SECRET")
	require.Nil(t, resp)

	server := testkit.NewServer(t, testkit.Answer(502, "the reason"))
	err = newClient(t, transport.Config{BaseURL: server.URL, Options: souk.Options{MaxAttempts: 1}}).Do(t.Context(), classCall(transport.Safe))

	e := requireError(t, err)
	assert.Equal(t, 502, e.StatusCode)
	assert.Equal(t, "the reason", string(e.Body))
}

// Failures leave the idle connections of everybody alone.
func TestConnectionsSurviveFailures(t *testing.T) {
	t.Parallel()
	server := testkit.NewServer(t)
	server.Otherwise(testkit.Handle(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusInternalServerError)
		}
	}))
	byDefault := library()
	byDefault.RetryMax = 0
	for range 5 {
		_, err := byDefault.Post(server.URL, "application/json", []byte("{}"))
		require.Error(t, err)
		resp, err := byDefault.Get(server.URL)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
	}
	opened := server.Connections()
	require.GreaterOrEqual(t, opened, 5)

	client := newClient(t, transport.Config{BaseURL: server.URL})
	for range 5 {
		err := client.Do(t.Context(), classCall(transport.Write))
		require.Error(t, err)
		err = client.Do(t.Context(), classCall(transport.Safe))
		require.NoError(t, err)
	}
	assert.Equal(t, 1, server.Connections()-opened)
}

// A body beyond what the library drains does not cost the connection.
func TestLargeErrorKeepsTheConnection(t *testing.T) {
	t.Parallel()
	server := testkit.NewServer(t)
	server.Otherwise(testkit.Answer(404, `{"code":"`+strings.Repeat("x", 100<<10)+`"}`))
	client := newClient(t, transport.Config{BaseURL: server.URL})

	for range 5 {
		err := client.Do(t.Context(), classCall(transport.Safe))
		require.ErrorIs(t, err, souk.ErrNotFound)
	}

	assert.Equal(t, 1, server.Connections())
}

// The library waits for a day if a server says so, and not at all for "1.5".
func TestRetryAfterOfTheLibrary(t *testing.T) {
	t.Parallel()
	wait := func(header string) time.Duration {
		return retryablehttp.DefaultBackoff(time.Second, time.Minute, 0, &http.Response{
			StatusCode: 429, Header: http.Header{"Retry-After": {header}},
		})
	}
	require.Equal(t, 24*time.Hour, wait("86400"))
	require.Equal(t, time.Second, wait("1.5"))
	require.Equal(t, time.Second, wait(time.Now().Add(time.Hour).UTC().Format(time.RFC850)))
	// TestRetryAfterIsWaitedFor and TestRetryAfterTooLong show what happens here.
}

// The waits differ from call to call, so that clients do not come back all at once.
func TestBackoffHasJitter(t *testing.T) {
	t.Parallel()
	for range 2 {
		require.Equal(t, 4*time.Second, retryablehttp.DefaultBackoff(time.Second, time.Minute, 2, nil))
	}
	synctest.Test(t, func(t *testing.T) {
		waits := make(map[time.Duration]bool)
		for range 8 {
			gock := testkit.NewGock(t)
			gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things"}).Status(502).Times(2)
			client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client(), MaxAttempts: 2}})
			started := time.Now()
			err := client.Do(t.Context(), classCall(transport.Safe))
			require.Error(t, err)
			require.LessOrEqual(t, time.Since(started), 500*time.Millisecond)
			waits[time.Since(started)] = true
		}
		assert.Greater(t, len(waits), 4)
	})
}

// Each wait is up to twice as long as the one before.
func TestBackoffDoubles(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		longest := make([]time.Duration, 5)
		for range 50 {
			var last time.Time
			n := 0
			client := newClient(t, transport.Config{Options: souk.Options{MaxAttempts: 6, MaxRetryWait: time.Hour, HTTPClient: &http.Client{
				Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
					if n > 0 {
						longest[n-1] = max(longest[n-1], time.Since(last))
					}
					n, last = n+1, time.Now()
					return says(502, "", "")(r)
				}),
			}}})
			err := client.Do(t.Context(), classCall(transport.Safe))
			require.ErrorIs(t, err, souk.ErrUnavailable)
		}

		for i, ceiling := range []time.Duration{500, 1000, 2000, 4000, 8000} {
			assert.LessOrEqual(t, longest[i], ceiling*time.Millisecond)
			assert.Greater(t, longest[i], ceiling*time.Millisecond/2)
		}
	})
}

// The library writes what it does, with the query, to standard error.
func TestNothingIsLoggedByDefault(t *testing.T) {
	require.NotNil(t, retryablehttp.NewClient().Logger)
	read, write, err := os.Pipe()
	require.NoError(t, err)
	stderr := os.Stderr
	os.Stderr = write
	log.SetOutput(write)
	defer func() { os.Stderr = stderr; log.SetOutput(stderr) }()
	server := testkit.NewServer(t, testkit.Answer(404, `{"code":"missing"}`))

	err = newClient(t, transport.Config{BaseURL: server.URL}).Do(t.Context(), classCall(transport.Safe))

	require.ErrorIs(t, err, souk.ErrNotFound)
	require.NoError(t, write.Close())
	output := make([]byte, 1)
	n, _ := read.Read(output)
	assert.Zero(t, n)
}

// net/http itself repeats a POST that carries an idempotency key when a
// connection it used before turns out to be dead. No call carries one.
func TestNoIdempotencyKeyIsSent(t *testing.T) {
	t.Parallel()
	server := testkit.NewServer(t, testkit.Answer(200, "{}"), testkit.Drop())
	client := newClient(t, transport.Config{BaseURL: server.URL})
	err := client.Do(t.Context(), classCall(transport.Safe))
	require.NoError(t, err)

	err = client.Do(t.Context(), classCall(transport.Write))

	assert.ErrorIs(t, err, souk.ErrOutcomeUnknown)
	requests := server.Requests()
	require.Len(t, requests, 2)
	assert.NotContains(t, requests[1].Header, "Idempotency-Key")
	assert.NotContains(t, requests[1].Header, "X-Idempotency-Key")
}

// A deadline of the caller stays one; the library's own text is not what comes back.
func TestDeadlineWhileWaitingForAnAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		gock.Expect(testkit.Request{URL: baseURL(t) + "/api/things"}).Delay(time.Hour)
		client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: gock.Client()}})
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		started := time.Now()

		err := client.Do(ctx, classCall(transport.Safe))

		assert.Equal(t, 50*time.Millisecond, time.Since(started))
		assert.EqualError(t, err, "acme: GET /things: context deadline exceeded")
		assert.ErrorIs(t, err, context.DeadlineExceeded)
	})
}
