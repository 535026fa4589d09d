package testkit

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
)

// failures are what a store can do instead of its work.
var failures = map[string]func(ctx context.Context, do func() error, save func(bool)) error{
	"fails": func(context.Context, func() error, func(bool)) error { return errBroken },
	"fails when it is done": func(_ context.Context, do func() error, _ func(bool)) error {
		_ = do()
		return errBroken
	},
	"panics": func(context.Context, func() error, func(bool)) error { panic(errBroken) },
	"panics when it is done": func(_ context.Context, do func() error, _ func(bool)) error {
		_ = do()
		panic(errBroken)
	},
	"does nothing": func(context.Context, func() error, func(bool)) error { return nil },
	"saves nothing": func(_ context.Context, do func() error, save func(bool)) error {
		save(false)
		return do()
	},
	"saves nothing and fails": func(_ context.Context, do func() error, save func(bool)) error {
		save(false)
		return errors.Join(do(), errBroken)
	},
	"does it twice": func(_ context.Context, do func() error, _ func(bool)) error { return errors.Join(do(), do()) },
	"tries again": func(_ context.Context, do func() error, save func(bool)) error {
		save(false)
		_ = do()
		save(true)
		return do()
	},
	"hangs": func(ctx context.Context, _ func() error, _ func(bool)) error {
		<-ctx.Done()
		return ctx.Err()
	},
	"is slow": func(_ context.Context, do func() error, _ func(bool)) error {
		time.Sleep(30 * time.Second)
		return do()
	},
}

var errBroken = errors.New("broken")

// flaky is a store that fails at one step.
type flaky struct {
	souk.TokenStore
	step, at int
	fail     func(ctx context.Context, do func() error, save func(bool)) error
	savesNot bool
}

func (f *flaky) do(ctx context.Context, do func() error) error {
	f.step++
	if f.step != f.at {
		return do()
	}
	defer func() { f.savesNot = false }()
	return f.fail(ctx, do, func(saves bool) { f.savesNot = !saves })
}

func (f *flaky) Load(ctx context.Context, key string) (token *oauth2.Token, err error) {
	err = f.do(ctx, func() error {
		token, err = f.TokenStore.Load(ctx, key)
		return err
	})
	if err != nil {
		token = nil
	}
	return token, err
}

func (f *flaky) Update(ctx context.Context, key string, change func(context.Context, *oauth2.Token) (*oauth2.Token, error)) error {
	return f.do(ctx, func() error {
		return f.TokenStore.Update(ctx, key, func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
			token, err := change(ctx, current)
			if f.savesNot {
				token = nil
			}
			return token, err
		})
	})
}

// TestStores has a store fail at every step of a refresh, in every way. The process
// that lives goes on by itself, and another one, too, unless it finds a mark: no
// refresh token is sent twice, and no pair is lost.
func (r Renewal) TestStores(t *testing.T) {
	t.Parallel()
	for way, fail := range failures {
		for at := 1; at <= 6; at++ {
			t.Run(fmt.Sprintf("step %d %s", at, way), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) { r.failAt(t, at, fail, true) })
			})
			t.Run(fmt.Sprintf("step %d %s, and the process dies", at, way), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) { r.failAt(t, at, fail, false) })
			})
		}
	}
}

func (r Renewal) failAt(t *testing.T, at int, fail func(context.Context, func() error, func(bool)) error, lives bool) {
	store := &flaky{TokenStore: souk.NewMemoryTokenStore()}
	k := r.begin(t, store, RenewalServer.BaseURL)
	k.app.HTTPClient = k.server.Client()
	store.step, store.at, store.fail = 0, at, fail
	source, err := r.TokenSource(k.app, store)
	require.NoError(t, err)
	func() {
		defer func() { _ = recover() }()
		_, err = source.Token(t.Context())
	}()
	store.at = 0
	asked := k.refreshes()
	assert.LessOrEqual(t, asked, 1)

	if lives {
		require.NoError(t, k.Call(t.Context(), k.app, source), "the process goes on when the store does")
		assert.Equal(t, 1, k.refreshes())
	}

	other, err := r.TokenSource(k.app, store)
	require.NoError(t, err)
	err = k.Call(t.Context(), k.app, other)
	if lives {
		assert.NoError(t, err)
	} else if err != nil {
		assert.ErrorIs(t, err, souk.ErrReauthorize)
	}
	assert.LessOrEqual(t, k.refreshes(), 1)
	assert.Zero(t, k.server.ReusedRefreshTokens())
}
