package auth_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk/internal/auth"
)

// access asks for a token and returns its text.
func access(t *testing.T, r *auth.Refresher) string {
	t.Helper()
	token, err := r.Token(t.Context())
	require.NoError(t, err)
	return token.AccessToken
}

// replace makes token the one that is stored and used.
func replace(ctx context.Context, r *auth.Refresher, token *oauth2.Token) error {
	_, err := r.Replace(ctx, func(*oauth2.Token) *oauth2.Token { return token })
	return err
}

func bubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, f)
}

func TestTokenIsRenewedAheadOfItsExpiry(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v, s := &vendor{life: 14 * 24 * time.Hour}, newStore()
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Early: 24 * time.Hour, Refresh: v.refresh})

		assert.Equal(t, "access-1", access(t, r))
		assert.Equal(t, "access-1", s.get(t).AccessToken)
		time.Sleep(13*24*time.Hour - 1)
		assert.Equal(t, "access-1", access(t, r))
		time.Sleep(time.Nanosecond)
		assert.Equal(t, "access-2", access(t, r))
		assert.Equal(t, "access-2", s.get(t).AccessToken)

		assert.Equal(t, []string{"", "refresh-1"}, v.calls())
	})
}

func TestTokenWithoutExpiryIsNotRenewed(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v := new(vendor)
		r := auth.NewRefresher(auth.Options{Early: time.Hour, Refresh: v.refresh})

		assert.Equal(t, "access-1", access(t, r))
		time.Sleep(20 * 365 * 24 * time.Hour)
		assert.Equal(t, "access-1", access(t, r))
	})
}

func TestTokenOfTheStoreIsUsed(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v, s := &vendor{life: time.Hour}, newStore()
		s.put(t, v.token(7))
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Early: time.Minute, Refresh: v.refresh})

		assert.Equal(t, "access-7", access(t, r))
		assert.Empty(t, v.calls())
		time.Sleep(59 * time.Minute)
		assert.Equal(t, "access-1", access(t, r))
		assert.Equal(t, []string{"refresh-7"}, v.calls())
	})
}

func TestRefreshTokenAloneIsEnough(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v, s := new(vendor), newStore()
		s.put(t, &oauth2.Token{RefreshToken: "seed"})
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Refresh: v.refresh})

		assert.Equal(t, "access-1", access(t, r))
		assert.Equal(t, []string{"seed"}, v.calls())
	})
}

func TestShortLivedTokenIsUsedForHalfItsLife(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v := &vendor{life: 10 * time.Hour}
		r := auth.NewRefresher(auth.Options{Early: 24 * time.Hour, Refresh: v.refresh})

		assert.Equal(t, "access-1", access(t, r))
		time.Sleep(5*time.Hour - 1)
		assert.Equal(t, "access-1", access(t, r))
		time.Sleep(time.Nanosecond)
		assert.Equal(t, "access-2", access(t, r))
	})
}

func TestTokenThatComesExpiredIsUsedForAMinute(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v := &vendor{life: -time.Hour} // the local clock is ahead
		r := auth.NewRefresher(auth.Options{Refresh: v.refresh})

		assert.Equal(t, "access-1", access(t, r))
		time.Sleep(time.Minute - 1)
		assert.Equal(t, "access-1", access(t, r))
		time.Sleep(time.Nanosecond)
		assert.Equal(t, "access-2", access(t, r))
	})
}

func TestManyCallersShareOneFlight(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v := &vendor{life: time.Hour, takes: time.Second}
		r := auth.NewRefresher(auth.Options{Refresh: v.refresh})
		start := time.Now()
		var wg sync.WaitGroup
		for range 100 {
			wg.Go(func() {
				token, err := r.Token(t.Context())
				if assert.NoError(t, err) {
					assert.Equal(t, "access-1", token.AccessToken)
				}
			})
		}
		wg.Wait()

		assert.Equal(t, time.Second, time.Since(start))
		assert.Len(t, v.calls(), 1)
	})
}

