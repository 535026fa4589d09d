package shopline_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
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
	"github.com/souk-go/souk/shopline/shoplinetest"
	"github.com/souk-go/souk/souktest"
)

const appSecret = "topsecret"

func newOAuth(t *testing.T, g *testkit.Gock) shopline.OAuth {
	return shopline.OAuth{
		ClientID:     appKeyOf(t),
		ClientSecret: appSecret,
		RedirectURL:  "https://app.example/auth/callback?from=souk",
		Scopes:       []string{"read_customers", "write_customers"},
		Options:      souk.Options{HTTPClient: g.Client()},
	}
}

// hexSign is the signature of a text by SHOPLINE's rules.
func hexSign(secret, text string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))
}

func TestAuthCodeURL(t *testing.T) {
	t.Parallel()
	oauth := newOAuth(t, testkit.NewGock(t))

	address, err := oauth.AuthCodeURL("open001", "a b/c")

	require.NoError(t, err)
	assert.Equal(t, "https://open001.myshopline.com/admin/oauth-web/#/oauth/authorize?appKey="+appKeyOf(t)+
		"&responseType=code&scope=read_customers,write_customers&redirectUri=https%3A%2F%2Fapp.example%2Fauth%2Fcallback%3Ffrom%3Dsouk"+
		"&customField=a%20b%2Fc", address)
}

// ParseCallback would refuse what comes back.
func TestAuthCodeURLWantsAState(t *testing.T) {
	t.Parallel()
	oauth := newOAuth(t, testkit.NewGock(t))
	oauth.RedirectURL, oauth.BaseURL = "/auth/callback", "shop.example"

	_, err := oauth.AuthCodeURL("open001", "")

	require.ErrorIs(t, err, souk.ErrInvalid)
	assert.EqualError(t, err, "shopline: invalid; BaseURL: must be an absolute URL such as https://shop.example; "+
		"RedirectURL: must be an absolute URL; state: must not be empty: it protects the callback from strangers")
}

func TestTokenKey(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "shopline.key.open001", shopline.OAuth{ClientID: "key"}.TokenKey("open001"))
}

func TestOAuthRefusesWrongSettings(t *testing.T) {
	t.Parallel()
	const handle = "must be the first label of the store's domain, such as open001 of open001.myshopline.com: lower-case letters, digits and hyphens only"
	all := map[string][]string{
		"handle": {handle}, "ClientID": {"must be the app's key, without spaces and line breaks"},
		"ClientSecret": {"must not be empty: everybody could sign with an empty secret"},
	}
	with := func(field, text string) map[string][]string {
		fields := map[string][]string{field: {text}}
		for name, texts := range all {
			fields[name] = texts
		}
		return fields
	}
	oauth := shopline.OAuth{ClientID: "a\nb"}
	const bad = "evil.example/?myshopline.com"
	_, authorize := oauth.AuthCodeURL(bad, "a&b")
	_, exchange := oauth.Exchange(t.Context(), bad, "")
	_, refresh := oauth.Refresh(t.Context(), bad)
	_, source := oauth.TokenSource(bad, nil)
	save := oauth.SaveToken(t.Context(), bad, souk.NewMemoryTokenStore(), nil)

	authorizeFields := with("RedirectURL", "must be an absolute URL")
	authorizeFields["Scopes"] = []string{"must name at least one scope, such as read_customers"}
	authorizeFields["state"] = []string{"must not contain &, which SHOPLINE's signature cannot protect"}
	for _, test := range []struct {
		err  error
		want map[string][]string
	}{
		{authorize, authorizeFields},
		{exchange, with("code", "must not be empty")},
		{refresh, all},
		{source, with("tokens", "must not be nil")},
		{save, with("token", "must not be empty")},
	} {
		require.ErrorIs(t, test.err, souk.ErrInvalid)
		e, ok := errors.AsType[*souk.Error](test.err)
		require.True(t, ok)
		assert.Equal(t, test.want, e.Fields)
	}
}

// signedRequest is a call for a token: it checks that the signature covers the
// very bytes that were sent.
func signedRequest(t *testing.T, path, body string) testkit.Request {
	t.Helper()
	timestamp := strconv.FormatInt(time.Now().UnixMilli(), 10)
	request := testkit.Request{
		Method: "POST", URL: "https://open001.myshopline.com/admin/oauth" + path,
		Header: map[string]string{
			"appkey": appKeyOf(t), "timestamp": timestamp, "sign": hexSign(appSecret, body+timestamp),
			"Content-Type": "application/json; charset=utf-8",
		},
		NoHeader: []string{"Authorization"},
	}
	if body != "" {
		request.Body = body
	}
	return request
}

