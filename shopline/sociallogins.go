package shopline

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/souk-go/souk/internal/mask"
	"github.com/souk-go/souk/internal/transport"
)

// SocialLogin configures the login of customers through another platform. It holds
// secrets for that platform, which no printer shows.
type SocialLogin struct {
	Channel  LoginChannel  `json:"login_channel"`
	Platform LoginPlatform `json:"login_platform_type"`
	// AppID is the id of the store's app at the platform.
	AppID string `json:"third_app_id"`
	// Key is the secret at the platform.
	Key string `json:"-"`
	// RSAKey is the private key at the platform, if it uses one.
	RSAKey string `json:"-"`
}

// LoginChannel is the platform through which customers log in. Values without a
// constant decode as they are.
type LoginChannel string

// The platforms that SHOPLINE documents.
const (
	LoginChannelApple    LoginChannel = "apple"
	LoginChannelFacebook LoginChannel = "facebook"
	LoginChannelGoogle   LoginChannel = "google"
	LoginChannelLine     LoginChannel = "line"
	LoginChannelTikTok   LoginChannel = "tiktok"
)

// LoginPlatform is the client on which customers log in. Values without a constant
// decode as they are.
type LoginPlatform string

// The clients.
const (
	LoginPlatformWeb LoginPlatform = "web"
	LoginPlatformApp LoginPlatform = "app"
)

// String returns the configuration without its secrets.
func (l SocialLogin) String() string {
	return fmt.Sprintf("shopline.SocialLogin{Channel:%q Platform:%q}", l.Channel, l.Platform)
}

// Format prints the text of String for every verb of fmt.
func (l SocialLogin) Format(f fmt.State, verb rune) { mask.Format(f, verb, l.String()) }

// LogValue returns the configuration without its secrets.
func (l SocialLogin) LogValue() slog.Value {
	return slog.GroupValue(slog.String("channel", string(l.Channel)), slog.String("platform", string(l.Platform)))
}

// SocialLoginsService reads and writes the store's configurations for login through
// other platforms.
type SocialLoginsService service

// ListSocialLoginsRequest says which configurations to list.
type ListSocialLoginsRequest struct {
	// Channel and Platform select the configurations to list. Empty means all.
	Channel  LoginChannel  `url:"login_channel,omitempty"`
	Platform LoginPlatform `url:"login_platform_type,omitempty"`
}

// ListSocialLoginsResponse holds all configurations that match.
type ListSocialLoginsResponse struct {
	SocialLogins []SocialLogin
}

// Format prints the page without its secrets, for every verb of fmt.
func (r ListSocialLoginsResponse) Format(f fmt.State, verb rune) {
	type plain ListSocialLoginsResponse
	mask.Print(f, verb, plain(r))
}

// LogValue returns the page without its secrets.
func (r ListSocialLoginsResponse) LogValue() slog.Value { return mask.LogValue(r) }

// List returns configurations with their secrets. The list has no pages. It needs the
// scope read_customers.
//
// See https://developer.shopline.com/docs/admin-rest-api/customer/third-party-login-configuration/retrieve-a-list-of-third-party-login-configurations-of-store.
//
//souk:operation GET /customers_social_login.json
func (s *SocialLoginsService) List(ctx context.Context, req ListSocialLoginsRequest) (*ListSocialLoginsResponse, error) {
	return one(ctx, s.transport, &transport.Call{
		Method: http.MethodGet,
		Route:  "/customers_social_login.json",
		Query:  req,
		Repeat: transport.Safe,
		Secret: true,
	}, &socialLoginsAnswer{})
}

// SetSocialLoginRequest describes a configuration, which is created, or replaced if the
// store has one for the same channel and platform. No printer shows its secrets.
type SetSocialLoginRequest struct {
	// Channel is required.
	Channel  LoginChannel  `json:"login_channel"`
	Platform LoginPlatform `json:"login_platform_type,omitempty"`
	AppID    string        `json:"third_app_id,omitempty"`
	Key      string        `json:"third_key,omitempty"`
	RSAKey   string        `json:"third_rsa_key,omitempty"`
}

// String returns the request without its secrets.
func (r SetSocialLoginRequest) String() string {
	return fmt.Sprintf("shopline.SetSocialLoginRequest{Channel:%q Platform:%q}", r.Channel, r.Platform)
}

// Format prints the text of String for every verb of fmt.
func (r SetSocialLoginRequest) Format(f fmt.State, verb rune) { mask.Format(f, verb, r.String()) }

// LogValue returns the request without its secrets.
func (r SetSocialLoginRequest) LogValue() slog.Value { return SocialLogin(r).LogValue() }

// Set creates or replaces a configuration. Its scope is not documented.
//
// See https://developer.shopline.com/docs/admin-rest-api/customer, "Update the third-party login configuration of store".
//
//souk:operation POST /customers_social_login.json
func (s *SocialLoginsService) Set(ctx context.Context, req SetSocialLoginRequest) error {
	var problems transport.Problems
	problems.NotEmpty("Channel", string(req.Channel))
	return done(ctx, s.transport, &transport.Call{
		Method:   http.MethodPost,
		Route:    "/customers_social_login.json",
		Body:     req,
		Repeat:   transport.Idempotent,
		Problems: problems,
		Secret:   true,
		Secrets:  []string{req.Key, req.RSAKey},
	})
}

// DeleteSocialLoginRequest says which configuration to delete. Both fields are
// required.
type DeleteSocialLoginRequest struct {
	Channel  LoginChannel  `json:"login_channel"`
	Platform LoginPlatform `json:"login_platform_type"`
}

// Delete deletes a configuration. Its scope is not documented.
//
// See https://developer.shopline.com/docs/admin-rest-api/customer, "Delete the third-party login configuration of store".
//
//souk:operation DELETE /customers_social_login.json
func (s *SocialLoginsService) Delete(ctx context.Context, req DeleteSocialLoginRequest) error {
	var problems transport.Problems
	c := checksOf(&problems)
	c.NotEmpty("Channel", string(req.Channel))
	c.NotEmpty("Platform", string(req.Platform))
	return done(ctx, s.transport, &transport.Call{
		Method:   http.MethodDelete,
		Route:    "/customers_social_login.json",
		Body:     req,
		Repeat:   transport.Idempotent,
		Deletes:  true,
		Problems: problems,
	})
}
