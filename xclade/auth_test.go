package xclade_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/xclade"
)

// jwt returns a token that runs out at expiry.
func jwt(expiry time.Time) string {
	payload := base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `{"exp":%d}`, expiry.Unix()))
	return "e30." + payload + ".c2ln"
}

var login = testkit.Request{
	Method: "POST", URL: host + "/auth/user/emailpass", NoHeader: []string{"Authorization"},
	Body: json.RawMessage(`{"email":"admin@acme.example","password":"secret"}`),
}

func refresh(token string) testkit.Request {
	return testkit.Request{Method: "POST", URL: host + "/auth/token/refresh", Header: map[string]string{"Authorization": "Bearer " + token}}
}

func get(token string) testkit.Request {
	return testkit.Request{URL: host + "/admin/customers/" + customerID, Header: map[string]string{"Authorization": "Bearer " + token}}
}

func answerToken(r *testkit.Reply, token string) { r.JSON(200, map[string]string{"token": token}) }

func TestAuthLogin(t *testing.T) {
	t.Parallel()
	expiry := time.Date(2026, 11, 23, 5, 56, 17, 0, time.UTC)
	gock := testkit.NewGock(t)
	answerToken(gock.Expect(login), jwt(expiry))

	token, err := newClient(t, gock).Auth.Login(t.Context(), xclade.LoginRequest{Email: "admin@acme.example", Password: "secret"})

	require.NoError(t, err)
	assert.Equal(t, jwt(expiry), token.Token)
	assert.True(t, expiry.Equal(token.ExpiresAt))
}

func TestAuthLoginFails(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		status       int
		answer, want string
	}{
		"wrong password": {401, `{"type":"unauthorized","message":"Invalid email or password"}`, "401 unauthorized: Invalid email or password"},
		"third party":    {200, `{"location":"https://idp.example/?state=s"}`, "200 unauthorized: the user must log in with a third-party provider; use an API key"},
		"second factor":  {200, `{"mfa_required":true,"mfa_challenge":{},"token":"useless"}`, "200 unauthorized: the user must pass a second factor; use an API key or a user without one"},
		"verification":   {200, `{"verification_required":true,"verification":{},"token":"useless"}`, "200 unauthorized: the user must verify the e-mail address first"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			gock.Expect(login).JSON(tt.status, tt.answer)

			_, err := newClient(t, gock).Auth.Login(t.Context(), xclade.LoginRequest{Email: "admin@acme.example", Password: "secret"})

			assert.ErrorIs(t, err, souk.ErrUnauthorized)
			assert.EqualError(t, err, "xclade: POST /auth/user/emailpass: "+tt.want)
		})
	}
}

// A server that repeats what it was sent does not bring it into texts.
func TestAuthErrorsShowNoSecret(t *testing.T) {
	t.Parallel()
	canary := testkit.NewCanary()
	for name, call := range map[string]func(*xclade.AuthService) error{
		"password": func(s *xclade.AuthService) error {
			_, err := s.Login(t.Context(), xclade.LoginRequest{Email: "admin@acme.example", Password: canary.Password})
			return err
		},
		"token": func(s *xclade.AuthService) error {
			_, err := s.Refresh(t.Context(), xclade.RefreshRequest{Token: canary.Token})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sent := canary.Password + " " + canary.Token
			body, err := json.Marshal(map[string]string{"type": "invalid_data", "message": "no: " + sent})
			require.NoError(t, err)
			server := &script{answers: []reply{{status: 400, body: string(body)}}}

			err = call(scripted(t, server).Auth)

			e := requireError(t, err)
			assert.Contains(t, e.Message, "no: ")
			assert.Contains(t, e.Message, "[masked]")
			assert.Empty(t, e.Body)
			if name == "password" {
				assert.NotContains(t, e.Message, canary.Password)
			} else {
				assert.NotContains(t, e.Message, canary.Token)
			}
		})
	}
}

// A proxy's 401 says nothing of the token: the one at hand is used on.
func TestAProxysRefusalOfARefreshIsNoLogOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		client := loggedIn(t, gock)
		token := jwt(time.Now().Add(time.Hour))
		answerToken(gock.Expect(login), token)
		gock.Expect(get(token)).Fixture(200, "customer.json").Times(2)
		_, err := client.Customers.Get(t.Context(), customerID, xclade.GetCustomerRequest{})
		require.NoError(t, err)

		time.Sleep(57 * time.Minute)
		gock.Expect(refresh(token)).Body(401, "text/html", []byte("<html>Log in"))
		_, err = client.Customers.Get(t.Context(), customerID, xclade.GetCustomerRequest{})

		assert.NoError(t, err)
	})
}

// A proxy's 401 starts no refresh and no log-in.
func TestAProxysUnauthorizedStartsNoRefresh(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	client := loggedIn(t, gock)
	token := jwt(time.Now().Add(time.Hour))
	answerToken(gock.Expect(login), token)
	gock.Expect(get(token)).Body(401, "text/html", []byte("<html>Log in"))

	_, err := client.Customers.Get(t.Context(), customerID, xclade.GetCustomerRequest{})

	assert.ErrorIs(t, err, souk.ErrUnauthorized)
	assert.ErrorIs(t, err, souk.ErrUnreadable)
}

