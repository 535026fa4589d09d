package commercengine_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/commercengine/commercenginetest"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/souktest"
)

func startServer(t *testing.T) *commercenginetest.Server {
	t.Helper()
	server := commercenginetest.NewServer()
	t.Cleanup(server.Close)
	return server
}

func connect(t *testing.T, config commercengine.Config) *commercengine.Client {
	t.Helper()
	client, err := commercengine.NewClient(config)
	require.NoError(t, err)
	return client
}

// loggedInTo returns a client of a user of the server, and the customer's id.
func loggedInTo(t *testing.T, server *commercenginetest.Server) (*commercengine.Client, string) {
	t.Helper()
	_, customerID := server.AddUser(commercenginetest.NewUser{FirstName: "Asha", Email: "asha@example.com", Phone: "9876543210", Password: "s3cret"})
	client := connect(t, server.Config())
	_, err := client.Auth.LoginWithPassword(t.Context(), commercengine.LoginWithPasswordRequest{Email: "asha@example.com", Password: "s3cret"})
	require.NoError(t, err)
	return client, customerID
}

// Every way to log in by one-time password ends with a session of the user.
func TestOTPLogins(t *testing.T) {
	t.Parallel()
	ways := map[string]func(context.Context, *commercengine.AuthService) (*commercengine.OTP, error){
		"e-mail": func(ctx context.Context, s *commercengine.AuthService) (*commercengine.OTP, error) {
			return s.LoginWithEmail(ctx, commercengine.LoginWithEmailRequest{Email: "asha@example.com"})
		},
		"phone": func(ctx context.Context, s *commercengine.AuthService) (*commercengine.OTP, error) {
			return s.LoginWithPhone(ctx, commercengine.LoginWithPhoneRequest{Phone: "9876543210", CountryCode: "+91"})
		},
		"WhatsApp": func(ctx context.Context, s *commercengine.AuthService) (*commercengine.OTP, error) {
			return s.LoginWithWhatsApp(ctx, commercengine.LoginWithPhoneRequest{Phone: "9876543210", Debug: true})
		},
	}
	for name, send := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := startServer(t)
			userID, customerID := server.AddUser(commercenginetest.NewUser{FirstName: "Asha", Email: "asha@example.com", Phone: "9876543210"})
			client := connect(t, server.Config())
			before, err := client.Session.Claims(t.Context())
			require.NoError(t, err)

			otp, err := send(t.Context(), client.Auth)
			require.NoError(t, err)
			assert.Equal(t, commercengine.OTPLogin, otp.Action)
			if name == "WhatsApp" {
				assert.Equal(t, server.OTP, otp.Code)
			}
			_, err = client.Auth.VerifyOTP(t.Context(), commercengine.VerifyOTPRequest{OTP: "000000", Token: otp.Token, Action: otp.Action})
			require.ErrorIs(t, err, souk.ErrInvalid)
			tokens, err := client.Auth.VerifyOTP(t.Context(), commercengine.VerifyOTPRequest{OTP: server.OTP, Token: otp.Token, Action: otp.Action})
			require.NoError(t, err)

			assert.Equal(t, userID, tokens.User.ID)
			claims, err := client.Session.Claims(t.Context())
			require.NoError(t, err)
			assert.Equal(t, userID, claims.UserID)
			assert.Equal(t, customerID, claims.CustomerID)
			assert.Equal(t, before.AnonymousID, claims.AnonymousID)
			_, err = client.Addresses.List(t.Context(), customerID, commercengine.ListAddressesRequest{})
			assert.NoError(t, err)
			_, err = client.Auth.VerifyOTP(t.Context(), commercengine.VerifyOTPRequest{OTP: server.OTP, Token: otp.Token, Action: otp.Action})
			assert.ErrorIs(t, err, souk.ErrNotFound, "a one-time password works once")
		})
	}
}

