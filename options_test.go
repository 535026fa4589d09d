package souk_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/xclade"
	"github.com/souk-go/souk/xclade/xcladetest"
)

func TestFromOAuth2HandsOutTokensOfALibrary(t *testing.T) {
	t.Parallel()
	server := xcladetest.NewServer()
	t.Cleanup(server.Close)
	cfg := server.Config()
	cfg.Email, cfg.Password = "", ""
	cfg.TokenSource = souk.FromOAuth2(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: server.Token()}))
	client, err := xclade.NewClient(cfg)
	require.NoError(t, err)

	_, err = client.Customers.List(t.Context(), xclade.ListCustomersRequest{})

	assert.NoError(t, err)
}

type broken struct{ err error }

func (b broken) Token() (*oauth2.Token, error) { return nil, b.err }

func TestFromOAuth2ReportsWhatIsWrong(t *testing.T) {
	t.Parallel()
	offline := errors.New("offline")
	_, err := souk.FromOAuth2(broken{offline}).Token(t.Context())
	require.ErrorIs(t, err, offline)

	_, err = souk.FromOAuth2(nil).Token(t.Context())
	require.EqualError(t, err, "souk: FromOAuth2 was given no source")

	ended, end := context.WithCancel(t.Context())
	end()
	_, err = souk.FromOAuth2(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "a"})).Token(ended)
	require.ErrorIs(t, err, context.Canceled)
}

func TestReauthorizeIsAKindOfUnauthorized(t *testing.T) {
	t.Parallel()
	err := error(&souk.Error{Vendor: "salla", Err: souk.ErrReauthorize})
	require.ErrorIs(t, err, souk.ErrReauthorize)
	require.ErrorIs(t, err, souk.ErrUnauthorized)
	assert.NotErrorIs(t, &souk.Error{Err: souk.ErrUnauthorized}, souk.ErrReauthorize)
	assert.EqualError(t, err, "salla: reauthorize")
}
