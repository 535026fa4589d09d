package commercengine

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/souk-go/souk/internal/mask"
	"github.com/souk-go/souk/internal/transport"
)

// OTPAction is the purpose of a one-time password.
type OTPAction string

// The actions.
const (
	OTPLogin         OTPAction = "login"
	OTPRegister      OTPAction = "register"
	OTPResetPassword OTPAction = "reset-password"
	OTPVerifyPhone   OTPAction = "verify-phone"
	OTPVerifyEmail   OTPAction = "verify-email"
	OTPUpdatePhone   OTPAction = "update-phone"
	OTPUpdateEmail   OTPAction = "update-email"
)

// OTP says that a one-time password was sent to the shopper. Pass Token and Action to
// [AuthService.VerifyOTP], together with what the shopper types.
type OTP struct {
	Token string `json:"-"`
	// Action is OTPRegister if the login will create the user.
	Action OTPAction `json:"otp_action"`
	// Code is the one-time password itself. The server sends it only if the request
	// sets Debug. The JSON name, otp, is inferred, not documented.
	Code string `json:"-"`
}

// Format prints the value without its secrets, for every verb of fmt.
func (o OTP) Format(f fmt.State, verb rune) {
	type plain OTP
	o.Token = mask.Secret(o.Token)
	o.Code = mask.Secret(o.Code)
	mask.Print(f, verb, plain(o))
}

// LogValue returns the value without its secrets.
func (o OTP) LogValue() slog.Value { return mask.LogValue(o) }

// LoginWithEmailRequest names the shopper who wants to log in.
type LoginWithEmailRequest struct {
	Email string `json:"email"`
	// RegisterIfNotExists creates an unknown user when the password is verified.
	RegisterIfNotExists bool `json:"register_if_not_exists,omitempty"`
	// Debug makes the server return the one-time password, for development.
	Debug bool `json:"-"`
}

// LoginWithEmail sends a one-time password to an e-mail address. An unknown
// user is [souk.ErrNotFound], unless RegisterIfNotExists is set.
//
// See https://llm-docs.commercengine.io/storefront/operations/login-with-email.
//
//souk:operation POST /auth/login/email
func (s *AuthService) LoginWithEmail(ctx context.Context, req LoginWithEmailRequest) (*OTP, error) {
	call := s.otpCall("/auth/login/email", req, req.Debug)
	checkEmail(&call.Problems, "Email", req.Email)
	return one[*OTP](ctx, s.transport, call, otpContent{})
}

// LoginWithPhoneRequest names the shopper who wants to log in.
type LoginWithPhoneRequest struct {
	// CountryCode is a dialling code. The server accepts only +91, the default.
	CountryCode string `json:"country_code,omitempty"`
	// Phone is the national number, 10 digits.
	Phone string `json:"phone"`
	// RegisterIfNotExists creates an unknown user when the password is verified.
	RegisterIfNotExists bool `json:"register_if_not_exists,omitempty"`
	// Debug makes the server return the one-time password, for development.
	Debug bool `json:"-"`
}

// LoginWithPhone sends a one-time password by SMS. An unknown user is
// [souk.ErrNotFound], unless RegisterIfNotExists is set.
//
// See https://llm-docs.commercengine.io/storefront/operations/login-with-phone.
//
//souk:operation POST /auth/login/phone
func (s *AuthService) LoginWithPhone(ctx context.Context, req LoginWithPhoneRequest) (*OTP, error) {
	return s.loginWithPhone(ctx, "/auth/login/phone", req)
}

// LoginWithWhatsApp sends a one-time password by WhatsApp. The vendor documents
// no [souk.ErrNotFound] for an unknown user here.
//
// See https://llm-docs.commercengine.io/storefront/operations/login-with-whatsapp.
//
//souk:operation POST /auth/login/whatsapp
func (s *AuthService) LoginWithWhatsApp(ctx context.Context, req LoginWithPhoneRequest) (*OTP, error) {
	return s.loginWithPhone(ctx, "/auth/login/whatsapp", req)
}

// OTPChannel is a way to send a one-time password.
type OTPChannel string

// The channels.
const (
	OTPByEmail    OTPChannel = "email"
	OTPBySMS      OTPChannel = "sms"
	OTPByWhatsApp OTPChannel = "whatsapp"
)

// GenerateOTPRequest says where to send a one-time password, and for what purpose.
type GenerateOTPRequest struct {
	// Channel is OTPByEmail, which requires Email, or OTPBySMS or OTPByWhatsApp, which
	// require Phone.
	Channel     OTPChannel `json:"channel"`
	Email       string     `json:"email,omitempty"`
	CountryCode string     `json:"country_code,omitempty"`
	// Phone is the national number, 10 digits.
	Phone string `json:"phone,omitempty"`
	// Action is OTPRegister, OTPResetPassword, or, depending on Channel, one of
	// OTPVerifyEmail and OTPUpdateEmail or of OTPVerifyPhone and OTPUpdatePhone.
	Action OTPAction `json:"otp_action"`
	// Debug makes the server return the one-time password, for development.
	Debug bool `json:"-"`
}

