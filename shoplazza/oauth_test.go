package shoplazza_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/shoplazza"
	"github.com/souk-go/souk/shoplazza/shoplazzatest"
	"github.com/souk-go/souk/souktest"
)

func app(client *http.Client) shoplazza.OAuth {
	return shoplazza.OAuth{
		ClientID:     "app-1",
		ClientSecret: "shh&=",
		RedirectURL:  "https://app.example/callback",
		Scopes:       []string{"read_customer", "write_customer"},
		Options:      souk.Options{HTTPClient: client},
	}
}

func TestTheMerchantIsSentToTheStore(t *testing.T) {
	t.Parallel()
	got, err := app(nil).AuthCodeURL("Demo", "s t&te")
	require.NoError(t, err)
	u, err := url.Parse(got)
	require.NoError(t, err)
	assert.Equal(t, "https://demo.myshoplaza.com/admin/oauth/authorize", u.Scheme+"://"+u.Host+u.Path)
	assert.Equal(t, url.Values{
		"client_id":     {"app-1"},
		"scope":         {"read_customer write_customer"},
		"redirect_uri":  {"https://app.example/callback"},
		"response_type": {"code"},
		"state":         {"s t&te"},
	}, u.Query())
}

func TestTheMerchantIsNotSentAnywhereElse(t *testing.T) {
	t.Parallel()
	for _, shop := range []string{"", "demo.myshoplaza.com", "evil.example/", "demo@evil", "de mo", "evil.example#"} {
		got, err := app(nil).AuthCodeURL(shop, "state")
		assert.Empty(t, got)
		requireInvalid(t, err, "shoplazza: invalid; Shop: must be the store's part of its domain, such as demo for demo.myshoplaza.com: letters, digits and hyphens only")
	}
	_, err := shoplazza.OAuth{RedirectURL: "/callback", BaseURL: "shop.example"}.AuthCodeURL("demo", "")
	requireInvalid(t, err, "shoplazza: invalid; BaseURL: must be an absolute URL such as https://shop.example; ClientID: must not be empty; "+
		"RedirectURL: must be an absolute URL; state: must not be empty: it protects the callback from strangers")
}

// signed adds the signature of a callback, in one of the two forms.
func signed(query url.Values, source string) url.Values {
	mac := hmac.New(sha256.New, []byte(app(nil).ClientSecret))
	mac.Write([]byte(source))
	query.Set("hmac", hex.EncodeToString(mac.Sum(nil)))
	return query
}

func callbackQuery() url.Values {
	return url.Values{"code": {"c-1"}, "shop": {"demo.myshoplaza.com"}, "state": {"a b"}}
}

func TestACallbackIsVerifiedInBothForms(t *testing.T) {
	t.Parallel()
	want := &shoplazza.Callback{Store: "demo", Code: "c-1", State: "a b"}
	for _, source := range []string{
		"code=c-1&shop=demo.myshoplaza.com&state=a b",
		"code=c-1&shop=demo.myshoplaza.com&state=a+b",
	} {
		query := signed(callbackQuery(), source)
		before := query.Encode()
		got, err := app(nil).ParseCallback(query, "a b")
		require.NoError(t, err)
		assert.Equal(t, want, got)
		assert.Equal(t, before, query.Encode(), "the caller's query is left alone")
	}
}

func TestAnInstallationIsVerified(t *testing.T) {
	t.Parallel()
	query := url.Values{"install_from": {"app_store"}, "shop": {"Demo.MyShoplaza.com"}, "store_id": {"2"}}
	got, err := app(nil).ParseInstall(signed(query, "install_from=app_store&shop=Demo.MyShoplaza.com&store_id=2"))
	require.NoError(t, err)
	assert.Equal(t, &shoplazza.Callback{Store: "demo", InstallFrom: "app_store", StoreID: "2"}, got)
}

