package oauth

import (
	"context"
	"regexp"
	"strings"
	"time"
	"unicode"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/auth"
)

// Key returns the key of a token in a [souk.TokenStore]: vendor, app and store, joined
// by dots. The store's id has no dot, so keys are distinct.
func Key(vendor, app, store string) string {
	return vendor + "." + app + "." + strings.ToLower(store)
}

// StoreOf returns the store's own part of its domain, in lower case; ok is false for a
// domain without this suffix, and for a part that is no label. No letter of another
// alphabet becomes one of ASCII's, as the Kelvin sign would.
func StoreOf(domain, suffix string, label *regexp.Regexp) (store string, ok bool) {
	if strings.ContainsFunc(domain, func(r rune) bool { return r > unicode.MaxASCII }) {
		return "", false
	}
	store, ok = strings.CutSuffix(strings.ToLower(domain), suffix)
	if !ok || !label.MatchString(store) {
		return "", false
	}
	return store, true
}

// Place is where the token of one store of a vendor is kept.
type Place struct {
	// Vendor is the name of the vendor's package.
	Vendor string
	// Key is the key of the token, from [Key].
	Key string
	// Tokens is the user's store.
	Tokens souk.TokenStore
	// InDoubt is the class of a refresh that got no answer, such as
	// souk.ErrReauthorize, at a vendor that revokes everything when a refresh token
	// comes twice. It is nil at others.
	InDoubt error
}

// Save saves a token that a person has obtained, unless keep, which may be nil, reports
// that the stored one is to stay. sent is when the refresh of the stored one was sent
// if it is in doubt, otherwise zero. It is an error if a token in doubt is to stay, or
// is saved again, because it would be sent again.
func (p Place) Save(ctx context.Context, token *oauth2.Token, keep func(current *oauth2.Token, sent time.Time) bool) error {
	if ctx == nil {
		return p.noContext()
	}
	var inDoubt *souk.Error
	var saved bool
	var before *oauth2.Token
	err := p.Tokens.Update(ctx, p.Key, func(_ context.Context, current *oauth2.Token) (*oauth2.Token, error) {
		inDoubt, saved, before = nil, false, nil
		if current != nil {
			before = new(*current)
		}
		var sent time.Time
		var doubt bool
		if p.InDoubt != nil {
			sent, doubt = auth.InDoubt(current)
		}
		switch {
		case doubt && auth.Same(current, token):
			inDoubt = p.inDoubt("the token is the one that stands there already")
		case current == nil || keep == nil || !keep(current, sent):
			saved = true
			return token, nil
		case doubt:
			inDoubt = p.inDoubt("the token is older than the one that stands there; where it is not, delete that one from the store first")
		}
		return nil, nil
	})
	if err == nil && saved && !auth.Same(before, token) {
		err = auth.Replaced(ctx, p.Tokens, p.Key, before, token)
	}
	switch {
	case err != nil:
		return p.failed(ctx, err, token, secretsOf(before)...)
	case inDoubt != nil:
		return inDoubt
	}
	return nil
}
