package salla_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/salla/sallatest"
	"github.com/souk-go/souk/souktest"
)

// standIn returns a server that listens on loopback and a client of it.
func standIn(t *testing.T) (*sallatest.Server, *salla.Client) {
	t.Helper()
	server := sallatest.NewServer()
	t.Cleanup(server.Close)
	cfg := server.Config()
	cfg.BaseURL, cfg.HTTPClient = server.URL(), nil
	client, err := salla.NewClient(cfg)
	require.NoError(t, err)
	return server, client
}

// count is how many requests the server got with this method.
func count(server *sallatest.Server, method string) int {
	n := 0
	for _, r := range server.Requests() {
		if r.Method == method {
			n++
		}
	}
	return n
}

// A creation whose answer was lost is not repeated, and Ensure finds it.
func TestLostAnswerOfCreate(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]souktest.Fault{
		"dropped":   {Method: http.MethodPost, Drop: true, Processed: true},
		"truncated": {Method: http.MethodPost, Truncate: 40},
		"502":       {Method: http.MethodPost, Status: 502, Processed: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := standIn(t)
			req := person(t)

			server.Inject(fault)
			_, err := client.Customers.Create(t.Context(), req)
			assert.ErrorIs(t, err, souk.ErrOutcomeUnknown)
			assert.Equal(t, 1, count(server, http.MethodPost))

			customer, created, err := client.Customers.Ensure(t.Context(), req)
			require.NoError(t, err)
			assert.False(t, created)
			assert.Equal(t, req.Email, customer.Email)
		})
	}
}

// Ensure ends with exactly one customer, whatever becomes of its answers.
func TestEnsureOverABadConnection(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]souktest.Fault{
		"lost after it was done":  {Method: http.MethodPost, Drop: true, Processed: true},
		"lost before it was done": {Method: http.MethodPost, Drop: true},
		"truncated":               {Method: http.MethodPost, Truncate: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := standIn(t)
			req := person(t)
			server.Inject(fault)

			customer, _, err := client.Customers.Ensure(t.Context(), req)

			require.NoError(t, err)
			got, err := ids(t, client, salla.ListCustomersRequest{})
			require.NoError(t, err)
			assert.Equal(t, []int64{customer.ID}, got)
		})
	}
}

// Reads, updates and deletes are repeated, and a delete whose answer was lost
// has succeeded.
func TestLostAnswersAreRepeated(t *testing.T) {
	t.Parallel()
	server, client := standIn(t)
	customer := create(t, client, person(t))
	lost := souktest.Fault{Path: "/admin/v2/customers/*", Drop: true, Processed: true}

	server.Inject(lost)
	_, err := client.Customers.Update(t.Context(), customer.ID, salla.UpdateCustomerRequest{FirstName: new("Sara")})
	require.NoError(t, err)
	server.Inject(souktest.Fault{Path: "/admin/v2/customers/*", Truncate: 30})
	got, err := client.Customers.Get(t.Context(), customer.ID, salla.GetCustomerRequest{})
	require.NoError(t, err)
	assert.Equal(t, "Sara", got.FirstName)
	server.Inject(lost)
	assert.NoError(t, client.Customers.Delete(t.Context(), customer.ID))
	assert.ErrorIs(t, client.Customers.Delete(t.Context(), customer.ID), souk.ErrNotFound)
}

// A 429 without Retry-After is waited for, also by writes, which were not done.
func TestRateLimitedCallsAreRepeated(t *testing.T) {
	t.Parallel()
	server, client := standIn(t)
	server.Inject(souktest.Fault{Method: http.MethodPost, Status: 429, Body: `{"status":429,"success":false}`})

	customer, err := client.Customers.Create(t.Context(), person(t))

	require.NoError(t, err)
	assert.Positive(t, customer.ID)
	assert.Equal(t, 2, count(server, http.MethodPost))
}

// A wait beyond MaxRetryWait is an error that says how long.
func TestLongRetryAfterIsAnError(t *testing.T) {
	t.Parallel()
	server, client := standIn(t)
	server.Inject(souktest.Fault{Status: 429, Header: http.Header{"Retry-After": {"3600"}}, Body: `{"status":429,"success":false,"error":{"code":"x","message":"m"}}`})

	_, err := client.Customers.Get(t.Context(), 7, salla.GetCustomerRequest{})

	assert.ErrorIs(t, err, souk.ErrRateLimited)
	e := requireError(t, err)
	assert.Greater(t, e.RetryAfter, 30*time.Minute)
	assert.LessOrEqual(t, e.RetryAfter, time.Hour)
	assert.Equal(t, 1, count(server, http.MethodGet))
}

