package salla_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/salla/sallatest"
)

const merchant = "1803665367"

// app is the app of these tests, without a way to send.
var app = salla.OAuth{ClientID: "app-1", ClientSecret: "app-secret"}

func oauth(t *testing.T, gock *testkit.Gock) salla.OAuth {
	t.Helper()
	return salla.OAuth{
		ClientID: "app-1", ClientSecret: "app-secret", RedirectURL: "https://app.example/back", Scopes: []string{"customers.read"},
		BaseURL: baseURL(t), Options: souk.Options{HTTPClient: gock.Client()},
	}
}

// form is a body of the token end point.
func form(pairs ...string) string {
	values := url.Values{"client_id": {"app-1"}, "client_secret": {"app-secret"}}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return values.Encode()
}

func expectToken(gock *testkit.Gock, pairs ...string) *testkit.Reply {
	return gock.Expect(testkit.Request{
		Method: "POST", Path: "/oauth2/token", Body: form(pairs...),
		Header:   map[string]string{"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
		NoHeader: []string{"Authorization"},
	})
}

func expectRefresh(gock *testkit.Gock, refreshToken string) *testkit.Reply {
	return expectToken(gock, "grant_type", "refresh_token", "refresh_token", refreshToken)
}

func TestAuthCodeURL(t *testing.T) {
	t.Parallel()
	o := salla.OAuth{ClientID: "app 1", RedirectURL: "https://app.example/back?a=b", Scopes: []string{"customers.read_write", "webhooks.read"}}

	address, err := o.AuthCodeURL("st&te")
	require.NoError(t, err)
	u, err := url.Parse(address)

	require.NoError(t, err)
	assert.Equal(t, "https://accounts.salla.sa/oauth2/auth", u.Scheme+"://"+u.Host+u.Path)
	assert.Equal(t, url.Values{
		"client_id": {"app 1"}, "response_type": {"code"}, "redirect_uri": {"https://app.example/back?a=b"},
		"scope": {"customers.read_write webhooks.read offline_access"}, "state": {"st&te"},
	}, u.Query())
	assert.Len(t, o.Scopes, 2, "the caller's scopes are not changed")
}

func TestAuthCodeURLAsksForOfflineAccessOnce(t *testing.T) {
	t.Parallel()
	o := salla.OAuth{
		ClientID: "app-1", RedirectURL: "https://app.example/back", Scopes: []string{"offline_access", "customers.read"},
		BaseURL: "https://stand-in.example/",
	}

	address, err := o.AuthCodeURL("s")
	require.NoError(t, err)
	u, err := url.Parse(address)

	require.NoError(t, err)
	assert.Equal(t, "https://stand-in.example/oauth2/auth", u.Scheme+"://"+u.Host+u.Path)
	assert.Equal(t, "offline_access customers.read", u.Query().Get("scope"))
}

func TestParseCallback(t *testing.T) {
	t.Parallel()
	for issued, returned := range map[string]string{"abc": "abc", "0b9d-4c1e-99": "0b9d4c1e99"} {
		query := url.Values{"code": {"code-1"}, "state": {returned}, "scope": {"customers.read offline_access"}}

		callback, err := app.ParseCallback(query, issued)

		require.NoError(t, err)
		assert.Equal(t, &salla.Callback{Code: "code-1", State: returned, Scopes: []string{"customers.read", "offline_access"}}, callback)
	}
}

func TestParseCallbackRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		issued string
		query  string
		want   string
	}{
		"another state":       {"abc", "code=c&state=abd", "the callback has another state than was sent"},
		"no state":            {"abc", "code=c", "the callback has another state than was sent"},
		"none was issued":     {"", "code=c&state=", "the callback has another state than was sent"},
		"nothing but dashes":  {"-", "code=c&state=", "the callback has another state than was sent"},
		"no code":             {"abc", "state=abc", "the callback brings no code"},
		"refused":             {"abc", "state=abc&error=access_denied", "the callback says that the installation was refused"},
		"refused with a code": {"abc", "code=c&state=abc&error=x", "the callback says that the installation was refused"},
		"two codes":           {"abc", "code=c&code=d&state=abc", "the query names a parameter twice"},
		"two states":          {"abc", "code=c&state=abc&state=abd", "the query names a parameter twice"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			query, err := url.ParseQuery(c.query)
			require.NoError(t, err)

			callback, err := app.ParseCallback(query, c.issued)

			assert.Nil(t, callback)
			require.ErrorIs(t, err, souk.ErrUnauthorized)
			assert.EqualError(t, err, "salla: unauthorized: "+c.want)
		})
	}
}

