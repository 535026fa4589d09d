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

// Source returns tokens.
type Source interface {
	// Token returns a token that can be used now. Callers share the token
	// and must not change it.
	Token(ctx context.Context) (*oauth2.Token, error)
}

// Store keeps tokens for later runs and other processes. It must be safe for concurrent
// use and should give up when ctx ends.
type Store interface {
	// Load returns the token that is kept under key, or nil and no error
	// when there is none. The caller may keep the token but not change it.
	Load(ctx context.Context, key string) (*oauth2.Token, error)

	// Update locks key, reads the token again, calls f with it (nil when
	// there is none), saves what f returns and unlocks key. It saves
	// nothing when f returns an error, which Update then returns, or a nil
	// token. No other Update of the same key, in whatever process, may run
	// between the reading and the saving.
	Update(ctx context.Context, key string, f func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error)) error

	// Delete locks key and removes its token. It is no error if there is none.
	Delete(ctx context.Context, key string) error
}

// clone returns a copy, so that neither side sees the other's changes.
func clone(t *oauth2.Token) *oauth2.Token {
	if t == nil {
		return nil
	}
	return new(*t)
}
