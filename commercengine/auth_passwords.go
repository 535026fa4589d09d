package commercengine

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/souk-go/souk/internal/mask"
	"github.com/souk-go/souk/internal/transport"
)

// LoginWithPasswordRequest holds the credentials of a user: a password and either Email
// or Phone.
type LoginWithPasswordRequest struct {
	Email string `json:"email,omitempty"`
	// CountryCode is a dialling code, by default +91.
	CountryCode string `json:"country_code,omitempty"`
	// Phone is the national number, 10 digits.
	Phone    string `json:"phone,omitempty"`
	Password string `json:"password"`
}

// Format prints the request without its secret, for every verb of fmt.
func (l LoginWithPasswordRequest) Format(f fmt.State, verb rune) {
	type plain LoginWithPasswordRequest
	l.Password = mask.Secret(l.Password)
	mask.Print(f, verb, plain(l))
}

// LogValue returns the request without its secret.
func (l LoginWithPasswordRequest) LogValue() slog.Value { return mask.LogValue(l) }

// LoginWithPassword logs a user in. An unknown user is [souk.ErrNotFound], a wrong
// password [souk.ErrUnauthorized]. The call is sent once: a 401 does not say whether
// the password or the session's token was refused. If it was the token, the next call
// renews it. A pair that cannot be saved is returned with the error.
//
// See https://llm-docs.commercengine.io/storefront/operations/login-with-password.
//
//souk:operation POST /auth/login/password
func (s *AuthService) LoginWithPassword(ctx context.Context, req LoginWithPasswordRequest) (*Tokens, error) {
	call := &transport.Call{
		Method:     http.MethodPost,
		Route:      "/auth/login/password",
		Body:       req,
		Repeat:     transport.Safe, // logging in twice ends with somebody logged in
		Credential: s.shopper.loginOnce(),
	}
	checkOneContact(&call.Problems, req.Email, req.CountryCode, req.Phone)
	call.Problems.NotEmpty("Password", req.Password)
	return s.tokens(ctx, call)
}

// ForgotPasswordRequest names the user who needs a new password, by either Email or
// Phone.
type ForgotPasswordRequest struct {
	Email string `json:"email,omitempty"`
	// CountryCode is a dialling code, by default +91.
	CountryCode string `json:"country_code,omitempty"`
	// Phone is the national number, 10 digits.
	Phone string `json:"phone,omitempty"`
	// Debug makes the server return the one-time password, for development.
	Debug bool `json:"-"`
}

// ForgotPassword sends a one-time password for ResetPassword. An unknown user is
// [souk.ErrNotFound].
//
// See https://llm-docs.commercengine.io/storefront/operations/forgot-password.
//
//souk:operation POST /auth/forgot-password
func (s *AuthService) ForgotPassword(ctx context.Context, req ForgotPasswordRequest) (*OTP, error) {
	call := s.otpCall("/auth/forgot-password", req, req.Debug)
	checkOneContact(&call.Problems, req.Email, req.CountryCode, req.Phone)
	return one[*OTP](ctx, s.transport, call, otpContent{})
}

// ResetPasswordRequest sets a new password, proven by the one-time password of
// ForgotPassword.
type ResetPasswordRequest struct {
	NewPassword string `json:"new_password"`
	// ConfirmPassword is the password as the shopper repeated it, by default
	// NewPassword.
	ConfirmPassword string `json:"confirm_password"`
	// Token is the Token of the OTP, and OTP what the shopper typed.
	Token string `json:"otp_token"`
	OTP   string `json:"otp"`
}

// Format prints the request without its secrets, for every verb of fmt.
func (r ResetPasswordRequest) Format(f fmt.State, verb rune) {
	type plain ResetPasswordRequest
	r.NewPassword = mask.Secret(r.NewPassword)
	r.ConfirmPassword = mask.Secret(r.ConfirmPassword)
	r.Token = mask.Secret(r.Token)
	r.OTP = mask.Secret(r.OTP)
	mask.Print(f, verb, plain(r))
}

// LogValue returns the request without its secrets.
func (r ResetPasswordRequest) LogValue() slog.Value { return mask.LogValue(r) }

// ResetPassword sets a new password and logs the user in. Like VerifyOTP, it is sent
// once. A pair that cannot be saved is returned with the error.
//
// See https://llm-docs.commercengine.io/storefront/operations/reset-password.
//
//souk:operation POST /auth/reset-password
func (s *AuthService) ResetPassword(ctx context.Context, req ResetPasswordRequest) (*Tokens, error) {
	req.ConfirmPassword = cmp.Or(req.ConfirmPassword, req.NewPassword)
	call := &transport.Call{
		Method:     http.MethodPost,
		Route:      "/auth/reset-password",
		Body:       req,
		Credential: s.shopper.loginOnce(),
	}
	checkPassword(&call.Problems, "NewPassword", req.NewPassword, req.ConfirmPassword)
	call.Problems.NotEmpty("Token", req.Token)
	call.Problems.NotEmpty("OTP", req.OTP)
	return s.tokens(ctx, call)
}

// ChangePasswordRequest replaces a known password.
type ChangePasswordRequest struct {
	OldPassword string `json:"old_password"`
	NewPassword string `json:"new_password"`
	// ConfirmPassword is the password as the shopper repeated it, by default
	// NewPassword.
	ConfirmPassword string `json:"confirm_password"`
}

// Format prints the request without its secrets, for every verb of fmt.
func (c ChangePasswordRequest) Format(f fmt.State, verb rune) {
	type plain ChangePasswordRequest
	c.OldPassword = mask.Secret(c.OldPassword)
	c.NewPassword = mask.Secret(c.NewPassword)
	c.ConfirmPassword = mask.Secret(c.ConfirmPassword)
	mask.Print(f, verb, plain(c))
}

// LogValue returns the request without its secrets.
func (c ChangePasswordRequest) LogValue() slog.Value { return mask.LogValue(c) }

// ChangePassword replaces the password of the user who is logged in. Like
// LoginWithPassword, it is sent once. If another shopper has logged in meanwhile, that
// session stays and the error is [souk.ErrInvalid], but the password is changed. If the
// answer has no refresh token, the session keeps its own. A pair that cannot be saved
// is returned with the error.
//
// See https://llm-docs.commercengine.io/storefront/operations/change-password.
//
//souk:operation POST /auth/change-password
func (s *AuthService) ChangePassword(ctx context.Context, req ChangePasswordRequest) (*Tokens, error) {
	req.ConfirmPassword = cmp.Or(req.ConfirmPassword, req.NewPassword)
	call := &transport.Call{
		Method:     http.MethodPost,
		Route:      "/auth/change-password",
		Body:       req,
		Credential: s.shopper.once(),
	}
	call.Problems.NotEmpty("OldPassword", req.OldPassword)
	checkPassword(&call.Problems, "NewPassword", req.NewPassword, req.ConfirmPassword)
	return s.tokensOfOne(ctx, call)
}
