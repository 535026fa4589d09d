package commercengine_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/internal/testkit"
)

// jwt returns a token with these claims that runs out after life.
func jwt(id string, life time.Duration, claims string) string {
	if claims != "" {
		claims = "," + claims
	}
	payload := fmt.Appendf(nil, `{"jti":%q,"exp":%d,"ulid":%q%s}`, id, time.Now().Add(life).Unix(), userID, claims)
	return "e30." + base64.RawURLEncoding.EncodeToString(payload) + ".c2ln"
}

const (
	anonymous = `"is_anonymous":true,"is_logged_in":false,"customer_id":null`
	loggedIn  = `"is_anonymous":false,"is_logged_in":true,"customer_id":"` + customerID + `"`
)

// sessionKey is where the tokens of shopper are kept.
const sessionKey = "commercengine.x2yh61zw4k.production.shopper-1"

// pair is an access and a refresh token.
type pair struct{ access, refresh string }

func newPair(id, claims string) pair {
	return pair{jwt(id, time.Hour, claims), jwt(id+"-refresh", 30*24*time.Hour, "")}
}

func (p pair) answer() string {
	return `{"message":"ok","success":true,"content":{"access_token":"` + p.access + `","refresh_token":"` + p.refresh + `"}}`
}

// began is the request for an anonymous session in place of an earlier token.
func began(earlier string) testkit.Request {
	r := testkit.Request{Method: "POST", URL: base + "/auth/anonymous", Header: map[string]string{"X-Api-Key": "key-1"}}
	if earlier == "" {
		r.NoHeader = []string{"Authorization"}
	} else {
		r.Header["Authorization"] = "Bearer " + earlier
	}
	return r
}

func refreshed(token string) testkit.Request {
	return testkit.Request{
		Method: "POST", URL: base + "/auth/refresh-token", NoHeader: []string{"Authorization", "X-Api-Key"},
		Body: map[string]string{"refresh_token": token},
	}
}

// looked is the request of look with a token.
func looked(token string) testkit.Request {
	return testkit.Request{
		URL: base + "/payments/ifsc-lookup/HDFC0001234", Header: map[string]string{"Authorization": "Bearer " + token},
		NoHeader: []string{"X-Api-Key"},
	}
}

func look(ctx context.Context, c *commercengine.Client) error {
	_, err := c.Payments.LookUpIFSC(ctx, "HDFC0001234")
	return err
}

func shopper(t *testing.T, gock *testkit.Gock, store souk.TokenStore) *commercengine.Client {
	t.Helper()
	config := commercengine.Config{StoreID: "x2yh61zw4k", APIKey: "key-1", Options: souk.Options{HTTPClient: gock.Client(), MaxAttempts: 1}}
	if store != nil {
		config.TokenStore, config.SessionKey = store, "shopper-1"
	}
	client, err := commercengine.NewClient(config)
	require.NoError(t, err)
	return client
}

// stored returns a store that holds a pair already.
func stored(t *testing.T, p pair) souk.TokenStore {
	t.Helper()
	store := souk.NewMemoryTokenStore()
	claims, err := commercengine.ParseClaims(p.access)
	require.NoError(t, err)
	require.NoError(t, store.Update(t.Context(), sessionKey, func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
		return &oauth2.Token{AccessToken: p.access, RefreshToken: p.refresh, Expiry: claims.ExpiresAt}, nil
	}))
	return store
}

// A session begins on first use, once for all who wait for it, and is renewed 30
// seconds before its token runs out.
func TestSessionBeginsAndIsRenewed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		client := shopper(t, gock, nil)
		require.Empty(t, gock.Requests())

		first := newPair("1", anonymous)
		gock.Expect(began("")).JSON(200, first.answer())
		gock.Expect(looked(first.access)).Fixture(200, "get-ifsc-lookup.json").Times(101)
		var callers sync.WaitGroup
		for range 100 {
			callers.Go(func() { assert.NoError(t, look(t.Context(), client)) })
		}
		callers.Wait()

		time.Sleep(time.Hour - 31*time.Second)
		assert.NoError(t, look(t.Context(), client))

		time.Sleep(2 * time.Second)
		second := newPair("2", anonymous)
		gock.Expect(refreshed(first.refresh)).JSON(200, second.answer())
		gock.Expect(looked(second.access)).Fixture(200, "get-ifsc-lookup.json").Times(100)
		for range 100 {
			callers.Go(func() { assert.NoError(t, look(t.Context(), client)) })
		}
		callers.Wait()
	})
}