func TestExchangeIsSigned(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := testkit.NewGock(t)
		g.Expect(signedRequest(t, "/token/create", `{"code":"the code"}`)).Fixture(200, "oauth_token.json")

		token, err := newOAuth(t, g).Exchange(t.Context(), "open001", "the code")

		require.NoError(t, err)
		assert.Equal(t, "fresh-token", token.AccessToken)
		assert.Equal(t, "Bearer", token.TokenType)
		assert.Empty(t, token.RefreshToken)
		assert.Equal(t, "read_customers,write_customers", token.Extra("scope"))
		assert.True(t, token.Expiry.Equal(at("2026-07-19T05:00:00Z")))
	})
}

func TestRefreshIsSignedOverNoBody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := testkit.NewGock(t)
		g.Expect(signedRequest(t, "/token/refresh", "")).Fixture(200, "oauth_token.json")

		token, err := newOAuth(t, g).Refresh(t.Context(), "open001")

		require.NoError(t, err)
		assert.Equal(t, "fresh-token", token.AccessToken)
	})
}

func TestTokensExpire(t *testing.T) {
	t.Parallel()
	claims := base64.RawURLEncoding.EncodeToString([]byte(`{"exp":1769927492}`))
	for _, test := range []struct {
		name, token, expireTime string
		want                    func(now time.Time) time.Time
	}{
		{"as told", "t", "2026-07-19T05:00:00Z", func(time.Time) time.Time { return at("2026-07-19T05:00:00Z") }},
		{"as told with fractions", "t", "2026-07-19T05:00:00.123+00:00", func(time.Time) time.Time { return at("2026-07-19T05:00:00.123Z") }},
		{"as told without a zone", "t", "2026-07-19T05:00:00", func(time.Time) time.Time { return at("2026-07-19T05:00:00Z") }},
		{"as the token says", "h." + claims + ".s", "soon", func(time.Time) time.Time { return time.Unix(1769927492, 0) }},
		{"after ten hours", "t", "", func(now time.Time) time.Time { return now.Add(10 * time.Hour) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := testkit.NewGock(t)
				g.Expect(signedRequest(t, "/token/refresh", "")).JSON(200, map[string]any{
					"code": 200, "data": map[string]any{"accessToken": test.token, "expireTime": test.expireTime},
				})

				token, err := newOAuth(t, g).Refresh(t.Context(), "open001")

				require.NoError(t, err)
				assert.True(t, token.Expiry.Equal(test.want(time.Now())), token.Expiry)
			})
		})
	}
}