// An upload is streamed, and its file is sent again after a refusal.
func TestImportOverTCP(t *testing.T) {
	t.Parallel()
	server, client := standIn(t)
	server.Inject(souktest.Fault{Status: 429, Body: `{}`})
	content := strings.Repeat("Sara,sara@example.test\n", 100_000)

	receipt, err := client.Customers.Import(t.Context(), salla.ImportCustomersRequest{Name: "a.csv", File: strings.NewReader(content)})

	require.NoError(t, err)
	assert.Equal(t, int64(200), receipt.Code)
	requests := server.Requests()
	require.Len(t, requests, 2)
	assert.Len(t, requests[1].Body, len(requests[0].Body))
}

// gatedReader delivers a first part, and the rest once the server has seen that.
type gatedReader struct {
	first, rest io.Reader
	seen        <-chan struct{}
}

func (r *gatedReader) Read(p []byte) (int, error) {
	n, err := r.first.Read(p)
	if !errors.Is(err, io.EOF) {
		return n, err
	}
	<-r.seen
	return r.rest.Read(p)
}

// The server has the beginning of a file before its end was read, so the file is
// in memory neither twice nor once.
func TestImportIsStreamed(t *testing.T) {
	t.Parallel()
	seen := make(chan struct{})
	server := testkit.Unstarted(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, err := io.ReadFull(r.Body, make([]byte, 1<<20))
		assert.NoError(t, err)
		close(seen)
		n, err := io.Copy(io.Discard, r.Body)
		assert.NoError(t, err)
		assert.Greater(t, n, int64(2<<20))
		_, _ = io.WriteString(w, `{"status":200,"success":true,"data":{"message":"m","code":200}}`)
	}))
	server.Start()
	t.Cleanup(server.Close)
	client, err := salla.NewClient(salla.Config{Token: "token-1", BaseURL: server.URL})
	require.NoError(t, err)

	_, err = client.Customers.Import(t.Context(), salla.ImportCustomersRequest{Name: "a.csv", File: &gatedReader{
		first: strings.NewReader(strings.Repeat("x", 2<<20)), rest: strings.NewReader(strings.Repeat("y", 1<<20)), seen: seen,
	}})

	assert.NoError(t, err)
}

// failingReader breaks off.
type failingReader struct{ left int }

func (r *failingReader) Read(p []byte) (int, error) {
	if r.left == 0 {
		return 0, errStore
	}
	n := min(len(p), r.left)
	r.left -= n
	return n, nil
}

func TestImportOfABrokenFile(t *testing.T) {
	t.Parallel()
	server, client := standIn(t)

	_, err := client.Customers.Import(t.Context(), salla.ImportCustomersRequest{Name: "a.csv", File: &failingReader{left: 1 << 16}})

	assert.ErrorIs(t, err, souk.ErrInvalid)
	assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown)
	assert.ErrorIs(t, err, errStore)
	for _, part := range server.Requests() { // what was on its way may have arrived
		assert.False(t, bytes.HasSuffix(part.Body, []byte("--\r\n")), "half a file arrived as a whole one")
	}
}

