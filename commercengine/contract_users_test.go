package commercengine_test

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/commercengine"
)

const contractPassword = "souk-Contract-1"

// somebody returns an e-mail address that nobody has.
func somebody() string { return "souk-contract-" + strings.ToLower(rand.Text()) + "@example.com" }

// newShopper returns a client with a session of its own.
func newShopper(t *testing.T, config commercengine.Config) *commercengine.Client {
	t.Helper()
	client, err := commercengine.NewClient(config)
	require.NoError(t, err)
	return client
}

// verified gives the one-time password that a store for development returns with its
// token. Who was registered is deleted when the test ends.
func verified(t *testing.T, client *commercengine.Client, otp *commercengine.OTP, err error) *commercengine.Tokens {
	t.Helper()
	require.NoError(t, err)
	if otp.Code == "" {
		t.Skip("the store does not return one-time passwords")
	}
	tokens, err := client.Auth.VerifyOTP(t.Context(), commercengine.VerifyOTPRequest{OTP: otp.Code, Token: otp.Token, Action: otp.Action})
	require.NoError(t, err)
	if otp.Action == commercengine.OTPRegister {
		t.Cleanup(func() {
			err := client.Auth.DeleteUser(context.WithoutCancel(t.Context()), tokens.User.ID)
			assert.NoError(t, err, "left behind")
		})
	}
	return tokens
}

// contractUsers registers users in each way, and logs them in again.
func contractUsers(t *testing.T, config commercengine.Config, may contract) {
	for name, way := range map[string]struct {
		needsPhone bool
		register   func(*commercengine.Client) (*commercengine.OTP, error)
		logIn      func(*commercengine.Client) (*commercengine.OTP, error)
	}{
		"phone": {
			true,
			func(c *commercengine.Client) (*commercengine.OTP, error) {
				return c.Auth.RegisterWithPhone(t.Context(), commercengine.RegisterWithPhoneRequest{Phone: may.phone, FirstName: "Souk", Debug: true})
			},
			func(c *commercengine.Client) (*commercengine.OTP, error) {
				return c.Auth.LoginWithPhone(t.Context(), commercengine.LoginWithPhoneRequest{Phone: may.phone, Debug: true})
			},
		},
		"WhatsApp": {
			true,
			func(c *commercengine.Client) (*commercengine.OTP, error) {
				return c.Auth.RegisterWithWhatsApp(t.Context(), commercengine.RegisterWithPhoneRequest{Phone: may.phone, FirstName: "Souk", Debug: true})
			},
			func(c *commercengine.Client) (*commercengine.OTP, error) {
				return c.Auth.LoginWithWhatsApp(t.Context(), commercengine.LoginWithPhoneRequest{Phone: may.phone, Debug: true})
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if way.needsPhone && may.phone == "" {
				t.Skip("there is no phone to send one-time passwords to")
			}
			client, again := newShopper(t, config), newShopper(t, config)
			otp, err := way.register(client)
			user := verified(t, client, otp, err).User
			assert.True(t, user.IsPhoneVerified)

			otp, err = way.logIn(again)
			assert.Equal(t, user.ID, verified(t, again, otp, err).User.ID)
		})
	}
	t.Run("e-mail", func(t *testing.T) {
		client, again, email := newShopper(t, config), newShopper(t, config), somebody()
		register := commercengine.RegisterWithEmailRequest{Email: email, FirstName: "Souk", Debug: true}
		otp, err := client.Auth.RegisterWithEmail(t.Context(), register)
		user := verified(t, client, otp, err).User
		assert.Equal(t, email, user.Email)
		assert.True(t, user.IsEmailVerified)

		_, err = again.Auth.RegisterWithEmail(t.Context(), register)
		assert.ErrorIs(t, err, souk.ErrInvalid, "the address is taken")
		otp, err = again.Auth.LoginWithEmail(t.Context(), commercengine.LoginWithEmailRequest{Email: email, Debug: true})
		assert.Equal(t, user.ID, verified(t, again, otp, err).User.ID)
		check, err := again.Auth.CheckVerification(t.Context(), commercengine.CheckVerificationRequest{Emails: []string{email, somebody()}})
		require.NoError(t, err)
		assert.Equal(t, []string{email}, check.Emails)

		_, err = again.Auth.Logout(t.Context())
		require.NoError(t, err)
		_, err = client.Auth.GetUser(t.Context(), user.ID)
		assert.NoError(t, err, "the user's other session goes on")
	})
	t.Run("another e-mail", func(t *testing.T) { contractNewEmail(t, config) })
	t.Run("passwords", func(t *testing.T) { contractPasswords(t, config) })
	t.Run("a profile image", func(t *testing.T) { contractProfileImage(t, config) })
	t.Run("a business", func(t *testing.T) { contractBusiness(t, config) })
}