func TestOAuthFailures(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, body string
		status     int
		class      error
		code       string
	}{
		{"not installed", string(testkit.Fixture(t, "oauth_refused.json")), 200, souk.ErrReauthorize, "STORE_NOT_INSTALL_APP"},
		{"not audited", `{"code":500,"i18nCode":"APP_AUDIT_NOT_PASS"}`, 200, souk.ErrForbidden, "APP_AUDIT_NOT_PASS"},
		{"an address that is not listed", `{"code":"500","i18nCode":"REQUEST_NOT_IN_APP_IP_WHITELIST"}`, 200, souk.ErrForbidden, "REQUEST_NOT_IN_APP_IP_WHITELIST"},
		{"too soon", `{"code":500,"i18nCode":"REQUEST_FREQUENTLY"}`, 200, souk.ErrRateLimited, "REQUEST_FREQUENTLY"},
		{"a bad code", `{"code":500,"i18nCode":"OAUTH_CODE_INVALID"}`, 200, souk.ErrUnauthorized, "OAUTH_CODE_INVALID"},
		{"a failure of the server", `{"code":500,"message":"oops"}`, 200, souk.ErrUnavailable, "500"},
		{"a refusal", `{"code":403,"message":"no"}`, 200, souk.ErrForbidden, "403"},
		{"a code of its own", `{"code":20001,"message":"no"}`, 200, souk.ErrInvalid, "20001"},
		{"a status", `{"code":401,"message":"no"}`, 401, souk.ErrUnauthorized, "401"},
		{"a text beside the code", `{"code":"X","message":"no"}`, 200, souk.ErrInvalid, "X"},
		{"a refusal with another status", `{"code":500,"i18nCode":"STORE_NOT_INSTALL_APP"}`, 500, souk.ErrReauthorize, "STORE_NOT_INSTALL_APP"},
		{"what does not exist", `{"code":404,"message":"no"}`, 200, souk.ErrInvalid, "404"},
		{"what exists already", `{"code":409,"message":"no"}`, 409, souk.ErrInvalid, "409"},
		{"a status that says more than the code", `{"code":500,"message":"no"}`, 403, souk.ErrForbidden, "500"},
		{"errors", `{"errors":"no"}`, 403, souk.ErrForbidden, ""},
		{"a frozen store", `<html>`, 402, souk.ErrForbidden, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := testkit.NewGock(t)
				// One mock: none of these is repeated.
				g.Expect(signedRequest(t, "/token/create", `{"code":"c"}`)).JSON(test.status, test.body).Header("traceId", "6a98")

				token, err := newOAuth(t, g).Exchange(t.Context(), "open001", "c")

				assert.Nil(t, token)
				require.ErrorIs(t, err, test.class)
				e, ok := errors.AsType[*souk.Error](err)
				require.True(t, ok)
				assert.Equal(t, test.code, e.Code)
				assert.Equal(t, "/token/create", e.Route)
				assert.Equal(t, "6a98", e.RequestID)
				assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown)
				assert.NotErrorIs(t, err, souk.ErrUnreadable)
			})
		})
	}
}

func TestLostAnswerToAnExchangeIsNotRepeated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := testkit.NewGock(t)
		g.Expect(signedRequest(t, "/token/create", `{"code":"c"}`)).Drop()

		_, err := newOAuth(t, g).Exchange(t.Context(), "open001", "c")

		assert.ErrorIs(t, err, souk.ErrOutcomeUnknown)
	})
}

func TestLostAnswerToARefreshIsRepeated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := testkit.NewGock(t)
		g.Expect(signedRequest(t, "/token/refresh", "")).Drop()
		g.Expect(signedRequest(t, "/token/refresh", "")).Fixture(200, "oauth_token.json")

		token, err := newOAuth(t, g).Refresh(t.Context(), "open001")

		require.NoError(t, err)
		assert.Equal(t, "fresh-token", token.AccessToken)
	})
}

func TestOptionsHoldForTheCallsOfOAuth(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := testkit.NewGock(t)
		var told []souk.Attempt
		var calls []souk.Call
		oauth := newOAuth(t, g)
		oauth.MaxAttempts, oauth.UserAgent, oauth.Limiter = 2, "app/1", closedLimiter{}
		oauth.Observer = &souk.Observer{
			Attempt: func(_ context.Context, a souk.Attempt) { told = append(told, a) },
			CallEnd: func(_ context.Context, c souk.Call, _ error) { calls = append(calls, c) },
		}
		request := signedRequest(t, "/token/refresh", "")
		request.Header["User-Agent"] = "app/1"
		g.Expect(request).Drop().Times(2)

		_, err := oauth.Refresh(t.Context(), "open001")

		require.ErrorIs(t, err, souk.ErrUnavailable)
		require.Len(t, told, 2)
		assert.Equal(t, "/token/refresh", told[1].Route)
		require.Len(t, calls, 1)
		assert.Equal(t, 2, calls[0].Attempts)
	})
}

func TestTimesHoldForTheCallsOfOAuth(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		oauth := shopline.OAuth{ClientID: "key", ClientSecret: appSecret, Options: souk.Options{AttemptTimeout: time.Second, MaxRetryWait: 10 * time.Second, MaxAttempts: 1}}
		oauth.HTTPClient = &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})}
		start := time.Now()
		_, err := oauth.Refresh(t.Context(), askedStore())
		require.ErrorIs(t, err, souk.ErrUnavailable)
		assert.Equal(t, time.Second, time.Since(start))

		oauth.MaxAttempts = 0
		oauth.HTTPClient = &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
			held := answer(http.StatusTooManyRequests, `{"code":429,"message":"slow down"}`)
			held.Header.Set("Retry-After", "30")
			return held, nil
		})}
		start = time.Now()
		_, err = oauth.Refresh(t.Context(), askedStore())
		require.ErrorIs(t, err, souk.ErrRateLimited)
		assert.Zero(t, time.Since(start))
	})
}

