package salla

import (
	"context"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/oauth"
	"github.com/souk-go/souk/internal/transport"
)

// TokenKey returns the key of a store's token in a [souk.TokenStore]: "salla", ClientID
// and the store's id, joined by dots, such as "salla.app-1.1803665367". Delete it when
// the merchant has uninstalled the app.
func (o OAuth) TokenKey(merchant string) string {
	return oauth.Key(vendor.Name, o.ClientID, merchant)
}

// Install exchanges a code, as [OAuth.Exchange] does, asks Salla which store the token
// is for, saves it under that store's key, replacing any other token, and returns the
// store's id, which is also the Store of its deliveries.
//
// If the pair was obtained but could not be saved, the error holds it as a
// [*souk.UnsavedError]: the code is used up. Save its Token with SaveToken; if the
// returned id is "", get the id from [UsersService.Info] of a client with this token.
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

// SaveToken saves a token of the store with the id merchant, either from Exchange or
// delivered by Salla.
//
// Salla repeats deliveries. So a token that expires earlier than the stored one, which
// may have been renewed since, is not saved, unless it was issued within the last two
// minutes. That is not an error, nor is a token that is already stored.
//
// If the refresh of the stored token got no answer, every token is saved except two,
// which are [ErrRefreshLost]: the stored one itself, and one that expires earlier and
// was issued before that refresh. When a token was issued is known only if it comes
// from Exchange or a [souk.Delivery] and was not stored in between. If clocks differ by
// more than two minutes, a new token that expires earlier can be mistaken for an old
// one: delete the stored one first, or use [OAuth.Install], which always saves.
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

// clockSlip is the largest accepted difference between the clocks of Salla and this
// machine.
const clockSlip = 2 * time.Minute

// isOlder reports whether a token was issued before the stored one. If sent is not
// zero, it is when the refresh of the stored token was sent, which got no answer.
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

// TokenSource returns a source for Config that uses the tokens of the store with the id
// merchant in tokens. It renews them a day before they expire, or when Salla says that
// they have expired, once for all callers and processes. A token that still works stays
// in use even if it cannot be renewed.
//
// The source's error is [souk.ErrReauthorize] for a store without a token, a revoked
// refresh token, or a missing one because the app lacks the scope offline_access. So is
// [ErrRefreshLost]: a refresh got no answer, and is not repeated. A new token is saved
// before it is used. If it cannot be saved, the error holds it as a
// [*souk.UnsavedError], and the next call saves it.
//
// The error of TokenSource names every wrong field of o; nothing is sent.
func (o OAuth) TokenSource(merchant string, tokens souk.TokenStore) (souk.TokenSource, error) {
	source, err := o.source(merchant, tokens)
	if err != nil {
		return nil, err
	}
	return source, nil
}

// RetryRefresh sends the refresh token of a store in the state [ErrRefreshLost] once
// more, and saves the new pair. Call it if the refresh probably never reached Salla,
// because Salla or the network was down, or if the app would have to be installed again
// anyway: if Salla did receive the refresh token, it revokes all tokens of the store,
// and the error is [ErrGrantInvalid]. If the refresh may still be in progress in
// another process, RetryRefresh waits for it, up to two minutes. In any other state,
// the token is renewed only if it is due.
//
// If the new pair cannot be saved, the error holds it as a [*souk.UnsavedError]: save
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
	o.client(&tokenVendor, &problems)
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
