package shopline

import (
	"context"
	"errors"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/oauth"
	"github.com/souk-go/souk/internal/transport"
)

// TokenKey returns the key of a store's token in a [souk.TokenStore]: "shopline",
// ClientID and the store's handle, joined by dots, such as "shopline.app-1.open001".
// Delete it when the merchant has removed the app.
func (o OAuth) TokenKey(handle string) string { return oauth.Key(vendor.Name, o.ClientID, handle) }

// SaveToken saves a token from Exchange in tokens, where TokenSource finds it, and
// replaces any other.
func (o OAuth) SaveToken(ctx context.Context, handle string, tokens souk.TokenStore, token *oauth2.Token) error {
	var problems transport.Problems
	o.check(handle, &problems)
	problems.NotNil("tokens", tokens)
	problems.Require(token != nil && token.AccessToken != "", "token", "must not be empty")
	if err := problems.Err(vendor.Name); err != nil {
		return err
	}
	return o.place(handle, tokens).Save(ctx, token, nil)
}

// TokenSource returns a source of one store's tokens, for Config. The token is read
// from tokens, or obtained by Refresh if there is none: if the merchant has not
// installed the app, the source's error is [souk.ErrReauthorize]. The token is renewed
// half an hour before it expires, or when SHOPLINE says that it has expired, once for
// all callers in the process and, through the lock of tokens, for all processes. A
// token that still works stays in use even if it cannot be renewed.
//
// A new token is saved before it is used. If it cannot be saved, the error holds it as
// a [*souk.UnsavedError], and the next call saves it. Losing it does no harm: Refresh
// obtains another.
//
// The error of TokenSource names every wrong setting; nothing is sent.
func (o OAuth) TokenSource(handle string, tokens souk.TokenStore) (souk.TokenSource, error) {
	var problems transport.Problems
	o.check(handle, &problems)
	problems.NotNil("tokens", tokens)
	o.client(handle, &problems)
	if err := problems.Err(vendor.Name); err != nil {
		return nil, err
	}
	refresh := func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
		token, err := o.Refresh(ctx, handle)
		return token, withReason(err, current != nil)
	}
	return oauth.NewSource(o.place(handle, tokens), oauth.Flow{Early: refreshEarly, Refresh: refresh, App: o.ClientID, Secret: o.ClientSecret}), nil
}

// refreshEarly is how long before its expiry a token is renewed.
const refreshEarly = 30 * time.Minute

// withReason sets the message for a store that never installed the app, or that has
// removed it. SHOPLINE has one code for both.
func withReason(err error, installed bool) error {
	e, ok := errors.AsType[*souk.Error](err)
	if !ok || !errors.Is(err, souk.ErrReauthorize) {
		return err
	}
	e.Message = "the app is not installed"
	if installed {
		e.Message = "the token was revoked: the store has removed the app"
	}
	return e
}

func (o OAuth) place(handle string, tokens souk.TokenStore) oauth.Place {
	return oauth.Place{Vendor: vendor.Name, Key: o.TokenKey(handle), Tokens: tokens}
}
