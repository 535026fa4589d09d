package souk_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/souktest"
	"github.com/souk-go/souk/xclade"
	"github.com/souk-go/souk/xclade/xcladetest"
)

func TestFromOAuth2HandsOutTokensOfALibrary(t *testing.T) {
	t.Parallel()
	server := xcladetest.NewServer()
	t.Cleanup(server.Close)
	cfg := server.Config()
	cfg.Email, cfg.Password = "", ""
	cfg.TokenSource = souk.FromOAuth2(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: server.NewToken()}))
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

func TestARefusalOfALibrarysTokenEndPointHasAClass(t *testing.T) {
	t.Parallel()
	answered := func(status int) *http.Response { return &http.Response{StatusCode: status} }
	for name, c := range map[string]struct {
		err   error
		class error
	}{
		"revoked":         {&oauth2.RetrieveError{Response: answered(400), ErrorCode: "invalid_grant"}, souk.ErrReauthorize},
		"wrong secret":    {&oauth2.RetrieveError{Response: answered(401), ErrorCode: "invalid_client"}, souk.ErrUnauthorized},
		"no code":         {&oauth2.RetrieveError{Response: answered(400)}, souk.ErrUnauthorized},
		"last of refused": {&oauth2.RetrieveError{Response: answered(499)}, souk.ErrUnauthorized},
		"busy":            {&oauth2.RetrieveError{Response: answered(429)}, souk.ErrUnavailable},
		"slow":            {&oauth2.RetrieveError{Response: answered(408)}, souk.ErrUnavailable},
		"down":            {&oauth2.RetrieveError{Response: answered(500)}, souk.ErrUnavailable},
		"odd":             {&oauth2.RetrieveError{Response: answered(399)}, souk.ErrUnavailable},
		"no answer":       {&oauth2.RetrieveError{}, souk.ErrUnavailable},
		"offline":         {errors.New("offline"), souk.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := xcladetest.NewServer()
			t.Cleanup(server.Close)
			cfg := server.Config()
			cfg.Email, cfg.Password = "", ""
			cfg.TokenSource = souk.FromOAuth2(broken{c.err})
			client, err := xclade.NewClient(cfg)
			require.NoError(t, err)

			_, err = client.Customers.List(t.Context(), xclade.ListCustomersRequest{})

			require.ErrorIs(t, err, c.class)
			require.ErrorIs(t, err, c.err, "what the library said stays in the chain")
			assert.Equal(t, errors.Is(c.class, souk.ErrReauthorize), errors.Is(err, souk.ErrReauthorize))
			assert.Equal(t, errors.Is(c.class, souk.ErrUnavailable), errors.Is(err, souk.ErrUnavailable))
			assert.Empty(t, server.Requests())
		})
	}
}

// Also where the server's first wish uses up to the last moment what a call may wait.
func TestMaxRetryWaitIsAllThatACallWaits(t *testing.T) {
	t.Parallel()
	for _, first := range []string{"59", "60", "61"} {
		t.Run(first, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server, client := tenant(t, souk.Options{})
				seed(t, client, "ada")
				for _, seconds := range []string{first, "3600"} {
					server.Inject(souktest.Fault{Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {seconds}}})
				}
				began := time.Now()

				_, err := client.Customers.List(t.Context(), xclade.ListCustomersRequest{})

				require.ErrorIs(t, err, souk.ErrRateLimited)
				assert.LessOrEqual(t, time.Since(began), time.Minute)
				assert.Positive(t, failure(t, err).RetryAfter)
			})
		})
	}
}

func TestReauthorizeIsAKindOfUnauthorized(t *testing.T) {
	t.Parallel()
	err := error(&souk.Error{Vendor: "salla", Err: souk.ErrReauthorize})
	require.ErrorIs(t, err, souk.ErrReauthorize)
	require.ErrorIs(t, err, souk.ErrUnauthorized)
	assert.NotErrorIs(t, &souk.Error{Err: souk.ErrUnauthorized}, souk.ErrReauthorize)
	assert.EqualError(t, err, "salla: reauthorize")
}
