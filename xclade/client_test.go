package xclade_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/xclade"
)

// host is where the clients of these tests send to. None of them meets a limit.
const host = "https://acme.api.myxclade.com"

// newClient returns a client of tenant acme that sends to gock.
func newClient(t *testing.T, gock *testkit.Gock) *xclade.Client {
	t.Helper()
	client, err := xclade.NewClient(xclade.Config{Tenant: "acme", Token: "jwt-1", Options: souk.Options{HTTPClient: gock.Client(), MaxAttempts: 1}})
	require.NoError(t, err)
	return client
}

func requireError(t *testing.T, err error) *souk.Error {
	t.Helper()
	require.Error(t, err)
	e, ok := errors.AsType[*souk.Error](err)
	require.True(t, ok, "want *souk.Error, got %T: %v", err, err)
	return e
}

type tokens struct{}

func (tokens) Token(context.Context) (*oauth2.Token, error) {
	return &oauth2.Token{AccessToken: "jwt-2"}, nil
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		config xclade.Config
		header map[string]string
	}{
		{"Token", xclade.Config{Token: "jwt-1"}, map[string]string{"Authorization": "Bearer jwt-1"}},
		{"TokenSource", xclade.Config{TokenSource: tokens{}}, map[string]string{"Authorization": "Bearer jwt-2"}},
		{"APIKey", xclade.Config{APIKey: "sk_1"}, map[string]string{"Authorization": "Basic c2tfMTo="}},
		{"APIKey in its header", xclade.Config{APIKey: "sk_1", APIKeyHeader: true}, map[string]string{"X-Api-Key": "sk_1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(testkit.Request{URL: host + "/admin/customers/" + customerID, Header: tt.header}).Fixture(200, "customer.json")
			tt.config.Tenant, tt.config.HTTPClient = "acme", gock.Client()
			client, err := xclade.NewClient(tt.config)
			require.NoError(t, err)

			_, err = client.Customers.Get(t.Context(), customerID, xclade.GetCustomerRequest{})

			assert.NoError(t, err)
		})
	}
}

func TestNewClientRefuses(t *testing.T) {
	t.Parallel()
	const (
		tenant = "Tenant: must be the tenant's identifier, such as 1a2b3c4d: letters, digits and hyphens only"
		one    = "Token: exactly one credential is required: Token, TokenSource, APIKey, or Email with Password (%s)"
	)
	tests := []struct {
		name   string
		config xclade.Config
		want   string
	}{
		{"nothing", xclade.Config{}, tenant},
		{"token with a line break", xclade.Config{Tenant: "a", Token: "x\n"}, "Token: must be the credential alone: no \"Bearer\", no white space and no line ends"},
		{"key with a line break", xclade.Config{Tenant: "a", APIKey: "x\n"}, "APIKey: must be the credential alone: no \"Bearer\", no white space and no line ends"},
		{"tenant with slash", xclade.Config{Tenant: "a/b", Token: "x"}, tenant},
		{"tenant with dot", xclade.Config{Tenant: "evil.example", Token: "x"}, tenant},
		{"tenant with at", xclade.Config{Tenant: "a@evil", Token: "x"}, tenant},
		{"tenant with colon", xclade.Config{Tenant: "a:1", Token: "x"}, tenant},
		{"tenant with hyphen in front", xclade.Config{Tenant: "-a", Token: "x"}, tenant},
		{"no credential", xclade.Config{Tenant: "a"}, fmt.Sprintf(one, "none is set")},
		{"two credentials", xclade.Config{Tenant: "a", Token: "x", APIKey: "y"}, fmt.Sprintf(one, "2 are set")},
		{"all credentials", xclade.Config{Tenant: "a", Token: "x", APIKey: "y", TokenSource: tokens{}, Email: "e", Password: "p"}, fmt.Sprintf(one, "4 are set")},
		{"password without e-mail", xclade.Config{Tenant: "a", Password: "p"}, "Password: Email and Password go together"},
		{"header without key", xclade.Config{Tenant: "a", Token: "x", APIKeyHeader: true}, "APIKeyHeader: needs APIKey"},
		{"http", xclade.Config{BaseURL: "http://shop.example", Token: "x"}, "BaseURL: must use https; plain http is for loopback addresses only, unless AllowHTTP is set"},
		{"attempts", xclade.Config{Tenant: "a", Token: "x", Options: souk.Options{MaxAttempts: -1}}, "MaxAttempts: must not be negative; 0 means 4, 1 no repeats"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			client, err := xclade.NewClient(tt.config)

			assert.Nil(t, client)
			assert.ErrorIs(t, err, souk.ErrInvalid)
			assert.ErrorContains(t, err, tt.want)
		})
	}
}

