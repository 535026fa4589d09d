package commercengine_test

import (
	"context"
	"encoding/json"
	"errors"
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
	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/commercengine/commercenginetest"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/souktest"
)

const (
	ravi    = `"is_anonymous":false,"is_logged_in":true,"customer_id":"ravi","ulid":"ravi"`
	visitor = anonymous + `,"ulid":"anon-1","anonymous_id":"anon-1"`
	another = anonymous + `,"ulid":"anon-2","anonymous_id":"anon-2"`
	// ashaToo is the visitor, who has logged in.
	ashaToo = loggedIn + `,"anonymous_id":"anon-1"`
)

func (p pair) token() *oauth2.Token {
	claims, err := commercengine.ParseClaims(p.access)
	if err != nil {
		return &oauth2.Token{AccessToken: p.access, RefreshToken: p.refresh}
	}
	return &oauth2.Token{AccessToken: p.access, RefreshToken: p.refresh, Expiry: claims.ExpiresAt}
}

// put lets another process save a pair.
func put(t *testing.T, store souk.TokenStore, p pair) {
	t.Helper()
	require.NoError(t, store.Update(context.WithoutCancel(t.Context()), sessionKey, func(context.Context, *oauth2.Token) (*oauth2.Token, error) { return p.token(), nil }))
}

func kept(t *testing.T, store souk.TokenStore) *oauth2.Token {
	t.Helper()
	token, err := store.Load(t.Context(), sessionKey)
	require.NoError(t, err)
	require.NotNil(t, token)
	return token
}

// cart is a call that an anonymous shopper may make as well.
func cart(ctx context.Context, c *commercengine.Client, method string) error {
	return c.Do(ctx, method, "/carts", nil, nil, nil)
}

func carted(method, token string) testkit.Request {
	return testkit.Request{Method: method, URL: base + "/carts", Header: map[string]string{"Authorization": "Bearer " + token}}
}

const refusedToken = `{"success":false,"code":"unauthorized","message":"no"}`

// What began for one shopper is neither sent nor repeated for another.
func TestACallIsForOneShopper(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		first  string
		answer string // the server's to a refresh; it begins an anonymous session after a refusal
		stored string // what another process has put into the store meanwhile
		want   error  // nil: it is repeated
		text   string
	}{
		"the shopper was logged out":        {first: loggedIn, want: souk.ErrReauthorize, text: "the shopper was logged out, and the session is anonymous; log in again with a method of AuthService"},
		"by another process":                {first: loggedIn, stored: visitor, want: souk.ErrReauthorize, text: "the shopper was logged out, and the session is anonymous; log in again with a method of AuthService"},
		"another has logged in":             {first: loggedIn, stored: ravi, want: souk.ErrUnauthorized, text: "the session has become that of another shopper, for whom this call was not meant"},
		"the renewal is another's":          {first: loggedIn, answer: ravi, want: souk.ErrUnauthorized, text: "the session has become that of another shopper, for whom this call was not meant"},
		"the visitor is another":            {first: visitor, answer: another, want: souk.ErrUnauthorized, text: "the session has become that of another shopper, for whom this call was not meant"},
		"a token says nothing":              {first: loggedIn, answer: `"ulid":""`, want: souk.ErrUnauthorized, text: "the session has become that of another shopper, for whom this call was not meant"},
		"another, who was the same visitor": {first: ashaToo, stored: ravi + `,"anonymous_id":"anon-1"`, want: souk.ErrUnauthorized, text: "the session has become that of another shopper, for whom this call was not meant"},
		"visitors whom nothing names":       {first: anonymous + `,"ulid":""`, stored: anonymous + `,"ulid":""`, want: souk.ErrUnauthorized, text: "the session has become that of another shopper, for whom this call was not meant"},
		"the shopper is the same":           {first: loggedIn, answer: loggedIn},
		"the visitor is the same":           {first: visitor, answer: visitor},
		"the visitor has logged in":         {first: visitor, stored: ashaToo},
		"another process has renewed":       {first: loggedIn, stored: ashaToo},
		"the visitor has become a customer": {first: visitor, stored: loggedIn + `,"ulid":"anon-1"`},
	} {
		for _, method := range []string{"POST", "PUT", "GET"} {
			t.Run(name+" "+method, func(t *testing.T) {
				t.Parallel()
				gock := testkit.NewGock(t)
				old := newPair("1", tt.first)
				store := stored(t, old)
				client := shopper(t, gock, store)
				_, err := client.Session.Token(t.Context())
				require.NoError(t, err)
				gock.Expect(carted(method, old.access)).JSON(401, refusedToken)
				fresh := newPair("2", tt.stored+tt.answer)
				switch {
				case tt.stored != "":
					put(t, store, fresh)
				case tt.answer != "":
					gock.Expect(refreshed(old.refresh)).JSON(200, fresh.answer())
				default:
					fresh = newPair("2", visitor)
					gock.Expect(refreshed(old.refresh)).Fixture(400, "error_400.json")
					gock.Expect(began(old.access)).JSON(200, fresh.answer())
				}
				if tt.want == nil {
					gock.Expect(carted(method, fresh.access)).JSON(200, `{"success":true}`)
				}

				err = cart(t.Context(), client, method)

				if tt.want == nil {
					require.NoError(t, err)
					return
				}
				e := requireError(t, err)
				require.ErrorIs(t, err, tt.want)
				require.ErrorIs(t, err, souk.ErrUnauthorized)
				assert.Equal(t, errors.Is(tt.want, souk.ErrReauthorize), errors.Is(err, souk.ErrReauthorize))
				assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown)
				assert.Equal(t, 401, e.StatusCode)
				assert.Equal(t, 1, e.Attempts)
				assert.ErrorContains(t, err, tt.text)
				// The next call is for whom the session is now.
				gock.Expect(carted(method, fresh.access)).JSON(200, `{"success":true}`)
				assert.NoError(t, cart(t.Context(), client, method))
			})
		}
	}
}

