package salla_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/auth"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/salla/sallatest"
	"github.com/souk-go/souk/souktest"
)

// inDoubt is a store with a token whose refresh got no answer long ago.
func inDoubt(t *testing.T) souk.TokenStore {
	t.Helper()
	doubt := pair("1", 10*24*time.Hour)
	return stored(t, auth.Mark(doubt, time.Now().Add(-time.Hour)))
}

func load(t *testing.T, store souk.TokenStore) *oauth2.Token {
	t.Helper()
	token, err := store.Load(t.Context(), tokenKey)
	require.NoError(t, err)
	return token
}

// What a person has installed ends the doubt, whenever it expires. What stands there
// already would be sent again.
func TestSaveTokenAfterALostRefresh(t *testing.T) {
	t.Parallel()
	for name, life := range map[string]time.Duration{"a later one": 14 * 24 * time.Hour, "one that expires earlier": time.Hour, "one without end": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			expectRefresh(gock, "refresh-1").JSON(502, "<html>")
			store := stored(t, pair("1", -time.Hour))
			s := source(t, oauth(t, gock), store)
			_, err := s.Token(t.Context())
			require.ErrorIs(t, err, salla.ErrRefreshLost)

			err = app.SaveToken(t.Context(), merchant, store, pair("1", -time.Hour))
			require.ErrorIs(t, err, salla.ErrRefreshLost)
			require.ErrorContains(t, err, "the token is the one that stands there already")
			_, err = s.Token(t.Context())
			require.ErrorIs(t, err, salla.ErrRefreshLost)

			installed := &oauth2.Token{AccessToken: "access-2", RefreshToken: "refresh-2"}
			if life > 0 {
				installed = pair("2", life)
			}
			require.NoError(t, app.SaveToken(t.Context(), merchant, store, installed))
			assert.Equal(t, "refresh-2", load(t, store).RefreshToken)
		})
	}
}

func TestRetryRefresh(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		expectRefresh(gock, "refresh-1").Drop()
		expectRefresh(gock, "refresh-1").JSON(200, `{"access_token":"access-2","refresh_token":"refresh-2"}`)
		store := stored(t, pair("1", -time.Hour))
		running := source(t, oauth(t, gock), store)
		_, err := running.Token(t.Context())
		require.ErrorIs(t, err, salla.ErrRefreshLost)
		began := time.Now()

		require.NoError(t, oauth(t, gock).RetryRefresh(t.Context(), merchant, store))

		assert.InDelta(t, 2*time.Minute, time.Since(began), float64(2*time.Second), "it could have been under way")
		assert.Equal(t, "refresh-2", load(t, store).RefreshToken)
		token, err := running.Token(t.Context())
		require.NoError(t, err, "a running process finds it")
		assert.Equal(t, "access-2", token.AccessToken)
		require.NoError(t, oauth(t, gock).RetryRefresh(t.Context(), merchant, store), "there is no doubt any more, and nothing to send")
	})
}

// Salla has called the token expired, so it is no comfort that it looks good.
func TestRetryRefreshSendsAlthoughTheTokenLooksGood(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		expectRefresh(gock, "refresh-1").JSON(200, `{"access_token":"access-2","refresh_token":"refresh-2"}`)
		store := inDoubt(t)
		time.Sleep(30 * 365 * 24 * time.Hour) // the bubble begins in the year 2000

		require.NoError(t, oauth(t, gock).RetryRefresh(t.Context(), merchant, store))

		assert.Equal(t, "access-2", load(t, store).AccessToken)
	})
}

func TestRetryRefreshFails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		reply func(*testkit.Reply)
		class error
		kept  string
	}{
		"it was used":           {func(r *testkit.Reply) { r.Fixture(401, "token_invalid_grant.json") }, salla.ErrGrantInvalid, "^refresh-1$"},
		"no answer again":       {func(r *testkit.Reply) { r.Drop() }, salla.ErrRefreshLost, "^souk-sent:[0-9]+:[A-Z2-7]{16}:refresh-1$"},
		"turned away":           {func(r *testkit.Reply) { r.JSON(403, "<html>") }, souk.ErrUnreadable, "^refresh-1$"},
		"asked to come in time": {func(r *testkit.Reply) { r.JSON(429, "{}").Header("Retry-After", "3600") }, souk.ErrRateLimited, "^refresh-1$"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				gock := testkit.NewGock(t)
				c.reply(expectRefresh(gock, "refresh-1"))
				store := inDoubt(t)
				time.Sleep(30 * 365 * 24 * time.Hour)

				err := oauth(t, gock).RetryRefresh(t.Context(), merchant, store)

				require.ErrorIs(t, err, c.class)
				assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown)
				assert.Regexp(t, c.kept, load(t, store).RefreshToken)
				assert.Equal(t, "access-1", load(t, store).AccessToken)
			})
		})
	}
}

