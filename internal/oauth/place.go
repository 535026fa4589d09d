package oauth

import (
	"context"
	"errors"
	"strings"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/auth"
)

// Key returns the key of a token in a [souk.TokenStore]: vendor, app and store,
// with dots between them. The store's id has no dot, so no two keys are one.
func Key(vendor, app, store string) string {
	return vendor + "." + app + "." + strings.ToLower(store)
}

// Place is where the token of one store of a vendor is kept.
type Place struct {
	// Vendor is the name of the vendor's package.
	Vendor string
	// Key is that of the token, from [Key].
	Key string
	// Tokens is the user's store.
	Tokens souk.TokenStore
}

// Save puts a token that a person has obtained into its place, unless keep, which
// may be nil, reports that the one in place stays. A token whose refresh is in
// doubt never stays.
func (p Place) Save(ctx context.Context, token *oauth2.Token, keep func(current *oauth2.Token) bool) error {
	err := p.Tokens.Update(ctx, p.Key, func(_ context.Context, current *oauth2.Token) (*oauth2.Token, error) {
		if keep != nil && current != nil && !auth.InDoubt(current) && keep(current) {
			return nil, nil
		}
		return token, nil
	})
	return p.failed(err, token)
}

// failed is the error of a store that failed, which says nothing of a credential.
func (p Place) failed(err error, tokens ...*oauth2.Token) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if e, ok := errors.AsType[*souk.Error](err); ok && e.Vendor == p.Vendor {
		return e
	}
	return &souk.Error{
		Vendor:  p.Vendor,
		Message: "the token store failed: " + without(err.Error(), tokens),
		Err:     storeError{err},
	}
}

// storeError is of the class ErrUnavailable, and of none that the store's own
// error may have.
type storeError struct{ cause error }

func (storeError) Error() string { return souk.ErrUnavailable.Error() }

func (e storeError) Is(target error) bool {
	if target == souk.ErrUnavailable {
		return true
	}
	_, foreign := errors.AsType[*souk.Error](e.cause)
	return !foreign && errors.Is(e.cause, target)
}

func (e storeError) As(target any) bool { return errors.As(e.cause, target) }

// without masks what a careless store has put into its error.
func without(text string, tokens []*oauth2.Token) string {
	for _, t := range tokens {
		if t == nil {
			continue
		}
		for _, secret := range []string{t.AccessToken, t.RefreshToken} {
			if secret != "" {
				text = strings.ReplaceAll(text, secret, "[masked]")
			}
		}
	}
	return text
}