// The same by the clock: the program learns of it before anything is sent.
func TestACallIsNotSentForAnother(t *testing.T) {
	t.Parallel()
	for name, restarted := range map[string]bool{"in the process that knew the shopper": false, "after a restart": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				gock := testkit.NewGock(t)
				old := newPair("1", loggedIn)
				client := shopper(t, gock, stored(t, old))
				if !restarted {
					_, err := client.Session.Token(t.Context())
					require.NoError(t, err)
				}
				time.Sleep(time.Hour)
				fresh := newPair("2", visitor)
				gock.Expect(refreshed(old.refresh)).Fixture(401, "error_401.json").Delay(time.Second)
				gock.Expect(began(old.access)).JSON(200, fresh.answer())
				var calls sync.WaitGroup
				for range 20 { // all of which began before anybody knew
					calls.Go(func() {
						err := cart(t.Context(), client, "POST")
						assert.ErrorIs(t, err, souk.ErrReauthorize)
						e := requireError(t, err)
						assert.Equal(t, 0, e.StatusCode)
						assert.Equal(t, 0, e.Attempts)
					})
				}
				calls.Wait()

				gock.Expect(carted("POST", fresh.access)).JSON(200, `{"success":true}`)
				assert.NoError(t, cart(t.Context(), client, "POST"))
			})
		})
	}
}

// A repeat for another reason than a 401 is for the same shopper as well.
func TestARepeatIsForTheSameShopper(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		old, fresh := newPair("1", loggedIn), newPair("2", visitor)
		client := shopper(t, gock, stored(t, old))
		gock.Expect(carted("PUT", old.access)).JSON(503, `{"success":false,"message":"busy"}`).Delay(10 * time.Second)
		gock.Expect(testkit.Request{Method: "POST", URL: base + "/auth/logout"}).JSON(200, fresh.answer())
		var other sync.WaitGroup
		other.Go(func() {
			time.Sleep(5 * time.Second)
			_, err := client.Auth.Logout(t.Context())
			assert.NoError(t, err)
		})

		err := cart(souk.WithMaxAttempts(t.Context(), 3), client, "PUT")

		other.Wait()
		assert.ErrorIs(t, err, souk.ErrReauthorize)
		assert.ErrorIs(t, err, souk.ErrOutcomeUnknown, "the 503 left it open")
		assert.Equal(t, 503, requireError(t, err).StatusCode)
	})
}

// The same holds for tokens that come from elsewhere.
func TestTokensOfASourceAreForOneShopper(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		second string
		want   error
	}{
		"the same":  {loggedIn, nil},
		"another":   {ravi, souk.ErrUnauthorized},
		"anonymous": {visitor, souk.ErrReauthorize},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			source := &turns{tokens: []pair{newPair("1", loggedIn), newPair("2", tt.second)}}
			client, err := commercengine.NewClient(commercengine.Config{StoreID: "x2yh61zw4k", TokenSource: source, Options: souk.Options{HTTPClient: gock.Client(), MaxAttempts: 1}})
			require.NoError(t, err)
			gock.Expect(carted("POST", source.tokens[0].access)).JSON(401, refusedToken)
			if tt.want == nil {
				gock.Expect(carted("POST", source.tokens[1].access)).JSON(200, `{"success":true}`)
			}

			err = cart(t.Context(), client, "POST")

			assert.ErrorIs(t, err, tt.want)
		})
	}
}

// turns hands out the next of its tokens when one is called expired.
type turns struct {
	tokens []pair
	n      int
}

func (s *turns) Token(context.Context) (*oauth2.Token, error) { return s.tokens[s.n].token(), nil }
func (s *turns) Invalidate(*oauth2.Token)                     { s.n++ }

// logouts counts what OnLogout is told.
type logouts struct {
	mu  sync.Mutex
	was []commercengine.Claims
}

func (l *logouts) add(was commercengine.Claims) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.was = append(l.was, was)
}

// The program is told once that its shopper is gone, however many calls find it out.
func TestOnLogout(t *testing.T) {
	t.Parallel()
	server := startServer(t)
	client, customerID := loggedInTo(t, server)
	var seen, replaced logouts
	client.Session.OnLogout(replaced.add)
	client.Session.OnLogout(seen.add)
	claims, err := client.Session.Claims(t.Context())
	require.NoError(t, err)
	server.RevokeTokens()
	before := len(server.Requests())

	var calls sync.WaitGroup
	for range 64 {
		calls.Go(func() {
			_, err := client.Addresses.Create(t.Context(), customerID, createAddress)
			assert.ErrorIs(t, err, souk.ErrUnauthorized)
		})
	}
	calls.Wait()

	assert.Equal(t, []commercengine.Claims{*claims}, seen.was)
	assert.Empty(t, replaced.was)
	renewals := 0
	for _, r := range server.Requests()[before:] {
		if strings.HasSuffix(r.Path, "/auth/refresh-token") {
			renewals++
		}
	}
	assert.Equal(t, 1, renewals)
	_, err = client.Auth.LoginWithPassword(t.Context(), commercengine.LoginWithPasswordRequest{Email: "asha@example.com", Password: "s3cret"})
	require.NoError(t, err)
	addresses, err := client.Addresses.List(t.Context(), customerID, commercengine.ListAddressesRequest{})
	require.NoError(t, err)
	assert.Empty(t, addresses.Addresses)

	client.Session.OnLogout(nil)
	server.RevokeTokens()
	_, err = client.Loyalty.Get(t.Context(), customerID)
	require.ErrorIs(t, err, souk.ErrReauthorize)
	assert.Len(t, seen.was, 1)
}

