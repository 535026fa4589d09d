package commercengine_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/commercengine/commercenginetest"
)

// fullStore is a store that can be out of space.
type fullStore struct {
	souk.TokenStore
	full error
}

func (s *fullStore) Update(ctx context.Context, key string, f func(context.Context, *oauth2.Token) (*oauth2.Token, error)) error {
	if s.full != nil {
		return s.full
	}
	return s.TokenStore.Update(ctx, key, f)
}

// The server has handed out a new pair, so the caller gets it although it could
// not be saved.
func TestPairThatCannotBeSavedIsReturned(t *testing.T) {
	t.Parallel()
	server := commercenginetest.NewServer()
	t.Cleanup(server.Close)
	server.AddUser(commercenginetest.NewUser{FirstName: "Asha", Email: "asha@example.com", Password: "s3cret"})
	store := &fullStore{TokenStore: souk.NewMemoryTokenStore()}
	config := server.Config()
	config.TokenStore, config.SessionKey = store, "browser-17"
	client, err := commercengine.NewClient(config)
	require.NoError(t, err)
	_, err = client.Session.Token(t.Context()) // anonymous, and saved
	require.NoError(t, err)
	store.full = errors.New("no space")

	tokens, err := client.Auth.LoginWithPassword(t.Context(), commercengine.LoginWithPasswordRequest{Email: "asha@example.com", Password: "s3cret"})

	require.ErrorIs(t, err, store.full)
	require.NotNil(t, tokens)
	assert.NotEmpty(t, tokens.AccessToken)
	assert.NotEmpty(t, tokens.RefreshToken)
}
