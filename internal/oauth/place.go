package oauth

import (
	"context"
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
	// InDoubt is the class of a refresh that got no answer, such as
	// souk.ErrReauthorize, at a vendor that revokes everything when a refresh token
	// comes twice. It is nil at others.
	InDoubt error
}

// Save puts a token that a person has obtained into its place, unless keep, which
// may be nil, reports that the one in place stays. One whose refresh is in doubt
// does not stay; saving it once more is an error, because it would be sent again.
func (p Place) Save(ctx context.Context, token *oauth2.Token, keep func(current *oauth2.Token) bool) error {
	if ctx == nil {
		return p.noContext()
	}
	var inDoubt *souk.Error
	err := p.Tokens.Update(ctx, p.Key, func(_ context.Context, current *oauth2.Token) (*oauth2.Token, error) {
		inDoubt = nil
		switch doubt := p.InDoubt != nil && auth.InDoubt(current); {
		case doubt && auth.Same(current, token):
			inDoubt = p.inDoubt("the token is the one that stands there already")
			return nil, nil
		case !doubt && current != nil && keep != nil && keep(current):
			return nil, nil
		}
		return token, nil
	})
	switch {
	case err != nil:
		return p.failed(ctx, err, token)
	case inDoubt != nil:
		return inDoubt
	}
	return nil
}
