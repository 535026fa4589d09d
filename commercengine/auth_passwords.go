package commercengine

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/souk-go/souk/internal/mask"
	"github.com/souk-go/souk/internal/transport"
)

// LoginWithPasswordRequest holds the credentials of a user: a password, with
// either Email or Phone.
type LoginWithPasswordRequest struct {
	Email string `json:"email,omitempty"`
	// CountryCode is a dialling code, +91 by default.
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
// password [souk.ErrUnauthorized]. A 401 does not tell whether the password was refused
// or the session, which is looked after by the next call: the password is not sent
// again for it. A pair that cannot be saved comes with the error.
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
		Secret:     true,
	}
	checkOneContact(&call.Problems, req.Email, req.CountryCode, req.Phone)
	checkText(&call.Problems, "Password", req.Password)
	return s.tokens(ctx, call)
}

// ForgotPasswordRequest names the user who wants another password, by either
// Email or Phone.
type ForgotPasswordRequest struct {
	Email string `json:"email,omitempty"`
	// CountryCode is a dialling code, +91 by default.
	CountryCode string `json:"country_code,omitempty"`
	// Phone is the national number, 10 digits.
	Phone string `json:"phone,omitempty"`
	// Debug lets the server return the one-time password, for development.
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

// ResetPasswordRequest sets a password with what ForgotPassword has sent.
type ResetPasswordRequest struct {
	NewPassword string `json:"new_password"`
	// ConfirmPassword is what the shopper typed again, NewPassword by default.
	ConfirmPassword string `json:"confirm_password"`
	// Token is that of the OTP, and OTP what the shopper typed.
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

// ResetPassword sets another password and logs the user in. The OTP is sent once, as
// by VerifyOTP. A pair that cannot be saved comes with the error.
//
// See https://llm-docs.commercengine.io/storefront/operations/reset-password.
//
//souk:operation POST /auth/reset-password
func (s *AuthService) ResetPassword(ctx context.Context, req ResetPasswordRequest) (*Tokens, error) {
	if req.ConfirmPassword == "" {
		req.ConfirmPassword = req.NewPassword
	}
	call := &transport.Call{
		Method:     http.MethodPost,
		Route:      "/auth/reset-password",
		Body:       req,
		Credential: s.shopper.loginOnce(),
		Secret:     true,
	}
	checkPassword(&call.Problems, "NewPassword", req.NewPassword, req.ConfirmPassword)
	checkText(&call.Problems, "Token", req.Token)
	checkText(&call.Problems, "OTP", req.OTP)
	return s.tokens(ctx, call)
}

// ChangePasswordRequest replaces a password that is known.
type ChangePasswordRequest struct {
	OldPassword string `json:"old_password"`
	NewPassword string `json:"new_password"`
	// ConfirmPassword is what the shopper typed again, NewPassword by default.
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

// ChangePassword replaces the password of the user who is logged in. The passwords
// are sent once, as by LoginWithPassword. Where another shopper has logged in
// meanwhile, whose session stays, it is [souk.ErrInvalid], and the password is changed
// nevertheless. An answer without a refresh token leaves the session's in place. A
// pair that cannot be saved comes with the error.
//
// See https://llm-docs.commercengine.io/storefront/operations/change-password.
//
//souk:operation POST /auth/change-password
func (s *AuthService) ChangePassword(ctx context.Context, req ChangePasswordRequest) (*Tokens, error) {
	if req.ConfirmPassword == "" {
		req.ConfirmPassword = req.NewPassword
	}
	call := &transport.Call{
		Method:     http.MethodPost,
		Route:      "/auth/change-password",
		Body:       req,
		Credential: s.shopper.once(),
		Secret:     true,
	}
	checkText(&call.Problems, "OldPassword", req.OldPassword)
	checkPassword(&call.Problems, "NewPassword", req.NewPassword, req.ConfirmPassword)
	return s.tokensOfOne(ctx, call)
}