// closedLimiter lets nothing pass.
type closedLimiter struct{}

func (closedLimiter) Wait(context.Context) error { return errors.New("closed") }

func TestLimiterTakesThePlaceOfTheVendorsLimit(t *testing.T) {
	t.Parallel()
	client, err := shopline.NewClient(shopline.Config{
		Handle: "open001", Token: tokenOf(t),
		Options: souk.Options{HTTPClient: testkit.NewGock(t).Client(), Limiter: closedLimiter{}},
	})
	require.NoError(t, err)

	_, err = client.Customers.Count(t.Context())

	assert.ErrorIs(t, err, souk.ErrRateLimited)
}

func TestOAuthTellsNoSecret(t *testing.T) {
	t.Parallel()
	canary := testkit.NewCanary()
	var log testkit.Log
	g := testkit.NewGock(t)
	oauth := shopline.OAuth{ClientID: "key", ClientSecret: canary.ClientSecret, Options: souk.Options{HTTPClient: g.Client(), Logger: log.Logger()}}
	unread := func([]byte) error { return nil }
	g.Expect(testkit.Request{Method: "POST", URL: "https://told.myshopline.com/admin/oauth/token/create", Body: unread}).
		JSON(200, map[string]any{"code": 500, "message": "bearer " + canary.Token, "data": map[string]any{"accessToken": canary.Token}})
	g.Expect(testkit.Request{Method: "POST", URL: "https://told.myshopline.com/admin/oauth/token/create", Body: unread}).Drop()

	g.Expect(testkit.Request{Method: "POST", URL: "https://told.myshopline.com/admin/oauth/token/create", Body: unread}).
		JSON(200, `{"data":{"accessToken":"`+canary.Token+`"`)

	_, refused := oauth.Exchange(t.Context(), "told", canary.APIKey)
	_, lost := oauth.Exchange(t.Context(), "told", canary.APIKey)
	_, cut := oauth.Exchange(t.Context(), "told", canary.APIKey)

	for _, err := range []error{refused, lost, cut} {
		require.Error(t, err)
		canary.CheckError(t, err)
		e, ok := errors.AsType[*souk.Error](err)
		require.True(t, ok)
		assert.Empty(t, e.Body)
	}
	canary.Check(t, log.Text())
	assert.Len(t, log.Records(), 3)
}

func TestOnlyATokenIsBelieved(t *testing.T) {
	t.Parallel()
	bodies := append(slices.Clone(foreignSuccesses), `{"code":200}`, `{"code":200,"data":null}`, `{"code":200,"data":{}}`,
		`{"code":200,"data":{"accessToken":""}}`, `{"code":200,"data":{"accessToken":null}}`, `{"code":200,"data":{"accessToken":7}}`,
		`{"data":{"accessToken":"x"}}`, `{"code":0,"data":{"accessToken":"x"}}`, `{"access_token":"x","expires_in":3600}`)
	for name, body := range map[string]string{"expiry": `{"code":200,"data":{"accessToken":"x","expireTime":1784437200,"scope":["a"]}}`, "code": `{"code":"200","data":{"accessToken":"x"}}`} {
		t.Run("an odd "+name, func(t *testing.T) {
			t.Parallel()
			token, _, err := askForToken(t, exchange, reply{status: 200, body: body})
			require.NoError(t, err)
			assert.Equal(t, "x", token.AccessToken)
			assert.False(t, token.Expiry.IsZero())
		})
	}
	for _, body := range bodies {
		for _, status := range []int{200, 404} {
			token, sent, err := askForToken(t, exchange, reply{status: status, body: body})
			assert.Nil(t, token)
			for _, class := range []error{souk.ErrUnavailable, souk.ErrUnreadable, souk.ErrOutcomeUnknown} {
				require.ErrorIs(t, err, class, "%d %s", status, body)
			}
			assert.Equal(t, 1, sent)

			token, sent, err = askForToken(t, shopline.OAuth.Refresh, reply{status: status, body: body})
			assert.Nil(t, token)
			require.ErrorIs(t, err, souk.ErrUnreadable)
			assert.Equal(t, 4, sent)
		}
	}
}