// Salla names the life of a token in two ways, each of which can be a duration or
// a date.
func TestOAuth_Exchange(t *testing.T) {
	t.Parallel()
	const days = 24 * time.Hour
	tests := []struct {
		name, body string
		life       time.Duration
		at         time.Time
	}{
		{name: "expires, relative", body: string(fixture(t, "token_first_expires_relative.json")), life: 1209599 * time.Second},
		{name: "expires_in", body: string(fixture(t, "token_refresh_expires_in.json")), life: 1209599 * time.Second},
		{name: "expires, absolute", body: string(fixture(t, "token_expires_absolute.json")), at: time.Unix(1634819484, 0)},
		{name: "expires_in, absolute", body: `{"access_token":"a","expires_in":1634819484}`, at: time.Unix(1634819484, 0)},
		{name: "text", body: `{"access_token":"a","expires_in":"3600"}`, life: time.Hour},
		{name: "neither", body: `{"access_token":"a"}`, life: 14 * days},
		{name: "zero", body: `{"access_token":"a","expires_in":0}`, life: 14 * days},
		{name: "negative", body: `{"access_token":"a","expires_in":-5}`, life: 14 * days},
		{name: "nonsense", body: `{"access_token":"a","expires_in":"soon"}`, life: 14 * days},
		{name: "beyond all years", body: `{"access_token":"a","expires":9e300}`, life: 14 * days},
		{name: "other forms", body: `{"access_token":"a","expires":{},"expires_in":true,"scope":["customers.read"],"token_type":1}`, life: 14 * days},
		{name: "nonsense beside sense", body: `{"access_token":"a","expires_in":null,"expires":60}`, life: time.Minute},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				gock := testkit.NewGock(t)
				expectToken(gock, "grant_type", "authorization_code", "code", "code-1", "redirect_uri", "https://app.example/back").JSON(200, tt.body)

				token, err := oauth(t, gock).Exchange(t.Context(), "code-1")

				require.NoError(t, err)
				want := tt.at
				if want.IsZero() {
					want = time.Now().Add(tt.life)
				}
				assert.True(t, want.Equal(token.Expiry), "want %s, got %s", want, token.Expiry)
			})
		})
	}
}

func TestExchangeReturnsAllOfTheToken(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	expectToken(gock, "grant_type", "authorization_code", "code", "code-1", "redirect_uri", "https://app.example/back").
		Fixture(200, "token_first_expires_relative.json")

	token, err := oauth(t, gock).Exchange(t.Context(), "code-1")

	require.NoError(t, err)
	assert.Equal(t, "ory_at_EXAMPLE.AAA", token.AccessToken)
	assert.Equal(t, "ory_rt_EXAMPLE.BBB", token.RefreshToken)
	assert.Equal(t, "bearer", token.TokenType)
	assert.Equal(t, "customers.read_write webhooks.read_write offline_access", token.Extra("scope"))
}

func TestExchangeFails(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		status int
		body   string
		class  error
		want   string
	}{
		{"used code", 401, `{"error":"invalid_grant","error_description":"used"}`, salla.ErrGrantInvalid, "salla: POST /oauth2/token: 401 unauthorized: the code or refresh token was revoked, has expired or was used before (invalid_grant): used"},
		{"used code with status 400", 400, `{"error":"invalid_grant"}`, salla.ErrGrantInvalid, "salla: POST /oauth2/token: 400 unauthorized: the code or refresh token was revoked, has expired or was used before (invalid_grant)"},
		{"wrong secret", 400, `{"error":"invalid_client"}`, souk.ErrUnauthorized, "salla: POST /oauth2/token: 400 unauthorized (invalid_client)"},
		{"error as an object", 400, `{"error":{"message":"m"}}`, souk.ErrInvalid, "salla: POST /oauth2/token: 400 invalid: m"},
		{"another code", 400, `{"error":"invalid_code"}`, souk.ErrInvalid, "salla: POST /oauth2/token: 400 invalid (invalid_code)"},
		{"somebody's error", 401, `{"error":"Unauthorized"}`, souk.ErrUnreadable, "salla: POST /oauth2/token: 401 unauthorized, unreadable: JSON of another form came instead of the API's answer (application/json): check BaseURL and proxies"},
		{"OAuth's form with another status", 404, `{"error":"invalid_grant"}`, souk.ErrOutcomeUnknown, "salla: POST /oauth2/token: 404 unavailable, unreadable, outcome unknown: JSON of another form came instead of the API's answer (application/json): check BaseURL and proxies"},
		{"no such page", 404, `<html>`, souk.ErrOutcomeUnknown, "salla: POST /oauth2/token: 404 unavailable, unreadable, outcome unknown: a web page came instead of the API's answer (application/json): check BaseURL and proxies"},
		{"what is not there", 404, `{"success":false,"status":404,"error":{"code":404,"message":"no"}}`, souk.ErrInvalid, "salla: POST /oauth2/token: 404 invalid: no"},
		{"what is not there, with a success's status", 200, `{"success":false,"status":404,"error":{"code":404,"message":"no"}}`, souk.ErrInvalid, "salla: POST /oauth2/token: 200 invalid (404): no"},
		{"answer without token", 200, `{}`, souk.ErrOutcomeUnknown, "salla: POST /oauth2/token: 200 unavailable, unreadable, outcome unknown: JSON without access_token came instead of the API's answer (application/json): check BaseURL and proxies"},
		{"web page", 200, `<html>`, souk.ErrOutcomeUnknown, "salla: POST /oauth2/token: 200 unavailable, unreadable, outcome unknown: a web page came instead of the API's answer (application/json): check BaseURL and proxies"},
		{"token of another form", 200, `{"access_token":["canary"]}`, souk.ErrOutcomeUnknown, "salla: POST /oauth2/token: 200 unavailable, unreadable, outcome unknown: JSON of another form came instead of the API's answer (application/json): check BaseURL and proxies"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			expectToken(gock, "grant_type", "authorization_code", "code", "code-1", "redirect_uri", "https://app.example/back").JSON(tt.status, tt.body)

			token, err := oauth(t, gock).Exchange(t.Context(), "code-1")

			assert.Nil(t, token)
			assert.ErrorIs(t, err, tt.class)
			assert.EqualError(t, err, tt.want)
			assert.Nil(t, requireError(t, err).Body, "it may hold tokens")
		})
	}
}

