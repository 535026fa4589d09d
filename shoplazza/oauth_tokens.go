package shoplazza

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/auth"
	"github.com/souk-go/souk/internal/transport"
)

// SaveToken keeps a token of Exchange in the store, where TokenSource finds it.
func (o OAuth) SaveToken(ctx context.Context, shop string, store souk.TokenStore, token *oauth2.Token) error {
	var problems transport.Problems
	o.check(shop, &problems)
	problems.Require(store != nil, "store", "must not be nil")
	problems.Require(token != nil && token.AccessToken != "", "token", "must not be empty")
	if err := problems.Err(vendorName); err != nil {
		return err
	}
	err := store.Update(ctx, o.tokenKey(shop), func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
		return token, nil
	})
	if err != nil {
		return fmt.Errorf("shoplazza: save the token of the shop: %w", err)
	}
	return nil
}

// TokenSource returns a source, for Config, of the token that the store keeps
// for a shop. The token is renewed 5 minutes before it runs out, or when the
// server calls it expired, once for all callers of the process and, through the
// lock of the store, for all processes. A new token is saved before it is used.
// A shop without a token, or one whose refresh token is spent or revoked, is
// souk.ErrReauthorize when the token is asked for: the merchant has to authorize
// the app again.
//
// The error names every setting that is wrong; nothing is sent.
func (o OAuth) TokenSource(shop string, store souk.TokenStore) (souk.TokenSource, error) {
	var problems transport.Problems
	o.check(shop, &problems)
	problems.Require(store != nil, "store", "must not be nil")
	o.client(shop, refreshVendor, &problems)
	if err := problems.Err(vendorName); err != nil {
		return nil, err
	}
	return &tokenSource{clientID: o.ClientID, Refresher: auth.NewRefresher(auth.Options{
		Store: store,
		Key:   o.tokenKey(shop),
		Early: refreshEarly,
		Refresh: func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
			if current == nil || current.RefreshToken == "" {
				return nil, newError(&souk.Error{
					Message: "there is no token for this shop that can be renewed; the merchant has to authorize the app",
					Err:     souk.ErrReauthorize,
				})
			}
			return o.Refresh(ctx, shop, current.RefreshToken)
		},
		Transient: func(err error) bool {
			return errors.Is(err, souk.ErrUnavailable) || errors.Is(err, souk.ErrRateLimited) || errors.Is(err, souk.ErrUnreadable)
		},
	})}, nil
}

// refreshEarly is how long before its expiry a token is renewed.
const refreshEarly = 5 * time.Minute

// tokenSource knows whose quota its tokens count against.
type tokenSource struct {
	*auth.Refresher
	clientID string
}

// tokenKey names the token of an app in a shop. A shop has no dot in it.
func (o OAuth) tokenKey(shop string) string { return strings.ToLower(shop) + "." + o.ClientID }