func exchange(o shopline.OAuth, ctx context.Context, handle string) (*oauth2.Token, error) {
	return o.Exchange(ctx, handle, "the-code")
}

func askForToken(t *testing.T, call func(shopline.OAuth, context.Context, string) (*oauth2.Token, error), replies ...reply) (token *oauth2.Token, sent int, err error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		oauth := shopline.OAuth{ClientID: "key", ClientSecret: appSecret, Options: souk.Options{HTTPClient: stub(&sent, replies)}}
		token, err = call(oauth, t.Context(), askedStore())
	})
	return token, sent, err
}

// What the token end point says is of its own request, and not of the call for
// which a token was wanted.
func TestTokenEndPointDoesNotSpeakOfTheCall(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		reply reply
		class error
	}{
		{reply{status: 200, body: `{"code":500,"i18nCode":"STORE_NOT_INSTALL_APP","message":"no"}`}, souk.ErrReauthorize},
		{reply{status: 200, body: `{"code":500,"i18nCode":"APP_AUDIT_NOT_PASS","message":"no"}`}, souk.ErrForbidden},
		{reply{status: 200, body: `{"code":500,"i18nCode":"REQUEST_FREQUENTLY","message":"no"}`}, souk.ErrUnavailable},
		{reply{status: 200, body: `{"code":500,"message":"oops"}`}, souk.ErrUnavailable},
		{reply{status: 200, body: `{"code":20001,"message":"no"}`}, souk.ErrUnauthorized},
		{reply{status: 404, body: `{"errors":"no"}`}, souk.ErrUnauthorized},
		{reply{status: 409, body: `{"errors":"no"}`}, souk.ErrUnauthorized},
		{reply{status: 422, body: `{"errors":"no"}`}, souk.ErrUnauthorized},
		{reply{status: 404, body: webPage}, souk.ErrUnavailable},
		{reply{status: 409, body: webPage}, souk.ErrUnavailable},
		{reply{status: 400, body: webPage}, souk.ErrUnavailable},
		{reply{status: 401, body: webPage}, souk.ErrUnavailable},
		{reply{status: 500, body: webPage}, souk.ErrUnavailable},
		{reply{status: 500, body: `{"errors":"no"}`}, souk.ErrUnavailable},
		{reply{status: 200, body: webPage}, souk.ErrUnavailable},
		{reply{status: 200, body: `{"code":200,"data":{}}`}, souk.ErrUnavailable},
		{reply{status: 429, body: webPage}, souk.ErrUnavailable},
		{reply{}, souk.ErrUnavailable},
	} {
		for _, op := range everyOperation(t)[:7] { // among them reads, a creation and a delete
			synctest.Test(t, func(t *testing.T) {
				sent, reached, handle := 0, 0, askedStore()
				oauth := shopline.OAuth{ClientID: "key", ClientSecret: appSecret, Options: souk.Options{HTTPClient: stub(&sent, []reply{test.reply})}}
				source, err := oauth.TokenSource(handle, souk.NewMemoryTokenStore())
				require.NoError(t, err)
				client, err := shopline.NewClient(shopline.Config{
					Handle: handle, TokenSource: source,
					Options: souk.Options{HTTPClient: stub(&reached, []reply{{status: 200, body: op.success}})},
				})
				require.NoError(t, err)

				got, err := op.call(t.Context(), client)

				assert.Empty(t, got)
				require.ErrorIs(t, err, test.class, "%v", test.reply)
				for _, class := range []error{souk.ErrNotFound, souk.ErrAlreadyExists, souk.ErrInvalid, souk.ErrOutcomeUnknown} {
					assert.NotErrorIs(t, err, class, "%v", test.reply)
				}
				assert.Zero(t, reached)
			})
		}
	}
}