func TestOAuthRefuses(t *testing.T) {
	t.Parallel()
	store := souk.NewMemoryTokenStore()

	const (
		app      = "salla: invalid; ClientID: must not be empty; ClientSecret: must not be empty; "
		redirect = "RedirectURL: must be the absolute URL that is registered in the partner portal"
		place    = "merchant: must be the id of the store, in digits; "
	)
	var none salla.OAuth

	_, err := none.AuthCodeURL("")
	assert.EqualError(t, err, "salla: invalid; ClientID: must not be empty; "+redirect+"; state: must not be empty: it protects the callback from strangers")

	_, err = none.Exchange(t.Context(), "")
	assert.EqualError(t, err, app+redirect+"; code: must not be empty")

	_, err = none.Install(t.Context(), "", nil)
	assert.EqualError(t, err, app+redirect+"; code: must not be empty; tokens: must not be nil")

	_, err = none.TokenSource("", nil)
	assert.EqualError(t, err, app+place+"tokens: must not be nil")

	err = none.RetryRefresh(t.Context(), "", nil)
	assert.EqualError(t, err, app+place+"tokens: must not be nil")

	err = none.SaveToken(t.Context(), "", nil, nil)
	assert.EqualError(t, err, app+place+"token: must not be empty; tokens: must not be nil")

	for _, relative := range []string{"/back", "app.example/back"} {
		o := salla.OAuth{ClientID: "a", ClientSecret: "b", RedirectURL: relative, BaseURL: "http://accounts.example"}
		_, err = o.Exchange(t.Context(), "d")
		assert.EqualError(t, err, "salla: invalid; BaseURL: must use https; plain http is for loopback addresses only; "+redirect)
		_, err = o.AuthCodeURL("s")
		assert.EqualError(t, err, "salla: invalid; BaseURL: must use https; plain http is for loopback addresses only; "+redirect)
	}

	_, err = salla.OAuth{ClientID: "a", ClientSecret: "b", BaseURL: "accounts"}.TokenSource(merchant, store)
	assert.EqualError(t, err, "salla: invalid; BaseURL: must be an absolute URL such as https://shop.example")
}

func TestTokenKey(t *testing.T) {
	t.Parallel()
	assert.Equal(t, tokenKey, app.TokenKey(merchant))
}

func TestAStoreIsWrittenInOneWay(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "0", "-5", "+5", "05", " 5", "5 ", "5.0", "٥", "dev-store", "9223372036854775808"} {
		_, err := app.TokenSource(text, souk.NewMemoryTokenStore())
		assert.EqualError(t, err, "salla: invalid; merchant: must be the id of the store, in digits", "%q", text)
		if text == "" {
			continue
		}
		_, err = salla.NewClient(salla.Config{Token: "a", Merchant: text})
		assert.EqualError(t, err, "salla: invalid; Merchant: must be the id of the store, in digits; empty means that it is not known", "%q", text)
	}
	_, err := app.TokenSource("9223372036854775807", souk.NewMemoryTokenStore())
	assert.NoError(t, err)
}

const tokenKey = "salla.app-1.1803665367"