func TestManyCallersShareOneFailure(t *testing.T) {
	bubble(t, func(t *testing.T) {
		refused := errors.New("refused")
		v := &vendor{takes: time.Second, answers: []error{refused}}
		r := auth.NewRefresher(auth.Options{Refresh: v.refresh})
		var wg sync.WaitGroup
		for range 100 {
			wg.Go(func() {
				token, err := r.Token(t.Context())
				assert.ErrorIs(t, err, refused)
				assert.Nil(t, token)
			})
		}
		wg.Wait()
		assert.Len(t, v.calls(), 1)

		assert.Equal(t, "access-1", access(t, r))
	})
}

type contextKey struct{}

func TestFlightGoesOnWithoutItsCaller(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v, s := &vendor{takes: 10 * time.Second}, newStore()
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Refresh: v.refresh})
		ctx, cancel := context.WithTimeout(context.WithValue(t.Context(), contextKey{}, "trace"), time.Second)
		defer cancel()
		start := time.Now()

		_, err := r.Token(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, time.Second, time.Since(start))
		assert.Nil(t, s.get(t))

		assert.Equal(t, "access-1", access(t, r)) // joins the flight
		assert.Equal(t, 10*time.Second, time.Since(start))
		assert.Equal(t, "access-1", s.get(t).AccessToken)
		require.Len(t, v.contexts, 1)
		assert.Equal(t, "trace", v.contexts[0].Value(contextKey{}))
	})
}

func TestFlightIsBounded(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := auth.NewRefresher(auth.Options{
			FlightTimeout: time.Minute,
			Refresh: func(ctx context.Context, _ *oauth2.Token) (*oauth2.Token, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			},
		})
		start := time.Now()

		_, err := r.Token(t.Context())

		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, time.Minute, time.Since(start))
	})
}

func TestFlightIsBoundedByDefault(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v := new(vendor)
		r := auth.NewRefresher(auth.Options{Refresh: v.refresh})

		access(t, r)

		deadline, ok := v.contexts[0].Deadline()
		require.True(t, ok)
		assert.Equal(t, auth.DefaultFlightTimeout, time.Until(deadline))
	})
}

// The store has time to save what the vendor answered at the last moment.
func TestPairOfTheLastMomentIsSaved(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v, s := new(vendor), newStore()
		s.update = func(ctx context.Context, save func() error) error {
			return errors.Join(save(), ctx.Err())
		}
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, FlightTimeout: time.Minute, Refresh: func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
			time.Sleep(time.Minute + time.Second) // without regard to the context
			return v.token(1), nil
		}})

		assert.Equal(t, "access-1", access(t, r))
	})
}

func TestInvalidTokenIsRenewed(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v := &vendor{life: time.Hour}
		r := auth.NewRefresher(auth.Options{Refresh: v.refresh})
		first, err := r.Token(t.Context())
		require.NoError(t, err)

		r.Invalidate(first)
		r.Invalidate(first) // from another call
		assert.Equal(t, "access-2", access(t, r))
		r.Invalidate(first) // late: it has been replaced
		r.Invalidate(nil)
		assert.Equal(t, "access-2", access(t, r))

		assert.Equal(t, []string{"", "refresh-1"}, v.calls())
	})
}

func TestLateInvalidateDoesNotReviveATokenThatWasRefused(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v := new(vendor)
		r := auth.NewRefresher(auth.Options{Refresh: v.refresh})
		first, err := r.Token(t.Context())
		require.NoError(t, err)
		r.Invalidate(first)
		second, err := r.Token(t.Context())
		require.NoError(t, err)

		r.Invalidate(second)
		r.Invalidate(first)

		assert.Equal(t, "access-3", access(t, r))
	})
}

func TestInvalidTokenIsReplacedByTheOneOfAnotherProcess(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v, s := new(vendor), newStore()
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Refresh: v.refresh})
		first, err := r.Token(t.Context())
		require.NoError(t, err)
		s.put(t, v.token(9))

		r.Invalidate(first)

		assert.Equal(t, "access-9", access(t, r))
		assert.Len(t, v.calls(), 1)
	})
}

