package transport_test

import (
	"context"
	"math"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/ratelimit"
	"github.com/souk-go/souk/internal/transport"
)

func answering(resp *http.Response) *http.Client {
	return &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) { return resp, nil })}
}

func TestTransportOfTheUserMayLeaveTheBodyOut(t *testing.T) {
	t.Parallel()
	client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: answering(&http.Response{StatusCode: 200})}})

	response, err := responseOf(t.Context(), client, classCall(transport.Write))

	require.NoError(t, err)
	assert.Equal(t, 200, response.StatusCode)
}

func TestTransportOfTheUserReturnsNothing(t *testing.T) {
	t.Parallel()
	client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: answering(nil)}})

	err := client.Do(t.Context(), classCall(transport.Write))

	require.ErrorIs(t, err, souk.ErrOutcomeUnknown)
}

type fixedToken string

func (s fixedToken) Token(context.Context) (*oauth2.Token, error) {
	return &oauth2.Token{AccessToken: string(s)}, nil
}

// What net/http would refuse was never sent, so the outcome of a write is known.
func TestCredentialWithALineBreakIsNotSent(t *testing.T) {
	t.Parallel()
	for name, authorizer := range map[string]transport.Authorizer{
		"static":  transport.Static("Authorization", "Bearer canary\n"),
		"sourced": transport.Sourced(fixedToken("canary\n"), "Authorization", "Bearer "),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newClient(t, transport.Config{BaseURL: nobody, Authorizer: authorizer})

			err := client.Do(t.Context(), classCall(transport.Write))

			e := requireError(t, err)
			require.ErrorIs(t, err, souk.ErrUnauthorized)
			assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown)
			assert.Zero(t, e.Attempts)
			assert.Equal(t, "acme: POST /things: unauthorized: no credential could be obtained: the credential contains control characters, such as a line break", e.Error())
		})
	}
}

func TestFreeRefusesOutThatCannotBeFilled(t *testing.T) {
	t.Parallel()
	for name, out := range map[string]any{"value": struct{}{}, "nil pointer": (*struct{})(nil)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sent := false
			client := newClient(t, transport.Config{
				Options: souk.Options{HTTPClient: &http.Client{Transport: roundTripper(
					func(*http.Request) (*http.Response, error) { sent = true; return &http.Response{StatusCode: 200}, nil },
				)}},
			})

			err := client.Free(t.Context(), nil, "POST", "/x", nil, nil, out)

			require.ErrorIs(t, err, souk.ErrInvalid)
			assert.Equal(t, []string{"must be a pointer that is not nil, or nil for none"}, requireError(t, err).Fields["out"])
			assert.False(t, sent)
		})
	}
}

// The base URL can be written in several ways. The store is the same.
func TestGateIsSharedHoweverTheHostIsWritten(t *testing.T) {
	t.Parallel()
	host := baseURL(t)
	refuses := &http.Response{StatusCode: 429, Header: http.Header{"Retry-After": {"50"}}}
	clientOf := func(host string, resp *http.Response) *transport.Client {
		return newClient(t, transport.Config{
			BaseURL: host,
			Quotas:  []transport.Quota{{Limit: &ratelimit.Limit{}}},
			Options: souk.Options{
				HTTPClient:   answering(resp),
				MaxAttempts:  1,
				MaxRetryWait: time.Second,
			},
		})
	}
	err := clientOf(host, refuses).Do(t.Context(), classCall(transport.Safe))
	require.ErrorIs(t, err, souk.ErrRateLimited)

	for _, spelled := range []string{
		strings.Replace(strings.ToUpper(host), "HTTPS", "https", 1) + "/", host + ":443", host + ":0443", host + ".", host + ".:443/",
	} {
		err = clientOf(spelled, &http.Response{StatusCode: 200}).Do(t.Context(), classCall(transport.Safe))

		require.ErrorIs(t, err, souk.ErrRateLimited, spelled)
		assert.Zero(t, requireError(t, err).Attempts)
	}
}

func TestLongestRetryWaitDoesNotOverflow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 200*365*24*time.Hour)
		defer cancel()
		client := newClient(t, transport.Config{
			Options: souk.Options{
				HTTPClient:   answering(&http.Response{StatusCode: 502}),
				MaxAttempts:  18,
				MaxRetryWait: math.MaxInt64,
			},
		})

		err := client.Do(ctx, classCall(transport.Safe))

		require.ErrorIs(t, err, souk.ErrUnavailable)
	})
}

// A transport that answers for a broken network has sent what it was given.
func TestLostWriteOfAnotherTransportIsNotSentAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sent := 0
		client := newClient(t, transport.Config{
			Options: souk.Options{HTTPClient: &http.Client{Transport: roundTripper(
				func(r *http.Request) (*http.Response, error) {
					sent++
					if sent == 1 {
						return unreachable.RoundTrip(r)
					}
					return nil, assert.AnError
				},
			)}},
		})

		err := client.Do(t.Context(), classCall(transport.Write))

		require.ErrorIs(t, err, souk.ErrOutcomeUnknown)
		assert.Equal(t, 2, sent)
	})
}

// unreachable dials in vain.
var unreachable = &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
	return nil, &net.OpError{Op: "dial", Err: assert.AnError}
}}