// What the program does itself is no news, and what another process does is.
func TestOnLogoutTellsWhatOthersDo(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		stored string
		own    bool
		want   int
	}{
		"an own log-out":      {visitor, true, 0},
		"another's log-out":   {visitor, false, 1},
		"another shopper":     {ravi, false, 1},
		"another's renewal":   {ashaToo, false, 0},
		"an own change of it": {ravi, true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			store := stored(t, newPair("1", loggedIn))
			client := shopper(t, gock, store)
			var seen logouts
			client.Session.OnLogout(seen.add)
			token, err := client.Session.Token(t.Context())
			require.NoError(t, err)
			fresh := newPair("2", tt.stored)
			if tt.own {
				gock.Expect(testkit.Request{Method: "POST", URL: base + "/auth/login/password", Body: json.RawMessage(`{"email":"a@b","password":"p"}`)}).JSON(200, fresh.answer())
				_, err := client.Auth.LoginWithPassword(t.Context(), commercengine.LoginWithPasswordRequest{Email: "a@b", Password: "p"})
				require.NoError(t, err)
			} else {
				put(t, store, fresh)
				client.Session.Invalidate(token)
			}

			token, err = client.Session.Token(t.Context())

			require.NoError(t, err)
			assert.Equal(t, fresh.access, token.AccessToken)
			assert.Len(t, seen.was, tt.want)

			// Somebody who is slow can put the tokens in place once more.
			for _, p := range []pair{newPair("1", loggedIn), fresh} {
				put(t, store, p)
				client.Session.Invalidate(token)
				token, err = client.Session.Token(t.Context())
				require.NoError(t, err)
				assert.Equal(t, p.access, token.AccessToken)
			}
			assert.Len(t, seen.was, tt.want, "told once")
		})
	}
	t.Run("without a session", func(t *testing.T) {
		t.Parallel()
		newClient(t, testkit.NewGock(t)).Session.OnLogout(func(commercengine.Claims) {})
	})
}

// Whoever comes to log in is not told that somebody else was logged out.
func TestALogInIsForWhoeverComes(t *testing.T) {
	t.Parallel()
	server := startServer(t)
	now := time.Now()
	server.SetClock(func() time.Time { return now })
	server.SetTokenLife(20 * time.Second) // so that every call renews
	client, _ := loggedInTo(t, server)
	var seen logouts
	client.Session.OnLogout(seen.add)
	server.RevokeTokens()
	server.SetTokenLife(time.Hour)

	token, err := client.Session.Token(t.Context())
	require.NoError(t, err)
	client.Session.Invalidate(token)
	otp, err := client.Auth.LoginWithPhone(t.Context(), commercengine.LoginWithPhoneRequest{Phone: "9876543210"})
	require.NoError(t, err)
	_, err = client.Auth.VerifyOTP(t.Context(), commercengine.VerifyOTPRequest{OTP: server.OTP, Token: otp.Token, Action: otp.Action})

	require.NoError(t, err)
	assert.Len(t, seen.was, 1)
}

// A log-in by one process is seen by all that share the store.
func TestALogInIsSeenByAll(t *testing.T) {
	t.Parallel()
	start := func(t *testing.T) (server *commercenginetest.Server, here, there *commercengine.Client, customerID string) {
		server = startServer(t)
		_, customerID = server.AddUser(commercenginetest.NewUser{Email: "asha@example.com", Password: "s3cret"})
		store := souk.NewMemoryTokenStore()
		client := func() *commercengine.Client {
			config := server.Config()
			config.TokenStore, config.SessionKey = store, "browser-17"
			return connect(t, config)
		}
		here, there = client(), client()
		for _, c := range []*commercengine.Client{here, there} { // both are anonymous
			_, err := c.Session.CustomerID(t.Context())
			require.ErrorIs(t, err, souk.ErrUnauthorized)
		}
		return server, here, there, customerID
	}
	logIn := func(t *testing.T, c *commercengine.Client) *commercengine.Tokens {
		tokens, err := c.Auth.LoginWithPassword(t.Context(), commercengine.LoginWithPasswordRequest{Email: "asha@example.com", Password: "s3cret"})
		require.NoError(t, err)
		return tokens
	}
	t.Run("before a call about a customer", func(t *testing.T) {
		t.Parallel()
		_, here, there, customerID := start(t)
		logIn(t, there)
		_, err := here.Addresses.Create(t.Context(), customerID, createAddress)
		assert.NoError(t, err)
	})
	t.Run("by CustomerID", func(t *testing.T) {
		t.Parallel()
		_, here, there, customerID := start(t)
		logIn(t, there)
		id, err := here.Session.CustomerID(t.Context())
		require.NoError(t, err)
		assert.Equal(t, customerID, id)
	})
	t.Run("after a 401", func(t *testing.T) {
		t.Parallel()
		_, here, there, _ := start(t)
		user := logIn(t, there).User
		got, err := here.Auth.GetUser(t.Context(), user.ID)
		require.NoError(t, err)
		assert.Equal(t, user.ID, got.ID)
	})
	t.Run("also in the minute after one for missing rights", func(t *testing.T) {
		t.Parallel()
		_, here, there, _ := start(t)
		for range 2 {
			_, err := here.Auth.GetUser(t.Context(), "user1")
			require.ErrorIs(t, err, souk.ErrUnauthorized)
		}
		user := logIn(t, there).User
		_, err := here.Auth.GetUser(t.Context(), user.ID)
		assert.NoError(t, err)
	})
	t.Run("and a renewal is, without another", func(t *testing.T) {
		t.Parallel()
		server, here, there, customerID := start(t)
		logIn(t, there)
		_, err := here.Session.CustomerID(t.Context())
		require.NoError(t, err)
		_, err = here.Auth.GetUser(t.Context(), "user1") // which makes here doubt its token
		require.ErrorIs(t, err, souk.ErrUnauthorized)
		server.ExpireTokens()
		for range 2 { // at first that of here is found
			_, err = there.Auth.RefreshToken(t.Context(), commercengine.RefreshTokenRequest{})
			require.NoError(t, err)
		}
		before := len(server.Requests())
		_, err = here.Addresses.List(t.Context(), customerID, commercengine.ListAddressesRequest{})
		require.NoError(t, err)
		assert.Len(t, server.Requests()[before:], 2, "the list, twice")
	})
}