// A session whose refresh token has run out goes on as an anonymous one, after the
// program was told.
func TestSessionFallsBackToAnonymous(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		old := newPair("1", loggedIn)
		client := shopper(t, gock, stored(t, old))

		time.Sleep(31 * 24 * time.Hour)
		fresh := newPair("2", anonymous)
		gock.Expect(began(old.access)).JSON(200, fresh.answer())

		assert.ErrorIs(t, look(t.Context(), client), souk.ErrReauthorize)

		gock.Expect(looked(fresh.access)).Fixture(200, "get-ifsc-lookup.json")
		assert.NoError(t, look(t.Context(), client))
	})
}

// refreshAnswer is an answer to a refresh.
type refreshAnswer struct {
	name  string
	reply func(*testkit.Reply)
	ends  bool
}

// What the server says to a refresh decides whether the session ends.
func TestSessionEnds(t *testing.T) {
	t.Parallel()
	tests := []refreshAnswer{
		{"400", func(r *testkit.Reply) { r.Fixture(400, "error_400.json") }, true},
		{"401", func(r *testkit.Reply) { r.Fixture(401, "error_401.json") }, true},
		{"403", func(r *testkit.Reply) { r.JSON(403, `{"success":false,"code":"forbidden","message":"no"}`) }, true},
		{"404", func(r *testkit.Reply) { r.Fixture(404, "error_404.json") }, true},
		{"code and message", func(r *testkit.Reply) { r.JSON(400, `{"code":"invalid_token","message":"no"}`) }, true},
		{"success:false", func(r *testkit.Reply) { r.JSON(200, `{"success":false,"message":"no"}`) }, true},
		{"405", func(r *testkit.Reply) { r.JSON(405, `{"success":false,"message":"no"}`) }, true},
		{"410", func(r *testkit.Reply) { r.JSON(410, `{"success":false,"message":"no"}`) }, true},
		{"422", func(r *testkit.Reply) { r.JSON(422, `{"success":false,"message":"no"}`) }, true},
		{"409", func(r *testkit.Reply) { r.JSON(409, `{"success":false,"message":"no"}`) }, false},
		{"423", func(r *testkit.Reply) { r.JSON(423, `{"success":false,"message":"no"}`) }, false},
		{"500", func(r *testkit.Reply) { r.JSON(500, `{"success":false,"message":"oops"}`) }, false},
		{"lost answer", func(r *testkit.Reply) { r.Drop() }, false},
		{"no tokens", func(r *testkit.Reply) { r.JSON(200, `{"success":true,"content":{}}`) }, false},
		{"tokens without success", func(r *testkit.Reply) { r.JSON(200, `{"content":{"access_token":"a","refresh_token":"b"}}`) }, false},
	}
	// A refusal that is not in the vendor's form is somebody else's.
	for _, status := range []int{200, 400, 401, 403, 404, 405, 407, 409, 410, 422, 451, 500, 502, 503, 504} {
		for _, body := range []string{
			"", "null", "{}", "[]", `""`, "<html>", `{"message":"maintenance"}`, `{"error":"unauthorized"}`, `{"code":403,"message":"no"}`, `{"success":false}`,
			`{"status":401,"success":false,"error":{"code":"unauthorized","message":"no"}}`, `{"type":"unauthorized","code":"unauthorized","message":"no"}`,
			`{"timestamp":"2026-01-05T10:00:00Z","status":401,"error":"Unauthorized","path":"/"}`, `{"success":true,"code":"unauthorized","message":"no"}`,
		} {
			foreign := func(r *testkit.Reply) { r.Body(status, "text/html", []byte(body)) }
			tests = append(tests, refreshAnswer{fmt.Sprintf("%d %s", status, body), foreign, false})
		}
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				gock := testkit.NewGock(t)
				old := newPair("1", loggedIn)
				store := stored(t, old)
				client := shopper(t, gock, store)
				time.Sleep(2 * time.Hour)
				tt.reply(gock.Expect(refreshed(old.refresh)))
				if tt.ends {
					fresh := newPair("2", anonymous)
					gock.Expect(began(old.access)).JSON(200, fresh.answer())

					assert.ErrorIs(t, look(t.Context(), client), souk.ErrReauthorize)

					gock.Expect(looked(fresh.access)).Fixture(200, "get-ifsc-lookup.json")
					assert.NoError(t, look(t.Context(), client))

					_, err := client.Session.CustomerID(t.Context())
					assert.ErrorIs(t, err, souk.ErrUnauthorized)
					return
				}

				err := look(t.Context(), client)

				assert.ErrorContains(t, err, "no credential could be obtained")
				assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown)
				kept, err := store.Load(t.Context(), sessionKey)
				require.NoError(t, err)
				assert.Equal(t, old.access, kept.AccessToken)
				assert.Equal(t, old.refresh, kept.RefreshToken)

				fresh := newPair("2", loggedIn)
				gock.Expect(refreshed(old.refresh)).JSON(200, fresh.answer())
				gock.Expect(looked(fresh.access)).Fixture(200, "get-ifsc-lookup.json")
				assert.NoError(t, look(t.Context(), client))
			})
		})
	}
}

