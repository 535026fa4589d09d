package shopline

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/auth"
	"github.com/souk-go/souk/internal/transport"
)

// SaveToken keeps a token of Exchange in store, where TokenSource finds it: under a
// key of its own for each app and handle.
func (o OAuth) SaveToken(ctx context.Context, handle string, store souk.TokenStore, token *oauth2.Token) error {
	var problems transport.Problems
	o.check(handle, &problems)
	problems.Require(store != nil, "store", "must not be nil")
	problems.Require(token != nil && token.AccessToken != "", "token", "must not be empty")
	if err := problems.Err(vendor.Name); err != nil {
		return err
	}
	err := store.Update(ctx, o.tokenKey(handle), func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
		return token, nil
	})
	if err != nil {
		return fmt.Errorf("shopline: save the token of the store: %w", err)
	}
	return nil
}

// TokenSource returns a source of one store's tokens, for Config. The token is
// read from store, or obtained by Refresh where store holds none: the merchant
// must have installed the app. It is renewed half an hour before it expires, or
// when SHOPLINE says that it has: once for all callers in the process and,
// through the lock of store, for all processes. A new token is saved before it is
// used.
//
// The error names every setting that is wrong; nothing is sent.
func (o OAuth) TokenSource(handle string, store souk.TokenStore) (souk.TokenSource, error) {
	var problems transport.Problems
	o.check(handle, &problems)
	problems.Require(store != nil, "store", "must not be nil")
	o.client(handle, &problems)
	if err := problems.Err(vendor.Name); err != nil {
		return nil, err
	}
	return &storedTokens{
		appKey: o.AppKey,
		Refresher: auth.NewRefresher(auth.Options{
			Store: store,
			Key:   o.tokenKey(handle),
			Early: refreshEarly,
			Refresh: func(ctx context.Context, _ *oauth2.Token) (*oauth2.Token, error) {
				return o.Refresh(ctx, handle)
			},
			Transient: isTransient,
		}),
	}, nil
}

// refreshEarly is how long before its expiry a token is renewed.
const refreshEarly = 30 * time.Minute

// storedTokens knows whose quota its tokens count against.
type storedTokens struct {
	*auth.Refresher
	appKey string
}

// tokenKey is where the token of a store is kept.
func (o OAuth) tokenKey(handle string) string { return o.AppKey + "." + handle }

// isTransient reports a failure to renew a token after which the one at hand does
// for a while. What did not come from SHOPLINE says nothing of the token.
func isTransient(err error) bool {
	return errors.Is(err, souk.ErrUnavailable) || errors.Is(err, souk.ErrRateLimited) ||
		errors.Is(err, souk.ErrUnreadable) || errors.Is(err, souk.ErrOutcomeUnknown)
}