func TestACallbackOfAStrangerIsRefused(t *testing.T) {
	t.Parallel()
	const source = "code=c-1&shop=demo.myshoplaza.com&state=a b"
	change := func(name, value string) url.Values {
		query := signed(callbackQuery(), source)
		query.Set(name, value)
		return query
	}
	evil := func(shop string) url.Values {
		query := callbackQuery()
		query.Set("shop", shop)
		return signed(query, "code=c-1&shop="+shop+"&state=a b")
	}
	noState := url.Values{"code": {"c-1"}, "shop": {"demo.myshoplaza.com"}}
	refused := callbackQuery()
	refused.Set("error", "access_denied")
	noCode := url.Values{"shop": {"demo.myshoplaza.com"}, "state": {"a b"}}
	cases := map[string]struct {
		query url.Values
		state string
		class error
		want  string
	}{
		"another code":                  {change("code", "c-2"), "a b", souk.ErrUnauthorized, "the signature does not match"},
		"another parameter":             {change("extra", "1"), "a b", souk.ErrUnauthorized, "the signature does not match"},
		"no signature":                  {callbackQuery(), "a b", souk.ErrUnauthorized, "the query is not signed, or not as the vendor signs"},
		"a signature that is none":      {change("hmac", "zz"), "a b", souk.ErrUnauthorized, "the query is not signed, or not as the vendor signs"},
		"another state":                 {signed(callbackQuery(), source), "x", souk.ErrUnauthorized, "the callback has another state than was sent"},
		"no state to compare with":      {signed(callbackQuery(), source), "", souk.ErrUnauthorized, "the callback has another state than was sent"},
		"no state on either side":       {signed(noState, "code=c-1&shop=demo.myshoplaza.com"), "", souk.ErrUnauthorized, "the callback has another state than was sent"},
		"no code":                       {signed(noCode, "shop=demo.myshoplaza.com&state=a b"), "a b", souk.ErrUnauthorized, "the callback brings no code"},
		"an error beside a code":        {signed(refused, "code=c-1&error=access_denied&shop=demo.myshoplaza.com&state=a b"), "a b", souk.ErrUnauthorized, "the callback says that the installation was refused"},
		"evilmyshoplaza.com":            {evil("evilmyshoplaza.com"), "a b", souk.ErrUnauthorized, "the shop is not a domain of the form {shop}.myshoplaza.com"},
		"a domain behind the right one": {evil("demo.myshoplaza.com.evil.example"), "a b", souk.ErrUnauthorized, "the shop is not a domain of the form {shop}.myshoplaza.com"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := app(nil).ParseCallback(c.query, c.state)
			assert.Nil(t, got)
			assert.Equal(t, c.want, requireError(t, err, c.class).Message)
		})
	}
}

func TestACallbackCannotBeVerifiedWithoutASecret(t *testing.T) {
	t.Parallel()
	mac := hmac.New(sha256.New, nil)
	mac.Write([]byte("code=c-1&shop=demo.myshoplaza.com&state=a b"))
	query := callbackQuery()
	query.Set("hmac", hex.EncodeToString(mac.Sum(nil)))
	_, err := shoplazza.OAuth{}.ParseCallback(query, "a b")
	requireInvalid(t, err, "shoplazza: invalid; ClientSecret: must not be empty: everybody could sign with an empty secret")
}

func TestOnlyDomainsOfShoplazzaAreShops(t *testing.T) {
	t.Parallel()
	for domain, want := range map[string]string{
		"demo.myshoplaza.com":                       "demo",
		"My-Shop-1.MYSHOPLAZA.com":                  "my-shop-1",
		"evilmyshoplaza.com":                        "",
		".myshoplaza.com":                           "",
		"myshoplaza.com":                            "",
		"a.b.myshoplaza.com":                        "",
		"demo.myshoplazza.com":                      "",
		"demo.myshoplazaxcom":                       "",
		"demo.myshoplaza.com.evil":                  "",
		"demo.myshoplaza.com\n":                     "",
		"evil/.myshoplaza.com":                      "",
		"evil@demo.myshoplaza.com":                  "",
		"evil?x=.myshoplaza.com":                    "",
		"":                                          "",
		"-demo.myshoplaza.com":                      "",
		"demo%2e.myshoplaza.com":                    "",
		"example.com":                               "",
		"http://x.myshoplaza.com":                   "",
		"demo.myshoplaza.com:8443":                  "",
		"dem\u00f6.myshoplaza.com":                  "",
		"demo .myshoplaza.com":                      "",
		"\u212ademo.myshoplaza.com":                 "", // the Kelvin sign
		strings.Repeat("a", 64) + ".myshoplaza.com": "",
	} {
		shop, ok := shoplazza.ShopOf(domain)
		assert.Equal(t, want, shop, domain)
		assert.Equal(t, want != "", ok, domain)
	}
}

func tokenRequest(shop string, form url.Values) testkit.Request {
	form.Set("client_id", "app-1")
	form.Set("client_secret", "shh&=")
	return testkit.Request{
		Method:   http.MethodPost,
		URL:      "https://" + shop + ".myshoplaza.com/admin/oauth/token",
		Header:   map[string]string{"Content-Type": "application/x-www-form-urlencoded"},
		NoHeader: []string{"Access-Token", "Authorization"},
		Body:     form.Encode(),
	}
}

func exchangeForm() url.Values {
	return url.Values{"grant_type": {"authorization_code"}, "code": {"c-1"}, "redirect_uri": {"https://app.example/callback"}}
}

func refreshForm(token string) url.Values {
	return url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}}
}