// A token that is still good is used when it cannot be renewed.
func TestSessionOutlivesAFailedRenewal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		old := newPair("1", loggedIn)
		client := shopper(t, gock, stored(t, old))
		time.Sleep(time.Hour - 20*time.Second)
		gock.Expect(refreshed(old.refresh)).Status(502)
		gock.Expect(looked(old.access)).Fixture(200, "get-ifsc-lookup.json")

		assert.NoError(t, look(t.Context(), client))
	})
}

// Every operation that hands out a new pair replaces both tokens.
func TestNewTokensReplaceThoseOfTheSession(t *testing.T) {
	t.Parallel()
	tests := []struct {
		path string
		body any
		call func(context.Context, *commercengine.AuthService) (*commercengine.Tokens, error)
	}{
		{"/auth/verify-otp", map[string]string{"otp": "123456", "otp_token": "t", "otp_action": "login"}, func(ctx context.Context, s *commercengine.AuthService) (*commercengine.Tokens, error) {
			return s.VerifyOTP(ctx, commercengine.VerifyOTPRequest{OTP: "123456", Token: "t", Action: commercengine.OTPLogin})
		}},
		{"/auth/login/password", map[string]string{"email": "a@b", "password": "p"}, func(ctx context.Context, s *commercengine.AuthService) (*commercengine.Tokens, error) {
			return s.LoginWithPassword(ctx, commercengine.LoginWithPasswordRequest{Email: "a@b", Password: "p"})
		}},
		{"/auth/reset-password", map[string]string{"new_password": "p", "confirm_password": "p", "otp_token": "t", "otp": "1"}, func(ctx context.Context, s *commercengine.AuthService) (*commercengine.Tokens, error) {
			return s.ResetPassword(ctx, commercengine.ResetPasswordRequest{NewPassword: "p", Token: "t", OTP: "1"})
		}},
		{"/auth/change-password", map[string]string{"old_password": "o", "new_password": "p", "confirm_password": "p"}, func(ctx context.Context, s *commercengine.AuthService) (*commercengine.Tokens, error) {
			return s.ChangePassword(ctx, commercengine.ChangePasswordRequest{OldPassword: "o", NewPassword: "p"})
		}},
		{"/auth/logout", nil, func(ctx context.Context, s *commercengine.AuthService) (*commercengine.Tokens, error) {
			return s.Logout(ctx)
		}},
		{"/auth/anonymous", nil, func(ctx context.Context, s *commercengine.AuthService) (*commercengine.Tokens, error) {
			return s.Anonymous(ctx)
		}},
		{"/auth/refresh-token", map[string]string{"refresh_token": "other"}, func(ctx context.Context, s *commercengine.AuthService) (*commercengine.Tokens, error) {
			return s.RefreshToken(ctx, commercengine.RefreshTokenRequest{RefreshToken: "other"})
		}},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			old, fresh := newPair("1", anonymous), newPair("2", loggedIn)
			store := stored(t, old)
			client := shopper(t, gock, store)
			request := testkit.Request{Method: "POST", URL: base + tt.path, Header: map[string]string{"Authorization": "Bearer " + old.access}, Body: tt.body}
			if tt.path == "/auth/refresh-token" {
				request.Header, request.NoHeader = nil, []string{"Authorization"}
			}
			gock.Expect(request).JSON(200, fresh.answer())
			gock.Expect(looked(fresh.access)).Fixture(200, "get-ifsc-lookup.json").Times(2)

			got, err := tt.call(t.Context(), client.Auth)

			require.NoError(t, err)
			assert.Equal(t, &commercengine.Tokens{AccessToken: fresh.access, RefreshToken: fresh.refresh}, got)
			kept, err := store.Load(t.Context(), sessionKey)
			require.NoError(t, err)
			assert.Equal(t, fresh.access, kept.AccessToken)
			assert.Equal(t, fresh.refresh, kept.RefreshToken)
			require.NoError(t, look(t.Context(), client))
			// Another client on the same store, as after a restart, goes on with them.
			require.NoError(t, look(t.Context(), shopper(t, gock, store)))
		})
	}
}

