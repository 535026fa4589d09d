package auth

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/oauth2"
)

// Replaced returns an error if the token still stands in a store that was to be replaced
// by another although Update returned nil.
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

// locked returns the token that Update reads. Load may read a copy of the data that is
// behind, so Update is believed where they differ.
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

// errForgetful is the error of a store that keeps nothing and does not say so.
// It does not name the key, which names the shop: the text is shown to the program.
var errForgetful = errors.New("auth: the store said that the token was saved, but it was not: test the store with souktest.TestTokenStore")