// Whoever reads the error knows whether the app was never there, or is no more.
func TestNotInstalledAndRevokedAreTold(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	expectRefresh(gock, "refresh-1").Fixture(401, "token_invalid_grant.json")

	_, never := source(t, oauth(t, gock), souk.NewMemoryTokenStore()).Token(t.Context())
	_, revoked := source(t, oauth(t, gock), stored(t, pair("1", -time.Hour))).Token(t.Context())

	assert.ErrorIs(t, never, souk.ErrReauthorize)
	assert.EqualError(t, never, "salla: reauthorize: the app is not installed: no token is stored under the key salla.app-1.1803665367")
	assert.ErrorIs(t, revoked, souk.ErrReauthorize)
	assert.ErrorContains(t, revoked, "salla: POST /oauth2/token: 401 unauthorized: the code or refresh token was revoked, has expired or was used before (invalid_grant): ")
}

// pair is a token that expires after life.
func pair(n string, life time.Duration) *oauth2.Token {
	return &oauth2.Token{AccessToken: "access-" + n, RefreshToken: "refresh-" + n, TokenType: "bearer", Expiry: time.Now().Add(life)}
}

func stored(t *testing.T, token *oauth2.Token) souk.TokenStore {
	t.Helper()
	store := souk.NewMemoryTokenStore()
	require.NoError(t, app.SaveToken(t.Context(), merchant, store, token))
	return store
}

func source(t *testing.T, o salla.OAuth, store souk.TokenStore) souk.TokenSource {
	t.Helper()
	s, err := o.TokenSource(merchant, store)
	require.NoError(t, err)
	return s
}

func TestTokenIsRenewedADayAhead(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		life time.Duration
		want string
	}{
		{"two days left", 48 * time.Hour, "access-1"},
		{"23 hours left", 23 * time.Hour, "access-2"},
		{"expired", -time.Hour, "access-2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			if tt.want == "access-2" {
				expectRefresh(gock, "refresh-1").JSON(200, `{"access_token":"access-2","refresh_token":"refresh-2","expires_in":1209599}`)
			}
			store := stored(t, pair("1", tt.life))
			s := source(t, oauth(t, gock), store)

			for range 2 {
				token, err := s.Token(t.Context())
				require.NoError(t, err)
				assert.Equal(t, tt.want, token.AccessToken)
			}

			kept, err := store.Load(t.Context(), tokenKey)
			require.NoError(t, err)
			assert.Equal(t, tt.want, kept.AccessToken)
		})
	}
}

// An answer without a refresh token does not lose the old one.
func TestRefreshTokenIsCarriedOver(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	expectRefresh(gock, "refresh-1").JSON(200, `{"access_token":"access-2","expires_in":1209599}`)

	token, err := source(t, oauth(t, gock), stored(t, pair("1", 0))).Token(t.Context())

	require.NoError(t, err)
	assert.Equal(t, "refresh-1", token.RefreshToken)
}

func TestTokenWithoutRefreshToken(t *testing.T) {
	t.Parallel()
	token := pair("1", -time.Hour)
	token.RefreshToken = ""

	_, err := source(t, oauth(t, testkit.NewGock(t)), stored(t, token)).Token(t.Context())

	assert.EqualError(t, err, "salla: reauthorize: the token has run out, and it was saved without a refresh token")
}

// failing is a limiter that nobody must ask.
type failing struct{}

func (failing) Wait(context.Context) error { return errors.New("the limiter was asked") }

func TestOAuthHeedsOptions(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	for range 2 {
		gock.Expect(testkit.Request{
			Method: "POST", Path: "/oauth2/token", Body: form("grant_type", "refresh_token", "refresh_token", "refresh-1"),
			Header: map[string]string{"User-Agent": "connector"},
		}).Refuse()
	}
	var log testkit.Log
	attempts := 0
	o := oauth(t, gock)
	o.Options = souk.Options{
		HTTPClient: gock.Client(), UserAgent: "connector", MaxAttempts: 2, MaxRetryWait: 1, Limiter: failing{}, Logger: log.Logger(),
		Observer: &souk.Observer{Attempt: func(context.Context, souk.Attempt) { attempts++ }},
	}

	_, err := source(t, o, stored(t, pair("1", -time.Hour))).Token(t.Context())

	assert.ErrorIs(t, err, souk.ErrUnavailable)
	assert.Equal(t, 2, requireError(t, err).Attempts)
	assert.Equal(t, 2, attempts)
	assert.Len(t, log.Records(), 2)

	o.Options = souk.Options{AttemptTimeout: -1, MaxAttempts: -1, MaxRetryWait: -1, UserAgent: "\n"}
	_, err = o.TokenSource(merchant, souk.NewMemoryTokenStore())
	assert.Len(t, requireError(t, err).Fields, 4)
}