// The session's own refresh token is exchanged on demand.
func TestRefreshTokenOfTheSession(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	old, fresh := newPair("1", loggedIn), newPair("2", loggedIn)
	client := shopper(t, gock, stored(t, old))
	gock.Expect(refreshed(old.refresh)).JSON(200, fresh.answer())

	got, err := client.Auth.RefreshToken(t.Context(), commercengine.RefreshTokenRequest{})

	require.NoError(t, err)
	assert.Equal(t, &commercengine.Tokens{AccessToken: fresh.access, RefreshToken: fresh.refresh}, got)
}

// A renewal is for all who wait for it, so what one of them says of a call is not
// part of it.
func TestRenewalTakesNoSettingsOfItsCaller(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	old, fresh := newPair("1", loggedIn), newPair("2", loggedIn)
	client := shopper(t, gock, stored(t, old))
	request := refreshed(old.refresh)
	request.NoHeader = append(request.NoHeader, "X-Mine")
	gock.Expect(request).JSON(200, fresh.answer())
	var response souk.Response
	ctx := souk.WithResponse(souk.WithHeader(t.Context(), http.Header{"X-Mine": {"1"}}), &response)

	_, err := client.Auth.RefreshToken(ctx, commercengine.RefreshTokenRequest{})

	require.NoError(t, err)
	assert.Zero(t, response)
}

// A session that somebody has logged in to is not thrown away by mistake.
func TestAnonymousWhileLoggedIn(t *testing.T) {
	t.Parallel()
	for name, claims := range map[string]string{
		"logged in":                     loggedIn,
		"a customer":                    `"is_anonymous":true,"is_logged_in":false,"customer_id":"c-1"`,
		"logged in, and also anonymous": `"is_anonymous":true,"is_logged_in":true`,
	} {
		client := shopper(t, testkit.NewGock(t), stored(t, newPair("1", claims)))

		_, err := client.Auth.Anonymous(t.Context())

		assert.ErrorIs(t, err, souk.ErrInvalid, name)
		assert.EqualError(t, err, "commercengine: POST /auth/anonymous: invalid: somebody is logged in: log out, which also leaves an anonymous session")
	}
}

// An operation about a customer is refused here while the shopper is anonymous,
// whatever the token comes from.
func TestCustomerOperationWhileAnonymous(t *testing.T) {
	t.Parallel()
	const want = "commercengine: GET /customers/{customer_id}/addresses: " +
		"unauthorized: no credential could be obtained: the session is anonymous; log in with a method of AuthService first"
	p := newPair("1", anonymous)
	gock := testkit.NewGock(t)
	static, err := commercengine.NewClient(commercengine.Config{StoreID: "x2yh61zw4k", Token: p.access, Options: souk.Options{HTTPClient: gock.Client()}})
	require.NoError(t, err)
	for name, client := range map[string]*commercengine.Client{
		"session": shopper(t, gock, stored(t, p)),
		"token":   static,
	} {
		_, err := client.Addresses.List(t.Context(), customerID, commercengine.ListAddressesRequest{})
		assert.ErrorIs(t, err, souk.ErrUnauthorized, name)
		assert.EqualError(t, err, want, name)
	}
}

func TestCustomerID(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ claims, want string }{
		"a customer":              {loggedIn, customerID},
		"a user without claims":   {`"is_logged_in":true,"customer_id":null`, userID},
		"claims that disagree":    {`"is_anonymous":true,"is_logged_in":true,"customer_id":null`, userID},
		"a customer all the same": {`"is_anonymous":true,"is_logged_in":false,"customer_id":"` + customerID + `"`, customerID},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := shopper(t, testkit.NewGock(t), stored(t, newPair("1", tt.claims)))

			id, err := client.Session.CustomerID(t.Context())

			require.NoError(t, err)
			assert.Equal(t, tt.want, id)
		})
	}
	t.Run("nobody", func(t *testing.T) {
		t.Parallel()
		client := shopper(t, testkit.NewGock(t), stored(t, newPair("1", anonymous)))

		_, err := client.Session.CustomerID(t.Context())

		assert.EqualError(t, err, "commercengine: unauthorized: the session is anonymous; log in with a method of AuthService first")
	})
}

