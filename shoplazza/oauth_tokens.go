package shoplazza

import (
	"context"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/oauth"
	"github.com/souk-go/souk/internal/transport"
)

// TokenKey returns the key under which the token of a shop stands in a
// [souk.TokenStore]: "shoplazza", ClientID and the shop in lower case with dots
// between, such as "shoplazza.app-1.demo". Delete it when the merchant has removed the
// app.
func (o OAuth) TokenKey(shop string) string { return oauth.Key(vendorName, o.ClientID, shop) }

// SaveToken keeps a token of Exchange in tokens, where TokenSource finds it, in place
// of whatever stands there. Where that is the same token, and its refresh got no
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

// TokenSource returns a source, for Config, of the token that tokens holds for a shop.
// The token is renewed 5 minutes before it runs out, or when the server calls it
// expired, once for all callers of the process and for all processes. A token that
// still works is used on for as long as it does, even if it cannot be renewed.
//
// A shop without a token, one whose refresh token is spent or revoked, and one whose
// refresh got no answer, which is not repeated, are [souk.ErrReauthorize] when the token
// is asked for: the merchant has to authorize the app again. A new token is saved before
// it is used. One that cannot be saved comes with the error, as a [*souk.UnsavedError],
// and is saved by the next call.
//
// The error names every setting that is wrong; nothing is sent.
func (o OAuth) TokenSource(shop string, tokens souk.TokenStore) (souk.TokenSource, error) {
	source, err := o.source(shop, tokens)
	if err != nil {
		return nil, err
	}
	return source, nil
}

// RetryRefresh sends the refresh token of a shop once more whose refresh got no
// answer, and saves what comes. Call it when it is likely that the refresh never
// reached Shoplazza, because Shoplazza or the network was down, or when the app would
// have to be authorized again anyway: if Shoplazza has taken the refresh token, the
// error is [souk.ErrReauthorize] again, and that is the end of the shop's tokens. While
// the refresh can still be under way in another process, it is waited for, up to two
// minutes. A token that is not in doubt is renewed only if it has to be.
//
// A new pair that cannot be saved comes with the error, as a [*souk.UnsavedError]: save
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
