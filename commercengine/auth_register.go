package commercengine

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"

	"github.com/souk-go/souk/internal/mask"
)

// RegisterWithEmailRequest describes a new user with an e-mail address.
type RegisterWithEmailRequest struct {
	Email     string `json:"email"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name,omitempty"`
	// Phone is the national number, 10 digits.
	Phone string `json:"phone,omitempty"`
	// Debug makes the server return the one-time password, for development.
	Debug bool `json:"-"`
}

// RegisterWithEmail sends a one-time password to the e-mail address of a new user. The
// user exists once VerifyOTP has accepted it. Earlier versions of the API answered with
// a session instead, which is an error here.
//
// See https://llm-docs.commercengine.io/storefront/operations/register-with-email.
//
//souk:operation POST /auth/register/email
func (s *AuthService) RegisterWithEmail(ctx context.Context, req RegisterWithEmailRequest) (*OTP, error) {
	call := s.otpCall("/auth/register/email", req, req.Debug)
	checkEmail(&call.Problems, "Email", req.Email)
	call.Problems.NotEmpty("FirstName", req.FirstName)
	if req.Phone != "" {
		checkPhone(&call.Problems, "Phone", req.Phone)
	}
	return one[*OTP](ctx, s.transport, call, otpContent{})
}

// RegisterWithPhoneRequest describes a new user with a phone number.
type RegisterWithPhoneRequest struct {
	// CountryCode is a dialling code. The server accepts only +91, the default.
	CountryCode string `json:"country_code,omitempty"`
	// Phone is the national number, 10 digits.
	Phone     string `json:"phone"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name,omitempty"`
	Email     string `json:"email,omitempty"`
	// Debug makes the server return the one-time password, for development.
	Debug bool `json:"-"`
}

// RegisterWithPhone is like [AuthService.RegisterWithEmail], by SMS.
//
// See https://llm-docs.commercengine.io/storefront/operations/register-with-phone.
//
//souk:operation POST /auth/register/phone
func (s *AuthService) RegisterWithPhone(ctx context.Context, req RegisterWithPhoneRequest) (*OTP, error) {
	return s.registerWithPhone(ctx, "/auth/register/phone", req)
}

// RegisterWithWhatsApp is like [AuthService.RegisterWithEmail], by WhatsApp.
//
// See https://llm-docs.commercengine.io/storefront/operations/register-with-whatsapp.
//
//souk:operation POST /auth/register/whatsapp
func (s *AuthService) RegisterWithWhatsApp(ctx context.Context, req RegisterWithPhoneRequest) (*OTP, error) {
	return s.registerWithPhone(ctx, "/auth/register/whatsapp", req)
}

// RegisterWithPasswordRequest describes a new user with a password. Email or Phone is
// required; if both are set, the server registers the user by e-mail.
type RegisterWithPasswordRequest struct {
	Email string `json:"email,omitempty"`
	// CountryCode is a dialling code, by default +91.
	CountryCode string `json:"country_code,omitempty"`
	// Phone is the national number, 10 digits.
	Phone    string `json:"phone,omitempty"`
	Password string `json:"password"`
	// ConfirmPassword is the password as the shopper repeated it, by default Password.
	ConfirmPassword string `json:"confirm_password"`
	// Debug makes the server return the one-time password, for development.
	Debug bool `json:"-"`
}

// Format prints the request without its secrets, for every verb of fmt.
func (r RegisterWithPasswordRequest) Format(f fmt.State, verb rune) {
	type plain RegisterWithPasswordRequest
	r.Password = mask.Secret(r.Password)
	r.ConfirmPassword = mask.Secret(r.ConfirmPassword)
	mask.Print(f, verb, plain(r))
}

// LogValue returns the request without its secrets.
func (r RegisterWithPasswordRequest) LogValue() slog.Value { return mask.LogValue(r) }

// RegisterWithPassword is like [AuthService.RegisterWithEmail], for a user who will log
// in with a password. The vendor documents no rules for passwords.
//
// See https://llm-docs.commercengine.io/storefront/operations/register-with-password.
//
//souk:operation POST /auth/register/password
func (s *AuthService) RegisterWithPassword(ctx context.Context, req RegisterWithPasswordRequest) (*OTP, error) {
	req.ConfirmPassword = cmp.Or(req.ConfirmPassword, req.Password)
	call := s.otpCall("/auth/register/password", req, req.Debug)
	checkContact(&call.Problems, req.Email, req.CountryCode, req.Phone)
	checkPassword(&call.Problems, "Password", req.Password, req.ConfirmPassword)
	return one[*OTP](ctx, s.transport, call, otpContent{})
}

func (s *AuthService) registerWithPhone(ctx context.Context, route string, req RegisterWithPhoneRequest) (*OTP, error) {
	call := s.otpCall(route, req, req.Debug)
	checkCountryCode(&call.Problems, "CountryCode", req.CountryCode)
	checkPhone(&call.Problems, "Phone", req.Phone)
	call.Problems.NotEmpty("FirstName", req.FirstName)
	if req.Email != "" {
		checkEmail(&call.Problems, "Email", req.Email)
	}
	return one[*OTP](ctx, s.transport, call, otpContent{})
}
