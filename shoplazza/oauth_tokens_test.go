package shoplazza_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/auth"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/shoplazza"
)

func TestTokenKey(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "shoplazza.app-1.demo", app(nil).TokenKey("Demo"))
}

func load(t *testing.T, tokens souk.TokenStore, shop string) *oauth2.Token {
	t.Helper()
	token, err := tokens.Load(t.Context(), app(nil).TokenKey(shop))
	require.NoError(t, err)
	return token
}

func TestALostRefreshIsNotRepeatedUnlessSomebodyDecidesSo(t *testing.T) {
	t.Parallel()
	losses := map[string]func(*testkit.Reply){
		"connection lost": func(r *testkit.Reply) { r.Drop() },
		"answer cut off":  func(r *testkit.Reply) { r.Cut(200, "application/json", `{"access_token":"acc`) },
		"bad gateway":     func(r *testkit.Reply) { r.JSON(502, "<html>") },
		"web page":        func(r *testkit.Reply) { r.JSON(200, "<html>") },
		"own trouble":     func(r *testkit.Reply) { r.JSON(500, `{"error":"invalid_grant"}`) },
	}
	for name, lose := range losses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g, shop := testkit.NewGock(t), uniqueShop()
				lose(g.Expect(tokenRequest(shop, refreshForm("r-1"))))
				g.Expect(tokenRequest(shop, refreshForm("r-1"))).JSON(200, `{"access_token":"new","refresh_token":"r-2"}`)
				first := &oauth2.Token{AccessToken: "old", RefreshToken: "r-1", Expiry: time.Now()}
				tokens := storeWithToken(t, shop, first)
				here, elsewhere := source(t, app(g.Client()), shop, tokens), source(t, app(g.Client()), shop, tokens)
				for _, s := range []souk.TokenSource{here, here, elsewhere} {
					_, err := s.Token(t.Context())
					requireError(t, err, souk.ErrReauthorize)
					assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown, "it is not the outcome of the call that needs the token")
					assert.ErrorContains(t, err, "call OAuth.RetryRefresh")
				}
				err := app(nil).SaveToken(t.Context(), shop, tokens, first)
				require.ErrorIs(t, err, souk.ErrReauthorize, "it would be sent again")
				assert.Len(t, g.Requests(), 1)

				require.NoError(t, app(g.Client()).RetryRefresh(t.Context(), shop, tokens))

				assert.Equal(t, "r-2", load(t, tokens, shop).RefreshToken)
				for _, s := range []souk.TokenSource{here, elsewhere} {
					token, err := s.Token(t.Context())
					require.NoError(t, err)
					assert.Equal(t, "new", token.AccessToken)
				}
			})
		})
	}
}

func TestANewAuthorizationEndsTheDoubt(t *testing.T) {
	t.Parallel()
	doubt := auth.Mark(&oauth2.Token{AccessToken: "old", RefreshToken: "r-1", Expiry: time.Now().Add(time.Hour)}, time.Now())
	tokens := storeWithToken(t, "demo", doubt)
	require.NoError(t, app(nil).SaveToken(t.Context(), "demo", tokens, &oauth2.Token{AccessToken: "new", RefreshToken: "r-2", Expiry: time.Now()}))
	assert.Equal(t, "r-2", load(t, tokens, "demo").RefreshToken)
}

func TestRetryRefreshNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	e := requireError(t, shoplazza.OAuth{}.RetryRefresh(t.Context(), "demo.myshoplaza.com", nil), souk.ErrInvalid)
	assert.Len(t, e.Fields, 4, "Shop, ClientID, ClientSecret, tokens")
}

