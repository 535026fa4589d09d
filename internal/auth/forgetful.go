package auth

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/oauth2"
)

// Replaced returns an error if the store still holds the token before, although Update
// returned nil for its replacement.
func Replaced(ctx context.Context, s Store, key string, before *oauth2.Token) error {
	before = unmarked(before)
	stored, err := s.Load(ctx, key)
	if err == nil && !same(unmarked(stored), before) {
		return nil
	}
	stored, err = locked(ctx, s, key)
	if err == nil && same(unmarked(stored), before) {
		return errForgetful
	}
	return err
}

// locked returns the token that Update reads. Load may lag behind, so Update counts if
// they differ.
func locked(ctx context.Context, s Store, key string) (stored *oauth2.Token, err error) {
	err = s.Update(ctx, key, func(_ context.Context, current *oauth2.Token) (*oauth2.Token, error) {
		stored = clone(current)
		return nil, nil
	})
	if err != nil {
		err = fmt.Errorf("auth: update token %q: %w", key, err)
	}
	return stored, err
}

// errForgetful is the error of a store that silently does not save. It does not name
// the key, which names the shop: the text is shown to the program.
var errForgetful = errors.New("auth: the store said that the token was saved, but it was not: test the store with souktest.TestTokenStore")
