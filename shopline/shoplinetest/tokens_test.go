package shoplinetest_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/shopline/shoplinetest"
)

// startApp returns a server at which the public app is installed, and its client.
func startApp(t *testing.T) (*shoplinetest.Server, *shopline.Client) {
	t.Helper()
	server := shoplinetest.NewServer()
	t.Cleanup(server.Close)
	server.Authorize("")
	source, err := server.OAuth().TokenSource(server.Handle, souk.NewMemoryTokenStore())
	require.NoError(t, err)
	cfg := server.Config()
	cfg.Token, cfg.TokenSource = "", source
	client, err := shopline.NewClient(cfg)
	require.NoError(t, err)
	return server, client
}

// renewals counts the tokens that were asked for.
func renewals(server *shoplinetest.Server) int {
	n := 0
	for _, request := range server.Requests() {
		if request.Path == "/admin/oauth/token/refresh" {
			n++
		}
	}
	return n
}

func TestTokensLiveAsLongAsTheyAreSetTo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, client := startApp(t)
		server.SetTokenLife(2 * time.Hour)
		for _, want := range []int{1, 1, 2} { // the client renews half an hour ahead
			_, err := client.Customers.Count(t.Context())
			require.NoError(t, err)
			assert.Equal(t, want, renewals(server))
			time.Sleep(time.Hour)
		}

		token, err := server.OAuth().Refresh(t.Context(), server.Handle)

		require.NoError(t, err)
		assert.WithinDuration(t, time.Now().Add(2*time.Hour), token.Expiry, time.Second)
	})
}

func TestExpiredTokensCanBeRenewed(t *testing.T) {
	t.Parallel()
	server, client := startApp(t)
	_, err := client.Customers.Count(t.Context())
	require.NoError(t, err)

	server.ExpireTokens()

	_, err = client.Customers.Count(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 2, renewals(server))
}

func TestRevokedTokensCannotBeRenewed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, client := startApp(t)
		code := server.Authorize("").Get("code")
		_, err := client.Customers.Count(t.Context())
		require.NoError(t, err)

		server.RevokeTokens()

		_, err = client.Customers.Count(t.Context())
		require.ErrorIs(t, err, souk.ErrReauthorize)
		_, err = server.OAuth().Refresh(t.Context(), server.Handle)
		e, ok := errors.AsType[*souk.Error](err)
		require.True(t, ok)
		assert.Equal(t, "STORE_NOT_INSTALL_APP", e.Code)
		_, err = server.OAuth().Exchange(t.Context(), server.Handle, code)
		require.ErrorIs(t, err, souk.ErrUnauthorized)
		private, err := shopline.NewClient(server.Config())
		require.NoError(t, err)
		_, err = private.Customers.Count(t.Context())
		require.NoError(t, err, "the private app has a token of its own")

		server.Authorize("")
		_, err = client.Customers.Count(t.Context())
		assert.NoError(t, err, "the merchant has installed the app again")
	})
}