// Every way to register ends with a new user who is logged in.
func TestRegistrations(t *testing.T) {
	t.Parallel()
	ways := map[string]func(context.Context, *commercengine.AuthService) (*commercengine.OTP, error){
		"e-mail": func(ctx context.Context, s *commercengine.AuthService) (*commercengine.OTP, error) {
			return s.RegisterWithEmail(ctx, commercengine.RegisterWithEmailRequest{Email: "new@example.com", FirstName: "Asha", LastName: "Rao"})
		},
		"phone": func(ctx context.Context, s *commercengine.AuthService) (*commercengine.OTP, error) {
			return s.RegisterWithPhone(ctx, commercengine.RegisterWithPhoneRequest{Phone: "9123456780", FirstName: "Asha"})
		},
		"WhatsApp": func(ctx context.Context, s *commercengine.AuthService) (*commercengine.OTP, error) {
			return s.RegisterWithWhatsApp(ctx, commercengine.RegisterWithPhoneRequest{Phone: "9123456780", FirstName: "Asha"})
		},
		"password": func(ctx context.Context, s *commercengine.AuthService) (*commercengine.OTP, error) {
			return s.RegisterWithPassword(ctx, commercengine.RegisterWithPasswordRequest{Email: "new@example.com", Password: "s3cret"})
		},
		"login": func(ctx context.Context, s *commercengine.AuthService) (*commercengine.OTP, error) {
			return s.LoginWithPhone(ctx, commercengine.LoginWithPhoneRequest{Phone: "9123456780", RegisterIfNotExists: true})
		},
	}
	for name, register := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := startServer(t)
			client := connect(t, server.Config())

			otp, err := register(t.Context(), client.Auth)
			require.NoError(t, err)
			assert.Equal(t, commercengine.OTPRegister, otp.Action)
			tokens, err := client.Auth.VerifyOTP(t.Context(), commercengine.VerifyOTPRequest{OTP: server.OTP, Token: otp.Token, Action: otp.Action})
			require.NoError(t, err)

			assert.True(t, tokens.User.IsLoggedIn)
			id, err := client.Session.CustomerID(t.Context())
			require.NoError(t, err)
			assert.Equal(t, tokens.User.CustomerID, id)
			if name != "login" {
				_, err = register(t.Context(), client.Auth)
				assert.ErrorIs(t, err, souk.ErrInvalid, "the contact is taken")
			}
		})
	}
}

func TestPasswords(t *testing.T) {
	t.Parallel()
	server := startServer(t)
	client, _ := loggedInTo(t, server)
	ctx := t.Context()
	login := func(password string) error {
		_, err := client.Auth.LoginWithPassword(ctx, commercengine.LoginWithPasswordRequest{Phone: "9876543210", Password: password})
		return err
	}

	_, err := client.Auth.ChangePassword(ctx, commercengine.ChangePasswordRequest{OldPassword: "wrong", NewPassword: "second"})
	require.ErrorIs(t, err, souk.ErrUnauthorized)
	_, err = client.Auth.ChangePassword(ctx, commercengine.ChangePasswordRequest{OldPassword: "s3cret", NewPassword: "second"})
	require.NoError(t, err)
	require.ErrorIs(t, login("s3cret"), souk.ErrUnauthorized)
	require.NoError(t, login("second"))

	_, err = client.Auth.Logout(ctx)
	require.NoError(t, err)
	_, err = client.Auth.ForgotPassword(ctx, commercengine.ForgotPasswordRequest{Email: "nobody@example.com"})
	require.ErrorIs(t, err, souk.ErrNotFound)
	otp, err := client.Auth.ForgotPassword(ctx, commercengine.ForgotPasswordRequest{Email: "asha@example.com"})
	require.NoError(t, err)
	assert.Equal(t, commercengine.OTPResetPassword, otp.Action)
	tokens, err := client.Auth.ResetPassword(ctx, commercengine.ResetPasswordRequest{NewPassword: "third", Token: otp.Token, OTP: server.OTP})
	require.NoError(t, err)
	assert.Equal(t, "asha@example.com", tokens.User.Email)
	require.NoError(t, login("third"))
}