func contractNewEmail(t *testing.T, config commercengine.Config) {
	client := newShopper(t, config)
	otp, err := client.Auth.RegisterWithEmail(t.Context(), commercengine.RegisterWithEmailRequest{Email: somebody(), FirstName: "Souk", Debug: true})
	verified(t, client, otp, err)
	next := somebody()

	otp, err = client.Auth.GenerateOTP(t.Context(), commercengine.GenerateOTPRequest{
		Channel: commercengine.OTPByEmail, Email: next, Action: commercengine.OTPUpdateEmail, Debug: true,
	})

	assert.Equal(t, next, verified(t, client, otp, err).User.Email)
}

func contractPasswords(t *testing.T, config commercengine.Config) {
	client, email := newShopper(t, config), somebody()
	otp, err := client.Auth.RegisterWithPassword(t.Context(), commercengine.RegisterWithPasswordRequest{
		Email: email, Password: contractPassword, ConfirmPassword: contractPassword, Debug: true,
	})
	user := verified(t, client, otp, err).User

	const second, third = contractPassword + "2", contractPassword + "3"
	_, err = client.Auth.ChangePassword(t.Context(), commercengine.ChangePasswordRequest{OldPassword: contractPassword, NewPassword: second, ConfirmPassword: second})
	require.NoError(t, err)
	otp, err = client.Auth.ForgotPassword(t.Context(), commercengine.ForgotPasswordRequest{Email: email, Debug: true})
	require.NoError(t, err)
	_, err = client.Auth.ResetPassword(t.Context(), commercengine.ResetPasswordRequest{NewPassword: third, ConfirmPassword: third, Token: otp.Token, OTP: otp.Code})
	require.NoError(t, err)

	again := newShopper(t, config)
	_, err = again.Auth.LoginWithPassword(t.Context(), commercengine.LoginWithPasswordRequest{Email: email, Password: second})
	assert.ErrorIs(t, err, souk.ErrUnauthorized)
	tokens, err := again.Auth.LoginWithPassword(t.Context(), commercengine.LoginWithPasswordRequest{Email: email, Password: third})
	require.NoError(t, err)
	assert.Equal(t, user.ID, tokens.User.ID)
}

func contractProfileImage(t *testing.T, config commercengine.Config) {
	client := newShopper(t, config)
	otp, err := client.Auth.RegisterWithEmail(t.Context(), commercengine.RegisterWithEmailRequest{Email: somebody(), FirstName: "Souk", Debug: true})
	id := verified(t, client, otp, err).User.ID
	image := func() commercengine.ProfileImageRequest {
		return commercengine.ProfileImageRequest{Image: commercengine.File{Name: "face.png", ContentType: "image/png", Reader: strings.NewReader("\x89PNG\r\n\x1a\n")}}
	}

	added, err := client.Auth.AddProfileImage(t.Context(), id, image())
	require.NoError(t, err)
	got, err := client.Auth.GetProfileImage(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, added, got)
	_, err = client.Auth.UpdateProfileImage(t.Context(), id, image())
	require.NoError(t, err)
	require.NoError(t, client.Auth.RemoveProfileImage(t.Context(), id))
	_, err = client.Auth.GetProfileImage(t.Context(), id)
	assert.ErrorIs(t, err, souk.ErrNotFound)
}

func contractBusiness(t *testing.T, config commercengine.Config) {
	client := newShopper(t, config)
	otp, err := client.Auth.RegisterWithEmail(t.Context(), commercengine.RegisterWithEmailRequest{Email: somebody(), FirstName: "Souk", Debug: true})
	verified(t, client, otp, err)

	created, err := client.Customers.Create(t.Context(), commercengine.CreateCustomerRequest{Business: &commercengine.CustomerBusiness{Type: "proprietorship", Name: "Souk"}})
	require.NoError(t, err)
	_, err = client.Customers.Update(t.Context(), created.ID, commercengine.UpdateCustomerRequest{Business: commercengine.CustomerBusiness{Type: "proprietorship", Name: "Souk 2"}})
	require.NoError(t, err)
	got, err := client.Customers.Get(t.Context(), created.ID, commercengine.GetCustomerRequest{})
	require.NoError(t, err)
	assert.Equal(t, created.ID, got.ID)
	require.NotNil(t, got.Business)
	assert.Equal(t, "Souk 2", got.Business.Name)
}

// contractDeactivation leaves a user behind, who cannot log in any more.
func contractDeactivation(t *testing.T, config commercengine.Config) {
	client, email := newShopper(t, config), somebody()
	otp, err := client.Auth.RegisterWithEmail(t.Context(), commercengine.RegisterWithEmailRequest{Email: email, FirstName: "Souk", Debug: true})
	require.NoError(t, err)
	tokens, err := client.Auth.VerifyOTP(t.Context(), commercengine.VerifyOTPRequest{OTP: otp.Code, Token: otp.Token, Action: otp.Action})
	require.NoError(t, err)

	require.NoError(t, client.Auth.DeactivateUser(t.Context(), tokens.User.ID))

	_, err = newShopper(t, config).Auth.LoginWithEmail(t.Context(), commercengine.LoginWithEmailRequest{Email: email})
	assert.ErrorIs(t, err, souk.ErrNotFound)
}