// A proxy's refusal does not take away a token that is good for a while.
func TestTokenAtHandOutlivesWhatIsNotSHOPLINEs(t *testing.T) {
	t.Parallel()
	for _, r := range []reply{{status: 400, body: webPage}, {status: 401, body: webPage}, {status: 403, body: webPage}, {status: 502}, {status: 200, body: `{}`}} {
		synctest.Test(t, func(t *testing.T) {
			sent, reached, handle := 0, 0, askedStore()
			oauth := shopline.OAuth{ClientID: "key", ClientSecret: appSecret, Options: souk.Options{HTTPClient: stub(&sent, []reply{r})}}
			store := souk.NewMemoryTokenStore()
			old := &oauth2.Token{AccessToken: "old", Expiry: time.Now().Add(20 * time.Minute)}
			require.NoError(t, oauth.SaveToken(t.Context(), handle, store, old))
			source, err := oauth.TokenSource(handle, store)
			require.NoError(t, err)
			client, err := shopline.NewClient(shopline.Config{
				Handle: handle, TokenSource: source,
				Options: souk.Options{HTTPClient: stub(&reached, []reply{{status: 200, body: `{"count":7}`}})},
			})
			require.NoError(t, err)

			count, err := client.Customers.Count(t.Context())

			require.NoError(t, err, r)
			assert.Equal(t, 7, count)
			assert.Positive(t, sent)
			kept, err := store.Load(t.Context(), "shopline.key."+handle)
			require.NoError(t, err)
			assert.Equal(t, "old", kept.AccessToken)
		})
	}
}

func TestOAuthErrorsRepeatNoSecret(t *testing.T) {
	t.Parallel()
	for _, r := range []reply{
		{status: 200, body: `{"code":"the-code","message":"the-code and ` + appSecret + `"}`},
		{status: 400, body: `{"errors":{"the-code":["` + appSecret + `"]}}`},
		{status: 500, body: `{"errors":"the-code"}`},
	} {
		_, _, err := askForToken(t, exchange, r)

		e, ok := errors.AsType[*souk.Error](err)
		require.True(t, ok)
		text := fmt.Sprintf("%s %s %s %v", err, e.Code, e.Message, e.Fields)
		assert.NotContains(t, text, "the-code")
		assert.NotContains(t, text, appSecret)
		assert.Empty(t, e.Body)
	}
}

// tokenServer issues a new token for ten hours with every refresh.
type tokenServer struct {
	t      *testing.T
	issued int
	fail   bool
}

func (s *tokenServer) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/count.json") {
		return answer(http.StatusOK, `{"count":`+strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer token-")+`}`), nil
	}
	assert.Equal(s.t, "/admin/oauth/token/refresh", r.URL.Path)
	if s.fail {
		return answer(http.StatusOK, `{"code":500,"i18nCode":"REQUEST_FREQUENTLY"}`), nil
	}
	s.issued++
	expiry := time.Now().Add(10 * time.Hour).UTC().Format(time.RFC3339)
	return answer(http.StatusOK, `{"code":200,"data":{"accessToken":"token-`+strconv.Itoa(s.issued)+`","expireTime":"`+expiry+`"}}`), nil
}

func TestTokenIsRenewedBeforeTenHoursEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, handle := &tokenServer{t: t}, handleOf(t)
		oauth := shopline.OAuth{ClientID: "key", ClientSecret: appSecret, Options: souk.Options{HTTPClient: &http.Client{Transport: server}}}
		store := souk.NewMemoryTokenStore()
		source, err := oauth.TokenSource(handle, store)
		require.NoError(t, err)
		client, err := shopline.NewClient(shopline.Config{Handle: handle, TokenSource: source, Options: souk.Options{HTTPClient: &http.Client{Transport: server}}})
		require.NoError(t, err)
		tokenInUse := func() int {
			n, err := client.Customers.Count(t.Context())
			require.NoError(t, err)
			return n
		}

		assert.Equal(t, 1, tokenInUse(), "obtained, because the store holds none")
		time.Sleep(9*time.Hour + 29*time.Minute)
		assert.Equal(t, 1, tokenInUse(), "still good")
		time.Sleep(2 * time.Minute)
		assert.Equal(t, 2, tokenInUse(), "renewed half an hour ahead")
		assert.Equal(t, 2, tokenInUse(), "once")
		kept, err := store.Load(t.Context(), "shopline.key."+handle)
		require.NoError(t, err)
		assert.Equal(t, "token-2", kept.AccessToken)

		server.fail = true
		time.Sleep(9*time.Hour + 45*time.Minute)
		assert.Equal(t, 2, tokenInUse(), "a refusal that may pass leaves the token in use until it expires")
		time.Sleep(time.Hour)
		_, err = client.Customers.Count(t.Context())
		require.ErrorIs(t, err, souk.ErrUnavailable)
		assert.ErrorContains(t, err, "REQUEST_FREQUENTLY")
	})
}