// racingStore saves another's pair right before it is updated.
type racingStore struct {
	souk.TokenStore
	t    *testing.T
	pair pair
}

func (s *racingStore) Update(ctx context.Context, key string, f func(context.Context, *oauth2.Token) (*oauth2.Token, error)) error {
	put(s.t, s.TokenStore, s.pair)
	return s.TokenStore.Update(ctx, key, f)
}

// Nothing takes the place of somebody who has just logged in but another log-in.
func TestALogInIsNotOverwritten(t *testing.T) {
	t.Parallel()
	calls := map[string]struct {
		before string
		body   any
		call   func(context.Context, *commercengine.AuthService) (*commercengine.Tokens, error)
		want   string // "" if the newer log-in wins
	}{
		"/auth/anonymous": {visitor, nil, func(ctx context.Context, s *commercengine.AuthService) (*commercengine.Tokens, error) {
			return s.Anonymous(ctx)
		}, "somebody is logged in: log out, which also leaves an anonymous session"},
		"/auth/logout": {loggedIn, nil, func(ctx context.Context, s *commercengine.AuthService) (*commercengine.Tokens, error) {
			return s.Logout(ctx)
		}, "another shopper has logged in meanwhile, whose session stays"},
		"/auth/change-password": {
			loggedIn, json.RawMessage(`{"old_password":"o","new_password":"p","confirm_password":"p"}`),
			func(ctx context.Context, s *commercengine.AuthService) (*commercengine.Tokens, error) {
				return s.ChangePassword(ctx, commercengine.ChangePasswordRequest{OldPassword: "o", NewPassword: "p"})
			},
			"another shopper has logged in meanwhile, whose session stays",
		},
		"/auth/login/password": {visitor, json.RawMessage(`{"email":"a@b","password":"p"}`), func(ctx context.Context, s *commercengine.AuthService) (*commercengine.Tokens, error) {
			return s.LoginWithPassword(ctx, commercengine.LoginWithPasswordRequest{Email: "a@b", Password: "p"})
		}, ""},
	}
	for route, tt := range calls {
		t.Run(route, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			newer := newPair("2", ravi)
			store := &racingStore{stored(t, newPair("1", tt.before)), t, newer}
			client := shopper(t, gock, store)
			fresh := newPair("3", tt.before)
			gock.Expect(testkit.Request{Method: "POST", URL: base + route, Body: tt.body}).JSON(200, fresh.answer())

			got, err := tt.call(t.Context(), client.Auth)

			if tt.want == "" {
				require.NoError(t, err)
				assert.Equal(t, fresh.access, kept(t, store).AccessToken)
				return
			}
			assert.Nil(t, got)
			require.ErrorIs(t, err, souk.ErrInvalid)
			assert.EqualError(t, err, "commercengine: POST "+route+": invalid: "+tt.want)
			assert.Equal(t, newer.access, kept(t, store).AccessToken)
			gock.Expect(looked(newer.access)).Fixture(200, "get-ifsc-lookup.json")
			assert.NoError(t, look(t.Context(), client), "the session is that of the newer log-in")
		})
	}
}

// A session that the server knows no more begins anew, also where it is refused the
// token that it had.
func TestAStuckSessionFindsItsWayBack(t *testing.T) {
	t.Parallel()
	for name, reply := range map[string]func(*testkit.Reply){
		"refused":             func(r *testkit.Reply) { r.Fixture(401, "error_401.json") },
		"refused with 200":    func(r *testkit.Reply) { r.JSON(200, `{"success":false,"message":"no"}`) },
		"unknown":             func(r *testkit.Reply) { r.Fixture(404, "error_404.json") },
		"refused by a proxy":  func(r *testkit.Reply) { r.Body(403, "text/html", []byte("<html>")) },
		"too large for it":    func(r *testkit.Reply) { r.Status(431) },
		"too large for it II": func(r *testkit.Reply) { r.Status(400) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				gock := testkit.NewGock(t)
				old := newPair("1", loggedIn)
				store := stored(t, old)
				client := shopper(t, gock, store)
				time.Sleep(2 * time.Hour)
				fresh := newPair("2", visitor)
				gock.Expect(refreshed(old.refresh)).Fixture(400, "error_400.json")
				reply(gock.Expect(began(old.access)))
				gock.Expect(began("")).JSON(200, fresh.answer())

				require.ErrorIs(t, look(t.Context(), client), souk.ErrReauthorize)

				assert.Equal(t, fresh.access, kept(t, store).AccessToken)
				gock.Expect(looked(fresh.access)).Fixture(200, "get-ifsc-lookup.json")
				assert.NoError(t, look(t.Context(), client))
			})
		})
	}
	for name, access := range map[string]string{"a token with a line break": "a\nb", "no token": "", "a token of 1 MiB": strings.Repeat("a", 1<<20)} {
		for _, life := range []time.Duration{-time.Hour, time.Hour} {
			t.Run(name+" of "+life.String(), func(t *testing.T) {
				t.Parallel()
				gock := testkit.NewGock(t)
				store := souk.NewMemoryTokenStore()
				odd := &oauth2.Token{AccessToken: access, Expiry: time.Now().Add(life)}
				require.NoError(t, store.Update(t.Context(), sessionKey, func(context.Context, *oauth2.Token) (*oauth2.Token, error) { return odd, nil }))
				fresh := newPair("2", visitor)
				gock.Expect(began("")).JSON(200, fresh.answer())
				gock.Expect(looked(fresh.access)).Fixture(200, "get-ifsc-lookup.json")

				assert.NoError(t, look(t.Context(), shopper(t, gock, store)))
			})
		}
	}
	t.Run("odd tokens only", func(t *testing.T) {
		t.Parallel()
		gock := testkit.NewGock(t)
		gock.Expect(began("")).JSON(200, pair{access: `a\nb`, refresh: "r"}.answer())
		gock.Expect(refreshed("r")).JSON(200, pair{access: `c\nd`, refresh: "s"}.answer())

		err := look(t.Context(), shopper(t, gock, nil))

		assert.ErrorIs(t, err, souk.ErrUnauthorized)
		assert.ErrorContains(t, err, "the token of the session cannot be sent")
	})
	// What passes leaves the session as it is.
	for name, reply := range map[string]func(*testkit.Reply){
		"busy": func(r *testkit.Reply) { r.JSON(500, `{"success":false,"message":"oops"}`) },
		"away": func(r *testkit.Reply) { r.Status(503) },
		"lost": func(r *testkit.Reply) { r.Drop() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				gock := testkit.NewGock(t)
				old := newPair("1", visitor)
				store := stored(t, old)
				client := shopper(t, gock, store)
				time.Sleep(31 * 24 * time.Hour)
				reply(gock.Expect(began(old.access)))

				require.Error(t, look(t.Context(), client))

				assert.Equal(t, old.access, kept(t, store).AccessToken)
			})
		})
	}
}

