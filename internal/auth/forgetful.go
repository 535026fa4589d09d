package auth

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/oauth2"
)

// Replaced returns an error if the store still holds the token before, or only a part of
// the token by, although Update returned nil for the replacement of one by the other.
func Replaced(ctx context.Context, s Store, key string, before, by *oauth2.Token) error {
	before = unmarked(before)
	wrong := func(stored *oauth2.Token) error {
		stored = unmarked(stored)
		switch {
		case same(stored, before):
			return errForgetful
		case isCut(stored, by):
			return errCut
		}
		return nil
	}
	stored, err := s.Load(ctx, key)
	if err == nil && wrong(stored) == nil {
		return nil
	}
	if stored, err = locked(ctx, s, key); err != nil {
		return err
	}
	return wrong(stored)
}

// isCut reports whether a store has kept only the beginning of a token's texts.
func isCut(stored, whole *oauth2.Token) bool {
	return stored != nil && stored.AccessToken != "" && !same(stored, whole) &&
		strings.HasPrefix(whole.AccessToken, stored.AccessToken) && strings.HasPrefix(whole.RefreshToken, stored.RefreshToken)
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

// errCut is the error of a store that silently saves a part of a token.
var errCut = errors.New("auth: the store has kept only a part of the token: it must have room for refresh tokens of 4 KiB; test it with souktest.TestTokenStore")