func TestExchangeReturnsTheToken(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	g.Expect(tokenRequest("demo", exchangeForm())).Fixture(http.StatusOK, "oauth_token.json")
	got, err := app(g.Client()).Exchange(t.Context(), "demo", "c-1")
	require.NoError(t, err)
	assert.Equal(t, "s8rVMrAJMTv3Ghe1MQAsGDsa2rEOGfJd", got.AccessToken)
	assert.Equal(t, "tRcGnqq8rk4jZ2kK", got.RefreshToken)
	assert.Equal(t, "Bearer", got.TokenType)
	assert.True(t, got.Expiry.Equal(time.Date(2019, 2, 19, 3, 17, 25, 0, time.UTC)), got.Expiry)
	assert.Equal(t, "2", got.Extra("store_id"))
	assert.Equal(t, "Demo", got.Extra("store_name"))
	assert.Equal(t, "en-US", got.Extra("locale"))
}

func TestATokensEndComesInSeveralSpellings(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]time.Duration{
		`{"access_token":"a","expires_at":{},"expires_in":["x"]}`:                                                                     0,
		`{"access_token":"a","expires_at":"soon","expires_in":3600.5,"store_id":{"id":2},"store_name":[],"locale":7,"token_type":{}}`: time.Hour,
		`{"access_token":"a"}`:                          0,
		`{"access_token":"a","expires_at":0}`:           0,
		`{"access_token":"a","expires_in":3600}`:        time.Hour,
		`{"access_token":"a","expires_in":"3600"}`:      time.Hour,
		`{"data":null,"access_token":"a","store_id":2}`: 0,
	} {
		synctest.Test(t, func(t *testing.T) {
			g := testkit.NewGock(t)
			g.Expect(tokenRequest("demo", exchangeForm())).JSON(http.StatusOK, body)
			got, err := app(g.Client()).Exchange(t.Context(), "demo", "c-1")
			require.NoError(t, err)
			if want == 0 {
				assert.Zero(t, got.Expiry, body)
				return
			}
			assert.WithinDuration(t, time.Now().Add(want), got.Expiry, time.Second)
		})
	}
}

func TestExchangeFails(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reply   func(*testkit.Reply)
		classes []error
		code    string
	}{
		"a code that is used up": {func(r *testkit.Reply) { r.Fixture(400, "errors/oauth_grant.json") }, []error{souk.ErrUnauthorized}, "invalid_grant"},
		"another secret":         {func(r *testkit.Reply) { r.JSON(401, `{"error":"invalid_client"}`) }, []error{souk.ErrUnauthorized}, "invalid_client"},
		"an app without rights":  {func(r *testkit.Reply) { r.JSON(400, `{"error":"unauthorized_client"}`) }, []error{souk.ErrUnauthorized}, "unauthorized_client"},
		"store is not active":    {func(r *testkit.Reply) { r.Fixture(400, "errors/not_active.json") }, []error{souk.ErrForbidden}, ""},
		"a wrong request":        {func(r *testkit.Reply) { r.JSON(400, `{"error":"invalid_request"}`) }, []error{souk.ErrInvalid}, "invalid_request"},
		"no token":               {func(r *testkit.Reply) { r.JSON(200, `{"token_type":"Bearer"}`) }, []error{souk.ErrOutcomeUnknown}, ""},
		"an error inside a 200":  {func(r *testkit.Reply) { r.JSON(200, `{"error":"invalid_grant"}`) }, []error{souk.ErrUnauthorized}, "invalid_grant"},
		"a lost answer":          {func(r *testkit.Reply) { r.Drop() }, []error{souk.ErrOutcomeUnknown, souk.ErrUnavailable}, ""},
		"a broken server":        {func(r *testkit.Reply) { r.JSON(502, `<html>`) }, []error{souk.ErrOutcomeUnknown, souk.ErrUnavailable, souk.ErrUnreadable}, ""},
		"trouble of its own":     {func(r *testkit.Reply) { r.JSON(500, `{"error":"invalid_grant"}`) }, []error{souk.ErrOutcomeUnknown, souk.ErrUnavailable}, "invalid_grant"},
		"a page":                 {func(r *testkit.Reply) { r.JSON(200, `<html>`) }, []error{souk.ErrOutcomeUnknown, souk.ErrUnavailable, souk.ErrUnreadable}, ""},
		"nothing":                {func(r *testkit.Reply) { r.Status(204) }, []error{souk.ErrOutcomeUnknown, souk.ErrUnavailable, souk.ErrUnreadable}, ""},
		"another's answer":       {func(r *testkit.Reply) { r.JSON(200, `{"message":"maintenance"}`) }, []error{souk.ErrOutcomeUnknown, souk.ErrUnavailable, souk.ErrUnreadable}, ""},
		"a token and an error":   {func(r *testkit.Reply) { r.JSON(200, `{"access_token":"a","errors":["no"]}`) }, []error{souk.ErrOutcomeUnknown, souk.ErrUnavailable, souk.ErrUnreadable}, ""},
		"no such store":          {func(r *testkit.Reply) { r.JSON(404, `{"errors":"Not Found"}`) }, []error{souk.ErrInvalid}, ""},
		"a code that is unknown": {func(r *testkit.Reply) { r.JSON(404, `{"error":"not_found"}`) }, []error{souk.ErrInvalid}, "not_found"},
		"a conflict":             {func(r *testkit.Reply) { r.JSON(409, `{"error":"conflict"}`) }, []error{souk.ErrInvalid}, "conflict"},
		"a proxy's 404":          {func(r *testkit.Reply) { r.JSON(404, `<html>`) }, []error{souk.ErrOutcomeUnknown, souk.ErrUnavailable, souk.ErrUnreadable}, ""},
		"a proxy's 401":          {func(r *testkit.Reply) { r.JSON(401, `<html>`) }, []error{souk.ErrUnauthorized, souk.ErrUnreadable}, ""},
		"a framework's 400":      {func(r *testkit.Reply) { r.JSON(400, `{"error":"invalid_grant","path":"/x"}`) }, []error{souk.ErrInvalid, souk.ErrUnreadable}, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := testkit.NewGock(t)
			c.reply(g.Expect(tokenRequest("demo", exchangeForm())))
			got, err := app(g.Client()).Exchange(t.Context(), "demo", "c-1")
			assert.Nil(t, got)
			for _, class := range c.classes {
				e := requireError(t, err, class)
				assert.Equal(t, c.code, e.Code)
				assert.Equal(t, "/admin/oauth/token", e.Route)
				assert.Empty(t, e.Body, "it could hold a token")
			}
			assert.NotErrorIs(t, err, souk.ErrReauthorize, "a code is not what the app works with")
			assert.NotErrorIs(t, err, souk.ErrNotFound, "nobody looked for anything")
			assert.NotErrorIs(t, err, souk.ErrAlreadyExists, "a token is not taken")
		})
	}
}