func TestContactsAreVerifiedAndUpdated(t *testing.T) {
	t.Parallel()
	server := startServer(t)
	client, _ := loggedInTo(t, server)
	ctx := t.Context()

	otp, err := client.Auth.GenerateOTP(ctx, commercengine.GenerateOTPRequest{Channel: commercengine.OTPBySMS, Phone: "9000000001", Action: commercengine.OTPUpdatePhone})
	require.NoError(t, err)
	tokens, err := client.Auth.VerifyOTP(ctx, commercengine.VerifyOTPRequest{OTP: server.OTP, Token: otp.Token, Action: otp.Action})
	require.NoError(t, err)

	assert.Equal(t, "9000000001", tokens.User.Phone)
	verified, err := client.Auth.CheckVerification(ctx, commercengine.CheckVerificationRequest{
		Phones: []string{"9000000001", "9876543210"}, Emails: []string{"asha@example.com", "other@example.com"},
	})
	require.NoError(t, err)
	assert.Equal(t, &commercengine.Verification{Phones: []string{"9000000001"}, Emails: []string{"asha@example.com"}}, verified)
}

// A logout leaves an anonymous session, and nothing of the old one.
func TestLogout(t *testing.T) {
	t.Parallel()
	server := startServer(t)
	client, customerID := loggedInTo(t, server)
	before, err := client.Session.Token(t.Context())
	require.NoError(t, err)

	tokens, err := client.Auth.Logout(t.Context())

	require.NoError(t, err)
	assert.True(t, tokens.User.IsAnonymous)
	_, err = client.Addresses.List(t.Context(), customerID, commercengine.ListAddressesRequest{})
	assert.ErrorContains(t, err, "the session is anonymous")
	config := server.Config()
	config.APIKey, config.Token = "", before.AccessToken
	old := connect(t, config)
	_, err = old.Addresses.List(t.Context(), customerID, commercengine.ListAddressesRequest{})
	assert.ErrorIs(t, err, souk.ErrUnauthorized)
	require.NoError(t, look(t.Context(), client))
}

// A session goes on after a restart, and while other processes renew it.
func TestSessionSurvivesRestarts(t *testing.T) {
	t.Parallel()
	server := startServer(t)
	_, customerID := server.AddUser(commercenginetest.NewUser{Email: "asha@example.com", Password: "s3cret"})
	dir := t.TempDir()
	start := func() *commercengine.Client {
		config := server.Config()
		config.TokenStore, config.SessionKey = souk.NewFileTokenStore(dir), "asha"
		return connect(t, config)
	}
	first := start()
	_, err := first.Auth.LoginWithPassword(t.Context(), commercengine.LoginWithPasswordRequest{Email: "asha@example.com", Password: "s3cret"})
	require.NoError(t, err)

	second := start()
	id, err := second.Session.CustomerID(t.Context())
	require.NoError(t, err)
	assert.Equal(t, customerID, id)

	// All clients find the tokens expired at once; one of them renews.
	server.ExpireTokens()
	before := len(server.Requests())
	var callers sync.WaitGroup
	for _, client := range []*commercengine.Client{first, second, start(), start()} {
		for range 5 {
			callers.Go(func() { assert.NoError(t, look(t.Context(), client)) })
		}
	}
	callers.Wait()
	renewals := 0
	for _, r := range server.Requests()[before:] {
		if strings.HasSuffix(r.Path, "/auth/refresh-token") {
			renewals++
		}
	}
	assert.Equal(t, 1, renewals)
}

