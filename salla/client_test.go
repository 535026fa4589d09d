package salla_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/salla"
)

// hosts numbers the tests, each of which has a host of its own, so that no limit
// and no gate of one test is met by another.
var hosts struct {
	of   sync.Map // number by testing.TB
	last atomic.Uint32
}

// hostNumber is the same for every call of one test.
func hostNumber(t testing.TB) uint32 {
	n, ok := hosts.of.Load(t)
	if !ok {
		n, _ = hosts.of.LoadOrStore(t, hosts.last.Add(1))
	}
	return n.(uint32)
}

// baseURL is a loopback address of the test's own. Nothing listens there.
func baseURL(t testing.TB) string {
	n := hostNumber(t)
	return fmt.Sprintf("http://127.%d.%d.%d", 1+n>>16, byte(n>>8), byte(n))
}

// publicURL is an address of the test's own that has all limits.
func publicURL(t testing.TB) string {
	return fmt.Sprintf("https://%d.salla.example", hostNumber(t))
}

// config is that of a client which sends to gock, each call once.
func config(t *testing.T, gock *testkit.Gock) salla.Config {
	t.Helper()
	return salla.Config{Token: "token-1", BaseURL: baseURL(t), Options: souk.Options{HTTPClient: gock.Client(), MaxAttempts: 1}}
}

func newClient(t *testing.T, gock *testkit.Gock) *salla.Client {
	t.Helper()
	client, err := salla.NewClient(config(t, gock))
	require.NoError(t, err)
	return client
}

// silent is a client that must send nothing.
func silent(t *testing.T) *salla.Client {
	t.Helper()
	return newClient(t, testkit.NewGock(t))
}

func requireError(t *testing.T, err error) *souk.Error {
	t.Helper()
	require.Error(t, err)
	e, ok := errors.AsType[*souk.Error](err)
	require.True(t, ok, "want *souk.Error, got %T: %v", err, err)
	return e
}

// raw is a body that is compared as JSON.
func raw(text string) json.RawMessage { return json.RawMessage(text) }

func fixture(t *testing.T, name string) json.RawMessage {
	t.Helper()
	return testkit.Fixture(t, name)
}

// sentAsJSON are the headers of a call with a body.
var sentAsJSON = map[string]string{
	"Authorization": "Bearer token-1", "Accept": "application/json", "Content-Type": "application/json",
}

// sentBare are the headers of a call without a body.
var sentBare = map[string]string{"Authorization": "Bearer token-1", "Accept": "application/json"}

type tokens struct{}

func (tokens) Token(context.Context) (*oauth2.Token, error) {
	return &oauth2.Token{AccessToken: "token-2"}, nil
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		config salla.Config
		header string
	}{
		{"Token", salla.Config{Token: "token-1"}, "Bearer token-1"},
		{"TokenSource", salla.Config{TokenSource: tokens{}}, "Bearer token-2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(testkit.Request{
				URL:    "https://api.salla.dev/admin/v2/webhooks/events",
				Header: map[string]string{"Authorization": tt.header}, NoHeader: []string{"Accept-Language"},
			}).JSON(200, `{"status":200,"success":true,"data":[]}`)
			tt.config.HTTPClient = gock.Client()
			client, err := salla.NewClient(tt.config)
			require.NoError(t, err)

			_, err = client.Webhooks.Events(t.Context())

			assert.NoError(t, err)
		})
	}
}

func TestLanguageAndNameAreSent(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Path: "/admin/v2/customers/1", Header: map[string]string{"Accept-Language": "en", "User-Agent": "app/1"}}).
		JSON(200, `{"status":200,"success":true,"data":{"id":1}}`)
	cfg := config(t, gock)
	cfg.Language, cfg.UserAgent = "en", "app/1"
	client, err := salla.NewClient(cfg)
	require.NoError(t, err)

	_, err = client.Customers.Get(t.Context(), 1, salla.GetCustomerRequest{})

	assert.NoError(t, err)
}

func TestNewClientRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		config salla.Config
		want   string
	}{
		{"no credential", salla.Config{}, "salla: invalid; Token: exactly one credential is required: Token or TokenSource (none is set)"},
		{"two credentials", salla.Config{Token: "a", TokenSource: tokens{}}, "salla: invalid; Token: exactly one credential is required: Token or TokenSource (2 are set)"},
		{"token with a line end", salla.Config{Token: "a\n"}, `salla: invalid; Token: must be the credential alone: no "Bearer", no white space and no line ends`},
		{"token with Bearer", salla.Config{Token: "Bearer a"}, `salla: invalid; Token: must be the credential alone: no "Bearer", no white space and no line ends`},
		{"IPLimiter that is nil", salla.Config{Token: "a", IPLimiter: (*counter)(nil)}, "salla: invalid; IPLimiter: must not hold a nil pointer; without one the vendor's limit is the pace"},
		{"unknown plan", salla.Config{Token: "a", Plan: "gold"}, `salla: invalid; Plan: must be "plus", "pro", "special" or empty`},
		{"negative merchant", salla.Config{Token: "a", Merchant: "-1"}, "salla: invalid; Merchant: must be the id of the store, in digits; empty means that it is not known"},
		{"language with a line end", salla.Config{Token: "a", Language: "en\r\nX: y"}, `salla: invalid; Language: must be an ISO code such as "en"`},
		{"plain http", salla.Config{Token: "a", BaseURL: "http://salla.example"}, "salla: invalid; BaseURL: must use https; plain http is for loopback addresses only"},
		{"accounts by plain http", salla.Config{Token: "a", AccountsURL: "http://salla.example"}, "salla: invalid; AccountsURL: must use https; plain http is for loopback addresses only"},
		{"attempts", salla.Config{Token: "a", Options: souk.Options{MaxAttempts: -1}}, "salla: invalid; MaxAttempts: must not be negative; 0 means 4, 1 no repeats"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			client, err := salla.NewClient(tt.config)

			assert.Nil(t, client)
			assert.ErrorIs(t, err, souk.ErrInvalid)
			assert.EqualError(t, err, tt.want)
		})
	}
}

func TestNewClientReportsAll(t *testing.T) {
	t.Parallel()

	_, err := salla.NewClient(salla.Config{Plan: "gold", BaseURL: "salla", Options: souk.Options{MaxRetryWait: -1}})

	e := requireError(t, err)
	assert.Len(t, e.Fields, 4)
	for _, field := range []string{"Token", "Plan", "MaxRetryWait", "BaseURL"} {
		assert.Contains(t, e.Fields, field)
	}
}

func TestConfigsPrintNoSecret(t *testing.T) {
	t.Parallel()
	canary := testkit.NewCanary()
	secret := url.UserPassword("user", canary.Password)
	base := (&url.URL{Scheme: "https", Host: "salla.example", User: secret}).String()
	for _, config := range []any{
		salla.Config{Merchant: "77", Token: canary.Token, BaseURL: base},
		salla.OAuth{ClientID: "app 77", ClientSecret: canary.ClientSecret, BaseURL: base},
		salla.WebhookConfig{Secrets: []string{canary.ClientSecret}, Strategy: "77"},
	} {
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Info("start", "config", config)

		text := fmt.Sprintf("%v %+v %#v %s %v", config, config, config, config, &config)

		canary.Check(t, text)
		canary.Check(t, log.String())
		assert.Contains(t, text, "77")
		assert.Contains(t, log.String(), "77")
	}
}

func TestClientPrintsNoSecret(t *testing.T) {
	t.Parallel()
	canary := testkit.NewCanary()
	client, err := salla.NewClient(salla.Config{Token: canary.Token})
	require.NoError(t, err)

	canary.Check(t, fmt.Sprintf("%v %+v %#v", client, client, client))
}

func TestDo(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{
		Method: "POST", Path: "/admin/v2/orders/7/tags", Query: url.Values{"a": {"b"}}, Header: sentAsJSON, Body: raw(`{"tag":"x"}`),
	}).JSON(201, `{"status":201,"success":true,"data":{"id":5}}`)
	var out struct{ Data struct{ ID int64 } }

	err := newClient(t, gock).Do(t.Context(), "POST", "/orders/7/tags", url.Values{"a": {"b"}}, map[string]string{"tag": "x"}, &out)

	require.NoError(t, err)
	assert.Equal(t, int64(5), out.Data.ID)
}

func TestDoLeavesPathOutOfErrors(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{Path: "/admin/v2/secret-path"}).Fixture(404, "error_404_integer_code.json")

	err := newClient(t, gock).Do(t.Context(), "GET", "/secret-path", nil, nil, nil)

	assert.EqualError(t, err, "salla: GET: 404 not found: The content you are trying to access is no longer available")
}