func TestClaims(t *testing.T) {
	t.Parallel()
	payload := `{"token_type":"access","exp":1767614400,"iat":1767610800,"jti":"a1","ulid":"` + userID + `","email":"asha@example.com","phone":null,
		"username":"asha","first_name":"Asha","last_name":"Rao","store_id":"x2yh61zw4k","is_logged_in":true,"customer_id":"` + customerID + `",
		"customer_group_id":"g-1","anonymous_id":"anon-1","is_anonymous":false,"channel":{"id":"c1","name":"Web","type":"web"}}`

	claims, err := commercengine.ParseClaims("e30." + base64.RawURLEncoding.EncodeToString([]byte(payload)) + ".c2ln")

	require.NoError(t, err)
	assert.Equal(t, &commercengine.Claims{
		TokenType: "access", ID: "a1", UserID: userID, CustomerID: customerID, CustomerGroupID: "g-1", AnonymousID: "anon-1",
		StoreID: "x2yh61zw4k", Channel: commercengine.ClaimsChannel{ID: "c1", Name: "Web", Type: "web"}, Username: "asha",
		Email: "asha@example.com", FirstName: "Asha", LastName: "Rao", IsLoggedIn: true, ExpiresAt: time.Unix(1767614400, 0).UTC(),
	}, claims)
}

func TestClaimsOfNoToken(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "h.p.s", "a.b", "e30.e30", "e30.W10.c2ln"} {
		_, err := commercengine.ParseClaims(text)
		assert.ErrorIs(t, err, souk.ErrInvalid)
		assert.EqualError(t, err, "commercengine: invalid: the token is not a JSON Web Token")
	}
}

// A 401 to a token that is good by the clock renews it once; when that does not
// help, further ones are believed for a minute.
func TestUnauthorizedRenewsOnceAMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		first, second, third := newPair("1", loggedIn), newPair("2", loggedIn), newPair("3", loggedIn)
		client := shopper(t, gock, stored(t, first))
		time.Sleep(10 * time.Minute)

		gock.Expect(looked(first.access)).Fixture(401, "error_401.json")
		gock.Expect(refreshed(first.refresh)).JSON(200, second.answer())
		gock.Expect(looked(second.access)).Fixture(401, "error_401.json")
		assert.ErrorIs(t, look(t.Context(), client), souk.ErrUnauthorized)

		time.Sleep(59 * time.Second)
		gock.Expect(looked(second.access)).Fixture(401, "error_401.json")
		assert.ErrorIs(t, look(t.Context(), client), souk.ErrUnauthorized)

		time.Sleep(time.Second)
		gock.Expect(looked(second.access)).Fixture(401, "error_401.json")
		gock.Expect(refreshed(second.refresh)).JSON(200, third.answer())
		gock.Expect(looked(third.access)).Fixture(200, "get-ifsc-lookup.json")
		assert.NoError(t, look(t.Context(), client))
	})
}

// A token that names no end has not ended, so that its 401 is doubted as any other.
func TestUnauthorizedOfATokenWithoutAnEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		first, second := newPair("1", loggedIn), pair{"opaque-2", newPair("2", "").refresh}
		client := shopper(t, gock, stored(t, first))
		time.Sleep(10 * time.Minute)
		gock.Expect(looked(first.access)).Fixture(401, "error_401.json")
		gock.Expect(refreshed(first.refresh)).JSON(200, second.answer())
		assert.ErrorIs(t, look(t.Context(), client), souk.ErrUnauthorized, "nobody knows whose the new token is")

		gock.Expect(looked(second.access)).Fixture(401, "error_401.json")
		assert.ErrorIs(t, look(t.Context(), client), souk.ErrUnauthorized)
	})
}

// A refresh token that would run out on its way is not sent.
func TestRefreshTokenOfTheLastSecondsIsNotSent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		old, fresh := pair{jwt("1", time.Hour, anonymous), jwt("1-refresh", time.Hour, "")}, newPair("2", anonymous)
		client := shopper(t, gock, stored(t, old))
		time.Sleep(time.Hour - 20*time.Second)
		gock.Expect(began(old.access)).JSON(200, fresh.answer())
		gock.Expect(looked(fresh.access)).Fixture(200, "get-ifsc-lookup.json")

		assert.NoError(t, look(t.Context(), client))
	})
}

// A wrong password says nothing of the token, so it is sent once only.
func TestWrongPasswordIsSentOnce(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	client := shopper(t, gock, stored(t, newPair("1", anonymous)))
	gock.Expect(testkit.Request{Method: "POST", URL: base + "/auth/login/password", Body: json.RawMessage(`{"email":"a@b","password":"p"}`)}).
		JSON(401, `{"success":false,"code":"INVALID_CREDENTIALS","message":"Wrong password"}`)

	_, err := client.Auth.LoginWithPassword(t.Context(), commercengine.LoginWithPasswordRequest{Email: "a@b", Password: "p"})

	assert.EqualError(t, err, "commercengine: POST /auth/login/password: 401 unauthorized (invalid_credentials): Wrong password")
}

