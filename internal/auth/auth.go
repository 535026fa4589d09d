// Package auth keeps access tokens fresh.
//
// A [Refresher] returns the token that a [Store] keeps, and renews it ahead of its
// expiry: with one refresh for all callers in the process, and for all processes that
// share the store. A new pair of tokens is saved before it is used, because several
// vendors accept a refresh token only once and revoke everything if they see it again.
package auth

import (
	"context"

	"golang.org/x/oauth2"
)

// Store keeps tokens for later runs and other processes. It is souk.TokenStore, which
// says what its methods must do.
type Store interface {
	Load(ctx context.Context, key string) (*oauth2.Token, error)
	Update(ctx context.Context, key string, f func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error)) error
	Delete(ctx context.Context, key string) error
}

// clone returns a copy, so that neither side sees the other's changes.
func clone(t *oauth2.Token) *oauth2.Token {
	if t == nil {
		return nil
	}
	return new(*t)
}