// forgetful is a store that is full from some update on.
type forgetful struct {
	souk.TokenStore
	room int // for so many updates more
}

func (s *forgetful) Update(ctx context.Context, key string, f func(context.Context, *oauth2.Token) (*oauth2.Token, error)) error {
	s.room--
	if s.room < 0 {
		return errStore
	}
	return s.TokenStore.Update(ctx, key, f)
}

func TestAPairThatCannotBeSavedComesWithTheError(t *testing.T) {
	t.Parallel()
	const answer = `{"access_token":"access-2","refresh_token":"refresh-2","expires_in":1209599}`
	for name, obtain := range map[string]func(t *testing.T, gock *testkit.Gock, store *forgetful) error{
		"TokenSource": func(t *testing.T, gock *testkit.Gock, store *forgetful) error {
			token, err := source(t, oauth(t, gock), store).Token(t.Context())
			assert.Equal(t, "access-2", token.AccessToken)
			return err
		},
		"a call": func(t *testing.T, gock *testkit.Gock, store *forgetful) error {
			cfg := config(t, gock)
			cfg.Token, cfg.TokenSource = "", source(t, oauth(t, gock), store)
			client, err := salla.NewClient(cfg)
			require.NoError(t, err)
			_, err = client.Customers.Get(t.Context(), 7, salla.GetCustomerRequest{})
			return err
		},
		"RetryRefresh": func(t *testing.T, gock *testkit.Gock, store *forgetful) error {
			return oauth(t, gock).RetryRefresh(t.Context(), merchant, store)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			expectRefresh(gock, "refresh-1").JSON(200, answer)
			kept := stored(t, pair("1", -time.Hour))

			err := obtain(t, gock, &forgetful{TokenStore: kept, room: 1})

			assert.ErrorIs(t, err, souk.ErrUnavailable)
			assert.ErrorIs(t, err, errStore)
			assert.NotContains(t, fmt.Sprintf("%v %+v %#v", err, err, err), "refresh-2")
			unsaved, ok := errors.AsType[*souk.UnsavedError](err)
			require.True(t, ok)
			require.NoError(t, app.SaveToken(t.Context(), merchant, kept, unsaved.Token))
			assert.Equal(t, "refresh-2", load(t, kept).RefreshToken)
		})
	}
}

func TestInstall(t *testing.T) {
	t.Parallel()
	server := sallatest.NewServer()
	t.Cleanup(server.Close)
	store := souk.NewMemoryTokenStore()
	o := server.OAuth()
	never := &oauth2.Token{AccessToken: "old", RefreshToken: "old", Expiry: time.Now().Add(365 * 24 * time.Hour)}
	require.NoError(t, o.SaveToken(t.Context(), server.Merchant, store, never))

	id, err := o.Install(t.Context(), server.Authorize("state").Get("code"), store)

	require.NoError(t, err)
	assert.Equal(t, server.Merchant, id)
	kept, err := store.Load(t.Context(), o.TokenKey(id))
	require.NoError(t, err)
	assert.NotEqual(t, "old", kept.AccessToken, "whatever stood there")
	s, err := o.TokenSource(id, store)
	require.NoError(t, err)
	cfg := server.Config()
	cfg.Token, cfg.TokenSource = "", s
	client, err := salla.NewClient(cfg)
	require.NoError(t, err)
	_, err = client.Webhooks.Events(t.Context())
	assert.NoError(t, err)

	_, err = o.Install(t.Context(), "another", store)
	assert.ErrorIs(t, err, salla.ErrGrantInvalid)
}