// An OTP and a password are sent once, whatever a 401 means, and the session is
// looked after by the next call.
func TestSecretsAreSentOnce(t *testing.T) {
	t.Parallel()
	calls := map[string]struct {
		body any
		call func(context.Context, *commercengine.AuthService) (*commercengine.Tokens, error)
	}{
		"/auth/verify-otp": {json.RawMessage(`{"otp":"123456","otp_token":"t","otp_action":"login"}`), func(ctx context.Context, s *commercengine.AuthService) (*commercengine.Tokens, error) {
			return s.VerifyOTP(ctx, commercengine.VerifyOTPRequest{OTP: "123456", Token: "t", Action: commercengine.OTPLogin})
		}},
		"/auth/login/password": {json.RawMessage(`{"email":"a@b","password":"p"}`), func(ctx context.Context, s *commercengine.AuthService) (*commercengine.Tokens, error) {
			return s.LoginWithPassword(ctx, commercengine.LoginWithPasswordRequest{Email: "a@b", Password: "p"})
		}},
		"/auth/reset-password": {json.RawMessage(`{"new_password":"p","confirm_password":"p","otp_token":"t","otp":"1"}`), func(ctx context.Context, s *commercengine.AuthService) (*commercengine.Tokens, error) {
			return s.ResetPassword(ctx, commercengine.ResetPasswordRequest{NewPassword: "p", Token: "t", OTP: "1"})
		}},
		"/auth/change-password": {json.RawMessage(`{"old_password":"o","new_password":"p","confirm_password":"p"}`), func(ctx context.Context, s *commercengine.AuthService) (*commercengine.Tokens, error) {
			return s.ChangePassword(ctx, commercengine.ChangePasswordRequest{OldPassword: "o", NewPassword: "p"})
		}},
	}
	for route, c := range calls {
		for _, code := range []string{"unauthorized", "TOKEN_EXPIRED", "jwt_expired", "invalid_credentials"} {
			t.Run(route+" "+code, func(t *testing.T) {
				t.Parallel()
				gock := testkit.NewGock(t)
				old, fresh := newPair("1", visitor), newPair("2", visitor)
				client := shopper(t, gock, stored(t, old))
				request := testkit.Request{Method: "POST", URL: base + route, Body: c.body, Header: map[string]string{"Authorization": "Bearer " + old.access}}
				gock.Expect(request).JSON(401, `{"success":false,"code":"`+code+`","message":"no"}`)

				_, err := c.call(t.Context(), client.Auth)

				require.ErrorIs(t, err, souk.ErrUnauthorized)
				assert.Equal(t, 401, requireError(t, err).StatusCode)
				assert.Equal(t, strings.ToLower(code), requireError(t, err).Code)
				if code == "invalid_credentials" { // which says nothing of the session
					fresh = old
				} else {
					gock.Expect(refreshed(old.refresh)).JSON(200, fresh.answer())
				}
				gock.Expect(looked(fresh.access)).Fixture(200, "get-ifsc-lookup.json").Times(2)
				require.NoError(t, look(t.Context(), client))
				require.NoError(t, look(t.Context(), client))
			})
		}
	}
	t.Run("with tokens from elsewhere", func(t *testing.T) {
		t.Parallel()
		gock := testkit.NewGock(t)
		source := &turns{tokens: []pair{newPair("1", visitor), newPair("2", visitor)}}
		client, err := commercengine.NewClient(commercengine.Config{StoreID: "x2yh61zw4k", TokenSource: source, Options: souk.Options{HTTPClient: gock.Client()}})
		require.NoError(t, err)
		gock.Expect(testkit.Request{Method: "POST", URL: base + "/auth/login/password", Body: json.RawMessage(`{"email":"a@b","password":"p"}`)}).JSON(401, refusedToken)

		_, err = client.Auth.LoginWithPassword(t.Context(), commercengine.LoginWithPasswordRequest{Email: "a@b", Password: "p"})

		require.ErrorIs(t, err, souk.ErrUnauthorized)
		assert.Equal(t, 1, source.n, "the source was told")
	})
}

// Whichever code says that a token has expired, it is renewed.
func TestCodesOfAnExpiredToken(t *testing.T) {
	t.Parallel()
	for code, renews := range map[string]bool{
		"": true, "401": true, "unauthorized": true, "UNAUTHENTICATED": true, "token_expired": true, "TokenExpired": true, "invalid_token": true,
		"jwt_expired": true, "jwt expired": true, "JWT_INVALID": true, "session_expired": true, "access_token_revoked": true,
		"invalid_credentials": false, "otp_expired": false, "invalid_otp_token": false, "account_locked": false,
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			old, fresh := newPair("1", loggedIn), newPair("2", loggedIn)
			client := shopper(t, gock, stored(t, old))
			gock.Expect(looked(old.access)).JSON(401, `{"success":false,"code":"`+code+`","message":"no"}`)
			if renews {
				gock.Expect(refreshed(old.refresh)).JSON(200, fresh.answer())
				gock.Expect(looked(fresh.access)).Fixture(200, "get-ifsc-lookup.json")
			}

			err := look(t.Context(), client)

			assert.Equal(t, renews, err == nil, "%v", err)
		})
	}
}