// A tenant that no URL can be made of is one mistake.
func TestAWrongTenantIsReportedOnce(t *testing.T) {
	t.Parallel()
	for _, tenant := range []string{"", "a b", "a:b", "a/b", "%zz", "a\n", "[", "-a", "a@b", "ä"} {
		_, err := xclade.NewClient(xclade.Config{Tenant: tenant, Token: "x"})

		assert.EqualError(t, err, "xclade: invalid; Tenant: must be the tenant's identifier, such as 1a2b3c4d: letters, digits and hyphens only", "%q", tenant)
	}
}

// All that is wrong is said at once.
func TestNewClientReportsAll(t *testing.T) {
	t.Parallel()

	_, err := xclade.NewClient(xclade.Config{Tenant: "a.b", Options: souk.Options{MaxRetryWait: -1}})

	e := requireError(t, err)
	assert.Len(t, e.Fields, 3)
	assert.Contains(t, e.Fields, "Tenant")
	assert.Contains(t, e.Fields, "Token")
	assert.Contains(t, e.Fields, "MaxRetryWait")
}

func TestConfigPrintsNoSecret(t *testing.T) {
	t.Parallel()
	canary := testkit.NewCanary()
	for _, config := range []xclade.Config{
		{Tenant: "acme", Token: canary.Token},
		{Tenant: "acme", APIKey: canary.APIKey},
		{Tenant: "acme", Email: canary.Email, Password: canary.Password},
	} {
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Info("start", "config", config)
		client, err := xclade.NewClient(config)
		require.NoError(t, err)

		canary.Check(t, fmt.Sprintf("%v %+v %#v %s %v", config, config, config, config, &config))
		canary.Check(t, fmt.Sprintf("%v %+v %#v", client, client, client))
		canary.Check(t, log.String())
		assert.Contains(t, log.String(), "acme")
	}
}

func TestDo(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{URL: host + "/admin/regions", Query: url.Values{"limit": {"1"}}}).JSON(200, `{"count":7}`)
	var out struct{ Count int }

	err := newClient(t, gock).Do(t.Context(), "GET", "/admin/regions", url.Values{"limit": {"1"}}, nil, &out)

	require.NoError(t, err)
	assert.Equal(t, 7, out.Count)
}

func TestOperations(t *testing.T) {
	t.Parallel()
	testkit.Operations(t, ".", "")
}

// waits counts who asks to be paced.
type waits int

func (w *waits) Wait(ctx context.Context) error { *w++; return ctx.Err() }

func TestCallsAreNamedPacedAndLogged(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{URL: host + "/admin/customers/cus_1", Header: map[string]string{"User-Agent": "app/1"}}).JSON(200, `{"customer":{"id":"cus_1"}}`)
	var log testkit.Log
	var paced waits
	client, err := xclade.NewClient(xclade.Config{
		Tenant: "acme", Token: "named",
		Options: souk.Options{HTTPClient: gock.Client(), UserAgent: "app/1", Logger: log.Logger(), Limiter: &paced},
	})
	require.NoError(t, err)

	_, err = client.Customers.Get(t.Context(), "cus_1", xclade.GetCustomerRequest{})

	require.NoError(t, err)
	assert.NotEmpty(t, log.Records())
	assert.Equal(t, waits(1), paced)
}

func TestAnAttemptEndsInTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, err := xclade.NewClient(xclade.Config{
			Tenant: "acme", Token: "late", Options: souk.Options{HTTPClient: &http.Client{Transport: silent{}}, AttemptTimeout: time.Second, MaxAttempts: 1},
		})
		require.NoError(t, err)
		start := time.Now()

		_, err = client.Customers.Get(t.Context(), "cus_1", xclade.GetCustomerRequest{})

		assert.ErrorIs(t, err, souk.ErrUnavailable)
		assert.Equal(t, time.Second, time.Since(start))
	})
}

// silent is a server that never answers.
type silent struct{}

func (silent) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// Plain http goes to where the user allows it, the log-in as well, and other schemes do
// not.
func TestAllowHTTP(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Method: "POST", URL: "http://medusa:9000/auth/user/emailpass", Body: `{"email":"a@b.example","password":"pw"}`}).
		JSON(200, `{"token":"a.b.c"}`)
	gock.Expect(testkit.Request{URL: "http://medusa:9000/admin/customers/" + customerID, Header: map[string]string{"Authorization": "Bearer a.b.c"}}).
		JSON(200, `{"customer":{"id":"`+customerID+`"}}`)
	cfg := xclade.Config{
		BaseURL: "http://medusa:9000", AllowHTTP: true, Email: "a@b.example", Password: "pw",
		Options: souk.Options{HTTPClient: gock.Client()},
	}
	client, err := xclade.NewClient(cfg)
	require.NoError(t, err)
	customer, err := client.Customers.Get(t.Context(), customerID, xclade.GetCustomerRequest{})
	require.NoError(t, err)
	assert.Equal(t, customerID, customer.ID)

	cfg.BaseURL = "ftp://medusa"
	_, err = xclade.NewClient(cfg)
	assert.ErrorContains(t, err, "BaseURL: must use https")
}
