package shopline_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/shopline/shoplinetest"
	"github.com/souk-go/souk/souktest"
)

// Everything in this file goes over TCP to the stand-in.
func newStore(t *testing.T) (*shoplinetest.Server, *shopline.Client) {
	t.Helper()
	server := shoplinetest.NewServer()
	t.Cleanup(server.Close)
	client, err := shopline.NewClient(overTCP(server))
	require.NoError(t, err)
	return server, client
}

// sent counts the requests of a method and path that reached the server.
func sent(server *shoplinetest.Server, method, path string) int {
	n := 0
	for _, request := range server.Requests() {
		if request.Method == method && request.Path == "/admin/openapi/v20260601"+path {
			n++
		}
	}
	return n
}

func TestCreationWhoseAnswerWasLostIsNotRepeated(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]souktest.Fault{
		"dropped":      {Drop: true, Processed: true},
		"cut off":      {Truncate: 20},
		"a bad proxy":  {Status: http.StatusBadGateway, Processed: true, Body: "<html></html>"},
		"not even run": {Drop: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := newStore(t)
			server.Inject(fault)

			_, err := client.Customers.Create(t.Context(), shopline.CreateCustomerRequest{Email: "a@b.example"})

			require.ErrorIs(t, err, souk.ErrOutcomeUnknown)
			assert.Equal(t, 1, sent(server, "POST", "/customers.json"))
		})
	}
}

func TestEnsureMakesExactlyOneCustomerWhateverIsLost(t *testing.T) {
	t.Parallel()
	const create, lookUp = "Customers.Create", "Customers.GetByEmail"
	for name, faults := range map[string][]souktest.Fault{
		"nothing":                     nil,
		"the first look-up":           {{Operation: lookUp, Drop: true}},
		"the answer":                  {{Operation: create, Drop: true, Processed: true}},
		"the request":                 {{Operation: create, Drop: true}},
		"the end of the answer":       {{Operation: create, Truncate: 20}},
		"the answer, then a look-up":  {{Operation: create, Drop: true, Processed: true}, {Operation: lookUp}, {Operation: lookUp, Drop: true}},
		"two requests":                {{Operation: create, Drop: true}, {Operation: create, Drop: true}},
		"the request, and the answer": {{Operation: create, Drop: true}, {Operation: create, Drop: true, Processed: true}},
		"a bad proxy":                 {{Operation: create, Status: http.StatusBadGateway, Processed: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := newStore(t)
			for _, fault := range faults {
				server.Inject(fault)
			}

			customer, _, err := client.Customers.Ensure(t.Context(), shopline.CreateCustomerRequest{Email: "a@b.example"})

			require.NoError(t, err)
			assert.Equal(t, "a@b.example", customer.Email)
			count, err := client.Customers.Count(t.Context())
			require.NoError(t, err)
			assert.Equal(t, 1, count)
		})
	}
}

// That SHOPLINE keeps phone numbers unique is not documented: what may have been
// created is not created again.
func TestEnsureByPhoneOverTCP(t *testing.T) {
	t.Parallel()
	server, client := newStore(t)
	server.Inject(souktest.Fault{Operation: "Customers.Create", Drop: true, Processed: true})

	customer, created, err := client.Customers.Ensure(t.Context(), shopline.CreateCustomerRequest{Phone: "0085253657436"})

	require.NoError(t, err)
	assert.False(t, created, "the server did not confirm it")
	assert.Equal(t, "0085253657436", customer.Phone)

	server.Inject(souktest.Fault{Operation: "Customers.Create", Drop: true})
	customer, created, err = client.Customers.Ensure(t.Context(), shopline.CreateCustomerRequest{Phone: "0085253657437"})

	require.ErrorIs(t, err, souk.ErrOutcomeUnknown)
	assert.Nil(t, customer)
	assert.False(t, created)
	assert.Equal(t, 2, sent(server, "POST", "/customers.json"))
}

func TestUpdateAndDeleteSurviveLostAnswers(t *testing.T) {
	t.Parallel()
	server, client := newStore(t)
	customer, err := client.Customers.Create(t.Context(), shopline.CreateCustomerRequest{Email: "a@b.example"})
	require.NoError(t, err)

	server.Inject(souktest.Fault{Drop: true, Processed: true})
	updated, err := client.Customers.Update(t.Context(), customer.ID, shopline.UpdateCustomerRequest{Note: new("x")})
	require.NoError(t, err)
	assert.Equal(t, "x", updated.Note)

	server.Inject(souktest.Fault{Drop: true, Processed: true})
	require.NoError(t, client.Customers.Delete(t.Context(), customer.ID))
	assert.Equal(t, 2, sent(server, "DELETE", "/customers/"+customer.ID+".json"))
}