// What a pair comes with that cannot be saved: class, method and route, by every
// method that hands out tokens.
func TestEveryMethodReturnsWhatCannotBeSaved(t *testing.T) {
	t.Parallel()
	full := errors.New("disk full")
	for route, call := range map[string]func(context.Context, *commercengine.AuthService) (*commercengine.Tokens, error){
		"/auth/anonymous": func(ctx context.Context, s *commercengine.AuthService) (*commercengine.Tokens, error) {
			return s.Anonymous(ctx)
		},
		"/auth/logout": func(ctx context.Context, s *commercengine.AuthService) (*commercengine.Tokens, error) {
			return s.Logout(ctx)
		},
		"/auth/verify-otp": func(ctx context.Context, s *commercengine.AuthService) (*commercengine.Tokens, error) {
			return s.VerifyOTP(ctx, commercengine.VerifyOTPRequest{OTP: "123456", Token: "t", Action: commercengine.OTPLogin})
		},
		"/auth/login/password": func(ctx context.Context, s *commercengine.AuthService) (*commercengine.Tokens, error) {
			return s.LoginWithPassword(ctx, commercengine.LoginWithPasswordRequest{Email: "a@b", Password: "p"})
		},
		"/auth/reset-password": func(ctx context.Context, s *commercengine.AuthService) (*commercengine.Tokens, error) {
			return s.ResetPassword(ctx, commercengine.ResetPasswordRequest{NewPassword: "p", Token: "t", OTP: "1"})
		},
		"/auth/change-password": func(ctx context.Context, s *commercengine.AuthService) (*commercengine.Tokens, error) {
			return s.ChangePassword(ctx, commercengine.ChangePasswordRequest{OldPassword: "o", NewPassword: "p"})
		},
		"/auth/refresh-token": func(ctx context.Context, s *commercengine.AuthService) (*commercengine.Tokens, error) {
			return s.RefreshToken(ctx, commercengine.RefreshTokenRequest{})
		},
		"/auth/refresh-token?": func(ctx context.Context, s *commercengine.AuthService) (*commercengine.Tokens, error) {
			return s.RefreshToken(ctx, commercengine.RefreshTokenRequest{RefreshToken: "other"})
		},
	} {
		t.Run(route, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			fresh := newPair("2", visitor)
			store := &fullStore{TokenStore: stored(t, newPair("1", visitor)), late: full}
			client := shopper(t, gock, store)
			route := strings.TrimSuffix(route, "?")
			gock.Expect(testkit.Request{Method: "POST", URL: base + route, Body: func([]byte) error { return nil }}).JSON(200, fresh.answer())

			got, err := call(t.Context(), client.Auth)

			assert.Equal(t, &commercengine.Tokens{AccessToken: fresh.access, RefreshToken: fresh.refresh}, got)
			e := requireError(t, err)
			assert.ErrorIs(t, err, full)
			assert.ErrorIs(t, err, souk.ErrUnavailable)
			assert.Equal(t, "commercengine", e.Vendor)
			assert.Equal(t, "POST", e.Method)
			assert.Equal(t, route, e.Route)
			assert.NotContains(t, err.Error(), "disk full")
		})
	}
}

// fullStore is a store that can be out of space: before it calls the function, or
// after.
type fullStore struct {
	souk.TokenStore
	full, late error
}

func (s *fullStore) Update(ctx context.Context, key string, f func(context.Context, *oauth2.Token) (*oauth2.Token, error)) error {
	if s.full != nil {
		return s.full
	}
	return s.TokenStore.Update(ctx, key, func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
		token, err := f(ctx, current)
		if err == nil && s.late != nil {
			return nil, s.late
		}
		return token, err
	})
}

// How it goes on: the pair that was not saved leads to the next one.
func TestAPairThatWasNotSavedIsExchanged(t *testing.T) {
	t.Parallel()
	server := startServer(t)
	_, customerID := server.AddUser(commercenginetest.NewUser{Email: "asha@example.com", Password: "s3cret"})
	store := &fullStore{TokenStore: souk.NewMemoryTokenStore()}
	config := server.Config()
	config.TokenStore, config.SessionKey = store, "browser-17"
	client := connect(t, config)
	_, err := client.Session.Token(t.Context()) // anonymous, and saved
	require.NoError(t, err)
	store.full = errors.New("no space")
	tokens, err := client.Auth.LoginWithPassword(t.Context(), commercengine.LoginWithPasswordRequest{Email: "asha@example.com", Password: "s3cret"})
	require.ErrorIs(t, err, store.full)
	require.NotNil(t, tokens)
	store.full = nil

	_, err = client.Auth.RefreshToken(t.Context(), commercengine.RefreshTokenRequest{RefreshToken: tokens.RefreshToken})

	require.NoError(t, err)
	id, err := client.Session.CustomerID(t.Context())
	require.NoError(t, err)
	assert.Equal(t, customerID, id)
}

// An answer without a refresh token leaves that of the same shopper in place, and of
// nobody else.
func TestRefreshTokenOfTheSameShopperStays(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		before, after string
		stays         bool
	}{
		"a new password":         {loggedIn, loggedIn, true},
		"a log-in":               {visitor, ashaToo, false},
		"a log-in as another":    {loggedIn, ravi, false},
		"tokens that are opaque": {"", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			old, fresh := newPair("1", tt.before), newPair("2", tt.after)
			if tt.after == "" {
				fresh.access = "opaque"
			}
			store := stored(t, old)
			client := shopper(t, gock, store)
			gock.Expect(testkit.Request{Method: "POST", URL: base + "/auth/change-password", Body: func([]byte) error { return nil }}).
				JSON(200, `{"message":"ok","success":true,"content":{"access_token":"`+fresh.access+`"}}`)
			route := func() (*commercengine.Tokens, error) {
				return client.Auth.ChangePassword(t.Context(), commercengine.ChangePasswordRequest{OldPassword: "o", NewPassword: "p"})
			}

			got, err := route()

			require.NoError(t, err)
			assert.Equal(t, &commercengine.Tokens{AccessToken: fresh.access}, got)
			want := ""
			if tt.stays {
				want = old.refresh
			}
			assert.Equal(t, fresh.access, kept(t, store).AccessToken)
			assert.Equal(t, want, kept(t, store).RefreshToken)
		})
	}
}