// Tokens rotate: each refresh token is sent once, and the session lives on.
func TestRotation(t *testing.T) {
	t.Parallel()
	server := startServer(t)
	client, customerID := loggedInTo(t, server)
	seen := map[string]bool{}
	for range 5 {
		tokens, err := client.Auth.RefreshToken(t.Context(), commercengine.RefreshTokenRequest{})
		require.NoError(t, err)
		assert.False(t, seen[tokens.RefreshToken])
		seen[tokens.RefreshToken] = true
	}
	_, err := client.Addresses.List(t.Context(), customerID, commercengine.ListAddressesRequest{})
	assert.NoError(t, err)
}

// When the server has forgotten everything, the shopper is anonymous again.
func TestRevokedSession(t *testing.T) {
	t.Parallel()
	server := startServer(t)
	client, customerID := loggedInTo(t, server)
	server.RevokeTokens()

	_, err := client.Addresses.List(t.Context(), customerID, commercengine.ListAddressesRequest{})

	assert.ErrorIs(t, err, souk.ErrReauthorize)
	assert.ErrorContains(t, err, "the shopper was logged out")
	_, err = client.Addresses.List(t.Context(), customerID, commercengine.ListAddressesRequest{})
	assert.NotErrorIs(t, err, souk.ErrReauthorize)
	assert.ErrorIs(t, err, souk.ErrUnauthorized)
	assert.ErrorContains(t, err, "the session is anonymous; log in with a method of AuthService first")
	_, err = client.Auth.LoginWithPassword(t.Context(), commercengine.LoginWithPasswordRequest{Email: "asha@example.com", Password: "s3cret"})
	require.NoError(t, err)
	_, err = client.Addresses.List(t.Context(), customerID, commercengine.ListAddressesRequest{})
	assert.NoError(t, err)
}

// The answer to a refresh is lost after the server has used the token up: the
// session ends, and the shopper can log in again.
func TestLostRefresh(t *testing.T) {
	t.Parallel()
	server := startServer(t)
	client, _ := loggedInTo(t, server)
	server.ExpireTokens()
	server.Inject(souktest.Fault{Operation: "Auth.RefreshToken", Drop: true, Processed: true})

	require.ErrorIs(t, look(t.Context(), client), souk.ErrReauthorize)

	require.NoError(t, look(t.Context(), client))
	_, err := client.Session.CustomerID(t.Context())
	assert.ErrorIs(t, err, souk.ErrUnauthorized)
	_, err = client.Auth.LoginWithPassword(t.Context(), commercengine.LoginWithPasswordRequest{Email: "asha@example.com", Password: "s3cret"})
	assert.NoError(t, err)
}

// A creation whose answer is lost is not repeated.
func TestLostCreation(t *testing.T) {
	t.Parallel()
	faults := map[string]souktest.Fault{
		"dropped":   {Drop: true, Processed: true},
		"truncated": {Truncate: 20},
		"500":       {Status: 500, Processed: true},
		"504":       {Status: 504, Processed: true, Body: "<html>", Header: http.Header{"Content-Type": {"text/html"}}},
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := startServer(t)
			client, customerID := loggedInTo(t, server)
			fault.Operation = "Addresses.Create"
			server.Inject(fault)

			_, err := client.Addresses.Create(t.Context(), customerID, createAddress)

			assert.ErrorIs(t, err, souk.ErrOutcomeUnknown)
			page, err := client.Addresses.List(t.Context(), customerID, commercengine.ListAddressesRequest{})
			require.NoError(t, err)
			assert.Len(t, page.Addresses, 1, "it happened once")
		})
	}
}