func TestARefreshTokenThatIsNotGoodIsForThePersonWhoInstalled(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reply       func(*testkit.Reply)
		reauthorize bool
	}{
		"spent or revoked":      {func(r *testkit.Reply) { r.Fixture(400, "errors/oauth_grant.json") }, true},
		"an error inside a 200": {func(r *testkit.Reply) { r.JSON(200, `{"error":"invalid_grant"}`) }, true},
		"another secret":        {func(r *testkit.Reply) { r.JSON(401, `{"error":"invalid_client"}`) }, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, tokens, shop := newOAuthStore(t, &oauth2.Token{AccessToken: "old", RefreshToken: "r-1", Expiry: time.Now()})
			c.reply(s.Expect(tokenRequest(shop, refreshForm("r-1"))))
			_, err := s.client.Customers.Count(t.Context())
			requireError(t, err, souk.ErrUnauthorized)
			assert.Equal(t, c.reauthorize, errors.Is(err, souk.ErrReauthorize))
			assert.Equal(t, c.reauthorize, strings.Contains(err.Error(), "the refresh token is spent or was revoked"))
			kept, err := tokens.Load(t.Context(), "shoplazza.app-1."+shop)
			require.NoError(t, err)
			assert.Equal(t, "r-1", kept.RefreshToken)
		})
	}
}

func TestOptionsAreThoseOfTokenCallsToo(t *testing.T) {
	t.Parallel()
	var routes []string
	limiter := &counter{}
	g := testkit.NewGock(t)
	o := app(g.Client())
	var log testkit.Log
	o.UserAgent, o.Limiter, o.Logger = "importer/1", limiter, log.Logger()
	o.Observer = &souk.Observer{CallEnd: func(_ context.Context, c souk.Call, _ error) { routes = append(routes, c.Route) }}
	want := tokenRequest("demo", refreshForm("r-1"))
	want.Header["User-Agent"] = "importer/1"
	g.Expect(want).JSON(http.StatusOK, `{"access_token":"a"}`)
	_, err := o.Refresh(t.Context(), "demo", "r-1")
	require.NoError(t, err)
	assert.Equal(t, []string{"/admin/oauth/token"}, routes)
	assert.Zero(t, limiter.waits, "it paces the API")
	assert.NotEmpty(t, log.Records())

	o.AttemptTimeout, o.MaxAttempts, o.MaxRetryWait = -1, -1, -1
	_, refresh := o.Refresh(t.Context(), "demo", "r-1")
	_, source := o.TokenSource("demo", souk.NewMemoryTokenStore())
	for _, err := range []error{refresh, source} {
		e := requireError(t, err, souk.ErrInvalid)
		assert.Len(t, e.Fields, 3, "AttemptTimeout, MaxAttempts, MaxRetryWait")
	}
}

