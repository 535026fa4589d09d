package commercengine

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/souk-go/souk/internal/mask"
)

// RegisterWithEmailRequest describes a new user who is reached by e-mail.
type RegisterWithEmailRequest struct {
	Email     string `json:"email"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name,omitempty"`
	// Phone is the national number, 10 digits.
	Phone string `json:"phone,omitempty"`
	// Debug lets the server return the one-time password, for development.
	Debug bool `json:"-"`
}

// RegisterWithEmail sends a one-time password to the e-mail address of a new
// user, who exists once VerifyOTP has accepted it. Servers of earlier versions
// of the API answered with a session instead, which is an error here.
//
// See https://llm-docs.commercengine.io/storefront/operations/register-with-email.
//
//souk:operation POST /auth/register/email
func (s *AuthService) RegisterWithEmail(ctx context.Context, req RegisterWithEmailRequest) (*OTP, error) {
	call := s.otpCall("/auth/register/email", req, req.Debug)
	checkEmail(&call.Problems, "Email", req.Email)
	checkText(&call.Problems, "FirstName", req.FirstName)
	if req.Phone != "" {
		checkPhone(&call.Problems, "Phone", req.Phone)
	}
	return one[*OTP](ctx, s.transport, call, otpContent{})
}

// RegisterWithPhoneRequest describes a new user who is reached by phone.
type RegisterWithPhoneRequest struct {
	// CountryCode is a dialling code; the server takes +91 only, its default.
	CountryCode string `json:"country_code,omitempty"`
	// Phone is the national number, 10 digits.
	Phone     string `json:"phone"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name,omitempty"`
	Email     string `json:"email,omitempty"`
	// Debug lets the server return the one-time password, for development.
	Debug bool `json:"-"`
}

// RegisterWithPhone does as [AuthService.RegisterWithEmail], by SMS.
//
// See https://llm-docs.commercengine.io/storefront/operations/register-with-phone.
//
//souk:operation POST /auth/register/phone
func (s *AuthService) RegisterWithPhone(ctx context.Context, req RegisterWithPhoneRequest) (*OTP, error) {
	return s.registerWithPhone(ctx, "/auth/register/phone", req)
}

// RegisterWithWhatsApp does as [AuthService.RegisterWithEmail], by WhatsApp.
//
// See https://llm-docs.commercengine.io/storefront/operations/register-with-whatsapp.
//
//souk:operation POST /auth/register/whatsapp
func (s *AuthService) RegisterWithWhatsApp(ctx context.Context, req RegisterWithPhoneRequest) (*OTP, error) {
	return s.registerWithPhone(ctx, "/auth/register/whatsapp", req)
}

// RegisterWithPasswordRequest describes a new user who has a password. Email or
// Phone is required; with both, the server takes the user as one of e-mail.
type RegisterWithPasswordRequest struct {
	Email string `json:"email,omitempty"`
	// CountryCode is a dialling code, +91 by default.
	CountryCode string `json:"country_code,omitempty"`
	// Phone is the national number, 10 digits.
	Phone    string `json:"phone,omitempty"`
	Password string `json:"password"`
	// ConfirmPassword is what the shopper typed again, Password by default.
	ConfirmPassword string `json:"confirm_password"`
	// Debug lets the server return the one-time password, for development.
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

// RegisterWithPassword does as [AuthService.RegisterWithEmail] for a user who logs in by
// password later. The vendor documents no rules for passwords.
//
// See https://llm-docs.commercengine.io/storefront/operations/register-with-password.
//
//souk:operation POST /auth/register/password
func (s *AuthService) RegisterWithPassword(ctx context.Context, req RegisterWithPasswordRequest) (*OTP, error) {
	if req.ConfirmPassword == "" {
		req.ConfirmPassword = req.Password
	}
	call := s.otpCall("/auth/register/password", req, req.Debug)
	checkContact(&call.Problems, req.Email, req.CountryCode, req.Phone)
	checkPassword(&call.Problems, "Password", req.Password, req.ConfirmPassword)
	return one[*OTP](ctx, s.transport, call, otpContent{})
}

func (s *AuthService) registerWithPhone(ctx context.Context, route string, req RegisterWithPhoneRequest) (*OTP, error) {
	call := s.otpCall(route, req, req.Debug)
	checkCountryCode(&call.Problems, "CountryCode", req.CountryCode)
	checkPhone(&call.Problems, "Phone", req.Phone)
	checkText(&call.Problems, "FirstName", req.FirstName)
	if req.Email != "" {
		checkEmail(&call.Problems, "Email", req.Email)
	}
	return one[*OTP](ctx, s.transport, call, otpContent{})
}