func TestSessionIsShared(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	p, fresh := newPair("1", anonymous), newPair("2", loggedIn)
	first := shopper(t, gock, stored(t, p))
	second, err := commercengine.NewClient(commercengine.Config{StoreID: "x2yh61zw4k", TokenSource: first.Session, Options: souk.Options{HTTPClient: gock.Client()}})
	require.NoError(t, err)
	require.Same(t, first.Session, second.Session)
	gock.Expect(testkit.Request{Method: "POST", URL: base + "/auth/logout", Header: map[string]string{"Authorization": "Bearer " + p.access}}).JSON(200, fresh.answer())
	gock.Expect(looked(fresh.access)).Fixture(200, "get-ifsc-lookup.json")

	_, err = second.Auth.Logout(t.Context())

	require.NoError(t, err)
	assert.NoError(t, look(t.Context(), first))
}

// brokenStore is a TokenStore that fails with a text that nobody should see.
type brokenStore struct{ err error }

func (s brokenStore) Delete(context.Context, string) error { return s.err }

func (s brokenStore) Load(context.Context, string) (*oauth2.Token, error) { return nil, s.err }

func (s brokenStore) Update(context.Context, string, func(context.Context, *oauth2.Token) (*oauth2.Token, error)) error {
	return s.err
}

func TestBrokenTokenStore(t *testing.T) {
	t.Parallel()
	canary := testkit.NewCanary()
	testBrokenTokenStore(t, canary, errors.New("cannot store "+canary.Token))
}

// A store may keep its tokens by way of another vendor's package.
func TestTokenStoreWithAnErrorOfAnotherVendor(t *testing.T) {
	t.Parallel()
	canary := testkit.NewCanary()
	testBrokenTokenStore(t, canary, &souk.Error{Vendor: "xclade", Message: "cannot store " + canary.Token})
}

func testBrokenTokenStore(t *testing.T, canary testkit.Canary, broken error) {
	t.Helper()
	client := shopper(t, testkit.NewGock(t), brokenStore{broken})
	for name, call := range map[string]func() error{
		"call":     func() error { return look(t.Context(), client) },
		"customer": func() error { _, err := client.Loyalty.Get(t.Context(), customerID); return err },
		"refresh": func() error {
			_, err := client.Auth.RefreshToken(t.Context(), commercengine.RefreshTokenRequest{})
			return err
		},
		"customer id": func() error { _, err := client.Session.CustomerID(t.Context()); return err },
		"anonymous":   func() error { _, err := client.Auth.Anonymous(t.Context()); return err },
		"claims":      func() error { _, err := client.Session.Claims(t.Context()); return err },
	} {
		err := call()
		assert.ErrorIs(t, err, broken, name)
		assert.ErrorContains(t, err, "the tokens of the session can be neither read nor saved", name)
		assert.Equal(t, "commercengine", requireError(t, err).Vendor, name)
		canary.Check(t, err.Error())
	}
}

func TestSessionContexts(t *testing.T) {
	t.Parallel()
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	client := shopper(t, testkit.NewGock(t), nil)

	_, err := client.Session.Token(cancelled)
	assert.ErrorIs(t, err, context.Canceled)
	for name, call := range map[string]func(context.Context) error{
		"token":     func(ctx context.Context) error { _, err := client.Session.Token(ctx); return err },
		"logout":    func(ctx context.Context) error { _, err := client.Auth.Logout(ctx); return err },
		"anonymous": func(ctx context.Context) error { _, err := client.Auth.Anonymous(ctx); return err },
	} {
		err := call(nil)
		assert.ErrorIs(t, err, souk.ErrInvalid, name)
		assert.ErrorContains(t, err, "the context is nil; use context.Background()", name)
	}
}

// A client with tokens of its own has no session, which is told, not a panic.
func TestNoSession(t *testing.T) {
	t.Parallel()
	client := newClient(t, testkit.NewGock(t))
	require.Nil(t, client.Session)
	client.Session.Invalidate(&oauth2.Token{})

	_, err := client.Session.CustomerID(t.Context())

	assert.ErrorIs(t, err, souk.ErrUnauthorized)
	assert.EqualError(t, err, "commercengine: unauthorized: the client has no session: its tokens come from elsewhere")
}