func TestATokenCallWaitsAsLongAsTheServerAsks(t *testing.T) {
	t.Parallel()
	for asked, want := range map[string]error{"30": nil, "90": souk.ErrRateLimited} {
		synctest.Test(t, func(t *testing.T) {
			server := shoplazzatest.NewServer()
			defer server.Close()
			server.Inject(souktest.Fault{Operation: "OAuth.Exchange", Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {asked}}})
			start := time.Now()
			_, err := server.OAuth().Exchange(t.Context(), "demo", server.Authorize("s").Get("code"))
			require.ErrorIs(t, err, want)
			if want == nil {
				assert.Equal(t, 30*time.Second, time.Since(start))
				return
			}
			assert.Zero(t, time.Since(start))
			assert.Equal(t, 90*time.Second, requireError(t, err, want).RetryAfter)
		})
	}
}

func TestTheClientSecretGoesNowhereElse(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	for _, shop := range []string{"", "evil.example/", "evilmyshoplaza.com", "demo.myshoplaza.com"} {
		_, err := app(g.Client()).Exchange(t.Context(), shop, "c-1")
		e := requireError(t, err, souk.ErrInvalid)
		assert.Contains(t, e.Fields, "Shop")
	}
	_, err := shoplazza.OAuth{Options: souk.Options{HTTPClient: g.Client()}}.Exchange(t.Context(), "demo", "")
	e := requireError(t, err, souk.ErrInvalid)
	assert.Len(t, e.Fields, 4, "code, ClientID, ClientSecret, RedirectURL")
	_, err = app(g.Client()).Refresh(t.Context(), "demo", "")
	requireInvalid(t, err, "shoplazza: invalid; refreshToken: must not be empty")
	plain := app(g.Client())
	plain.BaseURL = "http://shop.example"
	_, err = plain.Exchange(t.Context(), "demo", "c-1")
	requireInvalid(t, err, "shoplazza: invalid; BaseURL: must use https; plain http is for loopback addresses only")
	assert.Empty(t, g.Requests())
}

func TestOAuthErrorsHoldNoSecret(t *testing.T) {
	t.Parallel()
	canary := testkit.NewCanary()
	echo := "client_secret=" + canary.ClientSecret + " refresh_token=" + canary.RefreshToken + " code=" + canary.Token +
		" " + url.Values{"client_secret": {canary.ClientSecret}, "refresh_token": {canary.RefreshToken}, "code": {canary.Token}}.Encode()
	replies := map[string]func(*testkit.Reply){
		"an error of the transport": func(r *testkit.Reply) { r.Fail(errors.New(echo)) },
		"a description":             func(r *testkit.Reply) { r.JSON(400, object{"error": "invalid_grant", "error_description": echo}) },
		"a sentence":                func(r *testkit.Reply) { r.JSON(401, object{"error": echo}) },
		"a list":                    func(r *testkit.Reply) { r.JSON(422, object{"errors": []string{echo}}) },
		"an object":                 func(r *testkit.Reply) { r.JSON(422, object{"errors": object{"form": echo}}) },
	}
	for name, reply := range replies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log testkit.Log
			g := testkit.NewGock(t)
			o := app(g.Client())
			o.ClientSecret, o.Logger = canary.ClientSecret, log.Logger()
			anything := testkit.Request{Method: http.MethodPost, URL: "https://demo.myshoplaza.com/admin/oauth/token", Body: func([]byte) error { return nil }}
			reply(g.Expect(anything))
			reply(g.Expect(anything))
			_, refresh := o.Refresh(t.Context(), "demo", canary.RefreshToken)
			_, exchange := o.Exchange(t.Context(), "demo", canary.Token)
			for _, err := range []error{refresh, exchange} {
				require.Error(t, err)
				text := fmt.Sprintf("%v", err)
				log.Logger().Error("failed", "err", err)
				assert.NotContains(t, text+log.Text(), canary.ClientSecret)
				if errors.Is(err, refresh) {
					assert.NotContains(t, text+log.Text(), canary.RefreshToken)
				} else {
					assert.NotContains(t, text, canary.Token)
				}
			}
		})
	}
}

func storeWithToken(t *testing.T, shop string, token *oauth2.Token) souk.TokenStore {
	t.Helper()
	tokens := souk.NewMemoryTokenStore()
	require.NoError(t, app(nil).SaveToken(t.Context(), strings.ToUpper(shop), tokens, token))
	return tokens
}

func newToken(n int) *oauth2.Token {
	return &oauth2.Token{AccessToken: fmt.Sprintf("token-%d", n)}
}