// The other process rotates the token after the first look into the store.
func TestTokenIsReadAgainUnderTheLock(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v, s := new(vendor), newStore()
		s.update = func(_ context.Context, save func() error) error {
			s.put(t, v.token(9))
			return save()
		}
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Refresh: v.refresh})

		assert.Equal(t, "access-9", access(t, r))
		assert.Empty(t, v.calls())
	})
}

func TestSameTokenAgainIsUsed(t *testing.T) {
	bubble(t, func(t *testing.T) {
		calls := 0
		r := auth.NewRefresher(auth.Options{Refresh: func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
			calls++
			return &oauth2.Token{AccessToken: "same"}, nil
		}})
		first, err := r.Token(t.Context())
		require.NoError(t, err)

		r.Invalidate(first)

		assert.Equal(t, "same", access(t, r))
		assert.Equal(t, "same", access(t, r))
		assert.Equal(t, 2, calls)
	})
}

func TestReplaceUsesTheTokenFromNowOn(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v, s := &vendor{life: time.Hour}, newStore()
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Refresh: v.refresh})
		assert.Equal(t, "access-1", access(t, r))
		pair := v.token(5)

		require.NoError(t, replace(t.Context(), r, pair))
		pair.AccessToken = "changed"

		assert.Equal(t, "access-5", access(t, r))
		assert.Equal(t, "access-5", s.get(t).AccessToken)
		time.Sleep(time.Hour)
		assert.Equal(t, "access-2", access(t, r))
		assert.Equal(t, []string{"", "refresh-5"}, v.calls())
	})
}

func TestReplaceOfAnExpiredTokenLeadsToARefresh(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v := new(vendor)
		r := auth.NewRefresher(auth.Options{Refresh: v.refresh})

		require.NoError(t, replace(t.Context(), r, &oauth2.Token{AccessToken: "old", RefreshToken: "r", Expiry: time.Now()}))

		assert.Equal(t, "access-1", access(t, r))
		assert.Equal(t, []string{"r"}, v.calls())
	})
}

func TestReplaceSeesWhatIsStored(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v, s := &vendor{life: time.Hour}, newStore()
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Refresh: v.refresh})
		var seen *oauth2.Token
		by := func(token *oauth2.Token) func(*oauth2.Token) *oauth2.Token {
			return func(stored *oauth2.Token) *oauth2.Token { seen = stored; return token }
		}

		got, err := r.Replace(t.Context(), by(v.token(1)))
		require.NoError(t, err)
		assert.Nil(t, seen)
		assert.Equal(t, "access-1", got.AccessToken)

		s.put(t, v.token(2)) // by another process
		got, err = r.Replace(t.Context(), by(nil))
		require.NoError(t, err)
		assert.Equal(t, "access-2", seen.AccessToken)
		assert.Equal(t, "access-2", got.AccessToken)
		assert.Equal(t, "access-2", s.get(t).AccessToken)
		assert.Equal(t, "access-2", access(t, r), "what stays is used from now on")

		_, err = r.Replace(t.Context(), by(v.token(3)))
		require.NoError(t, err)
		assert.Equal(t, "access-3", access(t, r))
		assert.Equal(t, "access-3", s.get(t).AccessToken)
		assert.Empty(t, v.calls())
	})
}

// A store that does not call the function has not saved anything.
func TestReplaceByAStoreThatDoesNothing(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v, s := new(vendor), newStore()
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Refresh: v.refresh})
		assert.Equal(t, "access-1", access(t, r))
		s.update = func(context.Context, func() error) error { return nil }

		require.EqualError(t, replace(t.Context(), r, v.token(5)), `auth: the store did not update token "store-1"`)

		assert.Equal(t, "access-1", access(t, r))
	})
}