// An answer without a refresh token leaves the one before in place.
func TestRefreshTokenIsKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		old := newPair("1", loggedIn)
		store := stored(t, old)
		client := shopper(t, gock, store)
		time.Sleep(time.Hour)
		fresh := newPair("2", loggedIn)
		gock.Expect(refreshed(old.refresh)).JSON(200, `{"success":true,"content":{"access_token":"`+fresh.access+`"}}`)
		gock.Expect(looked(fresh.access)).Fixture(200, "get-ifsc-lookup.json")

		require.NoError(t, look(t.Context(), client))

		kept, err := store.Load(t.Context(), sessionKey)
		require.NoError(t, err)
		assert.Equal(t, old.refresh, kept.RefreshToken)
		assert.Equal(t, fresh.access, kept.AccessToken)
	})
}

// What stands beside the tokens loses no pair: the server takes the previous one no
// longer.
func TestAnOddAnswerLosesNoPair(t *testing.T) {
	t.Parallel()
	for rest, want := range map[string]*commercengine.User{
		`"user":false`: nil, `"user":"x"`: nil, `"user":1`: nil, `"user":[1]`: nil, `"user":{"id":{"a":1}}`: nil,
		`"user":{"id":"u1","phone":4912345,"is_phone_verified":1}`: {ID: "u1", Phone: "4912345", IsPhoneVerified: true},
		`"user":null`: nil, `"expires_in":{},"expires":[1],"message":1`: nil,
	} {
		gock := testkit.NewGock(t)
		old := newPair("1", loggedIn)
		store := stored(t, old)
		client := shopper(t, gock, store)
		fresh := newPair("2", loggedIn)
		gock.Expect(refreshed(old.refresh)).JSON(200, `{"success":true,"content":{"access_token":"`+fresh.access+`","refresh_token":"`+fresh.refresh+`",`+rest+`}}`)

		tokens, err := client.Auth.RefreshToken(t.Context(), commercengine.RefreshTokenRequest{RefreshToken: old.refresh})

		require.NoError(t, err, rest)
		assert.Equal(t, want, tokens.User, rest)
		assert.Equal(t, fresh.refresh, kept(t, store).RefreshToken, rest)
		assert.Equal(t, fresh.access, kept(t, store).AccessToken, rest)
	}
}

// A refresh token that is none leaves the one that there was.
func TestAnOddRefreshTokenLosesNoAccessToken(t *testing.T) {
	t.Parallel()
	for _, odd := range []string{"true", "[1]", `{"a":1}`} {
		gock := testkit.NewGock(t)
		old := newPair("1", loggedIn)
		store := stored(t, old)
		client := shopper(t, gock, store)
		fresh := newPair("2", loggedIn)
		gock.Expect(refreshed(old.refresh)).JSON(200, `{"success":true,"content":{"access_token":"`+fresh.access+`","refresh_token":`+odd+`}}`)

		_, err := client.Auth.RefreshToken(t.Context(), commercengine.RefreshTokenRequest{RefreshToken: old.refresh})

		require.NoError(t, err, odd)
		assert.Equal(t, old.refresh, kept(t, store).RefreshToken, odd)
		assert.Equal(t, fresh.access, kept(t, store).AccessToken, odd)
	}
}

// readOnlyStore is a TokenStore whose disk is full.
type readOnlyStore struct {
	souk.TokenStore
	err error
}

func (s readOnlyStore) Update(context.Context, string, func(context.Context, *oauth2.Token) (*oauth2.Token, error)) error {
	return s.err
}

// A login whose tokens cannot be saved is no login.
func TestTokensThatCannotBeSaved(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	p := newPair("1", anonymous)
	full := errors.New("disk full")
	client := shopper(t, gock, readOnlyStore{stored(t, p), full})
	fresh := newPair("2", anonymous)
	gock.Expect(testkit.Request{Method: "POST", URL: base + "/auth/logout"}).JSON(200, fresh.answer())
	gock.Expect(looked(p.access)).Fixture(200, "get-ifsc-lookup.json")

	got, err := client.Auth.Logout(t.Context())

	assert.Equal(t, &commercengine.Tokens{AccessToken: fresh.access, RefreshToken: fresh.refresh}, got)
	assert.ErrorIs(t, err, full)
	assert.ErrorIs(t, err, souk.ErrUnavailable)
	assert.EqualError(t, err, "commercengine: POST /auth/logout: unavailable: the new tokens cannot be saved, and come with this error")
	assert.NoError(t, look(t.Context(), client), "the session has the tokens before")
}