// A rotated pair is not lost for what can be done without.
func TestAnOddAnswerLosesNoPair(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"access_token":"new","refresh_token":"r-2","expires_at":"1893456000"}`,
		`{"access_token":"new","refresh_token":"r-2","expires_at":1893456000.5}`,
		`{"access_token":"new","refresh_token":"r-2","expires_at":"2030-01-01T00:00:00Z"}`,
		`{"access_token":"new","refresh_token":"r-2","expires_at":{},"expires_in":[],"store_id":{"id":2},"store_name":null,"locale":{},"token_type":1}`,
		`{"access_token":"new","refresh_token":"r-2","store_id":2,"error":"","errors":[]}`,
		`{"access_token":"new","refresh_token":"r-2","error":0,"errors":0}`,
	} {
		synctest.Test(t, func(t *testing.T) { // long before 2030
			s, tokens, shop := newOAuthStore(t, &oauth2.Token{AccessToken: "old", RefreshToken: "r-1", Expiry: time.Now()})
			s.Expect(tokenRequest(shop, refreshForm("r-1"))).JSON(http.StatusOK, body)
			s.expectCount("new").JSON(http.StatusOK, `{"count":1}`)
			_, err := s.client.Customers.Count(t.Context())
			require.NoError(t, err, body)
			assert.Equal(t, "r-2", load(t, tokens, shop).RefreshToken, body)
		})
	}
}

// fullStore takes one update more.
type fullStore struct {
	souk.TokenStore
	updates int
}

func (s *fullStore) Update(ctx context.Context, key string, f func(context.Context, *oauth2.Token) (*oauth2.Token, error)) error {
	s.updates++
	if s.updates > 1 {
		return errors.New("disk full")
	}
	return s.TokenStore.Update(ctx, key, f)
}

func TestAPairThatCannotBeSavedComesWithTheError(t *testing.T) {
	t.Parallel()
	for name, obtain := range map[string]func(shoplazza.OAuth, context.Context, string, souk.TokenStore) error{
		"TokenSource": func(o shoplazza.OAuth, ctx context.Context, shop string, tokens souk.TokenStore) error {
			source, err := o.TokenSource(shop, tokens)
			require.NoError(t, err)
			token, err := source.Token(ctx)
			assert.Equal(t, "r-2", token.RefreshToken)
			return err
		},
		"RetryRefresh": shoplazza.OAuth.RetryRefresh,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, shop := testkit.NewGock(t), uniqueShop()
			g.Expect(tokenRequest(shop, refreshForm("r-1"))).JSON(http.StatusOK, `{"access_token":"new","refresh_token":"r-2"}`)
			tokens := storeWithToken(t, shop, &oauth2.Token{AccessToken: "old", RefreshToken: "r-1", Expiry: time.Now()})

			err := obtain(app(g.Client()), t.Context(), shop, &fullStore{TokenStore: tokens})

			requireError(t, err, souk.ErrUnavailable)
			assert.NotContains(t, fmt.Sprintf("%v %+v %#v", err, err, err), "r-2")
			unsaved, ok := errors.AsType[*souk.UnsavedError](err)
			require.True(t, ok)
			require.NoError(t, app(nil).SaveToken(t.Context(), shop, tokens, unsaved.Token))
			assert.Equal(t, "r-2", load(t, tokens, shop).RefreshToken)
		})
	}
}

// A token that still works is used on while its store fails.
func TestATokenThatIsStillGoodOutlivesItsStore(t *testing.T) {
	t.Parallel()
	s, tokens, shop := newOAuthStore(t, &oauth2.Token{AccessToken: "old", RefreshToken: "r-1", Expiry: time.Now().Add(4 * time.Minute)})
	client, err := shoplazza.NewClient(shoplazza.Config{
		Shop: shop, TokenSource: source(t, app(s.Client()), shop, brokenStore{tokens}), Options: souk.Options{HTTPClient: s.Client()},
	})
	require.NoError(t, err)
	s.expectCount("old").JSON(http.StatusOK, `{"count":1}`)
	_, err = client.Customers.Count(t.Context())
	require.NoError(t, err)
}

// A 429 to a call for a token holds back what the app asks of the token end point, and
// neither its other calls nor another app.
func TestRateLimitOfTheTokenEndPointIsTheAppsAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, shop, start := &script{}, uniqueShop(), time.Now()
		one := app(&http.Client{Transport: s})
		other := one
		other.ClientID = "app-2"
		client, err := shoplazza.NewClient(shoplazza.Config{
			Shop: shop, TokenSource: source(t, one, shop, storeWithToken(t, shop, newToken(1))), Options: one.Options,
		})
		require.NoError(t, err)
		s.answers = []scripted{{status: http.StatusTooManyRequests, header: http.Header{"Retry-After": {"90"}}}}
		_, err = one.Refresh(t.Context(), shop, "r-1")
		require.ErrorIs(t, err, souk.ErrRateLimited)

		count(t, client, 1)
		s.answers = []scripted{{status: http.StatusOK, body: `{"access_token":"new","refresh_token":"r-2","expires_in":86400}`}}
		_, err = other.Refresh(t.Context(), shop, "r-1")
		require.NoError(t, err)
		assert.Zero(t, time.Since(start))
		_, err = one.Refresh(t.Context(), shop, "r-1")
		assert.ErrorIs(t, err, souk.ErrRateLimited, "its own calls wait")
		assert.Len(t, s.times, 3)
	})
}
