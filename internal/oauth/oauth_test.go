package oauth_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/oauth"
)

var errRefreshLost = errors.Join(souk.ErrReauthorize)

func place(store souk.TokenStore) oauth.Place {
	return oauth.Place{Vendor: "acme", Key: oauth.Key("acme", "app.1", "Shop"), Tokens: store}
}

func expired(refresh string) *oauth2.Token {
	return &oauth2.Token{AccessToken: "old", RefreshToken: refresh, Expiry: time.Now().Add(-time.Hour)}
}

func TestKeysHoldTheVendorAndAreDistinct(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "acme.app.1.shop", oauth.Key("acme", "app.1", "Shop"))
	assert.NotEqual(t, oauth.Key("acme", "app", "1"), oauth.Key("acme", "app.1", ""))
}

func TestSave(t *testing.T) {
	t.Parallel()
	stays := func(*oauth2.Token) bool { return true }
	goes := func(*oauth2.Token) bool { return false }
	for name, c := range map[string]struct {
		current *oauth2.Token
		keep    func(*oauth2.Token) bool
		want    string
	}{
		"first":       {nil, stays, "new"},
		"always":      {&oauth2.Token{AccessToken: "old"}, nil, "new"},
		"newer":       {&oauth2.Token{AccessToken: "old"}, goes, "new"},
		"older":       {&oauth2.Token{AccessToken: "old"}, stays, "old"},
		"over doubts": {&oauth2.Token{AccessToken: "old", RefreshToken: "souk-sent:1767225600:ABCDEFGH:r"}, stays, "new"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := place(souk.NewMemoryTokenStore())
			require.NoError(t, p.Tokens.Update(t.Context(), p.Key, func(context.Context, *oauth2.Token) (*oauth2.Token, error) { return c.current, nil }))

			require.NoError(t, p.Save(t.Context(), &oauth2.Token{AccessToken: "new"}, c.keep))

			token, err := p.Tokens.Load(t.Context(), p.Key)
			require.NoError(t, err)
			assert.Equal(t, c.want, token.AccessToken)
		})
	}
}

// brokenStore fails, in words that hold what it was given.
type brokenStore struct {
	souk.TokenStore
	err error
}

func (s brokenStore) Update(ctx context.Context, _ string, f func(context.Context, *oauth2.Token) (*oauth2.Token, error)) error {
	if _, err := f(ctx, expired("r")); err != nil {
		return err
	}
	return s.err
}

func TestAStoreThatFailsIsUnavailable(t *testing.T) {
	t.Parallel()
	down := errors.New("insert new-access: no space left")
	p := place(brokenStore{souk.NewMemoryTokenStore(), down})

	err := p.Save(t.Context(), &oauth2.Token{AccessToken: "new-access"}, nil)

	require.ErrorIs(t, err, souk.ErrUnavailable)
	require.ErrorIs(t, err, down)
	assert.EqualError(t, err, "acme: unavailable: the token store failed: insert [masked]: no space left")
}

// The store of a program may call another vendor, whose classes say nothing here.
func TestAnErrorOfAnotherVendorIsThatOfTheStore(t *testing.T) {
	t.Parallel()
	p := place(brokenStore{souk.NewMemoryTokenStore(), &souk.Error{Vendor: "other", StatusCode: 404, Err: souk.ErrNotFound}})

	err := p.Save(t.Context(), &oauth2.Token{AccessToken: "a"}, nil)

	require.ErrorIs(t, err, souk.ErrUnavailable)
	assert.NotErrorIs(t, err, souk.ErrNotFound)
}

func TestSourceTellsWhatBecameOfARefresh(t *testing.T) {
	t.Parallel()
	lost := &souk.Error{Vendor: "acme", StatusCode: 502, Method: "POST", Route: "/token", Attempts: 1, Err: errors.Join(souk.ErrUnavailable, souk.ErrOutcomeUnknown)}
	for name, c := range map[string]struct {
		err   error
		is    []error
		not   []error
		sends int
	}{
		"lost":    {lost, []error{errRefreshLost, souk.ErrReauthorize}, []error{souk.ErrOutcomeUnknown, souk.ErrUnavailable}, 1},
		"refused": {&souk.Error{Vendor: "acme", Err: souk.ErrReauthorize}, []error{souk.ErrReauthorize}, nil, 1},
		"busy":    {&souk.Error{Vendor: "acme", Err: souk.ErrUnavailable}, []error{souk.ErrUnavailable}, []error{souk.ErrReauthorize}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := place(souk.NewMemoryTokenStore())
				require.NoError(t, p.Save(t.Context(), expired("r"), nil))
				sends := 0
				s := oauth.NewSource(p, oauth.Flow{Spends: true, InDoubt: errRefreshLost, Refresh: func(_ context.Context, current *oauth2.Token) (*oauth2.Token, error) {
					sends++
					assert.Equal(t, "r", current.RefreshToken)
					return nil, c.err
				}})
				for range 2 {
					_, err := s.Token(t.Context())
					for _, class := range c.is {
						require.ErrorIs(t, err, class)
					}
					for _, class := range c.not {
						require.NotErrorIs(t, err, class)
					}
				}
				assert.Equal(t, c.sends, sends)
			})
		})
	}
}

func TestRetrySendsATokenInDoubtOnceMore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := place(souk.NewMemoryTokenStore())
		require.NoError(t, p.Save(t.Context(), expired("souk-sent:1767225600:ABCDEFGH:r"), nil))
		s := oauth.NewSource(p, oauth.Flow{Spends: true, InDoubt: errRefreshLost, Refresh: func(_ context.Context, current *oauth2.Token) (*oauth2.Token, error) {
			return &oauth2.Token{AccessToken: "new", RefreshToken: current.RefreshToken + "2"}, nil
		}})
		time.Sleep(30 * 365 * 24 * time.Hour) // the bubble begins in the year 2000
		_, err := s.Token(t.Context())
		require.ErrorIs(t, err, souk.ErrReauthorize)

		token, err := s.Retry(t.Context())

		require.NoError(t, err)
		assert.Equal(t, "new", token.AccessToken)
		stored, err := p.Tokens.Load(t.Context(), p.Key)
		require.NoError(t, err)
		assert.Equal(t, "r2", stored.RefreshToken)
	})
}

func TestCheckState(t *testing.T) {
	t.Parallel()
	assert.NoError(t, oauth.CheckState("acme", "s", "s", "c"))
	for name, c := range map[string][3]string{
		"empty":   {"", "", "c"},
		"another": {"s", "t", "c"},
		"longer":  {"s", "ss", "c"},
		"no code": {"s", "s", ""},
	} {
		assert.ErrorIs(t, oauth.CheckState("acme", c[0], c[1], c[2]), souk.ErrUnauthorized, name)
	}
}