// GenerateOTP sends a one-time password for a registration, a new password or
// another e-mail address or phone number.
//
// See https://llm-docs.commercengine.io/storefront/operations/generate-otp.
//
//souk:operation POST /auth/generate-otp
func (s *AuthService) GenerateOTP(ctx context.Context, req GenerateOTPRequest) (*OTP, error) {
	call := s.otpCall("/auth/generate-otp", req, req.Debug)
	if req.Action != OTPRegister && req.Action != OTPResetPassword {
		call.Credential = nil // it is about the shopper's own contact
	}
	req.check(&call.Problems)
	return one[*OTP](ctx, s.transport, call, otpContent{})
}

// VerifyOTPRequest holds what the shopper typed.
type VerifyOTPRequest struct {
	// OTP is the one-time password.
	OTP string `json:"otp"`
	// Token and Action are taken from the OTP that announced the password.
	Token  string    `json:"otp_token"`
	Action OTPAction `json:"otp_action"`
}

// Format prints the request without its secrets, for every verb of fmt.
func (v VerifyOTPRequest) Format(f fmt.State, verb rune) {
	type plain VerifyOTPRequest
	v.OTP = mask.Secret(v.OTP)
	v.Token = mask.Secret(v.Token)
	mask.Print(f, verb, plain(v))
}

// LogValue returns the request without its secrets.
func (v VerifyOTPRequest) LogValue() slog.Value { return mask.LogValue(v) }

// VerifyOTP completes a login, a registration or the verification of an e-mail address
// or phone number. A wrong or expired one-time password is [souk.ErrInvalid] or
// [souk.ErrUnauthorized]. The call is sent once: a 401 does not say whether the OTP or
// the session's token was refused. If it was the token, the next call renews it. A pair
// that cannot be saved is returned with the error.
//
// See https://llm-docs.commercengine.io/storefront/operations/verify-otp.
//
//souk:operation POST /auth/verify-otp
func (s *AuthService) VerifyOTP(ctx context.Context, req VerifyOTPRequest) (*Tokens, error) {
	call := &transport.Call{
		Method:     http.MethodPost,
		Route:      "/auth/verify-otp",
		Body:       req,
		Credential: s.shopper.once(),
	}
	switch req.Action {
	case OTPLogin, OTPRegister, OTPResetPassword:
		call.Credential = s.shopper.loginOnce()
	}
	call.Problems.NotEmpty("OTP", req.OTP)
	call.Problems.NotEmpty("Token", req.Token)
	checkAction(&call.Problems, req.Action,
		OTPLogin, OTPRegister, OTPResetPassword, OTPVerifyPhone, OTPVerifyEmail, OTPUpdatePhone, OTPUpdateEmail)
	return s.tokens(ctx, call)
}

func (s *AuthService) loginWithPhone(ctx context.Context, route string, req LoginWithPhoneRequest) (*OTP, error) {
	call := s.otpCall(route, req, req.Debug)
	checkCountryCode(&call.Problems, "CountryCode", req.CountryCode)
	checkPhone(&call.Problems, "Phone", req.Phone)
	return one[*OTP](ctx, s.transport, call, otpContent{})
}

// otpCall returns a call that makes the server send a one-time password for a login.
func (s *AuthService) otpCall(route string, body any, debug bool) *transport.Call {
	call := &transport.Call{
		Method:     http.MethodPost,
		Route:      route,
		Body:       body,
		Credential: s.shopper.login(),
	}
	if debug {
		call.Header = http.Header{"X-Debug-Mode": {"true"}}
	}
	return call
}

func (r GenerateOTPRequest) check(problems *transport.Problems) {
	switch r.Channel {
	case OTPByEmail:
		checkEmail(problems, "Email", r.Email)
		problems.Require(r.Phone == "" && r.CountryCode == "", "Phone", "is for the channels sms and whatsapp")
		checkAction(problems, r.Action, OTPRegister, OTPResetPassword, OTPVerifyEmail, OTPUpdateEmail)
	case OTPBySMS, OTPByWhatsApp:
		checkPhone(problems, "Phone", r.Phone)
		checkCountryCode(problems, "CountryCode", r.CountryCode)
		problems.Require(r.Email == "", "Email", "is for the channel email")
		checkAction(problems, r.Action, OTPRegister, OTPResetPassword, OTPVerifyPhone, OTPUpdatePhone)
	default:
		problems.Add("Channel", "must be email, sms or whatsapp")
	}
}

func checkAction(problems *transport.Problems, action OTPAction, allowed ...OTPAction) {
	if slices.Contains(allowed, action) {
		return
	}
	names := make([]string, len(allowed))
	for i, a := range allowed {
		names[i] = string(a)
	}
	problems.Add("Action", "must be one of %s", strings.Join(names, ", "))
}
