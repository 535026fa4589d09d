package shopline_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/shopline"
)

func TestNewClientRefuses(t *testing.T) {
	t.Parallel()
	const handle = "Handle: must be the first label of the store's domain, such as open001 of open001.myshopline.com: " +
		"lower-case letters, digits and hyphens only"
	const version = "Version: must be a version of the form vYYYYMMDD, such as DefaultVersion"
	const credential = "Token: exactly one credential is required: Token or TokenSource"
	for _, test := range []struct {
		name string
		cfg  shopline.Config
		want string
	}{
		{"no handle", shopline.Config{Token: "t"}, handle},
		{"a handle with dots", shopline.Config{Handle: "open001.evil", Token: "t"}, handle},
		{"a handle with slashes", shopline.Config{Handle: "evil.example/?myshopline.com", Token: "t"}, handle},
		{"a handle with an at sign", shopline.Config{Handle: "open001@evil", Token: "t"}, handle},
		{"a handle in upper case", shopline.Config{Handle: "Open001", Token: "t"}, handle},
		{"a whole domain", shopline.Config{Handle: "open001.myshopline.com", Token: "t"}, handle},
		{"a handle with a line break", shopline.Config{Handle: "open001\n", Token: "t"}, handle},
		{"a bad handle beside a base URL", shopline.Config{Handle: "Open001", BaseURL: "https://gateway.example", Token: "t"}, handle},
		{"a version with dashes", shopline.Config{Handle: "open001", Version: "2026-06", Token: "t"}, version},
		{"a version with a path", shopline.Config{Handle: "open001", Version: "v20260601/..", Token: "t"}, version},
		{"no credential", shopline.Config{Handle: "open001"}, credential + " (none is set)"},
		{"two credentials", shopline.Config{Handle: "open001", Token: "t", TokenSource: &tokens{}}, credential + " (2 are set)"},
		{
			"a token with a line break",
			shopline.Config{Handle: "open001", Token: "t\r\nX: y"},
			"Token: must be the credential alone: no \"Bearer\", no white space and no line ends",
		},
		{
			"plain http",
			shopline.Config{BaseURL: "http://open001.myshopline.com", Token: "t"},
			"BaseURL: must use https; plain http is for loopback addresses only",
		},
		{
			"a negative wait",
			shopline.Config{Handle: "open001", Token: "t", Options: souk.Options{MaxRetryWait: -1}},
			"MaxRetryWait: must not be negative; 0 means 1m0s",
		},
		{
			"everything at once",
			shopline.Config{Handle: "A", Version: "x"},
			handle + "; " + credential + " (none is set); " + version,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()

			client, err := shopline.NewClient(test.cfg)

			assert.Nil(t, client)
			require.ErrorIs(t, err, souk.ErrInvalid)
			assert.EqualError(t, err, "shopline: invalid; "+test.want)
		})
	}
}

func TestVersionIsPartOfThePath(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	client, err := shopline.NewClient(shopline.Config{Handle: "open001", Version: "v20250301", Token: tokenOf(t), Options: souk.Options{HTTPClient: g.Client()}})
	require.NoError(t, err)
	g.Expect(testkit.Request{URL: "https://open001.myshopline.com/admin/openapi/v20250301/customers/v2/count.json"}).
		Fixture(http.StatusOK, "count.json")

	_, err = client.Customers.Count(t.Context())

	assert.NoError(t, err)
}

func TestBaseURLKeepsTheVendorsPath(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	client, err := shopline.NewClient(shopline.Config{BaseURL: "https://gateway.example/shopline/", Token: tokenOf(t), Options: souk.Options{HTTPClient: g.Client()}})
	require.NoError(t, err)
	g.Expect(testkit.Request{URL: "https://gateway.example/shopline/admin/openapi/v20260601/customers/v2/count.json"}).
		Fixture(http.StatusOK, "count.json")

	_, err = client.Customers.Count(t.Context())

	assert.NoError(t, err)
}