// A session is one of one store and environment.
func TestASessionBelongsToOneStore(t *testing.T) {
	t.Parallel()
	config := commercengine.Config{StoreID: "a", APIKey: "k", SessionKey: "browser-17"}
	assert.Equal(t, "commercengine.a.production.browser-17", config.TokenKey())
	config.Environment = commercengine.Staging
	assert.Equal(t, "commercengine.a.staging.browser-17", config.TokenKey())
	session := connect(t, config).Session

	for name, other := range map[string]commercengine.Config{
		"another store":       {StoreID: "b", Environment: commercengine.Staging, TokenSource: session},
		"another environment": {StoreID: "a", TokenSource: session},
	} {
		_, err := commercengine.NewClient(other)
		assert.EqualError(t, err, "commercengine: invalid; TokenSource: is the Session of another store or environment: a session belongs to one", name)
	}
	_, err := commercengine.NewClient(commercengine.Config{StoreID: "a", Environment: commercengine.Staging, TokenSource: session})
	assert.NoError(t, err)
}

// One SessionKey in one store of tokens is several sessions of several stores.
func TestSessionKeyOfTwoEnvironments(t *testing.T) {
	t.Parallel()
	store := souk.NewMemoryTokenStore()
	for _, environment := range []commercengine.Environment{commercengine.Production, commercengine.Staging} {
		gock := testkit.NewGock(t)
		config := commercengine.Config{
			StoreID: "x2yh61zw4k", APIKey: "key-1", Environment: environment, BaseURL: host, TokenStore: store, SessionKey: "shopper-1",
			Options: souk.Options{HTTPClient: gock.Client()},
		}
		fresh := newPair(string(environment), visitor)
		gock.Expect(began("")).JSON(200, fresh.answer())

		token, err := connect(t, config).Session.Token(t.Context())

		require.NoError(t, err)
		assert.Equal(t, fresh.access, token.AccessToken)
		saved, err := store.Load(t.Context(), config.TokenKey())
		require.NoError(t, err)
		assert.Equal(t, fresh.access, saved.AccessToken)
	}
}

// A session whose key is deleted is forgotten by all processes.
func TestADeletedSessionIsForgotten(t *testing.T) {
	t.Parallel()
	server := startServer(t)
	_, customerID := server.AddUser(commercenginetest.NewUser{Email: "asha@example.com", Password: "s3cret"})
	config := server.Config()
	config.TokenStore, config.SessionKey = souk.NewMemoryTokenStore(), "browser-17"
	client := connect(t, config)
	_, err := client.Auth.LoginWithPassword(t.Context(), commercengine.LoginWithPasswordRequest{Email: "asha@example.com", Password: "s3cret"})
	require.NoError(t, err)
	require.NoError(t, config.TokenStore.Delete(t.Context(), config.TokenKey()))

	_, err = connect(t, config).Session.CustomerID(t.Context())
	assert.ErrorIs(t, err, souk.ErrUnauthorized)
	server.ExpireTokens()
	_, err = client.Loyalty.Get(t.Context(), customerID)
	assert.ErrorIs(t, err, souk.ErrReauthorize)
}

// What the server said of an API key is found behind the call's own error, which
// has no status: nothing of the call was sent.
func TestWhatTheServerSaidOfTheAPIKey(t *testing.T) {
	t.Parallel()
	server := startServer(t)
	config := server.Config()
	config.APIKey = "wrong"

	_, err := connect(t, config).Auth.LoginWithPhone(t.Context(), commercengine.LoginWithPhoneRequest{Phone: "9876543210"})

	e := requireError(t, err)
	assert.ErrorIs(t, err, souk.ErrUnauthorized)
	assert.Equal(t, 0, e.StatusCode)
	assert.Equal(t, 0, e.Attempts)
	said, ok := errors.AsType[*souk.Error](e.Err)
	require.True(t, ok)
	assert.Equal(t, 401, said.StatusCode)
	assert.Equal(t, "unauthorized", said.Code)
	assert.Equal(t, "/auth/anonymous", said.Route)
	assert.ErrorContains(t, err, "POST /auth/anonymous: 401 unauthorized: ")
}

// A session whose own refresh token is refused is told to whoever asked for it.
func TestRefreshTokenOfASessionThatHasEnded(t *testing.T) {
	t.Parallel()
	for claims, want := range map[string]error{loggedIn: souk.ErrReauthorize, visitor: nil} {
		gock := testkit.NewGock(t)
		old, fresh := newPair("1", claims), newPair("2", visitor)
		client := shopper(t, gock, stored(t, old))
		gock.Expect(refreshed(old.refresh)).Fixture(400, "error_400.json")
		gock.Expect(began(old.access)).JSON(200, fresh.answer())

		got, err := client.Auth.RefreshToken(t.Context(), commercengine.RefreshTokenRequest{})

		if want == nil {
			require.NoError(t, err)
			assert.Equal(t, &commercengine.Tokens{AccessToken: fresh.access, RefreshToken: fresh.refresh}, got)
			continue
		}
		assert.Nil(t, got)
		assert.ErrorIs(t, err, want)
		assert.Equal(t, "/auth/refresh-token", requireError(t, err).Route)
	}
}