func TestSavedTokenIsUsed(t *testing.T) {
	t.Parallel()
	g := testkit.NewGock(t)
	oauth := newOAuth(t, g)
	store := souk.NewFileTokenStore(t.TempDir())
	require.NoError(t, oauth.SaveToken(t.Context(), "open001", store, &oauth2.Token{AccessToken: "saved", Expiry: time.Now().Add(10 * time.Hour)}))
	source, err := oauth.TokenSource("open001", store)
	require.NoError(t, err)
	client, err := shopline.NewClient(shopline.Config{Handle: "open001", TokenSource: source, Options: souk.Options{HTTPClient: g.Client()}})
	require.NoError(t, err)
	g.Expect(testkit.Request{URL: base + "/customers/v2/count.json", Header: map[string]string{"Authorization": "Bearer saved"}}).Fixture(200, "count.json")

	_, err = client.Customers.Count(t.Context())

	assert.NoError(t, err)
}

func TestStoreThatFailsToSave(t *testing.T) {
	t.Parallel()
	oauth := newOAuth(t, testkit.NewGock(t))
	broken := errors.New("disk full")

	err := oauth.SaveToken(t.Context(), "open001", failingStore{broken}, &oauth2.Token{AccessToken: "saved"})

	require.ErrorIs(t, err, broken)
	assert.EqualError(t, err, "shopline: unavailable: the token store failed: disk full")
}

// A token that works is used on while the store fails, and comes with the error
// where it is a new one.
func TestStoreThatFailsUnderATokenSource(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, handle := &tokenServer{t: t}, handleOf(t)
		oauth := shopline.OAuth{ClientID: "key", ClientSecret: appSecret, Options: souk.Options{HTTPClient: &http.Client{Transport: server}}}
		store := &breaking{TokenStore: souk.NewMemoryTokenStore()}
		source, err := oauth.TokenSource(handle, store)
		require.NoError(t, err)
		first, err := source.Token(t.Context())
		require.NoError(t, err)

		store.err = errors.New("disk full")
		time.Sleep(9*time.Hour + 45*time.Minute)
		token, err := source.Token(t.Context())
		require.NoError(t, err)
		assert.Equal(t, first.AccessToken, token.AccessToken)

		time.Sleep(time.Hour)
		_, err = source.Token(t.Context())
		require.ErrorIs(t, err, souk.ErrUnavailable)
		require.ErrorIs(t, err, store.err)
		store.loads = true
		token, err = source.Token(t.Context())
		require.ErrorIs(t, err, souk.ErrUnavailable)
		assert.Equal(t, "token-2", token.AccessToken)
		unsaved, ok := errors.AsType[*souk.UnsavedError](err)
		require.True(t, ok)
		assert.Equal(t, token, unsaved.Token)
	})
}

// breaking is a store that fails once it has an error: always, or only to save.
type breaking struct {
	souk.TokenStore
	err   error
	loads bool
}

func (s *breaking) Load(ctx context.Context, key string) (*oauth2.Token, error) {
	if s.err != nil && !s.loads {
		return nil, s.err
	}
	return s.TokenStore.Load(ctx, key)
}

func (s *breaking) Update(ctx context.Context, key string, f func(context.Context, *oauth2.Token) (*oauth2.Token, error)) error {
	return s.TokenStore.Update(ctx, key, func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
		token, err := f(ctx, current)
		return token, errors.Join(err, s.err)
	})
}

// Whoever reads the error knows whether the app was never there, or is no more.
func TestNotInstalledAndRevokedAreTold(t *testing.T) {
	t.Parallel()
	for want, stored := range map[string]*oauth2.Token{
		"the app is not installed":                             nil,
		"the token was revoked: the store has removed the app": {AccessToken: "old", Expiry: time.Now().Add(-time.Hour)},
	} {
		sent := 0
		oauth := shopline.OAuth{ClientID: "key", ClientSecret: appSecret, Options: souk.Options{HTTPClient: stub(&sent, []reply{
			{status: 200, body: `{"code":500,"i18nCode":"STORE_NOT_INSTALL_APP","message":"no"}`},
		})}}
		store, handle := souk.NewMemoryTokenStore(), askedStore()
		if stored != nil {
			require.NoError(t, oauth.SaveToken(t.Context(), handle, store, stored))
		}
		source, err := oauth.TokenSource(handle, store)
		require.NoError(t, err)

		_, err = source.Token(t.Context())

		require.ErrorIs(t, err, souk.ErrReauthorize)
		assert.EqualError(t, err, "shopline: POST /token/refresh: 200 reauthorize (STORE_NOT_INSTALL_APP): "+want)
	}
}