// An expired token is renewed under a running client, and everything goes on.
func TestExpiredTokenOverTCP(t *testing.T) {
	t.Parallel()
	server := sallatest.NewServer()
	t.Cleanup(server.Close)
	store := souk.NewMemoryTokenStore()
	delivery, err := salla.ParseWebhook(server.NewDelivery(salla.TopicAppStoreAuthorize, server.Authorization()), server.WebhookConfig())
	require.NoError(t, err)
	o := server.OAuth()
	o.BaseURL, o.HTTPClient = server.URL(), nil
	require.NoError(t, o.SaveToken(t.Context(), server.Merchant, store, delivery.Event.(*oauth2.Token)))
	s, err := o.TokenSource(server.Merchant, store)
	require.NoError(t, err)
	cfg := server.Config()
	cfg.BaseURL, cfg.HTTPClient = server.URL(), nil
	cfg.Token, cfg.TokenSource = "", s
	client, err := salla.NewClient(cfg)
	require.NoError(t, err)
	_, err = client.Webhooks.Events(t.Context())
	require.NoError(t, err)

	server.Inject(souktest.Fault{Method: http.MethodGet, Status: 401, Body: string(fixture(t, "error_401_token.json"))})
	_, err = client.Webhooks.Events(t.Context())
	require.NoError(t, err)

	kept, err := store.Load(t.Context(), o.TokenKey(server.Merchant))
	require.NoError(t, err)
	assert.NotEqual(t, delivery.Event.(*oauth2.Token).AccessToken, kept.AccessToken)
	server.RevokeTokens()
	_, err = client.Webhooks.Events(t.Context())
	assert.ErrorIs(t, err, salla.ErrGrantInvalid)
	assert.ErrorIs(t, err, souk.ErrReauthorize)
}

// Reusing a refresh token, as other clients do, revokes everything.
func TestStandInRevokesOnReuse(t *testing.T) {
	t.Parallel()
	server := sallatest.NewServer()
	t.Cleanup(server.Close)
	first, err := server.OAuth().Exchange(t.Context(), server.Authorize("state").Get("code"))
	require.NoError(t, err)
	renew := func(token *oauth2.Token) (*oauth2.Token, error) {
		store := souk.NewMemoryTokenStore()
		require.NoError(t, server.OAuth().SaveToken(t.Context(), server.Merchant, store, &oauth2.Token{
			AccessToken: token.AccessToken, RefreshToken: token.RefreshToken, Expiry: time.Now().Add(-time.Hour),
		}))
		s, err := server.OAuth().TokenSource(server.Merchant, store)
		require.NoError(t, err)
		return s.Token(t.Context())
	}

	second, err := renew(first)
	require.NoError(t, err)
	_, err = renew(first)
	assert.ErrorIs(t, err, salla.ErrGrantInvalid)

	cfg := server.Config()
	cfg.Token = second.AccessToken
	client, err := salla.NewClient(cfg)
	require.NoError(t, err)
	_, err = client.Webhooks.Events(t.Context())
	assert.ErrorIs(t, err, salla.ErrTokenInvalid)
}

// A caller who leaves gets their context's error, and what became of a write is
// not known.
func TestCancelledWhileSending(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{})
	server := testkit.NewServer(t, testkit.Handle(func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
	}))
	client, err := salla.NewClient(salla.Config{Token: "token-1", BaseURL: server.URL})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-arrived
		cancel()
	}()

	_, err = client.Customers.Create(ctx, salla.CreateCustomerRequest{FirstName: "Sara"})

	assert.ErrorIs(t, err, context.Canceled)
	assert.ErrorIs(t, err, souk.ErrOutcomeUnknown)
}

// The rest of the errors over TCP: scopes, unknown paths, methods.
func TestStandInRefuses(t *testing.T) {
	t.Parallel()
	server, client := standIn(t)

	assert.ErrorIs(t, client.Do(t.Context(), "GET", "/orders", nil, nil, nil), souk.ErrNotFound)
	err := client.Do(t.Context(), "PUT", "/customers", nil, map[string]string{}, nil)
	assert.Equal(t, 405, requireError(t, err).StatusCode)
	server.SetScopes("customers.read")
	_, err = client.Customers.List(t.Context(), salla.ListCustomersRequest{})
	assert.NoError(t, err)
	_, err = client.Customers.Create(t.Context(), person(t))
	assert.ErrorIs(t, err, salla.ErrScopeMissing)
	assert.ErrorContains(t, err, "customers.read_write")
}

func TestStandInListsNoMoreThanTenThousand(t *testing.T) {
	t.Parallel()
	server, client := standIn(t)
	server.Seed(10_050)

	list, err := client.Customers.List(t.Context(), salla.ListCustomersRequest{Limit: 60})
	require.NoError(t, err)
	assert.Equal(t, 10_000, list.Pagination.Total)

	got, err := ids(t, client, salla.ListCustomersRequest{})
	require.NoError(t, err)
	assert.Len(t, got, 10_050)
	assert.IsDecreasing(t, got)
}
