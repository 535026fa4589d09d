package commercengine_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/internal/testkit"
)

type tokens struct{}

func (tokens) Token(context.Context) (*oauth2.Token, error) {
	return &oauth2.Token{AccessToken: "jwt-2"}, nil
}

func TestHosts(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		config commercengine.Config
		url    string
	}{
		"production": {commercengine.Config{}, "https://prod.api.commercengine.io/api/v1/x2yh61zw4k/storefront/payments/ifsc-lookup/HDFC0001234"},
		"staging":    {commercengine.Config{Environment: commercengine.Staging}, "https://staging.api.commercengine.io/api/v1/x2yh61zw4k/storefront/payments/ifsc-lookup/HDFC0001234"},
		"other":      {commercengine.Config{BaseURL: "https://gateway.example/ce"}, "https://gateway.example/ce/api/v1/x2yh61zw4k/storefront/payments/ifsc-lookup/HDFC0001234"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(testkit.Request{URL: tt.url, Header: map[string]string{"Authorization": "Bearer jwt-2"}}).Fixture(200, "get-ifsc-lookup.json")
			tt.config.StoreID, tt.config.TokenSource, tt.config.HTTPClient = "x2yh61zw4k", tokens{}, gock.Client()
			client, err := commercengine.NewClient(tt.config)
			require.NoError(t, err)
			assert.Nil(t, client.Session)

			_, err = client.Payments.LookUpIFSC(t.Context(), "HDFC0001234")

			assert.NoError(t, err)
		})
	}
}

func TestNewClientRefuses(t *testing.T) {
	t.Parallel()
	const store = "StoreID: must be the store's identifier in the admin portal, such as x2yh61zw4k"
	tests := []struct {
		name   string
		config commercengine.Config
		want   string
	}{
		{"no store", commercengine.Config{APIKey: "k"}, store},
		{"store with slash", commercengine.Config{StoreID: "a/b", APIKey: "k"}, store},
		{"store with dots", commercengine.Config{StoreID: "..", APIKey: "k"}, store},
		{"no API key", commercengine.Config{StoreID: "s"}, "APIKey: is required to begin an anonymous session, unless Token or TokenSource is set"},
		{"line break in the key", commercengine.Config{StoreID: "s", APIKey: "k\r\nX: y"}, "APIKey: must be the credential alone: no \"Bearer\", no white space and no line ends"},
		{"line break in the token", commercengine.Config{StoreID: "s", Token: "k\n"}, "Token: must be the credential alone: no \"Bearer\", no white space and no line ends"},
		{"two tokens", commercengine.Config{StoreID: "s", Token: "t", TokenSource: tokens{}}, "Token: excludes TokenSource"},
		{"session of a client without one", commercengine.Config{StoreID: "s", TokenSource: (*commercengine.Session)(nil)}, "TokenSource: is the Session of a client that has none"},
		{"session of no client", commercengine.Config{StoreID: "s", TokenSource: new(commercengine.Session)}, "TokenSource: is the Session of a client that has none"},
		{"environment", commercengine.Config{StoreID: "s", APIKey: "k", Environment: "dev"}, "Environment: must be production or staging"},
		{"store of tokens without a key", commercengine.Config{StoreID: "s", APIKey: "k", TokenStore: souk.NewMemoryTokenStore()}, "SessionKey: must name the session in TokenStore: one key per shopper"},
		{"store of tokens without a session", commercengine.Config{StoreID: "s", Token: "t", TokenStore: souk.NewMemoryTokenStore(), SessionKey: "x"}, "TokenStore: is for the client's own session, which a client with Token or TokenSource does not have"},
		{"http", commercengine.Config{StoreID: "s", APIKey: "k", BaseURL: "http://shop.example"}, "BaseURL: must use https; plain http is for loopback addresses only"},
		{"attempts", commercengine.Config{StoreID: "s", APIKey: "k", Options: souk.Options{MaxAttempts: -1}}, "MaxAttempts: must not be negative; 0 means 4, 1 no repeats"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			client, err := commercengine.NewClient(tt.config)

			assert.Nil(t, client)
			assert.ErrorIs(t, err, souk.ErrInvalid)
			assert.ErrorContains(t, err, tt.want)
		})
	}
}

// All that is wrong is said at once.
func TestNewClientReportsAll(t *testing.T) {
	t.Parallel()

	_, err := commercengine.NewClient(commercengine.Config{StoreID: "a.b", Environment: "x", Options: souk.Options{MaxRetryWait: -1}})

	e := requireError(t, err)
	assert.Len(t, e.Fields, 4)
	for _, field := range []string{"StoreID", "Environment", "APIKey", "MaxRetryWait"} {
		assert.Contains(t, e.Fields, field)
	}
}