func TestConfigPrintsNoSecret(t *testing.T) {
	t.Parallel()
	canary := testkit.NewCanary()
	oauth := shopline.OAuth{ClientID: "key", ClientSecret: canary.ClientSecret, RedirectURL: "https://app.example/back", Scopes: []string{"read_customers"}}
	login := shopline.SocialLogin{Channel: shopline.LoginChannelGoogle, Key: canary.APIKey, RSAKey: canary.ClientSecret}
	values := []any{
		shopline.Config{Handle: "open001", Token: canary.Token, BaseURL: "https://user:" + canary.ClientSecret + "@gateway.example"},
		shopline.Config{BaseURL: "https://%zz" + canary.ClientSecret},
		shopline.Config{TokenSource: &tokens{first: canary.Token}},
		oauth, login, shopline.SetSocialLoginRequest(login),
	}
	var text bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&text, nil))
	for _, value := range values {
		fmt.Fprintf(&text, "%v\n%+v\n%#v\n%s\n", value, value, value, value)
		logger.Info("value", "value", value)
	}

	canary.Check(t, text.String())

	assert.Contains(t, text.String(), `shopline.Config{Handle:"open001" Version:"v20260601" BaseURL:"https://gateway.example" Credential:Token}`)
	assert.Contains(t, text.String(), `shopline.OAuth{ClientID:"key" RedirectURL:"https://app.example/back" Scopes:["read_customers"]}`)
	assert.Contains(t, text.String(), `shopline.SocialLogin{Channel:"google" Platform:""}`)
}

// tokens hands out one token, and another once the first was called expired.
type tokens struct {
	first, second string
	invalidated   []string
}

func (s *tokens) Token(context.Context) (*oauth2.Token, error) {
	if len(s.invalidated) > 0 {
		return &oauth2.Token{AccessToken: s.second}, nil
	}
	return &oauth2.Token{AccessToken: s.first}, nil
}

func (s *tokens) Invalidate(token *oauth2.Token) {
	s.invalidated = append(s.invalidated, token.AccessToken)
}

func TestExpiredTokenIsReplacedOnce(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		second int
		class  error
	}{{"and is good then", http.StatusOK, nil}, {"and is refused again", http.StatusUnauthorized, souk.ErrUnauthorized}} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			g := testkit.NewGock(t)
			source := &tokens{first: "old", second: "new"}
			client, err := shopline.NewClient(shopline.Config{Handle: "open001", TokenSource: source, Options: souk.Options{HTTPClient: g.Client()}})
			require.NoError(t, err)
			request := testkit.Request{Method: "POST", URL: base + "/customers.json", Body: `{"customer":{"email":"a@b.example"}}`}
			request.Header = map[string]string{"Authorization": "Bearer old"}
			g.Expect(request).JSON(http.StatusUnauthorized, `{"errors":"Unauthorized"}`)
			request.Header = map[string]string{"Authorization": "Bearer new"}
			g.Expect(request).Fixture(test.second, "customer_create.json")

			_, err = client.Customers.Create(t.Context(), shopline.CreateCustomerRequest{Email: "a@b.example"})

			require.ErrorIs(t, err, test.class)
			assert.Equal(t, []string{"old"}, source.invalidated)
		})
	}
}

func TestStaticTokenIsNotReplaced(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	client := newClient(t, g)
	g.Expect(testkit.Request{URL: base + "/customers/v2/count.json"}).JSON(http.StatusUnauthorized, `{"errors":"Unauthorized"}`)

	_, err := client.Customers.Count(t.Context())

	assert.ErrorIs(t, err, souk.ErrUnauthorized)
}

// bucket is SHOPLINE's leaky bucket: 40 requests, of which 4 drain per second.
type bucket struct {
	level    float64
	last     time.Time
	refused  int
	admitted int
}

func (b *bucket) RoundTrip(*http.Request) (*http.Response, error) {
	now := time.Now()
	b.level = max(0, b.level-4*now.Sub(b.last).Seconds())
	b.last = now
	status := http.StatusOK
	if b.level+1 > 40 {
		status = http.StatusTooManyRequests
		b.refused++
	} else {
		b.level++
		b.admitted++
	}
	return answer(status, `{"count":1}`), nil
}

func TestClientsOfOneStoreShareItsPace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &bucket{last: time.Now()}
		var clients []*shopline.Client
		for range 4 {
			client, err := shopline.NewClient(shopline.Config{Handle: handleOf(t), Token: "t", Options: souk.Options{HTTPClient: &http.Client{Transport: server}}})
			require.NoError(t, err)
			clients = append(clients, client)
		}
		started := time.Now()

		for i := range 120 {
			_, err := clients[i%len(clients)].Customers.Count(t.Context())
			require.NoError(t, err)
		}

		assert.Zero(t, server.refused)
		assert.InDelta(t, 20, time.Since(started).Seconds(), 0.5, "40 at once and the other 80 at 4 per second")
	})
}