// What else is refused keeps the words that it was refused with.
func TestARefreshThatIsRefusedForAnotherReason(t *testing.T) {
	t.Parallel()
	sent := 0
	oauth := shopline.OAuth{ClientID: "key", ClientSecret: appSecret, Options: souk.Options{HTTPClient: stub(&sent, []reply{
		{status: 200, body: `{"code":500,"i18nCode":"APP_AUDIT_NOT_PASS","message":"not yet"}`},
	})}}
	source, err := oauth.TokenSource(askedStore(), souk.NewMemoryTokenStore())
	require.NoError(t, err)

	_, err = source.Token(t.Context())

	require.ErrorIs(t, err, souk.ErrForbidden)
	assert.EqualError(t, err, "shopline: POST /token/refresh: 200 forbidden (APP_AUDIT_NOT_PASS): not yet")
}

func TestRetryAfterOfTheTokenEndPoint(t *testing.T) {
	t.Parallel()
	for asked, want := range map[string]error{"30": nil, "90": souk.ErrRateLimited} {
		synctest.Test(t, func(t *testing.T) {
			server := shoplinetest.NewServer()
			defer server.Close()
			server.Inject(souktest.Fault{Operation: "OAuth.Exchange", Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {asked}}})
			start := time.Now()
			_, err := server.OAuth().Exchange(t.Context(), server.Handle, server.Authorize("s").Get("code"))
			require.ErrorIs(t, err, want)
			if want == nil {
				assert.Equal(t, 30*time.Second, time.Since(start))
				return
			}
			assert.Zero(t, time.Since(start))
			e, ok := errors.AsType[*souk.Error](err)
			require.True(t, ok)
			assert.Equal(t, 90*time.Second, e.RetryAfter)
		})
	}
}

// A 429 to a call for a token holds back what the app asks of the token end point, and
// neither its other calls nor another app.
func TestRateLimitOfTheTokenEndPointIsTheAppsAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := testkit.NewGock(t)
		one, other := newOAuth(t, g), newOAuth(t, g)
		other.ClientID += "2"
		anything := func([]byte) error { return nil }
		refresh := testkit.Request{Method: http.MethodPost, URL: "https://open001.myshopline.com/admin/oauth/token/refresh", Body: anything}
		tokens := souk.NewMemoryTokenStore()
		require.NoError(t, one.SaveToken(t.Context(), "open001", tokens, &oauth2.Token{AccessToken: "t-1", Expiry: time.Now().Add(10 * time.Hour)}))
		source, err := one.TokenSource("open001", tokens)
		require.NoError(t, err)
		client, err := shopline.NewClient(shopline.Config{Handle: "open001", TokenSource: source, Options: one.Options})
		require.NoError(t, err)
		start := time.Now()
		g.Expect(refresh).Status(http.StatusTooManyRequests).Header("Retry-After", "90")
		_, err = one.Refresh(t.Context(), "open001")
		require.ErrorIs(t, err, souk.ErrRateLimited)

		g.Expect(testkit.Request{URL: base + "/customers/v2/count.json", Header: map[string]string{"Authorization": "Bearer t-1"}}).Fixture(200, "count.json")
		_, err = client.Customers.Count(t.Context())
		require.NoError(t, err)
		g.Expect(refresh).JSON(http.StatusOK, `{"code":200,"data":{"accessToken":"t-2","expireTime":"2030-01-01T00:00:00Z"}}`)
		_, err = other.Refresh(t.Context(), "open001")
		require.NoError(t, err)
		assert.Zero(t, time.Since(start))
		_, err = one.Refresh(t.Context(), "open001")
		assert.ErrorIs(t, err, souk.ErrRateLimited, "its own calls wait")
	})
}

type failingStore struct{ err error }

func (s failingStore) Load(context.Context, string) (*oauth2.Token, error) { return nil, s.err }

func (s failingStore) Delete(context.Context, string) error { return s.err }

func (s failingStore) Update(context.Context, string, func(context.Context, *oauth2.Token) (*oauth2.Token, error)) error {
	return s.err
}