// The caller leaves while the answer is on its way: the tokens are kept all the same.
func TestTokensOfACallerWhoHasLeft(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	p, fresh := newPair("1", anonymous), newPair("2", loggedIn)
	ctx, cancel := context.WithCancel(t.Context())
	client := shopper(t, gock, leavingStore{stored(t, p), cancel})
	gock.Expect(testkit.Request{Method: "POST", URL: base + "/auth/logout"}).JSON(200, fresh.answer())
	gock.Expect(looked(fresh.access)).Fixture(200, "get-ifsc-lookup.json")

	_, err := client.Auth.Logout(ctx)

	require.NoError(t, err)
	require.Error(t, ctx.Err())
	assert.NoError(t, look(t.Context(), client))
}

// leavingStore cancels the caller's context when it is to save.
type leavingStore struct {
	souk.TokenStore
	cancel context.CancelFunc
}

func (s leavingStore) Update(ctx context.Context, key string, f func(context.Context, *oauth2.Token) (*oauth2.Token, error)) error {
	s.cancel()
	return s.TokenStore.Update(ctx, key, f)
}

// An API key that the server does not know is told with the call that needed it.
func TestWrongAPIKey(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(began("")).Fixture(401, "error_401.json")

	err := look(t.Context(), shopper(t, gock, nil))

	assert.ErrorIs(t, err, souk.ErrUnauthorized)
	assert.EqualError(t, err, "commercengine: GET /payments/ifsc-lookup/{ifsc_code}: unauthorized: no credential could be obtained: "+
		"POST /auth/anonymous: 401 unauthorized: Not authorized for given operation on the Resource.")
}

// Passwords and tokens get neither into errors nor into logs, whatever happens.
func TestAuthShowsNoSecret(t *testing.T) {
	t.Parallel()
	canary := testkit.NewCanary()
	for name, reply := range map[string]func(*testkit.Reply){
		"refused": func(r *testkit.Reply) { r.Fixture(400, "error_400.json") },
		"dropped": func(r *testkit.Reply) { r.Drop() },
		"cut off": func(r *testkit.Reply) {
			r.Cut(200, "application/json", `{"success":true,"content":{"access_token":"`+canary.Token)
		},
		"odd": func(r *testkit.Reply) {
			r.JSON(200, `{"success":true,"content":{"access_token":["`+canary.Token+`"]}}`)
		},
		"incomplete": func(r *testkit.Reply) {
			r.JSON(200, `{"success":true,"content":{"refresh_token":"`+canary.RefreshToken+`"}}`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for path, call := range map[string]func(context.Context, *commercengine.AuthService) error{
				"/auth/login/password": func(ctx context.Context, s *commercengine.AuthService) error {
					_, err := s.LoginWithPassword(ctx, commercengine.LoginWithPasswordRequest{Email: canary.Email, Password: canary.Password})
					return err
				},
				"/auth/reset-password": func(ctx context.Context, s *commercengine.AuthService) error {
					_, err := s.ResetPassword(ctx, commercengine.ResetPasswordRequest{NewPassword: canary.Password, Token: canary.Token, OTP: canary.Note})
					return err
				},
				"/auth/refresh-token": func(ctx context.Context, s *commercengine.AuthService) error {
					_, err := s.RefreshToken(ctx, commercengine.RefreshTokenRequest{RefreshToken: canary.RefreshToken})
					return err
				},
			} {
				gock := testkit.NewGock(t)
				reply(gock.Expect(testkit.Request{Method: "POST", URL: base + path, Body: func([]byte) error { return nil }}))
				var log testkit.Log
				client, err := commercengine.NewClient(commercengine.Config{
					StoreID: "x2yh61zw4k",
					Token:   canary.Token,
					APIKey:  canary.APIKey,
					Options: souk.Options{
						HTTPClient:  gock.Client(),
						Logger:      log.Logger(),
						MaxAttempts: 1,
					},
				})
				require.NoError(t, err)

				err = call(t.Context(), client.Auth)

				require.Error(t, err)
				canary.CheckError(t, err)
				log.Logger().Error("failed", "error", err)
				canary.Check(t, log.Text())
			}
		})
	}
}

func FuzzClaims(f *testing.F) {
	f.Add(jwt("1", time.Hour, loggedIn))
	f.Add("e30.W10.c2ln")
	f.Add("..")
	f.Fuzz(func(t *testing.T, token string) {
		claims, err := commercengine.ParseClaims(token)
		if err != nil {
			assert.ErrorIs(t, err, souk.ErrInvalid)
			assert.Nil(t, claims)
		}
	})
}