// What is not the server's answer to a log-in says nothing of the user.
func TestALogInThatIsNotAnswered(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]reply{
		"web page":     {status: 401, body: "<html>Log in"},
		"another's":    {status: 200, body: `{"message":"maintenance"}`},
		"nothing":      {status: 200, body: ""},
		"empty object": {status: 200, body: `{}`},
		"empty token":  {status: 200, body: `{"token":""}`},
		"not found":    {status: 404, body: "<html>Not Found"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server := &script{answers: []reply{answer}}
				client, err := xclade.NewClient(xclade.Config{
					Tenant: "acme", Email: "admin@acme.example", Password: "secret", Options: souk.Options{HTTPClient: &http.Client{Transport: server}},
				})
				require.NoError(t, err)

				_, err = client.Customers.Get(t.Context(), customerID, xclade.GetCustomerRequest{})

				assert.ErrorIs(t, err, souk.ErrUnavailable)
				assert.NotErrorIs(t, err, souk.ErrUnauthorized)
				assert.NotErrorIs(t, err, souk.ErrNotFound)
				for _, sent := range server.sent {
					assert.Equal(t, "POST /auth/user/emailpass", sent)
				}
			})
		})
	}
}

func TestAuthErrorsKeepNoToken(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(login).JSON(200, `{"token":"jwt-secret","location":7}`)

	_, err := newClient(t, gock).Auth.Login(t.Context(), xclade.LoginRequest{Email: "admin@acme.example", Password: "secret"})

	e := requireError(t, err)
	assert.Empty(t, e.Body)
	assert.NotContains(t, err.Error(), "jwt-secret")
	assert.Equal(t, 200, e.StatusCode)
}

func TestAuthLoginRefuses(t *testing.T) {
	t.Parallel()
	_, err := newClient(t, testkit.NewGock(t)).Auth.Login(t.Context(), xclade.LoginRequest{})
	assert.EqualError(t, err, "xclade: POST /auth/user/emailpass: invalid; Email: must not be empty; Password: must not be empty")
}

func TestAuthRefreshRefusesATokenThatNoHeaderHolds(t *testing.T) {
	t.Parallel()

	_, err := newClient(t, testkit.NewGock(t)).Auth.Refresh(t.Context(), xclade.RefreshRequest{Token: "jwt\n"})

	require.ErrorIs(t, err, souk.ErrInvalid)
	assert.Equal(t, []string{"must be the credential alone: no \"Bearer\", no white space and no line ends"}, requireError(t, err).Fields["Token"])
}

func TestAuthRefresh(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		request xclade.RefreshRequest
		sent    string
	}{
		"a given token":    {xclade.RefreshRequest{Token: "other"}, "other"},
		"the client's own": {xclade.RefreshRequest{}, "jwt-1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gock := testkit.NewGock(t)
			answerToken(gock.Expect(refresh(tt.sent)), "no-jwt")

			token, err := newClient(t, gock).Auth.Refresh(t.Context(), tt.request)

			require.NoError(t, err)
			assert.Equal(t, &xclade.AuthToken{Token: "no-jwt"}, token)
		})
	}
}

func loggedIn(t *testing.T, gock *testkit.Gock) *xclade.Client {
	t.Helper()
	client, err := xclade.NewClient(xclade.Config{
		Tenant:   "acme",
		Email:    "admin@acme.example",
		Password: "secret",
		Options:  souk.Options{HTTPClient: gock.Client()},
	})
	require.NoError(t, err)
	return client
}

// The client logs in once for all callers, renews the token before it runs
// out, and logs in again when it has run out.
func TestLoginOnFirstUse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		client := loggedIn(t, gock)
		require.Empty(t, gock.Requests())
		call := func() {
			_, err := client.Customers.Get(t.Context(), customerID, xclade.GetCustomerRequest{})
			assert.NoError(t, err)
		}

		first := jwt(time.Now().Add(24 * time.Hour))
		answerToken(gock.Expect(login), first)
		gock.Expect(get(first)).Fixture(200, "customer.json").Times(100)
		var callers sync.WaitGroup
		for range 100 {
			callers.Go(call)
		}
		callers.Wait()

		time.Sleep(24*time.Hour - 4*time.Minute)
		second := jwt(time.Now().Add(24 * time.Hour))
		answerToken(gock.Expect(refresh(first)), second)
		gock.Expect(get(second)).Fixture(200, "customer.json").Times(2)
		call()
		call()

		time.Sleep(25 * time.Hour)
		third := jwt(time.Now().Add(24 * time.Hour))
		answerToken(gock.Expect(login), third)
		gock.Expect(get(third)).Fixture(200, "customer.json")
		call()
	})
}

// A token that the server does not take any more is replaced once.
func TestRevokedTokenIsReplaced(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gock := testkit.NewGock(t)
		client := loggedIn(t, gock)
		revoked, fresh := jwt(time.Now().Add(time.Hour)), jwt(time.Now().Add(2*time.Hour))
		answerToken(gock.Expect(login), revoked)
		gock.Expect(get(revoked)).Fixture(401, "error_unauthorized.json")
		gock.Expect(refresh(revoked)).Fixture(401, "error_unauthorized.json")
		answerToken(gock.Expect(login), fresh)
		gock.Expect(get(fresh)).Fixture(200, "customer.json")

		customer, err := client.Customers.Get(t.Context(), customerID, xclade.GetCustomerRequest{})

		require.NoError(t, err)
		assert.Equal(t, ada(), customer)
	})
}

func TestLoginFails(t *testing.T) {
	t.Parallel()
	gock := testkit.NewGock(t)
	gock.Expect(login).Fixture(401, "error_login.json")

	_, err := loggedIn(t, gock).Customers.Get(t.Context(), customerID, xclade.GetCustomerRequest{})

	assert.ErrorIs(t, err, souk.ErrUnauthorized)
	assert.EqualError(t, err, "xclade: GET /admin/customers/{id}: unauthorized: no credential could be obtained: "+
		"POST /auth/user/emailpass: 401 unauthorized: Invalid email or password")
}