// A document is asked for once: a lost answer leaves that open.
func TestVerifyIsSentOnce(t *testing.T) {
	t.Parallel()
	server := startServer(t)
	client, customerID := loggedInTo(t, server)
	types, err := client.KYC.ListDocumentTypes(t.Context())
	require.NoError(t, err)
	server.Inject(souktest.Fault{Operation: "KYC.Verify", Drop: true, Processed: true, Times: 4})

	_, err = client.KYC.Verify(t.Context(), customerID, commercengine.VerifyDocumentRequest{DocumentNumber: "x", DocumentTypeID: types.DocumentTypes[0].ID})

	assert.ErrorIs(t, err, souk.ErrOutcomeUnknown)
	assert.Equal(t, 1, requireError(t, err).Attempts)
}

// What a store says of itself is not said of the call, and its own deadline is not
// the caller's.
func TestClassesOfATokenStore(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]error{
		"another vendor's":   &souk.Error{Vendor: "xclade", StatusCode: 422, Err: souk.ErrInvalid},
		"a deadline":         context.DeadlineExceeded,
		"somebody gave up":   context.Canceled,
		"another's refusal":  &souk.Error{Vendor: "salla", StatusCode: 401, Err: souk.ErrReauthorize},
		"anything, at worst": errors.New("disk full"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			fresh := newPair("2", visitor)
			store := &fullStore{TokenStore: stored(t, newPair("1", visitor)), late: broken}
			client := shopper(t, gock, store)
			gock.Expect(testkit.Request{Method: "POST", URL: base + "/auth/logout"}).JSON(200, fresh.answer())

			got, loggedOut := client.Auth.Logout(t.Context())
			require.NotNil(t, got)
			assert.Equal(t, fresh.access, got.AccessToken)
			lookedUp := look(t.Context(), shopper(t, testkit.NewGock(t), brokenStore{broken}))

			for _, err := range []error{loggedOut, lookedUp} {
				require.ErrorIs(t, err, souk.ErrUnavailable)
				for _, class := range []error{souk.ErrInvalid, souk.ErrUnauthorized, souk.ErrReauthorize, context.Canceled, context.DeadlineExceeded} {
					assert.NotErrorIs(t, err, class)
				}
			}
		})
	}
}

// hangingStore answers nobody before their context ends.
type hangingStore struct{ souk.TokenStore }

func (hangingStore) Load(ctx context.Context, _ string) (*oauth2.Token, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// A store that hangs holds nobody up for ever, and nobody for long whose token works.
func TestTokenStoreThatHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := shopper(t, testkit.NewGock(t), hangingStore{souk.NewMemoryTokenStore()})
		began := time.Now()

		err := look(context.Background(), client)

		assert.ErrorIs(t, err, souk.ErrUnavailable)
		assert.Less(t, time.Since(began), 3*time.Minute)
	})
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		store := &hangsLater{TokenStore: stored(t, newPair("1", visitor))}
		client := shopper(t, gock, store)
		token, err := client.Session.Token(t.Context())
		require.NoError(t, err)
		store.hangs.Store(true)
		began := time.Now()
		gock.Expect(looked(token.AccessToken)).Fixture(200, "get-ifsc-lookup.json")

		require.NoError(t, look(context.Background(), client))
		assert.Zero(t, time.Since(began))
		_, err = client.Session.CustomerID(context.Background())
		assert.ErrorContains(t, err, "the session is anonymous")
		assert.LessOrEqual(t, time.Since(began), 5*time.Second)
	})
}

// Neither does one that heeds no context.
func TestTokenStoreThatHeedsNoContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		defer close(release)
		client := shopper(t, testkit.NewGock(t), deafStore{souk.NewMemoryTokenStore(), release})
		began := time.Now()

		err := look(context.Background(), client)

		assert.ErrorIs(t, err, souk.ErrUnavailable)
		assert.Less(t, time.Since(began), 3*time.Minute)
		ctx, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		_, err = client.Auth.RefreshToken(ctx, commercengine.RefreshTokenRequest{})
		assert.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

type deafStore struct {
	souk.TokenStore
	release chan struct{}
}

func (s deafStore) Load(context.Context, string) (*oauth2.Token, error) {
	<-s.release
	return nil, errors.New("too late")
}

type hangsLater struct {
	souk.TokenStore
	hangs atomic.Bool
}

func (s *hangsLater) Load(ctx context.Context, key string) (*oauth2.Token, error) {
	if s.hangs.Load() {
		return hangingStore{}.Load(ctx, key)
	}
	return s.TokenStore.Load(ctx, key)
}

// Whoever is logged in stays so until the token is refused, whatever comes into the store.
func TestCustomerIDOfWhoeverIsLoggedIn(t *testing.T) {
	t.Parallel()
	store := stored(t, newPair("1", loggedIn))
	client := shopper(t, testkit.NewGock(t), store)
	first, err := client.Session.CustomerID(t.Context())
	require.NoError(t, err)
	put(t, store, newPair("2", ravi))

	again, err := client.Session.CustomerID(t.Context())

	require.NoError(t, err)
	assert.Equal(t, customerID, first)
	assert.Equal(t, customerID, again)
}

// A refresh token is kept for want of another, and only for the same shopper.
func TestWhoseRefreshTokenIsKept(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		there   string
		refresh string // that came
		want    string // "" for none; the old one's otherwise
	}{
		"none came":              {loggedIn, "", "1"},
		"another came":           {loggedIn, "fresh", "fresh"},
		"the visitor logged in":  {visitor, "", ""},
		"the visitor's, with it": {visitor, "fresh", "fresh"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			old := newPair("1", tt.there)
			store := stored(t, old)
			client := shopper(t, gock, store)
			fresh := pair{newPair("2", ashaToo).access, tt.refresh}
			gock.Expect(testkit.Request{Method: "POST", URL: base + "/auth/login/password", Body: json.RawMessage(`{"email":"a@b","password":"p"}`)}).JSON(200, fresh.answer())

			_, err := client.Auth.LoginWithPassword(t.Context(), commercengine.LoginWithPasswordRequest{Email: "a@b", Password: "p"})

			require.NoError(t, err)
			if tt.want == "1" {
				tt.want = old.refresh
			}
			assert.Equal(t, tt.want, kept(t, store).RefreshToken)
		})
	}
}
