package salla

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/auth"
	"github.com/souk-go/souk/internal/transport"
)

// OAuth obtains and renews the tokens of stores for an app.
//
// In Salla's custom mode a merchant is sent to [OAuth.AuthCodeURL] and comes back
// with a code for [OAuth.Exchange]. In easy mode, which published apps have,
// Salla delivers the token itself, in the event app.store.authorize. Either way
// [OAuth.SaveToken] puts it into the store's place in a [souk.TokenStore], and
// [OAuth.TokenSource] uses it from there.
//
// Tokens that are lost can be had again only by installing the app again. So
// [souk.NewMemoryTokenStore] is for tests, and the directory of
// [souk.NewFileTokenStore], which has one file per app and store, must outlast the
// process.
type OAuth struct {
	// ClientID and ClientSecret are those of the app in Salla's partner portal.
	ClientID     string
	ClientSecret string
	// RedirectURL is where merchants come back to, exactly as registered in the
	// portal. AuthCodeURL and Exchange need it.
	RedirectURL string
	// Scopes are asked for by AuthCodeURL. Those ticked in the portal count; the
	// scope offline_access, without which there is no refresh token, is added.
	Scopes []string

	// BaseURL replaces https://accounts.salla.sa. Plain http is for loopback only.
	BaseURL string

	// Options say how the calls for tokens are made, as with every vendor. A
	// Limiter is not asked.
	souk.Options
}

// refreshEarly is how long before its expiry a token is renewed.
const refreshEarly = 24 * time.Hour

// scopeOffline asks for a refresh token.
const scopeOffline = "offline_access"

// String returns the configuration without its secret.
func (o OAuth) String() string {
	return fmt.Sprintf("salla.OAuth{ClientID:%q RedirectURL:%q Scopes:%q BaseURL:%q}",
		o.ClientID, o.RedirectURL, o.Scopes, transport.ShownURL(o.BaseURL))
}

// GoString returns the configuration without its secret.
func (o OAuth) GoString() string { return o.String() }

// LogValue returns the configuration without its secret.
func (o OAuth) LogValue() slog.Value { return slog.StringValue(o.String()) }

// AuthCodeURL returns the address to send a merchant to. The state comes back
// with the code, without its hyphens, and must be compared with [SameState].
// Installations that begin at Salla come back with a state that the app never
// issued.
func (o OAuth) AuthCodeURL(state string) string {
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
	return strings.TrimSuffix(o.baseURL(), "/") + "/oauth2/auth?" + query.Encode()
}

// SameState reports whether the state that came back is the one that was issued.
// Salla takes hyphens out of it. Empty states are never the same.
func SameState(issued, returned string) bool {
	issued, returned = strings.ReplaceAll(issued, "-", ""), strings.ReplaceAll(returned, "-", "")
	return issued != "" && subtle.ConstantTimeCompare([]byte(issued), []byte(returned)) == 1
}

// Exchange returns the token for a code, which works once. Extra("scope") of the
// token holds the granted scopes with spaces between. Which store it is for is
// told by UsersService.Info. A code that was used before is ErrGrantInvalid.
func (o OAuth) Exchange(ctx context.Context, code string) (*oauth2.Token, error) {
	problems := o.problems()
	problems.Require(o.RedirectURL != "", "RedirectURL", "must be the one that is registered in the partner portal")
	problems.Require(code != "", "code", "must not be empty")
	return o.token(ctx, problems, code, url.Values{
		"grant_type":   {"authorization_code"},
		"code":         {code},
		"redirect_uri": {o.RedirectURL},
	})
}

// SaveToken puts a token of the store with the id merchant into its place: one
// from Exchange, or one that Salla delivered. Salla repeats deliveries, so a
// token that expires earlier than the one in place, which may have been renewed
// since, is not saved; that is no error, and neither is one that is there already.
func (o OAuth) SaveToken(ctx context.Context, merchant int64, store souk.TokenStore, token *oauth2.Token) error {
	problems := o.problems()
	problems.Require(store != nil, "store", "must not be nil")
	problems.Require(merchant > 0, "merchant", "must be the id of the store")
	problems.Require(token != nil && token.AccessToken != "", "token", "must not be empty")
	if err := problems.Err(vendor.Name); err != nil {
		return err
	}
	err := store.Update(ctx, o.tokenKey(merchant), func(_ context.Context, current *oauth2.Token) (*oauth2.Token, error) {
		if current == nil {
			return token, nil
		}
		known := current.AccessToken == token.AccessToken
		if known || !token.Expiry.IsZero() && token.Expiry.Before(current.Expiry) {
			return nil, nil
		}
		return token, nil
	})
	if err != nil {
		return fmt.Errorf("salla: save the token of the store: %w", err)
	}
	return nil
}