func TestInstallSendsTheNewTokenToTheAccountsHost(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	expectToken(gock, "grant_type", "authorization_code", "code", "code-1", "redirect_uri", "https://app.example/back").
		Fixture(200, "token_first_expires_relative.json")
	gock.Expect(testkit.Request{Path: "/oauth2/user/info", Header: map[string]string{"Authorization": "Bearer ory_at_EXAMPLE.AAA"}}).
		JSON(200, `{"status":200,"success":true,"data":{"id":7,"merchant":{"id":1803665367}}}`)
	store := souk.NewMemoryTokenStore()

	id, err := oauth(t, gock).Install(t.Context(), "code-1", store)

	require.NoError(t, err)
	assert.Equal(t, merchant, id)
	assert.Equal(t, "ory_rt_EXAMPLE.BBB", load(t, store).RefreshToken)
}

func TestInstallLosesNoPair(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		info  func(*testkit.Reply)
		store souk.TokenStore
		id    string
		class error
	}{
		"the user is not told":   {func(r *testkit.Reply) { r.JSON(403, `{"success":false,"status":403}`) }, souk.NewMemoryTokenStore(), "", souk.ErrForbidden},
		"a user without a store": {func(r *testkit.Reply) { r.JSON(200, `{"status":200,"success":true,"data":{"id":7}}`) }, souk.NewMemoryTokenStore(), "", souk.ErrUnavailable},
		"the store is full":      {func(r *testkit.Reply) { r.JSON(200, `{"id":7,"merchant":{"id":1803665367}}`) }, &forgetful{TokenStore: souk.NewMemoryTokenStore()}, merchant, errStore},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			expectToken(gock, "grant_type", "authorization_code", "code", "code-1", "redirect_uri", "https://app.example/back").
				Fixture(200, "token_first_expires_relative.json")
			c.info(gock.Expect(testkit.Request{Path: "/oauth2/user/info"}))

			id, err := oauth(t, gock).Install(t.Context(), "code-1", c.store)

			require.ErrorIs(t, err, c.class)
			assert.Equal(t, c.id, id)
			requireError(t, err)
			unsaved, ok := errors.AsType[*souk.UnsavedError](err)
			require.True(t, ok)
			assert.Equal(t, "ory_rt_EXAMPLE.BBB", unsaved.Token.RefreshToken)
		})
	}
}

