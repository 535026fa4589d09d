package shoplazza_test

import (
	"context"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/shoplazza"
	"github.com/souk-go/souk/shoplazza/shoplazzatest"
	"github.com/souk-go/souk/souktest"
)

// newStandIn returns a client that speaks to the stand-in over TCP, where answers
// get lost.
func newStandIn(t *testing.T) (*shoplazzatest.Server, *shoplazza.Client) {
	t.Helper()
	server := shoplazzatest.NewServer()
	t.Cleanup(server.Close)
	config := server.Config()
	config.BaseURL, config.HTTPClient = server.URL(), nil
	client, err := shoplazza.NewClient(config)
	require.NoError(t, err)
	return server, client
}

var ada = shoplazza.CreateCustomerRequest{Email: "ada@example.com", FirstName: "Ada"}

func TestACreateWhoseAnswerIsLostIsNotRepeated(t *testing.T) {
	t.Parallel()
	faults := map[string]souktest.Fault{
		"dropped after the work":  {Drop: true, Processed: true},
		"dropped before the work": {Drop: true},
		"cut off":                 {Truncate: 20},
		"a 502 after the work":    {Status: http.StatusBadGateway, Body: "<html>", Processed: true},
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := newStandIn(t)
			server.Inject(fault)
			_, err := client.Customers.Create(t.Context(), ada)
			requireError(t, err, souk.ErrOutcomeUnknown)
			require.ErrorIs(t, err, souk.ErrUnavailable)
			assert.Len(t, server.Requests(), 1)
		})
	}
}

func TestEnsureMakesOneCustomerWhateverGetsLost(t *testing.T) {
	t.Parallel()
	faults := map[string]struct {
		fault   souktest.Fault
		created bool
	}{
		"dropped after the work":  {souktest.Fault{Drop: true, Processed: true}, false},
		"dropped before the work": {souktest.Fault{Drop: true}, true},
		"cut off":                 {souktest.Fault{Truncate: 20}, false},
	}
	for name, c := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := newStandIn(t)
			c.fault.Method = http.MethodPost
			server.Inject(c.fault)
			customer, created, err := client.Customers.Ensure(t.Context(), ada)
			require.NoError(t, err)
			assert.Equal(t, "ada@example.com", customer.Email)
			assert.Equal(t, c.created, created)
			n, err := client.Customers.Count(t.Context())
			require.NoError(t, err)
			assert.Equal(t, 1, n)
		})
	}
}

func TestReadsAndDeletesSurviveLostAnswers(t *testing.T) {
	t.Parallel()
	server, client := newStandIn(t)
	customer, err := client.Customers.Create(t.Context(), ada)
	require.NoError(t, err)
	address, err := client.Addresses.Create(t.Context(), customer.ID, shoplazza.CreateAddressRequest{Country: "Finland", CountryCode: "FI"})
	require.NoError(t, err)

	server.Inject(souktest.Fault{Method: http.MethodGet, Truncate: 10})
	got, err := client.Customers.Get(t.Context(), customer.ID, shoplazza.GetCustomerRequest{})
	require.NoError(t, err)
	assert.Equal(t, customer.ID, got.ID)

	server.Inject(souktest.Fault{Method: http.MethodDelete, Drop: true, Processed: true})
	require.NoError(t, client.Addresses.Delete(t.Context(), customer.ID, address.ID), "the first one has done it")
	requireError(t, client.Addresses.Delete(t.Context(), customer.ID, address.ID), souk.ErrNotFound)
}

func TestAWriteThatWasCancelledMayHaveHappened(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := shoplazzatest.NewServer()
		defer server.Close()
		client, err := shoplazza.NewClient(server.Config())
		require.NoError(t, err)
		server.Inject(souktest.Fault{Delay: time.Hour})
		ctx, cancel := context.WithCancel(t.Context())
		failed := make(chan error, 1)
		go func() {
			_, err := client.Customers.Create(ctx, ada)
			failed <- err
		}()
		synctest.Wait()
		require.Len(t, server.Requests(), 1)
		cancel()
		err = <-failed
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorIs(t, err, souk.ErrOutcomeUnknown)
	})
}

func TestRefusedDroppedAndCutOffAnswersAreOutwaited(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := shoplazzatest.NewServer()
		defer server.Close()
		server.Seed(3)
		client, err := shoplazza.NewClient(server.Config())
		require.NoError(t, err)
		server.Inject(souktest.Fault{Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"30"}}, Body: `{"errors":["Too Many Requests"]}`})
		server.Inject(souktest.Fault{Drop: true})
		server.Inject(souktest.Fault{Truncate: 3})
		start := time.Now()
		n, err := client.Customers.Count(t.Context())
		require.NoError(t, err)
		assert.Equal(t, 3, n)
		assert.Len(t, server.Requests(), 4)
		assert.InDelta(t, 31.5, time.Since(start).Seconds(), 1.5, "30 s, and two short waits before the last attempts")
	})
}

// slow takes a while for each request.
type slow struct{ http.RoundTripper }

func (s slow) RoundTrip(req *http.Request) (*http.Response, error) {
	latency := rand.N(100 * time.Millisecond)
	time.Sleep(latency / 2)
	resp, err := s.RoundTripper.RoundTrip(req)
	time.Sleep(latency / 2)
	return resp, err
}