// Reads, updates and deletes are repeated, creations only when a limit has kept
// them off: a 503 says nothing of what became of them, Retry-After or not.
func TestRepeats(t *testing.T) {
	t.Parallel()
	server := startServer(t)
	client, customerID := loggedInTo(t, server)
	ctx := t.Context()
	now := http.Header{"Retry-After": {"0"}}

	server.Inject(souktest.Fault{Status: 503, Header: now, Processed: true})
	_, err := client.Addresses.Create(ctx, customerID, createAddress)
	require.ErrorIs(t, err, souk.ErrUnavailable)
	require.ErrorIs(t, err, souk.ErrOutcomeUnknown)
	server.Inject(souktest.Fault{Status: 429, Header: now})
	address, err := client.Addresses.Create(ctx, customerID, createAddress)
	require.NoError(t, err)
	page, err := client.Addresses.List(ctx, customerID, commercengine.ListAddressesRequest{})
	require.NoError(t, err)
	require.Len(t, page.Addresses, 2)
	server.Inject(souktest.Fault{Method: "GET", Status: 502})
	_, err = client.Addresses.Get(ctx, customerID, address.ID)
	require.NoError(t, err)
	server.Inject(souktest.Fault{Method: "PUT", Drop: true, Processed: true})
	_, err = client.Addresses.Update(ctx, customerID, address.ID, address.UpdateRequest())
	require.NoError(t, err)
	server.Inject(souktest.Fault{Method: "DELETE", Drop: true, Processed: true})
	require.NoError(t, client.Addresses.Delete(ctx, customerID, address.ID))
}

// A 429 holds all clients of the API key back.
func TestRateLimit(t *testing.T) {
	t.Parallel()
	server := startServer(t)
	config := server.Config()
	config.MaxRetryWait = time.Second
	client := connect(t, config)
	server.Inject(souktest.Fault{Method: "GET", Status: 429, Header: http.Header{"Retry-After": {"3600"}}})

	_, err := client.Store.Config(t.Context())

	assert.ErrorIs(t, err, souk.ErrRateLimited)
	assert.Greater(t, requireError(t, err).RetryAfter, 30*time.Minute)
	before := len(server.Requests())
	_, err = connect(t, config).Store.ListCountries(t.Context())
	assert.ErrorIs(t, err, souk.ErrRateLimited)
	assert.Len(t, server.Requests(), before, "nothing is sent meanwhile")
}

// A 429 holds back what counts against the same limit: that of an API key at a store.
func TestRateLimitIsOfAnAPIKeyAtAStore(t *testing.T) {
	t.Parallel()
	gock, host := testkit.NewGock(t), "https://"+testkit.Unique()+".example"
	connectTo := func(store, key string) *commercengine.Client {
		return connect(t, commercengine.Config{
			StoreID: store, APIKey: key, BaseURL: host,
			Options: souk.Options{HTTPClient: gock.Client(), MaxRetryWait: time.Second},
		})
	}
	countries := func(store, key string) testkit.Request {
		return testkit.Request{
			URL: host + "/api/v1/" + store + "/storefront/common/countries", Header: map[string]string{"X-Api-Key": key},
		}
	}
	gock.Expect(countries("first", "key-1")).Header("Retry-After", "3600").JSON(429, `{"success":false,"message":"slow down"}`)
	_, err := connectTo("first", "key-1").Store.ListCountries(t.Context())
	require.ErrorIs(t, err, souk.ErrRateLimited)

	_, err = connectTo("first", "key-1").Store.ListCountries(t.Context())
	assert.ErrorIs(t, err, souk.ErrRateLimited, "nothing is sent")
	for _, other := range [][2]string{{"first", "key-2"}, {"second", "key-1"}} {
		gock.Expect(countries(other[0], other[1])).Fixture(200, "list-countries.json")
		_, err = connectTo(other[0], other[1]).Store.ListCountries(t.Context())
		assert.NoError(t, err, "%v", other)
	}
}