// TokenSource returns a source of the tokens that store keeps for the store with
// the id merchant. It renews them a day before they expire, or when Salla says
// that they have: once for all callers in the process and, through the lock of
// store, for all processes. A new token is saved before it is used. A refresh
// whose answer was lost is not repeated: see ErrRefreshLost. Only a process that
// is killed between sending a refresh and saving the answer leaves no note of it,
// so give processes that are to end the time for that.
//
// The error names every field of o that is wrong; nothing is sent.
func (o OAuth) TokenSource(merchant int64, store souk.TokenStore) (souk.TokenSource, error) {
	problems := o.problems()
	problems.Require(store != nil, "store", "must not be nil")
	problems.Require(merchant > 0, "merchant", "must be the id of the store")
	o.client(&problems)
	if err := problems.Err(vendor.Name); err != nil {
		return nil, err
	}
	r := &renewal{oauth: o}
	return &storedTokens{
		merchant: merchant,
		refresher: auth.NewRefresher(auth.Options{
			Store:   store,
			Key:     o.tokenKey(merchant),
			Early:   refreshEarly,
			Refresh: r.refresh,
			Spends: &auth.Spends{
				Lost:    func(err error) bool { return errors.Is(err, ErrRefreshLost) },
				Refused: func(err error) bool { return errors.Is(err, ErrGrantInvalid) },
				InDoubt: ErrRefreshLost,
			},
		}),
	}, nil
}

// tokenKey is where the token of a store is kept. Apps do not share tokens.
func (o OAuth) tokenKey(merchant int64) string {
	return o.ClientID + "." + strconv.FormatInt(merchant, 10)
}

// isTransient reports failures after which a token that still works is used on.
// One day is left then, in which somebody can act. A new pair that cannot be
// saved is none of them: it is lost when the process ends, so callers must hear.
func isTransient(err error) bool {
	if _, ok := errors.AsType[*auth.LoadError](err); ok {
		return true
	}
	for _, class := range []error{souk.ErrUnavailable, souk.ErrRateLimited, souk.ErrUnreadable, ErrRefreshLost, context.DeadlineExceeded} {
		if errors.Is(err, class) {
			return true
		}
	}
	return false
}

// renewal refreshes the tokens of one store.
type renewal struct {
	oauth OAuth

	// What follows belongs to the one flight of the refresher.
	refused string // the refresh token that Salla has refused
	err     error  // and how
}

// refresh sends a refresh token that Salla has refused never again.
func (r *renewal) refresh(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
	if current == nil || current.RefreshToken == "" {
		return nil, noRefreshToken(current)
	}
	if current.RefreshToken == r.refused {
		return nil, r.err
	}
	token, err := r.oauth.token(ctx, r.oauth.problems(), current.RefreshToken, url.Values{
		"grant_type":    {"refresh_token"},
		"refresh_token": {current.RefreshToken},
	})
	if errors.Is(err, ErrGrantInvalid) {
		r.refused, r.err = current.RefreshToken, err
	}
	if errors.Is(err, souk.ErrOutcomeUnknown) {
		return nil, refreshLost(err)
	}
	if err != nil {
		return nil, err
	}
	if token.RefreshToken == "" {
		token.RefreshToken = current.RefreshToken
	}
	return token, nil
}

func noRefreshToken(current *oauth2.Token) error {
	message := "no token is stored for the store: save one with OAuth.SaveToken"
	if current != nil {
		message = "the token has run out and has no refresh token: the app needs the scope offline_access"
	}
	return newError(&souk.Error{Message: message, Err: souk.ErrReauthorize})
}

// refreshLost makes ErrRefreshLost of souk.ErrOutcomeUnknown, which would be taken
// for the outcome of the call that needs the token.
func refreshLost(err error) error {
	lost := &souk.Error{Err: ErrRefreshLost, Method: http.MethodPost, Route: tokenRoute}
	if e, ok := errors.AsType[*souk.Error](err); ok {
		lost.StatusCode, lost.Message, lost.Attempts = e.StatusCode, e.Message, e.Attempts
	}
	return newError(lost)
}

// storedTokens is the source of a store's tokens.
type storedTokens struct {
	merchant  int64
	refresher *auth.Refresher
}

// Token returns a token that can be used now.
func (s *storedTokens) Token(ctx context.Context) (*oauth2.Token, error) {
	token, err := s.refresher.Token(ctx)
	if err == nil || isContextError(err) {
		return token, err
	}
	if e, ok := errors.AsType[*souk.Error](err); ok && e.Vendor == vendor.Name {
		return nil, err
	}
	class := souk.ErrUnavailable // the store failed, which says nothing of the credential
	if errors.Is(err, ErrRefreshLost) {
		class = ErrRefreshLost
	}
	return nil, newError(&souk.Error{Message: err.Error(), Err: caused{class, err}})
}

// Invalidate is told of a token that Salla called invalid.
func (s *storedTokens) Invalidate(token *oauth2.Token) { s.refresher.Invalidate(token) }

func isContextError(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

func (o OAuth) problems() transport.Problems {
	var problems transport.Problems
	problems.Require(o.ClientID != "", "ClientID", "must not be empty")
	problems.Require(o.ClientSecret != "", "ClientSecret", "must not be empty")
	return problems
}

func (o OAuth) baseURL() string {
	if o.BaseURL != "" {
		return o.BaseURL
	}
	return defaultAccountsURL
}