func TestNoRequestMeetsTheLimitsOfTheStore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := shoplazzatest.NewServer()
		defer server.Close()
		server.EnforceLimits()
		const callers, calls = 8, 60
		start := time.Now()
		var wg sync.WaitGroup
		for range callers {
			config := server.Config()
			config.HTTPClient.Transport = slow{config.HTTPClient.Transport}
			client, err := shoplazza.NewClient(config)
			require.NoError(t, err)
			wg.Go(func() {
				for range calls {
					_, err := client.Customers.Count(t.Context())
					assert.NoError(t, err)
				}
			})
		}
		wg.Wait()
		assert.Len(t, server.Requests(), callers*calls, "no request came twice: none was refused")
		best := float64(callers*calls-40) / 2
		assert.InEpsilon(t, best, time.Since(start).Seconds(), 0.02, "at the full pace")
	})
}

func TestAnAppIsAuthorizedAndKeepsItsTokenFresh(t *testing.T) {
	t.Parallel()
	server := shoplazzatest.NewServer()
	t.Cleanup(server.Close)
	app, tokens := server.OAuth(), souk.NewFileTokenStore(t.TempDir())

	callback, err := app.ParseCallback(server.Authorize("state-1"), "state-1")
	require.NoError(t, err)
	assert.Equal(t, "demo", callback.Store)
	token, err := app.Exchange(t.Context(), callback.Store, callback.Code)
	require.NoError(t, err)
	require.NoError(t, app.SaveToken(t.Context(), callback.Store, tokens, token))
	_, err = app.Exchange(t.Context(), callback.Store, callback.Code)
	requireError(t, err, souk.ErrUnauthorized)

	config := server.Config()
	config.Token, config.TokenSource = "", source(t, app, callback.Store, tokens)
	client, err := shoplazza.NewClient(config)
	require.NoError(t, err)
	_, err = client.Customers.Count(t.Context())
	require.NoError(t, err)

	for range 3 { // rotation after rotation
		server.ExpireTokens()
		_, err = client.Customers.Create(t.Context(), shoplazza.CreateCustomerRequest{Email: uniqueShop() + "@example.com"})
		require.NoError(t, err, "an expired token is renewed, and the write repeated")
	}
	kept, err := tokens.Load(t.Context(), app.TokenKey("demo"))
	require.NoError(t, err)
	assert.NotEqual(t, token.RefreshToken, kept.RefreshToken)

	server.ExpireTokens()
	stale := source(t, app, callback.Store, tokens)
	require.NoError(t, app.SaveToken(t.Context(), callback.Store, tokens, &oauth2.Token{AccessToken: "x", RefreshToken: token.RefreshToken}))
	config.TokenSource = stale
	client, err = shoplazza.NewClient(config)
	require.NoError(t, err)
	_, err = client.Customers.Count(t.Context())
	require.ErrorIs(t, err, souk.ErrReauthorize, "a refresh token works once")
	require.ErrorIs(t, err, souk.ErrUnauthorized)
	assert.ErrorContains(t, err, "invalid_grant")
}

func TestAnAppThatWasRemovedHasToBeAuthorizedAgain(t *testing.T) {
	t.Parallel()
	for _, version := range versions {
		server := shoplazzatest.NewServer()
		t.Cleanup(server.Close)
		app, tokens := server.OAuth(), souk.NewMemoryTokenStore()
		authorize := func() {
			token, err := app.Exchange(t.Context(), "demo", server.Authorize("s").Get("code"))
			require.NoError(t, err)
			require.NoError(t, app.SaveToken(t.Context(), "demo", tokens, token))
		}
		config := server.Config()
		config.Version, config.Token, config.TokenSource = version, "", source(t, app, "demo", tokens)
		client, err := shoplazza.NewClient(config)
		require.NoError(t, err)
		authorize()
		_, err = client.Customers.Count(t.Context())
		require.NoError(t, err)

		server.RevokeTokens()
		_, err = client.Customers.Create(t.Context(), ada)
		require.ErrorIs(t, err, souk.ErrReauthorize, version)
		assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown, "the create was refused")

		authorize()
		_, err = client.Customers.Create(t.Context(), ada)
		require.NoError(t, err, "the new token is found without a restart")
	}
}

func TestADeliveryOfTheStandInIsAccepted(t *testing.T) {
	t.Parallel()
	server, _ := newStandIn(t)
	got, err := shoplazza.ParseWebhook(server.NewDelivery(shoplazza.TopicCustomersUpdate, []byte(`{"customer":{"id":"7"}}`)), server.WebhookConfig())
	require.NoError(t, err)
	assert.EqualValues(t, shoplazza.TopicCustomersUpdate, got.Topic)
	assert.NotEmpty(t, got.ID)
	assert.Equal(t, &shoplazza.Customer{ID: "7"}, got.Event)
}

func TestAllWalksALargeStoreInEveryVersion(t *testing.T) {
	t.Parallel()
	server := shoplazzatest.NewServer()
	t.Cleanup(server.Close)
	config := server.Config()
	client, err := shoplazza.NewClient(config)
	require.NoError(t, err)
	want := map[string]bool{}
	for range 25 {
		customer, err := client.Customers.Create(t.Context(), shoplazza.CreateCustomerRequest{Email: uniqueShop() + "@example.com"})
		require.NoError(t, err)
		want[customer.ID] = true
	}
	for _, version := range versions {
		for _, limit := range []int{0, 1, 5, 7, 25, 26} {
			config.Version = version
			client, err := shoplazza.NewClient(config)
			require.NoError(t, err)
			got := map[string]bool{}
			for customer, err := range client.Customers.All(t.Context(), shoplazza.ListCustomersRequest{Limit: limit}) {
				require.NoError(t, err)
				assert.False(t, got[customer.ID], "comes once")
				got[customer.ID] = true
			}
			assert.Equal(t, want, got, "version %s, limit %d", version, limit)
		}
	}
}
