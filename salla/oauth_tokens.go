package salla

import (
	"context"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/oauth"
	"github.com/souk-go/souk/internal/transport"
)

// TokenKey returns the key under which the token of the store with the id merchant
// stands in a [souk.TokenStore]: "salla", ClientID and the id with dots between, such
// as "salla.app-1.1803665367". Delete it when the merchant has uninstalled the app.
func (o OAuth) TokenKey(merchant string) string {
	return oauth.Key(vendor.Name, o.ClientID, merchant)
}

// Install exchanges a code, as [OAuth.Exchange] does, asks Salla which store the token
// is for, saves it in that store's place, whatever stands there, and returns the
// store's id, which is also the Store of its deliveries.
//
// A pair that was obtained and could not be saved comes with the error, as a
// [*souk.UnsavedError]: the code is used up. Save its Token with SaveToken; where the
// id returned is "", [UsersService.Info] of a client with this token says it.
func (o OAuth) Install(ctx context.Context, code string, tokens souk.TokenStore) (merchant string, err error) {
	var problems transport.Problems
	o.check(&problems)
	problems.NotNil("tokens", tokens)
	token, err := o.exchange(ctx, &problems, code)
	if err != nil {
		return "", err
	}
	merchant, err = o.merchant(ctx, token)
	if err != nil {
		return "", oauth.Unsaved(err, token)
	}
	return merchant, o.place(merchant, tokens).Save(ctx, token, nil)
}

// SaveToken puts a token of the store with the id merchant into its place in tokens:
// one from Exchange, or one that Salla delivered.
//
// Salla repeats deliveries, so a token that expires earlier than the one in place, which
// may have been renewed since, is not saved, unless it was issued within the last two
// minutes. That is no error, and neither is one that is there already.
//
// A place whose refresh got no answer takes every token but two, which are
// [ErrRefreshLost]: the one that stands there, and one that expires earlier and was
// issued before that refresh. A token says when it was issued only if it comes from
// Exchange or a [souk.Delivery] and was not stored in between. Where clocks differ by
// more than two minutes, a new token that expires earlier can be taken for an old one:
// delete the one in place first, or use [OAuth.Install], which asks nothing.
func (o OAuth) SaveToken(ctx context.Context, merchant string, tokens souk.TokenStore, token *oauth2.Token) error {
	var problems transport.Problems
	o.check(&problems)
	checkPlace(merchant, tokens, &problems)
	problems.Require(token != nil && token.AccessToken != "", "token", "must not be empty")
	if err := problems.Err(vendor.Name); err != nil {
		return err
	}
	return o.place(merchant, tokens).Save(ctx, token, func(current *oauth2.Token, sent time.Time) bool {
		return sent.IsZero() && current.AccessToken == token.AccessToken || isOlder(token, current, sent)
	})
}

// clockSlip is by how much the clocks of Salla and of this machine may differ.
const clockSlip = 2 * time.Minute

// isOlder reports whether a token was issued before the one in place, whose refresh was
// sent and got no answer, unless sent is zero.
func isOlder(token, current *oauth2.Token, sent time.Time) bool {
	earlier := current.Expiry.Sub(token.Expiry)
	if token.Expiry.IsZero() || earlier <= 0 {
		return false
	}
	issued, known := token.Extra(extraIssued).(time.Time)
	switch {
	case !known:
		return sent.IsZero()
	case sent.IsZero(): // a repeat, or a new one that expires earlier for another life or clock
		return earlier < clockSlip || time.Since(issued).Abs() > clockSlip
	}
	return issued.Before(sent.Add(-clockSlip))
}

// TokenSource returns a source, for Config, of the tokens that tokens holds for the
// store with the id merchant. It renews them a day before they expire, or when Salla
// says that they have, once for all callers in the process and for all processes. A
// token that still works is used on for as long as it does, even if it cannot be
// renewed.
//
// A store without a token, one whose refresh token was revoked, and one that never got
// a refresh token, because the app lacks the scope offline_access, are
// [souk.ErrReauthorize]. So is [ErrRefreshLost]: a refresh got no answer, and is not
// repeated. A new token is saved before it is used. One that cannot be saved comes with
// the error, as a [*souk.UnsavedError], and is saved by the next call.
//
// The error names every field of o that is wrong; nothing is sent.
func (o OAuth) TokenSource(merchant string, tokens souk.TokenStore) (souk.TokenSource, error) {
	source, err := o.source(merchant, tokens)
	if err != nil {
		return nil, err
	}
	return source, nil
}

// RetryRefresh sends the refresh token of a store once more that is in
// [ErrRefreshLost], and saves what comes. Call it when it is likely that the refresh
// never reached Salla, because Salla or the network was down, or when the app would
// have to be installed again anyway: if Salla has taken the refresh token, it revokes
// all tokens of the store, and the error is [ErrGrantInvalid]. While the refresh can
// still be under way in another process, it is waited for, up to two minutes. A token
// that is not in doubt is renewed only if it has to be.
//
// A new pair that cannot be saved comes with the error, as a [*souk.UnsavedError]: save
// its Token with SaveToken.
func (o OAuth) RetryRefresh(ctx context.Context, merchant string, tokens souk.TokenStore) error {
	source, err := o.source(merchant, tokens)
	if err != nil {
		return err
	}
	return source.Retry(ctx)
}

// refreshEarly is how long before its expiry a token is renewed.
const refreshEarly = 24 * time.Hour

func (o OAuth) source(merchant string, tokens souk.TokenStore) (*oauth.Source, error) {
	var problems transport.Problems
	o.check(&problems)
	checkPlace(merchant, tokens, &problems)
	o.client(&problems)
	if err := problems.Err(vendor.Name); err != nil {
		return nil, err
	}
	return oauth.NewSource(o.place(merchant, tokens), oauth.Flow{Early: refreshEarly, Refresh: o.refresh, App: merchant, Secret: o.ClientSecret}), nil
}

func (o OAuth) place(merchant string, tokens souk.TokenStore) oauth.Place {
	return oauth.Place{Vendor: vendor.Name, Key: o.TokenKey(merchant), Tokens: tokens, InDoubt: ErrRefreshLost}
}

func checkPlace(merchant string, tokens souk.TokenStore, problems *transport.Problems) {
	problems.Require(isID(merchant), "merchant", "must be the id of the store, in digits")
	problems.NotNil("tokens", tokens)
}