func TestInvitationIsNotSentTwice(t *testing.T) {
	t.Parallel()
	server, client := newStore(t)
	customer, err := client.Customers.Create(t.Context(), shopline.CreateCustomerRequest{Email: "a@b.example"})
	require.NoError(t, err)
	server.Inject(souktest.Fault{Drop: true, Processed: true})

	_, err = client.Customers.SendInvite(t.Context(), customer.ID)

	require.ErrorIs(t, err, souk.ErrOutcomeUnknown)
	assert.Equal(t, 1, sent(server, "POST", "/customers/"+customer.ID+"/send_invite.json"))
}

func TestRateLimitHoldsBackAllClientsOfTheStore(t *testing.T) {
	t.Parallel()
	server, first := newStore(t)
	second, err := shopline.NewClient(overTCP(server))
	require.NoError(t, err)
	server.Inject(souktest.Fault{Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"3600"}}, Body: `{"errors":"Too many request"}`})

	_, limited := first.Customers.Count(t.Context())
	_, held := second.Customers.Count(t.Context())

	require.ErrorIs(t, limited, souk.ErrRateLimited)
	require.ErrorIs(t, held, souk.ErrRateLimited)
	assert.Equal(t, 1, sent(server, "GET", "/customers/v2/count.json"), "the second client did not even ask")
}

func TestDeadlineStaysADeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := shoplinetest.NewServer()
		defer server.Close()
		client, err := shopline.NewClient(server.Config())
		require.NoError(t, err)
		server.Inject(souktest.Fault{Delay: time.Hour})
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()

		_, err = client.Customers.Create(ctx, shopline.CreateCustomerRequest{Email: "a@b.example"})

		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Len(t, server.Requests(), 1)
	})
}

func TestOAuthFromTheFirstClickToARenewedToken(t *testing.T) {
	t.Parallel()
	server := shoplinetest.NewServer()
	t.Cleanup(server.Close)
	oauth, tokens := server.OAuth(), souk.NewFileTokenStore(t.TempDir())
	oauth.BaseURL, oauth.HTTPClient = server.URL(), nil
	install, err := oauth.ParseInstall(server.Install())
	require.NoError(t, err)
	address, err := oauth.AuthCodeURL(install.Store, "state-1")
	require.NoError(t, err)
	assert.Contains(t, address, "customField=state-1")

	callback, err := oauth.ParseCallback(server.Authorize("state-1"), "state-1")
	require.NoError(t, err)
	token, err := oauth.Exchange(t.Context(), callback.Store, callback.Code)
	require.NoError(t, err)
	require.NoError(t, oauth.SaveToken(t.Context(), callback.Store, tokens, token))

	source, err := oauth.TokenSource(callback.Store, tokens)
	require.NoError(t, err)
	cfg := overTCP(server)
	cfg.Token, cfg.TokenSource = "", source
	client, err := shopline.NewClient(cfg)
	require.NoError(t, err)
	_, err = client.Customers.Count(t.Context())
	require.NoError(t, err)

	server.ExpireTokens()
	_, err = client.Customers.Create(t.Context(), shopline.CreateCustomerRequest{Email: "a@b.example"})
	require.NoError(t, err, "a write that met an expired token is sent again with a new one")
	kept, err := tokens.Load(t.Context(), oauth.TokenKey(callback.Store))
	require.NoError(t, err)
	assert.NotEqual(t, token.AccessToken, kept.AccessToken)

	_, err = oauth.Exchange(t.Context(), callback.Store, callback.Code)
	assert.ErrorIs(t, err, souk.ErrUnauthorized, "a code works once")
	_, err = oauth.Refresh(t.Context(), callback.Store)
	assert.ErrorIs(t, err, souk.ErrRateLimited, "a token was issued just now")
}

func TestManyCallersRenewATokenOnce(t *testing.T) {
	t.Parallel()
	server := shoplinetest.NewServer()
	t.Cleanup(server.Close)
	server.Authorize("")
	oauth := server.OAuth()
	oauth.BaseURL, oauth.HTTPClient = server.URL(), nil
	source, err := oauth.TokenSource(server.Handle, souk.NewMemoryTokenStore())
	require.NoError(t, err)
	cfg := overTCP(server)
	cfg.Token, cfg.TokenSource = "", source
	client, err := shopline.NewClient(cfg)
	require.NoError(t, err)
	errs := make(chan error)

	for range 30 {
		go func() {
			_, err := client.Customers.Count(context.WithoutCancel(t.Context()))
			errs <- err
		}()
	}

	for range 30 {
		assert.NoError(t, <-errs)
	}
	renewals := 0
	for _, request := range server.Requests() {
		if request.Path == "/admin/oauth/token/refresh" {
			renewals++
			assert.Empty(t, request.Body)
		}
	}
	assert.Equal(t, 1, renewals)
}
