package shoplazza

import (
	"context"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/oauth"
	"github.com/souk-go/souk/internal/transport"
)

// TokenKey returns the key of a shop's token in a [souk.TokenStore]: "shoplazza",
// ClientID and the shop in lower case, joined by dots, such as "shoplazza.app-1.demo".
// Delete it when the merchant has removed the app.
func (o OAuth) TokenKey(shop string) string { return oauth.Key(vendorName, o.ClientID, shop) }

// SaveToken saves a token from Exchange in tokens, where TokenSource finds it, and
// replaces any other. If the same token is stored already and its refresh got no
// answer, the error is [souk.ErrReauthorize]: see [OAuth.RetryRefresh].
func (o OAuth) SaveToken(ctx context.Context, shop string, tokens souk.TokenStore, token *oauth2.Token) error {
	var problems transport.Problems
	o.check(shop, &problems)
	problems.NotNil("tokens", tokens)
	problems.Require(token != nil && token.AccessToken != "", "token", "must not be empty")
	if err := problems.Err(vendorName); err != nil {
		return err
	}
	return o.place(shop, tokens).Save(ctx, token, nil)
}

// TokenSource returns a source for Config that uses the token of a shop in tokens. The
// token is renewed 5 minutes before it expires, or when the server calls it expired,
// once for all callers and processes. A token that still works stays in use even if it
// cannot be renewed.
//
// The source's error is [souk.ErrReauthorize] for a shop without a token, with a
// refresh token that is used up or revoked, or whose refresh got no answer, which is
// not repeated: the merchant has to authorize the app again. A new token is saved
// before it is used. If it cannot be saved, the error holds it as a
// [*souk.UnsavedError], and the next call saves it.
//
// The error of TokenSource names every wrong setting; nothing is sent.
func (o OAuth) TokenSource(shop string, tokens souk.TokenStore) (souk.TokenSource, error) {
	source, err := o.source(shop, tokens)
	if err != nil {
		return nil, err
	}
	return source, nil
}

// RetryRefresh sends the refresh token of a shop once more if its refresh got no
// answer, and saves the new pair. Call it if the refresh probably never reached
// Shoplazza, because Shoplazza or the network was down, or if the app would have to be
// authorized again anyway: if Shoplazza did receive the refresh token, the error is
// [souk.ErrReauthorize] again, and the shop's tokens are lost. If the refresh may still
// be in progress in another process, RetryRefresh waits for it, up to two minutes. In
// any other state, the token is renewed only if it is due.
//
// If the new pair cannot be saved, the error holds it as a [*souk.UnsavedError]: save
// its Token with SaveToken.
func (o OAuth) RetryRefresh(ctx context.Context, shop string, tokens souk.TokenStore) error {
	source, err := o.source(shop, tokens)
	if err != nil {
		return err
	}
	return source.Retry(ctx)
}

// refreshEarly is how long before its expiry a token is renewed.
const refreshEarly = 5 * time.Minute

func (o OAuth) source(shop string, tokens souk.TokenStore) (*oauth.Source, error) {
	var problems transport.Problems
	o.check(shop, &problems)
	problems.NotNil("tokens", tokens)
	o.client(shop, refreshVendor, &problems)
	if err := problems.Err(vendorName); err != nil {
		return nil, err
	}
	refresh := func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
		return o.Refresh(ctx, shop, current.RefreshToken)
	}
	return oauth.NewSource(o.place(shop, tokens), oauth.Flow{Early: refreshEarly, Refresh: refresh, App: o.ClientID, Secret: o.ClientSecret}), nil
}

func (o OAuth) place(shop string, tokens souk.TokenStore) oauth.Place {
	return oauth.Place{Vendor: vendorName, Key: o.TokenKey(shop), Tokens: tokens, InDoubt: souk.ErrReauthorize}
}