// A refresh whose answer was lost is not sent again, by this process or another.
func TestLostRefreshIsNotRepeated(t *testing.T) {
	t.Parallel()
	losses := map[string]func(*testkit.Reply){
		"connection lost": func(r *testkit.Reply) { r.Drop() },
		"answer cut off":  func(r *testkit.Reply) { r.Cut(200, "application/json", `{"access_token":"acc`) },
		"bad gateway":     func(r *testkit.Reply) { r.JSON(502, "<html>") },
		"server error":    func(r *testkit.Reply) { r.JSON(500, "{}") },
		"web page":        func(r *testkit.Reply) { r.JSON(200, "<html>") },
	}
	for name, lose := range losses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				gock := testkit.NewGock(t)
				lose(expectRefresh(gock, "refresh-1"))
				store := stored(t, pair("1", -time.Hour))
				here, elsewhere := source(t, oauth(t, gock), store), source(t, oauth(t, gock), store)

				for _, s := range []souk.TokenSource{here, here, elsewhere} {
					_, err := s.Token(t.Context())
					assert.ErrorIs(t, err, salla.ErrRefreshLost)
					assert.ErrorIs(t, err, souk.ErrReauthorize)
					assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown, "it is not the outcome of the call that needs the token")
				}
				assert.Len(t, gock.Requests(), 1)

				require.NoError(t, app.SaveToken(t.Context(), merchant, store, pair("9", 48*time.Hour)))
				for _, s := range []souk.TokenSource{here, elsewhere} {
					token, err := s.Token(t.Context())
					require.NoError(t, err)
					assert.Equal(t, "access-9", token.AccessToken)
				}
			})
		})
	}
}

// What somebody in between turns away says nothing of the refresh token, which is
// sent again with the next call.
func TestRefreshThatWasTurnedAway(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 401, 403, 407} {
		for _, body := range []string{``, `<html>`, `{}`, `{"message":"The access token is invalid"}`, `{"error":"Unauthorized"}`} {
			gock := testkit.NewGock(t)
			expectRefresh(gock, "refresh-1").JSON(status, body)
			expectRefresh(gock, "refresh-1").JSON(200, `{"access_token":"access-2","refresh_token":"refresh-2"}`)
			s := source(t, oauth(t, gock), stored(t, pair("1", -time.Hour)))

			_, err := s.Token(t.Context())
			assert.ErrorIs(t, err, souk.ErrUnreadable, body)
			assert.NotErrorIs(t, err, souk.ErrReauthorize, body)
			assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown, body)

			token, err := s.Token(t.Context())
			require.NoError(t, err, body)
			assert.Equal(t, "access-2", token.AccessToken)
		}
	}
}

// A call whose token end point is out of reach has not been sent, and what came from
// there is not its outcome.
func TestCallWhoseRefreshFails(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		status int
		body   string
		class  error
		not    []error
	}{
		{"turned away", 401, `<html>`, souk.ErrUnavailable, []error{souk.ErrUnauthorized, souk.ErrUnreadable}},
		{"refused", 401, `{"error":"invalid_grant"}`, souk.ErrReauthorize, nil},
		{"wrong secret", 400, `{"error":"invalid_client"}`, souk.ErrUnauthorized, []error{souk.ErrReauthorize}},
		{"another refusal", 422, `{"success":false,"status":422}`, souk.ErrUnauthorized, []error{souk.ErrInvalid}},
		{"not found", 404, `{"success":false,"status":404}`, souk.ErrUnauthorized, nil},
		{"no such page", 404, `<html>`, souk.ErrReauthorize, nil},
		{"no token", 200, `{"status":200,"success":true,"data":{"access_token":"access-2"}}`, souk.ErrReauthorize, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			expectRefresh(gock, "refresh-1").JSON(tt.status, tt.body)
			cfg := config(t, gock)
			cfg.Token, cfg.TokenSource = "", source(t, oauth(t, gock), stored(t, pair("1", -time.Hour)))
			client, err := salla.NewClient(cfg)
			require.NoError(t, err)

			_, err = client.Customers.Create(t.Context(), salla.CreateCustomerRequest{FirstName: "Sara"})

			assert.ErrorIs(t, err, tt.class)
			for _, class := range append(tt.not, souk.ErrNotFound, souk.ErrOutcomeUnknown) {
				assert.NotErrorIs(t, err, class)
			}
		})
	}
}

// As long as the token still works it is used, also when it cannot be renewed.
func TestTokenThatWorksIsUsedOn(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(*testkit.Reply){
		"turned away":  func(r *testkit.Reply) { r.JSON(401, "<html>") },
		"a page":       func(r *testkit.Reply) { r.JSON(200, "<html>") },
		"lost":         func(r *testkit.Reply) { r.Drop() },
		"rate limited": func(r *testkit.Reply) { r.JSON(429, "{}").Header("Retry-After", "3600") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			fail(expectRefresh(gock, "refresh-1"))

			token, err := source(t, oauth(t, gock), stored(t, pair("1", time.Hour))).Token(t.Context())

			require.NoError(t, err)
			assert.Equal(t, "access-1", token.AccessToken)
		})
	}
}

