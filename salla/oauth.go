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
// In Salla's custom mode a merchant is sent to [OAuth.AuthCodeURL] and comes back
// with a code: [OAuth.ParseCallback] takes it from the query, and [OAuth.Install]
// puts its token into the store's place in a [souk.TokenStore]. In easy mode, which
// published apps have, Salla delivers the token itself, in the event
// app.store.authorize, and [OAuth.SaveToken] puts it there. Either way
// [OAuth.TokenSource] uses it from there.
//
// Tokens that are lost can be had again only by installing the app again. So
// [souk.NewMemoryTokenStore] is for tests, and the directory of
// [souk.NewFileTokenStore], which has one file per app and store, must outlast the
// process.
//
// Printers show its secret as little as those of a [Config].
type OAuth struct {
	// ClientID and ClientSecret are those of the app in Salla's partner portal.
	ClientID     string
	ClientSecret string `json:"-"`
	// RedirectURL is where merchants come back to, exactly as registered in the
	// portal. AuthCodeURL, Exchange and Install need it.
	RedirectURL string
	// Scopes are asked for by AuthCodeURL. Those ticked in the portal count; the
	// scope offline_access, without which there is no refresh token, is added.
	Scopes []string

	// BaseURL replaces https://accounts.salla.sa. Plain http is for loopback only.
	BaseURL string `json:"-"`

	// Options say how the calls for tokens are made, as with every vendor. A
	// Limiter is not asked.
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

// AuthCodeURL returns the address to send a merchant to. The state is required: it
// comes back with the code, for [OAuth.ParseCallback]. Use a value that nobody can
// guess and that the browser's session knows. The error, a [souk.ErrInvalid], names
// every field that is wrong.
func (o OAuth) AuthCodeURL(state string) (string, error) {
	var problems transport.Problems
	problems.Require(o.ClientID != "", "ClientID", "must not be empty")
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

// Exchange returns the token for a code, which works once, and saves it nowhere:
// [OAuth.Install] does that, too. Extra("scope") of the token holds the granted
// scopes with spaces between. Which store it is for is told by [UsersService.Info]. A
// code that was used before is [ErrGrantInvalid]. When the answer is lost, the error is
// [souk.ErrOutcomeUnknown], and the merchant has to come again.
func (o OAuth) Exchange(ctx context.Context, code string) (*oauth2.Token, error) {
	var problems transport.Problems
	o.check(&problems)
	return o.exchange(ctx, &problems, code)
}

func (o OAuth) exchange(ctx context.Context, problems *transport.Problems, code string) (*oauth2.Token, error) {
	o.checkRedirect(problems)
	problems.Require(code != "", "code", "must not be empty")
	return o.token(ctx, problems, url.Values{
		"grant_type":   {"authorization_code"},
		"code":         {code},
		"redirect_uri": {o.RedirectURL},
	})
}

// refresh returns the pair that takes the place of one.
func (o OAuth) refresh(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
	var problems transport.Problems
	o.check(&problems)
	return o.token(ctx, &problems, url.Values{
		"grant_type":    {"refresh_token"},
		"refresh_token": {current.RefreshToken},
	})
}

// token asks the token end point for a token, in exchange for a code or a refresh
// token, and with the app's credentials in the body. It is a write: either works once.
func (o OAuth) token(ctx context.Context, problems *transport.Problems, form url.Values) (*oauth2.Token, error) {
	client := o.client(problems)
	if err := problems.Err(vendor.Name); err != nil {
		return nil, err
	}
	form.Set("client_id", o.ClientID)
	form.Set("client_secret", o.ClientSecret)
	var answer tokenAnswer
	_, err := client.Do(ctx, &transport.Call{
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
	user, err := info(ctx, o.client(&problems), transport.Static("Authorization", "Bearer "+token.AccessToken))
	switch {
	case err != nil:
		return "", err
	case user.Merchant.ID <= 0:
		return "", newError(&souk.Error{Message: "Salla names no store beside the user of the token", Err: incomplete{}})
	}
	return idText(user.Merchant.ID), nil
}

// client speaks to the host of tokens and users, which publishes no limit.
func (o OAuth) client(problems *transport.Problems) *transport.Client {
	options := o.Options
	options.Limiter = nil
	return transport.New(&accountsVendor, transport.Config{
		BaseURL: o.baseURL(),
		Quotas:  accountsQuotas,
		Options: options,
	}, problems)
}

func (o OAuth) check(problems *transport.Problems) {
	problems.Require(o.ClientID != "", "ClientID", "must not be empty")
	problems.Require(o.ClientSecret != "", "ClientSecret", "must not be empty")
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