// A pair is never lost for what can be done without.
func TestAnOddAnswerLosesNoPair(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"access_token":"access-2","refresh_token":"refresh-2","expires_in":{"a":1},"expires":["x"],"scope":{"a":1},"token_type":["bearer"]}`,
		`{"access_token":"access-2","refresh_token":"refresh-2","expires_in":"1209599","expires":true,"scope":7,"token_type":7}`,
		`{"access_token":"access-2","refresh_token":"refresh-2","expires_in":1209599.5}`,
		`{"access_token":"access-2","refresh_token":"refresh-2","expires_in":"2027-01-01T00:00:00Z"}`,
		`{"access_token":"access-2","refresh_token":"refresh-2","expires_in":1e400,"success":"yes","data":[]}`,
	} {
		synctest.Test(t, func(t *testing.T) { // long before 2027
			gock := testkit.NewGock(t)
			expectRefresh(gock, "refresh-1").JSON(200, body)
			store := stored(t, pair("1", -time.Hour))

			_, err := source(t, oauth(t, gock), store).Token(t.Context())

			require.NoError(t, err, body)
			assert.Equal(t, "refresh-2", load(t, store).RefreshToken, body)
			assert.True(t, load(t, store).Expiry.After(time.Now()), body)
		})
	}
	gock := testkit.NewGock(t)
	expectRefresh(gock, "refresh-1").JSON(200, `{"access_token":"access-2","refresh_token":{"a":1}}`)
	store := stored(t, pair("1", -time.Hour))
	_, err := source(t, oauth(t, gock), store).Token(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "access-2", load(t, store).AccessToken)
}

// What somebody in between says changes nothing of what is stored but the note that
// the refresh token was sent, where it may have arrived.
func TestAForeignAnswerChangesNothingThatIsStored(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 301, 400, 401, 403, 404, 409, 413, 429, 500, 502, 503} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			expectRefresh(gock, "refresh-1").JSON(status, "<html>").Header("Retry-After", "3600")
			before := pair("1", -time.Hour)
			store := stored(t, before)

			_, err := source(t, oauth(t, gock), store).Token(t.Context())

			require.Error(t, err)
			kept := load(t, store)
			assert.Equal(t, before.AccessToken, kept.AccessToken)
			assert.True(t, before.Expiry.Equal(kept.Expiry))
			assert.Regexp(t, "^(souk-sent:[0-9]+:[A-Z2-7]{16}:)?refresh-1$", kept.RefreshToken)
		})
	}
}

func TestRetryAfterOfTheTokenEndPoint(t *testing.T) {
	t.Parallel()
	for asked, want := range map[string]error{"30": nil, "90": souk.ErrUnavailable} {
		synctest.Test(t, func(t *testing.T) {
			server := sallatest.NewServer()
			defer server.Close()
			store := souk.NewMemoryTokenStore()
			_, err := server.OAuth().Install(t.Context(), server.Authorize("state").Get("code"), store)
			require.NoError(t, err)
			s, err := server.OAuth().TokenSource(server.Merchant, store)
			require.NoError(t, err)
			cfg := server.Config()
			cfg.Token, cfg.TokenSource = "", s
			client, err := salla.NewClient(cfg)
			require.NoError(t, err)
			server.ExpireTokens()
			server.Inject(souktest.Fault{Path: "/oauth2/token", Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {asked}}})
			start := time.Now()

			_, err = client.Webhooks.Events(t.Context())

			require.ErrorIs(t, err, want)
			if want == nil {
				assert.Equal(t, 30*time.Second, time.Since(start))
				return
			}
			assert.Zero(t, time.Since(start))
			assert.Equal(t, 90*time.Second, requireError(t, err).RetryAfter)
			time.Sleep(90 * time.Second)
			_, err = client.Webhooks.Events(t.Context())
			require.NoError(t, err)
		})
	}
}

// delivered is what Salla delivers at an installation, whenever it comes.
func delivered(t *testing.T, n string, created, expires time.Time) *oauth2.Token {
	t.Helper()
	body := fmt.Sprintf(`{"event":"app.store.authorize","merchant":%s,"created_at":"%s","data":{"access_token":"access-%s","refresh_token":"refresh-%s","expires":%d,"scope":"a b"}}`,
		merchant, created.UTC().Format(time.RFC3339), n, n, expires.Unix())
	header := http.Header{"Authorization": {"secret"}}
	d, err := salla.ParseDelivery(header, []byte(body), salla.WebhookConfig{Strategy: salla.StrategyToken, Secrets: []string{"secret"}})
	require.NoError(t, err)
	require.NoError(t, d.EventErr)
	token, ok := d.Event.(*oauth2.Token)
	require.True(t, ok)
	assert.Equal(t, "a b", token.Extra("scope"))
	return token
}

// Salla repeats deliveries, for days where a server was down. An old one must not win
// over the pair that was made of it since, and a new installation wins over everything.
func TestLateDeliveries(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for name, tt := range map[string]struct {
		sent            time.Duration // of the refresh of the pair in place, from now; zero: it is not in doubt
		ends            time.Duration // that pair's end
		created, expiry time.Duration // of the token that is saved
		want            string        // whose token is there then
		err             error
	}{
		"a repeat":                                              {ends: 10 * day, created: -6 * day, expiry: 8 * day, want: "1"},
		"an installation":                                       {ends: 10 * day, created: 0, expiry: 14 * day, want: "2"},
		"an installation that came late":                        {ends: 10 * day, created: -day, expiry: 13 * day, want: "2"},
		"an installation whose token lives shorter":             {ends: 10 * day, created: -time.Minute, expiry: day, want: "2"},
		"an installation a minute before another":               {ends: 14 * day, created: -time.Minute, expiry: 14*day - time.Minute, want: "1"},
		"an installation two minutes before another":            {ends: 14 * day, created: -2 * time.Minute, expiry: 14*day - 2*time.Minute, want: "2"},
		"a token that ends with the one there":                  {ends: 10 * day, created: -6 * day, expiry: 10 * day, want: "2"},
		"an installation where the clock is an hour ahead":      {ends: 14*day + time.Hour, created: -time.Hour, expiry: 14*day - time.Hour, want: "1"},
		"in doubt, a repeat":                                    {sent: -time.Hour, ends: 10 * day, created: -6 * day, expiry: 8 * day, want: "1", err: salla.ErrRefreshLost},
		"in doubt, a repeat at once":                            {sent: -time.Second, ends: -time.Second, created: -14 * day, expiry: -time.Hour, want: "1", err: salla.ErrRefreshLost},
		"in doubt, an installation":                             {sent: -time.Hour, ends: 10 * day, created: -time.Minute, expiry: 14 * day, want: "2"},
		"in doubt, an installation before it that came late":    {sent: -time.Hour, ends: 10 * day, created: -day, expiry: 13 * day, want: "2"},
		"in doubt, an installation whose token lives shorter":   {sent: -time.Hour, ends: 10 * day, created: -time.Minute, expiry: day, want: "2"},
		"in doubt, where the clocks differ by a minute":         {sent: -time.Hour, ends: 10 * day, created: -61 * time.Minute, expiry: day, want: "2"},
		"in doubt, where this clock is an hour ahead":           {sent: time.Hour, ends: 14*day + 2*time.Hour, created: 0, expiry: 14 * day, want: "1", err: salla.ErrRefreshLost},
		"in doubt, where this clock is an hour behind":          {sent: -2 * time.Hour, ends: 14*day - 2*time.Hour, created: 0, expiry: 14 * day, want: "2"},
		"in doubt, a repeat where this clock is an hour behind": {sent: -2 * time.Hour, ends: 10 * day, created: -6 * day, expiry: 8 * day, want: "1", err: salla.ErrRefreshLost},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				now := time.Now()
				first := pair("1", tt.ends)
				if tt.sent != 0 {
					first = auth.Mark(first, now.Add(tt.sent))
				}
				store := stored(t, first)

				err := app.SaveToken(t.Context(), merchant, store, delivered(t, "2", now.Add(tt.created), now.Add(tt.expiry)))

				assert.ErrorIs(t, err, tt.err)
				if tt.err == nil {
					assert.NoError(t, err)
				} else {
					assert.ErrorContains(t, err, "delete that one from the store first")
				}
				assert.Equal(t, "access-"+tt.want, load(t, store).AccessToken)
			})
		})
	}
}

// What was just exchanged is new, whatever the clock says of its end.
func TestAnExchangedTokenIsNew(t *testing.T) {
	t.Parallel()
	for name, place := range map[string]func(*testing.T) souk.TokenStore{
		"in doubt": inDoubt,
		"good":     func(t *testing.T) souk.TokenStore { return stored(t, pair("1", 10*24*time.Hour)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			expectToken(gock, "code", "c-1", "grant_type", "authorization_code", "redirect_uri", "https://app.example/back").
				JSON(200, `{"access_token":"access-2","refresh_token":"refresh-2","expires_in":3600}`)
			o := oauth(t, gock)
			token, err := o.Exchange(t.Context(), "c-1")
			require.NoError(t, err)
			store := place(t)

			require.NoError(t, o.SaveToken(t.Context(), merchant, store, token))

			assert.Equal(t, "access-2", load(t, store).AccessToken)
		})
	}
}

// forgets says that it saves.
type forgets struct{ souk.TokenStore }

func (s forgets) Update(ctx context.Context, key string, f func(context.Context, *oauth2.Token) (*oauth2.Token, error)) error {
	return s.TokenStore.Update(ctx, key, func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
		_, err := f(ctx, current)
		return nil, err
	})
}

func TestAStoreThatSavesNothingIsFound(t *testing.T) {
	t.Parallel()
	const text = `the token store failed: the store said that the token was saved, but it was not: test the store with souktest.TestTokenStore`
	t.Run("by SaveToken", func(t *testing.T) {
		t.Parallel()
		token := pair("1", time.Hour)
		err := app.SaveToken(t.Context(), merchant, forgets{souk.NewMemoryTokenStore()}, token)
		require.ErrorIs(t, err, souk.ErrUnavailable)
		require.ErrorContains(t, err, text)
		unsaved, ok := errors.AsType[*souk.UnsavedError](err)
		require.True(t, ok)
		assert.Equal(t, "access-1", unsaved.Token.AccessToken)
	})
	t.Run("before the refresh token is sent", func(t *testing.T) {
		t.Parallel()
		store := forgets{stored(t, pair("1", -time.Hour))}
		_, err := source(t, oauth(t, testkit.NewGock(t)), store).Token(t.Context())
		require.ErrorIs(t, err, souk.ErrUnavailable)
		require.ErrorContains(t, err, text)
		assert.NotErrorIs(t, err, souk.ErrReauthorize)
	})
	t.Run("which is not missed while the token works", func(t *testing.T) {
		t.Parallel()
		store := forgets{stored(t, pair("1", time.Hour))}
		token, err := source(t, oauth(t, testkit.NewGock(t)), store).Token(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "access-1", token.AccessToken)
	})
}