// newOAuthStore is a store whose client renews its token.
func newOAuthStore(t *testing.T, held *oauth2.Token) (s store, tokens souk.TokenStore, shop string) {
	t.Helper()
	g := testkit.NewGock(t)
	shop = uniqueShop()
	tokens = storeWithToken(t, shop, held)
	client, err := shoplazza.NewClient(shoplazza.Config{
		Shop:        shop,
		TokenSource: source(t, app(g.Client()), shop, tokens),
		Options:     souk.Options{HTTPClient: g.Client()},
	})
	require.NoError(t, err)
	return store{g, client, "https://" + shop + ".myshoplaza.com/openapi/2022-01", false}, tokens, shop
}

func source(t *testing.T, o shoplazza.OAuth, shop string, tokens souk.TokenStore) souk.TokenSource {
	t.Helper()
	source, err := o.TokenSource(shop, tokens)
	require.NoError(t, err)
	return source
}

func (s store) expectCount(token string) *testkit.Reply {
	return s.Expect(testkit.Request{URL: s.base + "/customers/count", Header: map[string]string{"Access-Token": token}})
}

func TestATokenThatRunsOutIsRenewedAndKept(t *testing.T) {
	t.Parallel()
	s, tokens, shop := newOAuthStore(t, &oauth2.Token{AccessToken: "old", RefreshToken: "r-1", Expiry: time.Now().Add(4 * time.Minute)})
	s.Expect(tokenRequest(shop, refreshForm("r-1"))).JSON(http.StatusOK, `{"access_token":"new","refresh_token":"r-2","expires_in":86400}`)
	s.expectCount("new").JSON(http.StatusOK, `{"count":1}`)
	_, err := s.client.Customers.Count(t.Context())
	require.NoError(t, err)
	kept, err := tokens.Load(t.Context(), "shoplazza.app-1."+shop)
	require.NoError(t, err)
	assert.Equal(t, "new", kept.AccessToken)
	assert.Equal(t, "r-2", kept.RefreshToken, "the refresh token rotates")
}

func TestARefreshTokenThatIsNotReplacedIsKept(t *testing.T) {
	t.Parallel()
	s, tokens, shop := newOAuthStore(t, &oauth2.Token{AccessToken: "old", RefreshToken: "r-1", Expiry: time.Now()})
	s.Expect(tokenRequest(shop, refreshForm("r-1"))).JSON(http.StatusOK, `{"access_token":"new","expires_in":86400}`)
	s.expectCount("new").JSON(http.StatusOK, `{"count":1}`)
	_, err := s.client.Customers.Count(t.Context())
	require.NoError(t, err)
	kept, err := tokens.Load(t.Context(), "shoplazza.app-1."+shop)
	require.NoError(t, err)
	assert.Equal(t, "r-1", kept.RefreshToken)
}

func TestATokenThatTheServerCallsExpiredIsRenewedOnce(t *testing.T) {
	t.Parallel()
	for name, refuse := range map[string]func(*testkit.Reply){
		"status 401":      func(r *testkit.Reply) { r.JSON(401, `{"error":"Unauthorized"}`) },
		"status 400":      func(r *testkit.Reply) { r.JSON(400, `{"error":"Unauthorized"}`) },
		"a text of token": func(r *testkit.Reply) { r.JSON(400, `{"error":"Invalid access token"}`) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _, shop := newOAuthStore(t, &oauth2.Token{AccessToken: "old", RefreshToken: "r-1", Expiry: time.Now().Add(time.Hour)})
			refuse(s.expectCount("old"))
			s.Expect(tokenRequest(shop, refreshForm("r-1"))).JSON(http.StatusOK, `{"access_token":"new","refresh_token":"r-2","expires_in":86400}`)
			refuse(s.expectCount("new"))
			_, err := s.client.Customers.Count(t.Context())
			e := requireError(t, err, souk.ErrUnauthorized)
			assert.Equal(t, 2, e.Attempts)
		})
	}
}

func TestACreateIsRepeatedAfterItsTokenWasRenewed(t *testing.T) {
	t.Parallel()
	s, _, shop := newOAuthStore(t, &oauth2.Token{AccessToken: "old", RefreshToken: "r-1", Expiry: time.Now().Add(time.Hour)})
	create := testkit.Request{
		Method: http.MethodPost, URL: s.base + "/customers", Header: map[string]string{"Access-Token": "old"},
		Body: object{"customer": object{"contact_type": "email", "email": "a@example.com"}},
	}
	s.Expect(create).JSON(401, `{"error":"Unauthorized"}`)
	s.Expect(tokenRequest(shop, refreshForm("r-1"))).JSON(http.StatusOK, `{"access_token":"new","expires_in":86400}`)
	create.Header = map[string]string{"Access-Token": "new"}
	s.Expect(create).JSON(http.StatusOK, `{"customer":{"id":"1"}}`)
	got, err := s.client.Customers.Create(t.Context(), shoplazza.CreateCustomerRequest{Email: "a@example.com"})
	require.NoError(t, err)
	assert.Equal(t, "1", got.ID)
}