// What provably was not processed is sent again.
func TestRefreshThatDidNotLeaveIsRepeated(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	expectRefresh(gock, "refresh-1").Refuse()
	expectRefresh(gock, "refresh-1").JSON(200, `{"access_token":"access-2","refresh_token":"refresh-2"}`)

	token, err := source(t, oauth(t, gock), stored(t, pair("1", -time.Hour))).Token(t.Context())

	require.NoError(t, err)
	assert.Equal(t, "access-2", token.AccessToken)
}

// A refresh token that Salla has refused is not sent a second time.
func TestRefusedRefreshIsNotRepeated(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	expectRefresh(gock, "refresh-1").Fixture(401, "token_invalid_grant.json")
	s := source(t, oauth(t, gock), stored(t, pair("1", -time.Hour)))

	for range 3 {
		_, err := s.Token(t.Context())
		assert.ErrorIs(t, err, salla.ErrGrantInvalid)
	}
}

// Only "the access token is invalid" leads to a refresh, and to one.
func TestExpiredTokenIsRenewedOnce(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	create := testkit.Request{Method: "POST", Path: "/admin/v2/customers", Body: raw(`{"first_name":"Sara"}`)}
	first, second := create, create
	first.Header = map[string]string{"Authorization": "Bearer access-1"}
	second.Header = map[string]string{"Authorization": "Bearer access-2"}
	gock.Expect(first).Fixture(401, "error_401_token.json")
	expectRefresh(gock, "refresh-1").JSON(200, `{"access_token":"access-2","refresh_token":"refresh-2"}`)
	gock.Expect(second).Fixture(401, "error_401_token.json")
	cfg := config(t, gock)
	cfg.Token, cfg.TokenSource = "", source(t, oauth(t, gock), stored(t, pair("1", 48*time.Hour)))
	client, err := salla.NewClient(cfg)
	require.NoError(t, err)

	_, err = client.Customers.Create(t.Context(), salla.CreateCustomerRequest{FirstName: "Sara"})

	assert.ErrorIs(t, err, salla.ErrTokenInvalid)
	assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown)
}

// Salla's 401 counts in the body, too, where HTTP says 200.
func TestExpiredTokenIsRenewedByTheStatusInTheBody(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	create := testkit.Request{Method: "POST", Path: "/admin/v2/customers", Body: raw(`{"first_name":"Sara"}`)}
	gock.Expect(create).Fixture(200, "error_401_token.json")
	expectRefresh(gock, "refresh-1").JSON(200, `{"access_token":"access-2","refresh_token":"refresh-2"}`)
	gock.Expect(create).JSON(200, `{"status":200,"success":true,"data":{"id":7}}`)
	cfg := config(t, gock)
	cfg.Token, cfg.TokenSource = "", source(t, oauth(t, gock), stored(t, pair("1", 48*time.Hour)))
	client, err := salla.NewClient(cfg)
	require.NoError(t, err)

	customer, err := client.Customers.Create(t.Context(), salla.CreateCustomerRequest{FirstName: "Sara"})

	require.NoError(t, err)
	assert.Equal(t, int64(7), customer.ID)
}

func TestOtherRefusalsDoNotRenewTheToken(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"error_401_scope.json", "error_401_user_deleted.json", "error_401_user_inactive.json", "loyalty_get_401.json"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(testkit.Request{Path: "/admin/v2/customers/7"}).Fixture(401, name)
			cfg := config(t, gock)
			cfg.MaxAttempts = 4
			cfg.Token, cfg.TokenSource = "", source(t, oauth(t, gock), stored(t, pair("1", 48*time.Hour)))
			client, err := salla.NewClient(cfg)
			require.NoError(t, err)

			_, err = client.Customers.Get(t.Context(), 7, salla.GetCustomerRequest{})

			assert.Equal(t, 401, requireError(t, err).StatusCode)
			assert.Len(t, gock.Requests(), 1)
		})
	}
}

// A call that finds no token says why, and that it has not been sent.
func TestCallWithoutToken(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	expectRefresh(gock, "refresh-1").Drop()
	cfg := config(t, gock)
	cfg.Token, cfg.TokenSource = "", source(t, oauth(t, gock), stored(t, pair("1", -time.Hour)))
	client, err := salla.NewClient(cfg)
	require.NoError(t, err)

	_, err = client.Customers.Create(t.Context(), salla.CreateCustomerRequest{FirstName: "Sara"})

	assert.ErrorIs(t, err, salla.ErrRefreshLost)
	assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown)
	assert.EqualError(t, err, "salla: POST /customers: reauthorize: no credential could be obtained: POST /oauth2/token: "+
		"refresh lost: a refresh got no answer, so the refresh token may be used up, and is not sent again by itself: "+
		"install the app again, or call OAuth.RetryRefresh (the connection broke before the answer was complete)")
}