func TestNothingPrintsASecret(t *testing.T) {
	t.Parallel()
	canary := testkit.NewCanary()
	for _, config := range []commercengine.Config{
		{StoreID: "acme", Token: canary.Token},
		{StoreID: "acme", APIKey: canary.APIKey},
	} {
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Info("start", "config", config)
		client, err := commercengine.NewClient(config)
		require.NoError(t, err)

		canary.Check(t, fmt.Sprintf("%v %+v %#v %s %v", config, config, config, config, &config))
		canary.Check(t, fmt.Sprintf("%v %+v %#v", client, client, client))
		canary.Check(t, log.String())
		assert.Contains(t, log.String(), "acme")
	}
	pair := commercengine.Tokens{AccessToken: canary.Token, RefreshToken: canary.RefreshToken, User: &commercengine.User{ID: "u-1", Email: canary.Email}}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("logged in", "tokens", pair)
	canary.Check(t, log.String())
	canary.Check(t, fmt.Sprintf("%v %+v %#v %s", pair, pair, pair, pair))
	assert.Equal(t, "commercengine.Tokens{User:u-1}", pair.String())
	assert.Equal(t, "commercengine.Tokens{}", commercengine.Tokens{}.String())
}

func TestConfigNamesItsCredential(t *testing.T) {
	t.Parallel()
	for want, config := range map[string]commercengine.Config{
		`commercengine.Config{StoreID:"s" Environment:"production" BaseURL:"" Credential:Token}`:                      {StoreID: "s", Token: "t", APIKey: "k"},
		`commercengine.Config{StoreID:"s" Environment:"production" BaseURL:"" Credential:TokenSource}`:                {StoreID: "s", TokenSource: tokens{}, APIKey: "k"},
		`commercengine.Config{StoreID:"s" Environment:"staging" BaseURL:"https://gateway.example" Credential:APIKey}`: {StoreID: "s", Environment: commercengine.Staging, APIKey: "k", BaseURL: "https://user:pass@gateway.example"},
		`commercengine.Config{StoreID:"" Environment:"production" BaseURL:"" Credential:none}`:                        {},
	} {
		assert.Equal(t, want, config.String())
	}
}

func TestDo(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{
		Method: "POST", URL: base + "/carts", Query: url.Values{"a": {"1"}},
		Header: map[string]string{"Authorization": "Bearer jwt-1"}, Body: json.RawMessage(`{"items":[]}`),
	}).JSON(200, `{"success":true,"content":{"cart":{"id":"c-1"}}}`)
	var out struct {
		Content struct{ Cart struct{ ID string } }
	}

	err := newClient(t, gock).Do(t.Context(), "POST", "/carts", url.Values{"a": {"1"}}, map[string]any{"items": []any{}}, &out)

	require.NoError(t, err)
	assert.Equal(t, "c-1", out.Content.Cart.ID)
}

func TestCallsAreNamedAndLogged(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{URL: base + "/carts", Header: map[string]string{"User-Agent": "app/1"}}).JSON(200, `{"success":true}`)
	var log testkit.Log
	client, err := commercengine.NewClient(commercengine.Config{
		StoreID: "x2yh61zw4k", Token: "jwt-1", Options: souk.Options{HTTPClient: gock.Client(), UserAgent: "app/1", Logger: log.Logger()},
	})
	require.NoError(t, err)

	require.NoError(t, client.Do(t.Context(), "GET", "/carts", nil, nil, nil))

	assert.NotEmpty(t, log.Records())
}

func TestDoWithAPIKey(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{
		URL: base + "/catalog/products", Query: url.Values{"page": {"1"}},
		Header: map[string]string{"X-Api-Key": "key-1"}, NoHeader: []string{"Authorization"},
	}).JSON(200, `{"success":true,"content":{"products":[{"id":"p-1"}]}}`)
	var out struct {
		Content struct{ Products []struct{ ID string } }
	}

	err := newClient(t, gock).DoWithAPIKey(t.Context(), "GET", "/catalog/products", url.Values{"page": {"1"}}, nil, &out)

	require.NoError(t, err)
	assert.Equal(t, "p-1", out.Content.Products[0].ID)
}

func TestDoWithAPIKeyNeedsOne(t *testing.T) {
	t.Parallel()
	client, err := commercengine.NewClient(commercengine.Config{StoreID: "s", Token: "t"})
	require.NoError(t, err)

	err = client.DoWithAPIKey(t.Context(), "GET", "/catalog/products", nil, nil, nil)

	require.ErrorIs(t, err, souk.ErrInvalid)
	assert.EqualError(t, err, "commercengine: invalid; APIKey: is required in Config for this operation")
}

func TestOperations(t *testing.T) {
	t.Parallel()
	testkit.Operations(t, ".", "")
}

func TestQueries(t *testing.T) {
	t.Parallel()
	testkit.Queries(t,
		commercengine.ListAddressesRequest{}, commercengine.ListLoyaltyActivitiesRequest{},
		commercengine.ListAuthorizedSellersRequest{}, commercengine.ListPaymentMethodsRequest{},
		commercengine.ListBankAccountsRequest{}, commercengine.GetMandateRequest{},
		commercengine.ListDebitSchedulesRequest{}, commercengine.ListPincodesRequest{},
	)
}