func TestTokensOfOneAppShareItsPace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &bucket{last: time.Now()}
		oauth := shopline.OAuth{ClientID: "key", ClientSecret: "secret"}
		var clients []*shopline.Client
		handle := handleOf(t)
		for _, baseURL := range []string{"", "https://" + strings.ToUpper(handle) + ".myshopline.com"} {
			store := souk.NewMemoryTokenStore()
			require.NoError(t, oauth.SaveToken(t.Context(), handle, store, &oauth2.Token{AccessToken: "t"}))
			source, err := oauth.TokenSource(handle, store)
			require.NoError(t, err)
			client, err := shopline.NewClient(shopline.Config{
				Handle:      handle,
				BaseURL:     baseURL,
				TokenSource: source,
				Options:     souk.Options{HTTPClient: &http.Client{Transport: server}},
			})
			require.NoError(t, err)
			clients = append(clients, client)
		}

		for i := range 100 {
			_, err := clients[i%len(clients)].Customers.Count(t.Context())
			require.NoError(t, err)
		}

		assert.Zero(t, server.refused)
	})
}

func TestEnterpriseStoresAreNotPaced(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, err := shopline.NewClient(shopline.Config{
			Handle:     handleOf(t),
			Token:      "t",
			Enterprise: true,
			Options: souk.Options{HTTPClient: &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
				return answer(http.StatusOK, `{"count":1}`), nil
			})}},
		})
		require.NoError(t, err)
		started := time.Now()

		for range 200 {
			_, err := client.Customers.Count(t.Context())
			require.NoError(t, err)
		}

		assert.Zero(t, time.Since(started))
	})
}

// counter is a client of a store, whose server answers with the status that the token
// has, or counts nobody.
func counter(t *testing.T, config shopline.Config, refused ...string) func() error {
	t.Helper()
	config.MaxRetryWait = time.Second
	config.HTTPClient = &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		if slices.Contains(refused, r.Header.Get("Authorization")) {
			held := answer(http.StatusTooManyRequests, `{"errors":"Too many request"}`)
			held.Header.Set("Retry-After", "3600")
			return held, nil
		}
		return answer(http.StatusOK, `{"count":0}`), nil
	})}
	client, err := shopline.NewClient(config)
	require.NoError(t, err)
	return func() error {
		_, err := client.Customers.Count(t.Context())
		return err
	}
}

// Each app of a store has its own pace, and enterprise plans have another one.
func TestEachAppHasItsOwnPace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		handle, started := handleOf(t), time.Now()
		for _, config := range []shopline.Config{{Token: "a"}, {Token: "b"}, {Token: "a", Enterprise: true}} {
			config.Handle = handle
			count := counter(t, config)
			for range 40 {
				require.NoError(t, count())
			}
		}
		assert.Zero(t, time.Since(started))
	})
}

func TestRateLimitHoldsBackNoOtherApp(t *testing.T) {
	t.Parallel()
	for _, enterprise := range []bool{false, true} {
		handle := handleOf(t)
		require.ErrorIs(t, counter(t, shopline.Config{Handle: handle, Token: "a", Enterprise: enterprise}, "Bearer a")(), souk.ErrRateLimited)
		require.ErrorIs(t, counter(t, shopline.Config{Handle: handle, Token: "a", Enterprise: enterprise})(), souk.ErrRateLimited)
		assert.NoError(t, counter(t, shopline.Config{Handle: handle, Token: "b", Enterprise: enterprise})())
	}
}

func TestCallsBearTheNameOfTheProgram(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(testkit.Request{URL: base + "/customers/v2/count.json", Header: map[string]string{"User-Agent": "app/1"}}).JSON(200, `{"count":0}`)
	client, err := shopline.NewClient(shopline.Config{Handle: "open001", Token: tokenOf(t), Options: souk.Options{HTTPClient: gock.Client(), UserAgent: "app/1"}})
	require.NoError(t, err)

	_, err = client.Customers.Count(t.Context())

	assert.NoError(t, err)
}

func TestNetworkFailureTellsNoAddress(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	client := newClient(t, g)
	g.Expect(testkit.Request{
		Method: "POST", URL: base + "/customers.json",
		Body: `{"customer":{"email":"a@b.example"}}`,
	}).Fail(errors.New("tls: no route to 10.0.0.7"))

	_, err := client.Customers.Create(t.Context(), shopline.CreateCustomerRequest{Email: "a@b.example"})

	require.ErrorIs(t, err, souk.ErrOutcomeUnknown)
	assert.NotContains(t, err.Error(), "10.0.0.7")
}