func TestSaveToken(t *testing.T) {
	t.Parallel()
	old, newer := pair("old", time.Hour), pair("newer", 2*time.Hour)
	endless := &oauth2.Token{AccessToken: "access-endless"}
	tests := []struct {
		name        string
		first, then *oauth2.Token
		want        string
	}{
		{"a newer one replaces", old, newer, "access-newer"},
		{"a delivery that was repeated does not", newer, old, "access-newer"},
		{"one that does not expire replaces", newer, endless, "access-endless"},
		{"the same does no harm", old, old, "access-old"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			store := stored(t, tt.first)

			require.NoError(t, app.SaveToken(t.Context(), merchant, store, tt.then))

			kept, err := store.Load(t.Context(), tokenKey)
			require.NoError(t, err)
			assert.Equal(t, tt.want, kept.AccessToken)
		})
	}
}

var errStore = errors.New("disk full")

// restlessStore can be read for the first time only.
type restlessStore struct {
	souk.TokenStore
	loads int
}

func (s *restlessStore) Load(ctx context.Context, key string) (*oauth2.Token, error) {
	s.loads++
	if s.loads > 1 {
		return nil, errStore
	}
	return s.TokenStore.Load(ctx, key)
}

// The last day of a token is long enough for its store to come back.
func TestTokenIsUsedOnWhileTheStoreFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := source(t, oauth(t, testkit.NewGock(t)), &restlessStore{TokenStore: stored(t, pair("1", 48*time.Hour))})
		for _, sleep := range []time.Duration{0, 25 * time.Hour, 22 * time.Hour} {
			time.Sleep(sleep)
			token, err := s.Token(t.Context())
			require.NoError(t, err)
			assert.Equal(t, "access-1", token.AccessToken)
		}

		time.Sleep(time.Hour)
		_, err := s.Token(t.Context())

		assert.ErrorIs(t, err, errStore)
		assert.ErrorIs(t, err, souk.ErrUnavailable)
	})
}

// failingStore cannot save.
type failingStore struct{ souk.TokenStore }

func (failingStore) Update(context.Context, string, func(context.Context, *oauth2.Token) (*oauth2.Token, error)) error {
	return errStore
}

func TestStoreThatFails(t *testing.T) {
	t.Parallel()
	store := failingStore{stored(t, pair("1", -time.Hour))}

	_, err := source(t, oauth(t, testkit.NewGock(t)), store).Token(t.Context())
	assert.ErrorIs(t, err, errStore)
	assert.ErrorContains(t, err, "disk full")
	assert.ErrorIs(t, err, souk.ErrUnavailable)
	assert.NotErrorIs(t, err, souk.ErrUnauthorized, "the merchant need not install the app again")

	err = app.SaveToken(t.Context(), merchant, store, pair("2", time.Hour))
	assert.ErrorIs(t, err, errStore)
	assert.EqualError(t, err, "salla: unavailable: the token store failed: disk full")
}

// brokenStore fails as a program that keeps its tokens at another vendor does.
type brokenStore struct{ souk.TokenStore }

func (brokenStore) Load(context.Context, string) (*oauth2.Token, error) {
	return nil, &souk.Error{Vendor: "shopline", StatusCode: 401, Err: souk.ErrUnauthorized}
}

func TestErrorsOfOtherVendorsAreThoseOfTheStore(t *testing.T) {
	t.Parallel()

	_, err := source(t, oauth(t, testkit.NewGock(t)), brokenStore{souk.NewMemoryTokenStore()}).Token(t.Context())

	e := requireError(t, err)
	assert.Equal(t, "salla", e.Vendor)
	assert.Zero(t, e.StatusCode)
	assert.EqualError(t, err, `salla: unavailable: the token store failed: load token "salla.app-1.1803665367": shopline: 401 unauthorized`)
	assert.ErrorIs(t, err, souk.ErrUnavailable)
}

// Many callers of many clients need a new token at once: the refresh token is
// sent once. The stand-in revokes everything when it comes twice.
func TestRefreshTokenIsUsedOnce(t *testing.T) {
	t.Parallel()
	server := sallatest.NewServer()
	t.Cleanup(server.Close)
	dir := t.TempDir()
	token, err := server.OAuth().Exchange(t.Context(), server.Authorize("state").Get("code"))
	require.NoError(t, err)
	token.Expiry = time.Now().Add(time.Hour)
	require.NoError(t, server.OAuth().SaveToken(t.Context(), server.Merchant, souk.NewFileTokenStore(dir), token))

	var failed atomic.Int64
	var calls sync.WaitGroup
	for range 4 { // as many processes
		s, err := server.OAuth().TokenSource(server.Merchant, souk.NewFileTokenStore(dir))
		require.NoError(t, err)
		cfg := server.Config()
		cfg.Token, cfg.TokenSource = "", s
		client, err := salla.NewClient(cfg)
		require.NoError(t, err)
		for range 5 {
			calls.Go(func() {
				if _, err := client.Webhooks.Events(t.Context()); err != nil {
					failed.Add(1)
					t.Log(err)
				}
			})
		}
	}
	calls.Wait()

	assert.Zero(t, failed.Load())
	refreshes := 0
	for _, r := range server.Requests() {
		if r.Path == "/oauth2/token" {
			refreshes++
		}
	}
	assert.Equal(t, 2, refreshes, "the exchange and one refresh")
}