func TestAStoreThatIsNotActiveIsNoReasonToRenew(t *testing.T) {
	t.Parallel()
	s, _, _ := newOAuthStore(t, &oauth2.Token{AccessToken: "old", RefreshToken: "r-1", Expiry: time.Now().Add(time.Hour)})
	s.expectCount("old").Fixture(401, "errors/not_active.json")
	_, err := s.client.Customers.Count(t.Context())
	requireError(t, err, souk.ErrForbidden)
}

func TestOneRefreshServesAllCallers(t *testing.T) {
	t.Parallel()
	s, _, shop := newOAuthStore(t, &oauth2.Token{AccessToken: "old", RefreshToken: "r-1", Expiry: time.Now()})
	s.Expect(tokenRequest(shop, refreshForm("r-1"))).JSON(http.StatusOK, `{"access_token":"new","refresh_token":"r-2","expires_in":86400}`)
	s.expectCount("new").Times(20).JSON(http.StatusOK, `{"count":1}`)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			_, err := s.client.Customers.Count(t.Context())
			assert.NoError(t, err)
		})
	}
	wg.Wait()
}

// notTheEndPoints are answers to a refresh that are not of the token end point.
var notTheEndPoints = map[string]func(*testkit.Reply){
	"a broken proxy": func(r *testkit.Reply) { r.JSON(502, ``) },
	"a page":         func(r *testkit.Reply) { r.Body(200, "text/html", []byte("<html>")) },
	"a proxy's 400":  func(r *testkit.Reply) { r.Body(400, "text/html", []byte("<html>")) },
	"a proxy's 401":  func(r *testkit.Reply) { r.Body(401, "text/html", []byte("<html>")) },
	"a proxy's 403":  func(r *testkit.Reply) { r.JSON(403, `{"message":"Forbidden"}`) },
	"a proxy's 404":  func(r *testkit.Reply) { r.JSON(404, `{"status":404,"error":"invalid_grant"}`) },
}

// mayBeTaken are those of them after which the refresh token may be spent.
var mayBeTaken = map[string]bool{"a broken proxy": true, "a page": true, "a proxy's 404": true}

func TestATokenThatIsStillGoodOutlivesATroubledRefresh(t *testing.T) {
	t.Parallel()
	for name, reply := range notTheEndPoints {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _, shop := newOAuthStore(t, &oauth2.Token{AccessToken: "old", RefreshToken: "r-1", Expiry: time.Now().Add(4 * time.Minute)})
			reply(s.Expect(tokenRequest(shop, refreshForm("r-1"))))
			s.expectCount("old").JSON(http.StatusOK, `{"count":1}`)
			_, err := s.client.Customers.Count(t.Context())
			assert.NoError(t, err)
		})
	}
}

// Where the refresh token may have been taken, a person has to act.
func TestWithoutATokenNothingIsSent(t *testing.T) {
	t.Parallel()
	for name, reply := range notTheEndPoints {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, tokens, shop := newOAuthStore(t, &oauth2.Token{AccessToken: "old", RefreshToken: "r-1", Expiry: time.Now()})
			reply(s.Expect(tokenRequest(shop, refreshForm("r-1"))))
			err := s.create(t)
			class, refresh := souk.ErrUnavailable, "^r-1$"
			if mayBeTaken[name] {
				class, refresh = souk.ErrReauthorize, "^souk-sent:[0-9]+:[A-Z2-7]{16}:r-1$"
			}
			requireError(t, err, class)
			for _, other := range []error{souk.ErrOutcomeUnknown, souk.ErrForbidden, souk.ErrNotFound, souk.ErrInvalid, souk.ErrUnreadable} {
				assert.NotErrorIs(t, err, other, "that is what became of the token, not of the call")
			}
			assert.Equal(t, mayBeTaken[name], errors.Is(err, souk.ErrUnauthorized))
			kept, err := tokens.Load(t.Context(), "shoplazza.app-1."+shop)
			require.NoError(t, err)
			assert.Equal(t, "old", kept.AccessToken)
			assert.Regexp(t, refresh, kept.RefreshToken)
		})
	}
	for body, class := range map[string]error{
		`{"error":"invalid_request"}`:      souk.ErrUnauthorized,
		`{"errors":["record not found"]}`:  souk.ErrUnauthorized,
		`{"error":"invalid_grant"}`:        souk.ErrReauthorize,
		`{"error":"store is not active"}`:  souk.ErrForbidden,
		`{"error":"unsupported_whatever"}`: souk.ErrUnauthorized,
	} {
		s, _, shop := newOAuthStore(t, &oauth2.Token{AccessToken: "old", RefreshToken: "r-1", Expiry: time.Now()})
		s.Expect(tokenRequest(shop, refreshForm("r-1"))).JSON(400, body)
		err := s.create(t)
		requireError(t, err, class)
		assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown)
		assert.NotErrorIs(t, err, souk.ErrNotFound)
	}
}