// Without an API key it is the limit of the token.
func TestRateLimitIsOfAToken(t *testing.T) {
	t.Parallel()
	gock, host := testkit.NewGock(t), "https://"+testkit.Unique()+".example"
	carts := func(token string) error {
		return connect(t, commercengine.Config{
			StoreID: "first", Token: token, BaseURL: host,
			Options: souk.Options{HTTPClient: gock.Client(), MaxRetryWait: time.Second},
		}).Do(t.Context(), "GET", "/carts", nil, nil, nil)
	}
	sent := func(token string) *testkit.Reply {
		return gock.Expect(testkit.Request{
			URL: host + "/api/v1/first/storefront/carts", Header: map[string]string{"Authorization": "Bearer " + token},
		})
	}
	sent("jwt-1").Header("Retry-After", "3600").JSON(429, `{"success":false,"message":"slow down"}`)
	require.ErrorIs(t, carts("jwt-1"), souk.ErrRateLimited)

	assert.ErrorIs(t, carts("jwt-1"), souk.ErrRateLimited, "nothing is sent")
	sent("jwt-2").JSON(200, `{"success":true}`)
	assert.NoError(t, carts("jwt-2"))
}

// A file arrives as it was, and is not held in memory to be sent.
func TestDocumentWithFile(t *testing.T) {
	t.Parallel()
	server := startServer(t)
	client, customerID := loggedInTo(t, server)
	types, err := client.KYC.ListDocumentTypes(t.Context())
	require.NoError(t, err)
	content := strings.Repeat("scan", 50_000)

	document, err := client.KYC.Create(t.Context(), customerID, commercengine.CreateDocumentRequest{
		DocumentNumber: "27AAPFU0939F1ZV", DocumentTypeID: types.DocumentTypes[0].ID,
		File: commercengine.File{Name: "gst \"1\".pdf", Reader: io.MultiReader(strings.NewReader(content)), Size: int64(len(content))},
	})

	require.NoError(t, err)
	got, ok := server.File(document.ID)
	require.True(t, ok)
	assert.Equal(t, content, string(got))
	assert.Equal(t, "automatic", document.VerificationType)
}

func TestMandates(t *testing.T) {
	t.Parallel()
	server := startServer(t)
	client, customerID := loggedInTo(t, server)
	ctx := t.Context()
	mandate, err := client.Payments.CreateMandate(ctx, customerID, commercengine.CreateMandateRequest{
		PaymentMethodType: "UPI", PaymentMethod: "UPI", ServiceProviderSlug: "razorpay", GatewayReferenceID: "ref-1",
		BankIFSC: "HDFC0001234", BankAccountNumber: "123456789012", BankBeneficiaryName: "Asha Rao",
	})
	require.NoError(t, err)
	end := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)

	updated, err := client.Payments.UpdateMandate(ctx, customerID, mandate.ID, commercengine.UpdateMandateRequest{MaxAmount: "2500.5", EndAt: end})
	require.NoError(t, err)
	assert.Equal(t, "2500.5", updated.MaxAmount.String())
	assert.Equal(t, end, updated.EndDate)
	paused, err := client.Payments.PauseMandate(ctx, customerID, mandate.ID)
	require.NoError(t, err)
	assert.Equal(t, commercengine.MandatePaused, paused.Status)
	_, err = client.Payments.UpdateMandate(ctx, customerID, mandate.ID, commercengine.UpdateMandateRequest{MaxAmount: "1"})
	assert.ErrorIs(t, err, souk.ErrInvalid, "only while it is active")
	resumed, err := client.Payments.ResumeMandate(ctx, customerID, mandate.ID)
	require.NoError(t, err)
	assert.Equal(t, commercengine.MandateActive, resumed.Status)
	line, err := client.Payments.GetCreditLine(ctx, customerID)
	require.NoError(t, err)
	assert.Len(t, line.ActiveMandates, 1)
	_, err = client.Payments.RevokeMandate(ctx, customerID, mandate.ID)
	require.NoError(t, err)
	_, err = client.Payments.ResumeMandate(ctx, customerID, mandate.ID)
	require.ErrorIs(t, err, souk.ErrInvalid)
	_, err = client.Payments.RevokeMandate(ctx, customerID, mandate.ID)
	assert.ErrorIs(t, err, souk.ErrInvalid, "it was revoked before")
}