// Another process has rotated the token file meanwhile: its token is used, and
// the refresh token at hand, which it has used up, is not sent.
func TestTokenFileRotatedByAnotherProcess(t *testing.T) {
	t.Parallel()
	server := sallatest.NewServer()
	t.Cleanup(server.Close)
	dir := t.TempDir()
	token, err := server.OAuth().Exchange(t.Context(), server.Authorize("state").Get("code"))
	require.NoError(t, err)
	require.NoError(t, server.OAuth().SaveToken(t.Context(), server.Merchant, souk.NewFileTokenStore(dir), token))
	here, err := server.OAuth().TokenSource(server.Merchant, souk.NewFileTokenStore(dir))
	require.NoError(t, err)
	first, err := here.Token(t.Context())
	require.NoError(t, err)

	elsewhere, err := server.OAuth().TokenSource(server.Merchant, souk.NewFileTokenStore(dir))
	require.NoError(t, err)
	old, err := elsewhere.Token(t.Context())
	require.NoError(t, err)
	elsewhere.(interface{ Invalidate(*oauth2.Token) }).Invalidate(old)
	rotated, err := elsewhere.Token(t.Context())
	require.NoError(t, err)
	require.NotEqual(t, first.AccessToken, rotated.AccessToken)

	here.(interface{ Invalidate(*oauth2.Token) }).Invalidate(first)
	got, err := here.Token(t.Context())

	require.NoError(t, err)
	assert.Equal(t, rotated.AccessToken, got.AccessToken)
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	require.NoError(t, err)
	assert.Len(t, files, 1)
}

func TestOAuthShowsNoSecret(t *testing.T) {
	t.Parallel()
	canary := testkit.NewCanary()
	var log testkit.Log
	for _, answer := range []string{
		`{"error":"invalid_grant","error_description":"` + canary.RefreshToken + `"}`,
		`{"access_token":{"` + canary.Token + `":1}}`,
		`{"error":"` + canary.ClientSecret + `"`,
	} {
		gock := testkit.NewGock(t)
		status := 200
		if strings.Contains(answer, "error") {
			status = 401
		}
		gock.Expect(testkit.Request{Method: "POST", Path: "/oauth2/token", Body: func([]byte) error { return nil }}).JSON(status, answer)
		o := oauth(t, gock)
		o.ClientSecret, o.Logger = canary.ClientSecret, log.Logger()
		token := &oauth2.Token{AccessToken: canary.Token, RefreshToken: canary.RefreshToken, Expiry: time.Now().Add(-time.Hour)}
		cfg := config(t, gock)
		cfg.Logger = log.Logger()
		cfg.Token, cfg.TokenSource = "", source(t, o, stored(t, token))
		client, err := salla.NewClient(cfg)
		require.NoError(t, err)

		_, err = client.Customers.Get(t.Context(), 7, salla.GetCustomerRequest{})

		require.Error(t, err)
		canary.CheckError(t, err)
		log.Logger().Error("failed", "error", err, "oauth", o)
	}
	assert.NotContains(t, log.Text(), canary.Token)
	assert.NotContains(t, log.Text(), canary.ClientSecret)
}

// A server that repeats what it was sent does not make it known, in what words ever.
func TestOAuthMasksWhatComesBack(t *testing.T) {
	t.Parallel()
	for _, spent := range []string{"app-secret", "code-1"} {
		for _, body := range []string{
			`{"error":"invalid_request","error_description":"wrong: ` + spent + `"}`,
			`{"success":false,"error":{"code":"` + spent + `","message":"no ` + spent + `","fields":{"` + spent + `":["` + spent + `"]}}}`,
		} {
			gock := testkit.NewGock(t)
			expectToken(gock, "grant_type", "authorization_code", "code", "code-1", "redirect_uri", "https://app.example/back").JSON(400, body)

			_, err := oauth(t, gock).Exchange(t.Context(), "code-1")

			e := requireError(t, err)
			assert.NotContains(t, fmt.Sprint(err, e.Code, e.Message, e.Fields), spent)
			assert.Contains(t, e.Message, "[masked]")
			assert.Empty(t, e.Body)
		}
	}
}

var _ http.Handler = (*sallatest.Server)(nil)