func TestAForeign401IsNoReasonToRenew(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`<html>`, ``, `{}`, `"Unauthorized"`, `{"message":"Unauthorized"}`, `{"error":"Unauthorized","status":401}`} {
		s, _, _ := newOAuthStore(t, &oauth2.Token{AccessToken: "old", RefreshToken: "r-1", Expiry: time.Now().Add(time.Hour)})
		s.expectCount("old").JSON(401, body)
		_, err := s.client.Customers.Count(t.Context())
		requireError(t, err, souk.ErrUnauthorized)
		require.ErrorIs(t, err, souk.ErrUnreadable)
	}
}

func TestAShopWithoutATokenHasToBeAuthorized(t *testing.T) {
	t.Parallel()
	source := source(t, app(nil), "demo", souk.NewMemoryTokenStore())
	_, err := source.Token(t.Context())
	requireError(t, err, souk.ErrReauthorize)
	require.ErrorIs(t, err, souk.ErrUnauthorized)

	client, err := shoplazza.NewClient(shoplazza.Config{Shop: uniqueShop(), TokenSource: source, Options: souk.Options{HTTPClient: testkit.NewGock(t).Client()}})
	require.NoError(t, err)
	_, err = client.Customers.Count(t.Context())
	require.ErrorIs(t, err, souk.ErrReauthorize)
	assert.ErrorContains(t, err, "the app is not installed: no token is stored under the key shoplazza.app-1.demo")
}

func TestTokensSurviveInFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	want := &oauth2.Token{AccessToken: "a", RefreshToken: "r", Expiry: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)}
	require.NoError(t, app(nil).SaveToken(t.Context(), "demo", souk.NewFileTokenStore(dir), want))
	got, err := souk.NewFileTokenStore(dir).Load(t.Context(), app(nil).TokenKey("Demo"))
	require.NoError(t, err)
	assert.Equal(t, want.AccessToken, got.AccessToken)
	assert.Equal(t, want.RefreshToken, got.RefreshToken)
	assert.True(t, want.Expiry.Equal(got.Expiry))
}

func TestSaveTokenRefusesWhatCannotBeFoundAgain(t *testing.T) {
	t.Parallel()
	err := app(nil).SaveToken(t.Context(), "demo", nil, &oauth2.Token{})
	requireInvalid(t, err, "shoplazza: invalid; token: must not be empty; tokens: must not be nil")
	err = app(nil).SaveToken(t.Context(), "../x", souk.NewMemoryTokenStore(), &oauth2.Token{AccessToken: "a"})
	requireError(t, err, souk.ErrInvalid)
}

func TestATokenSourceNamesAllThatIsWrong(t *testing.T) {
	t.Parallel()
	source, err := shoplazza.OAuth{}.TokenSource("demo.myshoplaza.com", nil)
	assert.Nil(t, source)
	e := requireError(t, err, souk.ErrInvalid)
	for _, field := range []string{"Shop", "ClientID", "ClientSecret", "tokens"} {
		assert.Contains(t, e.Fields, field)
	}
}

// brokenStore is a store that cannot save.
type brokenStore struct{ souk.TokenStore }

func (brokenStore) Update(context.Context, string, func(context.Context, *oauth2.Token) (*oauth2.Token, error)) error {
	return errors.New("disk full")
}

func TestATokenThatCannotBeSavedIsAnError(t *testing.T) {
	t.Parallel()
	err := app(nil).SaveToken(t.Context(), "demo", brokenStore{}, &oauth2.Token{AccessToken: "a"})
	assert.EqualError(t, err, "shoplazza: unavailable: the token store failed: disk full")
}

func TestACallbackThatCanBeReadInTwoWaysIsRefused(t *testing.T) {
	t.Parallel()
	// The plain form of both is code=c&shop=demo.myshoplaza.com&state=a.
	query := url.Values{"code": {"c&shop=demo.myshoplaza.com"}, "shop": {"demo.myshoplaza.com"}, "state": {"a"}}
	_, err := app(nil).ParseCallback(signed(query, "code=c&shop=demo.myshoplaza.com&shop=demo.myshoplaza.com&state=a"), "a")
	requireError(t, err, souk.ErrUnauthorized)
	for _, source := range []string{"code=c&shop=demo.myshoplaza.com&state=a", "code=c&code=d&shop=demo.myshoplaza.com&state=a"} {
		query = url.Values{"code": {"c", "d"}, "shop": {"demo.myshoplaza.com"}, "state": {"a"}}
		_, err = app(nil).ParseCallback(signed(query, source), "a")
		assert.Equal(t, "the query names a parameter twice", requireError(t, err, souk.ErrUnauthorized).Message)
	}
}