func TestReplaceWaitsForTheFlightAndWins(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v, s := &vendor{takes: time.Minute}, newStore()
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Refresh: v.refresh})
		var wg sync.WaitGroup
		wg.Go(func() { _, _ = r.Token(t.Context()) })
		synctest.Wait()

		require.NoError(t, replace(t.Context(), r, v.token(5)))

		assert.Equal(t, "access-5", access(t, r))
		assert.Equal(t, "access-5", s.get(t).AccessToken)
		wg.Wait()
	})
}

func TestReplaceGivesUpWithItsContext(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v := &vendor{takes: time.Minute}
		r := auth.NewRefresher(auth.Options{Refresh: v.refresh})
		var wg sync.WaitGroup
		wg.Go(func() { _, _ = r.Token(t.Context()) })
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()

		err := replace(ctx, r, v.token(5))

		require.ErrorIs(t, err, context.DeadlineExceeded)
		wg.Wait()
		assert.Equal(t, "access-1", access(t, r))
	})
}

func TestReplaceReportsThatNothingWasSaved(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v, s, full := new(vendor), newStore(), errors.New("disk full")
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Refresh: v.refresh})
		assert.Equal(t, "access-1", access(t, r))
		s.failing(full)

		require.ErrorIs(t, replace(t.Context(), r, v.token(5)), full)

		assert.Equal(t, "access-1", access(t, r))
	})
}

func TestBadInputIsRefused(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v := new(vendor)
		r := auth.NewRefresher(auth.Options{Refresh: v.refresh})
		done, cancel := context.WithCancel(t.Context())
		cancel()
		var none context.Context

		_, err := r.Token(none)
		require.ErrorIs(t, err, auth.ErrNoContext)
		_, err = r.Token(done)
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorIs(t, replace(done, r, v.token(1)), context.Canceled)
		require.ErrorIs(t, replace(none, r, v.token(1)), auth.ErrNoContext)
		assert.Empty(t, v.calls())
	})
}

func TestEmptyNewTokensAreErrors(t *testing.T) {
	t.Parallel()
	for name, token := range map[string]*oauth2.Token{"nil": nil, "empty": {RefreshToken: "r"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachWay(t, func(t *testing.T, spends *auth.Spends) {
				s := newStore()
				s.put(t, expiredSeed())
				r := auth.NewRefresher(auth.Options{Store: s, Key: key, Spends: spends, Refresh: func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
					return token, nil
				}})

				_, err := r.Token(t.Context())

				require.ErrorIs(t, err, auth.ErrNoToken)
				assert.Equal(t, expiredSeed(), s.get(t))
			})
		})
	}
}

func TestTokenThatCannotBeRenewed(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := newStore()
		s.put(t, &oauth2.Token{AccessToken: "a", Expiry: time.Now().Add(time.Hour)})
		r := auth.NewRefresher(auth.Options{Store: s, Key: key})

		assert.Equal(t, "a", access(t, r))
		time.Sleep(time.Hour)
		_, err := r.Token(t.Context())

		require.ErrorIs(t, err, auth.ErrNoToken)
		assert.EqualError(t, err, `auth: no token: the one of "store-1" is missing or expired and cannot be renewed`)
	})
}

func TestRefreshMayChangeWhatItIsGiven(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := newStore()
		s.put(t, &oauth2.Token{RefreshToken: "r"})
		calls := 0
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Spends: spends(), Refresh: func(_ context.Context, current *oauth2.Token) (*oauth2.Token, error) {
			calls++
			current.RefreshToken = "changed"
			return nil, errLost
		}})

		for range 2 {
			_, err := r.Token(t.Context())
			require.ErrorIs(t, err, errLost)
		}

		assert.Equal(t, 1, calls)
		assert.Regexp(t, ":r$", s.get(t).RefreshToken)
	})
}

// A goroutine that ends within Refresh must not leave the others waiting.
func TestFlightThatDoesNotReturn(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := auth.NewRefresher(auth.Options{Refresh: func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
			runtime.Goexit()
			return nil, nil
		}})

		_, err := r.Token(t.Context())

		require.EqualError(t, err, "auth: what keeps or renews the token did not return")
	})
}
