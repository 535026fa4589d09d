package salla

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/mask"
	"github.com/souk-go/souk/internal/oauth"
	"github.com/souk-go/souk/internal/transport"
)

// OAuth obtains and renews the tokens of stores for an app.
//
// In Salla's custom mode, send the merchant to [OAuth.AuthCodeURL]. The merchant comes
// back with a code: [OAuth.ParseCallback] takes it from the query, and [OAuth.Install]
// exchanges it for a token and saves that in a [souk.TokenStore]. In easy mode, which
// published apps have, Salla delivers the token in the event app.store.authorize, and
// [OAuth.SaveToken] saves it. In both modes, [OAuth.TokenSource] uses the saved token.
//
// If tokens are lost, the merchant must install the app again. So
// [souk.NewMemoryTokenStore] is for tests only, and the directory of
// [souk.NewFileTokenStore] must outlast the process.
//
// No printer shows its secret; see [Config].
type OAuth struct {
	// ClientID and ClientSecret identify the app; Salla's partner portal shows them.
	ClientID     string
	ClientSecret string `json:"-"`
	// RedirectURL is the URL that merchants come back to, exactly as registered in the
	// portal. AuthCodeURL, Exchange and Install require it.
	RedirectURL string
	// Scopes are the scopes that AuthCodeURL requests. Salla grants those selected in
	// the portal. The scope offline_access, without which there is no refresh token, is
	// always added.
	Scopes []string

	// BaseURL replaces https://accounts.salla.sa. Plain http is allowed for loopback
	// only.
	BaseURL string `json:"-"`

	// Options apply to the calls for tokens. Limiter is not used.
	souk.Options
}

// scopeOffline asks for a refresh token.
const scopeOffline = "offline_access"

// String returns the configuration without its secret.
func (o OAuth) String() string {
	return fmt.Sprintf("salla.OAuth{ClientID:%q RedirectURL:%q Scopes:%q BaseURL:%q}",
		o.ClientID, o.RedirectURL, o.Scopes, transport.ShownURL(o.BaseURL))
}

// Format prints the text of String for every verb of fmt.
func (o OAuth) Format(f fmt.State, verb rune) { mask.Format(f, verb, o.String()) }

// LogValue returns the configuration without its secret.
func (o OAuth) LogValue() slog.Value { return slog.StringValue(o.String()) }

// AuthCodeURL returns the URL to send a merchant to. state is required: it comes back
// with the code, for [OAuth.ParseCallback]. Use a value that nobody can guess and that
// is stored in the browser's session. The error, a [souk.ErrInvalid], names every wrong
// field.
func (o OAuth) AuthCodeURL(state string) (string, error) {
	var problems transport.Problems
	problems.NotEmpty("ClientID", o.ClientID)
	o.checkRedirect(&problems)
	transport.CheckBaseURL(o.baseURL(), "BaseURL", &problems)
	problems.Require(withoutHyphens(state) != "", "state", "must not be empty: it protects the callback from strangers")
	if err := problems.Err(vendor.Name); err != nil {
		return "", err
	}
	scopes := slices.Clone(o.Scopes)
	if !slices.Contains(scopes, scopeOffline) {
		scopes = append(scopes, scopeOffline)
	}
	query := url.Values{
		"client_id":     {o.ClientID},
		"response_type": {"code"},
		"redirect_uri":  {o.RedirectURL},
		"scope":         {strings.Join(scopes, " ")},
		"state":         {state},
	}
	return strings.TrimSuffix(o.baseURL(), "/") + "/oauth2/auth?" + query.Encode(), nil
}

// Exchange returns the token for a code, without saving it; see [OAuth.Install]. A code
// works once. Extra("scope") of the token holds the granted scopes, separated by
// spaces. [UsersService.Info] says which store the token is for. A code that was used
// before is [ErrGrantInvalid]. If the answer is lost, the error is
// [souk.ErrOutcomeUnknown], and the merchant has to go through AuthCodeURL again.
func (o OAuth) Exchange(ctx context.Context, code string) (*oauth2.Token, error) {
	var problems transport.Problems
	o.check(&problems)
	return o.exchange(ctx, &problems, code)
}

func (o OAuth) exchange(ctx context.Context, problems *transport.Problems, code string) (*oauth2.Token, error) {
	o.checkRedirect(problems)
	problems.NotEmpty("code", code)
	return o.token(ctx, problems, url.Values{
		"grant_type":   {"authorization_code"},
		"code":         {code},
		"redirect_uri": {o.RedirectURL},
	})
}

// refresh returns the pair that replaces current.
func (o OAuth) refresh(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
	var problems transport.Problems
	o.check(&problems)
	return o.token(ctx, &problems, url.Values{
		"grant_type":    {"refresh_token"},
		"refresh_token": {current.RefreshToken},
	})
}

// token requests a token for a code or a refresh token, with the app's credentials in
// the body. It is a write: a code and a refresh token work once.
func (o OAuth) token(ctx context.Context, problems *transport.Problems, form url.Values) (*oauth2.Token, error) {
	client := o.client(&tokenVendor, problems)
	if err := problems.Err(vendor.Name); err != nil {
		return nil, err
	}
	form.Set("client_id", o.ClientID)
	form.Set("client_secret", o.ClientSecret)
	var answer tokenAnswer
	err := client.Do(ctx, &transport.Call{
		Method:    http.MethodPost,
		Route:     "/oauth2/token",
		Body:      transport.Raw{ContentType: "application/x-www-form-urlencoded", Bytes: []byte(form.Encode())},
		Anonymous: true,
		Out:       &answer,
		Secret:    true,
		Secrets:   []string{form.Get("code")},
	})
	if err != nil {
		return nil, err
	}
	return answer.token(), nil
}

// merchant returns the id of the store that a token is for.
func (o OAuth) merchant(ctx context.Context, token *oauth2.Token) (string, error) {
	var problems transport.Problems
	user, err := info(ctx, o.client(&accountsVendor, &problems), transport.Static("Authorization", "Bearer "+token.AccessToken))
	switch {
	case err != nil:
		return "", err
	case user.Merchant.ID <= 0:
		return "", newError(&souk.Error{Message: "Salla names no store beside the user of the token", Err: incomplete{}})
	}
	return idText(user.Merchant.ID), nil
}

// client returns a client for the host of tokens and users, which publishes no limit.
func (o OAuth) client(vendor *transport.Vendor, problems *transport.Problems) *transport.Client {
	options := o.Options
	options.Limiter = nil
	return transport.New(vendor, transport.Config{
		BaseURL: o.baseURL(),
		Quotas:  accountsQuotas,
		Options: options,
	}, problems)
}

func (o OAuth) check(problems *transport.Problems) {
	problems.NotEmpty("ClientID", o.ClientID)
	problems.NotEmpty("ClientSecret", o.ClientSecret)
}

func (o OAuth) checkRedirect(problems *transport.Problems) {
	problems.Require(oauth.IsRedirect(o.RedirectURL), "RedirectURL", "must be the absolute URL that is registered in the partner portal")
}

func (o OAuth) baseURL() string {
	if o.BaseURL != "" {
		return o.BaseURL
	}
	return defaultAccountsURL
}
