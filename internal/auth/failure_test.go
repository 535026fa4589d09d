package auth_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk/internal/auth"
	"github.com/souk-go/souk/internal/testkit"
)

var errFull = errors.New("disk full")

func TestPairThatCouldNotBeSavedIsSavedLater(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v, s := new(vendor), newStore()
		s.failing(errFull)
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Refresh: v.refresh})

		for range 2 { // nobody gets a token that is not saved
			_, err := r.Token(t.Context())
			require.ErrorIs(t, err, errFull)
			assert.EqualError(t, err, `auth: update token "store-1": disk full`)
			assert.Nil(t, s.get(t))
		}
		s.update = nil
		assert.Equal(t, "access-1", access(t, r))

		assert.Equal(t, "refresh-1", s.get(t).RefreshToken)
		assert.Len(t, v.calls(), 1)
	})
}

func TestUnsavedPairGivesWayToTheOneOfAnotherProcess(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v, s := new(vendor), newStore()
		s.failing(errFull)
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Refresh: v.refresh})
		_, err := r.Token(t.Context())
		require.ErrorIs(t, err, errFull)

		s.update = nil
		s.put(t, v.token(9))

		assert.Equal(t, "access-9", access(t, r))
		assert.Equal(t, "access-9", s.get(t).AccessToken)
	})
}

func TestUnsavedPairThatExpiresIsTheOneThatIsRenewed(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v, s := &vendor{life: time.Hour}, newStore()
		s.put(t, &oauth2.Token{RefreshToken: "seed"})
		s.failing(errFull)
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Refresh: v.refresh})
		_, err := r.Token(t.Context())
		require.ErrorIs(t, err, errFull)

		time.Sleep(2 * time.Hour)
		s.update = nil

		assert.Equal(t, "access-2", access(t, r))
		assert.Equal(t, []string{"seed", "refresh-1"}, v.calls())
	})
}

// Who puts an older pair back, be it the store or Set, is believed.
func TestUnsavedPairIsForgottenOnceItHasServed(t *testing.T) {
	t.Parallel()
	seed := func() *oauth2.Token {
		return &oauth2.Token{AccessToken: "old", RefreshToken: "seed", Expiry: time.Now()}
	}
	start := func(t *testing.T) (*vendor, *store, *auth.Refresher) {
		v, s := new(vendor), newStore()
		s.put(t, seed())
		s.failing(errFull)
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Refresh: v.refresh})
		_, err := r.Token(t.Context())
		require.ErrorIs(t, err, errFull)
		s.update = nil
		return v, s, r
	}
	t.Run("in the store", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, s, r := start(t)
			first, err := r.Token(t.Context())
			require.NoError(t, err)
			s.put(t, seed())
			r.Invalidate(first)
			assert.Equal(t, "access-2", access(t, r))
			assert.Equal(t, []string{"seed", "seed"}, v.calls())
		})
	})
	t.Run("in Set", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, _, r := start(t)
			require.NoError(t, r.Set(t.Context(), seed()))
			assert.Equal(t, "access-2", access(t, r))
			assert.Equal(t, []string{"seed", "seed"}, v.calls())
		})
	})
}

func TestLostRefreshIsNotRepeated(t *testing.T) {
	t.Parallel()
	lost := errors.Join(errors.New("connection reset"), errLost)
	start := func(t *testing.T) (*vendor, *store, auth.Options) {
		v, s := &vendor{answers: []error{lost}}, newStore()
		s.put(t, &oauth2.Token{RefreshToken: "seed", AccessToken: "old", Expiry: time.Now()})
		return v, s, auth.Options{Store: s, Key: key, Refresh: v.refresh, Unknown: errLost}
	}
	fails := func(t *testing.T, r *auth.Refresher) {
		t.Helper()
		_, err := r.Token(t.Context())
		require.ErrorIs(t, err, errLost)
	}
	t.Run("by the one who sent it", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, _, o := start(t)
			r := auth.NewRefresher(o)
			fails(t, r)
			time.Sleep(24 * time.Hour)
			fails(t, r)
			assert.Equal(t, []string{"seed"}, v.calls())
		})
	})
	t.Run("by another process", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, s, o := start(t)
			fails(t, auth.NewRefresher(o))
			fails(t, auth.NewRefresher(o))
			assert.Equal(t, []string{"seed"}, v.calls())
			assert.Equal(t, "seed", s.get(t).RefreshToken, "somebody may look into it")
		})
	})
	t.Run("when the store forgets the mark", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, s, o := start(t)
			s.edit = func(t *oauth2.Token) { t.ExpiresIn = 0 }
			r := auth.NewRefresher(o)
			fails(t, r)
			fails(t, r)
			assert.Equal(t, []string{"seed"}, v.calls())
		})
	})
	t.Run("when the store fails", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, s, o := start(t)
			s.failing(errFull)
			r := auth.NewRefresher(o)
			fails(t, r)
			fails(t, r)
			assert.Equal(t, []string{"seed"}, v.calls())
		})
	})
	t.Run("but another token of the store is used", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, s, o := start(t)
			r := auth.NewRefresher(o)
			fails(t, r)
			s.put(t, v.token(9))
			assert.Equal(t, "access-9", access(t, r))
		})
	})
	t.Run("but another token that has expired is renewed", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, s, o := start(t)
			r := auth.NewRefresher(o)
			fails(t, r)
			s.put(t, &oauth2.Token{AccessToken: "b", RefreshToken: "other", Expiry: time.Now()})
			assert.Equal(t, "access-1", access(t, r))
			assert.Equal(t, []string{"seed", "other"}, v.calls())
		})
	})
	t.Run("unless Set says that it may", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, s, o := start(t)
			r := auth.NewRefresher(o)
			fails(t, r)
			require.NoError(t, r.Set(t.Context(), s.get(t)))
			assert.Equal(t, "access-1", access(t, r))
			assert.Equal(t, []string{"seed", "seed"}, v.calls())
			assert.Zero(t, s.get(t).ExpiresIn)
		})
	})
	t.Run("unless there was nothing to use up", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, s, o := start(t)
			s.put(t, &oauth2.Token{AccessToken: "old", Expiry: time.Now()})
			r := auth.NewRefresher(o)
			fails(t, r)
			assert.Equal(t, "access-1", access(t, r))
			assert.Len(t, v.calls(), 2)
		})
	})
	t.Run("unless the vendor allows it", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, _, o := start(t)
			o.Unknown = nil
			r := auth.NewRefresher(o)
			fails(t, r)
			assert.Equal(t, "access-1", access(t, r))
			assert.Equal(t, []string{"seed", "seed"}, v.calls())
		})
	})
}

func TestTokenAtHandDoesWhileARefreshFailsForAWhile(t *testing.T) {
	t.Parallel()
	busy, refused := errors.New("busy"), errors.New("refused")
	start := func(t *testing.T, answers ...error) (*vendor, *auth.Refresher) {
		v, s := &vendor{life: time.Hour, answers: answers}, newStore()
		s.put(t, v.token(7))
		time.Sleep(50 * time.Minute)
		return v, auth.NewRefresher(auth.Options{
			Store: s, Key: key, Early: 10 * time.Minute, Refresh: v.refresh,
			Transient: func(err error) bool { return errors.Is(err, busy) },
		})
	}
	t.Run("and it is tried again each minute", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, r := start(t, busy, busy)
			assert.Equal(t, "access-7", access(t, r))
			time.Sleep(time.Minute - 1)
			assert.Equal(t, "access-7", access(t, r))
			assert.Len(t, v.calls(), 1)
			time.Sleep(time.Nanosecond)
			assert.Equal(t, "access-7", access(t, r))
			assert.Len(t, v.calls(), 2)
			time.Sleep(time.Minute)
			assert.Equal(t, "access-1", access(t, r))
		})
	})
	t.Run("but not beyond its expiry", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			_, r := start(t, busy, busy)
			time.Sleep(9*time.Minute + 30*time.Second)
			assert.Equal(t, "access-7", access(t, r))
			time.Sleep(30 * time.Second)
			_, err := r.Token(t.Context())
			require.ErrorIs(t, err, busy)
		})
	})
	t.Run("but not once the server refused it", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			_, r := start(t, busy, busy)
			token, err := r.Token(t.Context())
			require.NoError(t, err)
			r.Invalidate(token)
			_, err = r.Token(t.Context())
			require.ErrorIs(t, err, busy)
		})
	})
	t.Run("but not when the failure is final", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			_, r := start(t, refused)
			_, err := r.Token(t.Context())
			require.ErrorIs(t, err, refused)
		})
	})
	t.Run("but not when there is none", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v := &vendor{answers: []error{busy}}
			r := auth.NewRefresher(auth.Options{Refresh: v.refresh, Transient: func(error) bool { return true }})
			_, err := r.Token(t.Context())
			require.ErrorIs(t, err, busy)
		})
	})
}

func TestStoreThatFails(t *testing.T) {
	t.Parallel()
	t.Run("to load", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, s := new(vendor), newStore()
			s.load = func(context.Context) error { return errFull }
			r := auth.NewRefresher(auth.Options{Store: s, Key: key, Refresh: v.refresh})
			_, err := r.Token(t.Context())
			require.ErrorIs(t, err, errFull)
			assert.EqualError(t, err, `auth: load token "store-1": disk full`)
			assert.Empty(t, v.calls())
		})
	})
	t.Run("to lock", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, s := new(vendor), newStore()
			s.update = func(context.Context, func() error) error { return errFull }
			r := auth.NewRefresher(auth.Options{Store: s, Key: key, Refresh: v.refresh})
			_, err := r.Token(t.Context())
			require.ErrorIs(t, err, errFull)
			assert.Empty(t, v.calls())
		})
	})
	t.Run("to call", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, s := new(vendor), newStore()
			s.update = func(context.Context, func() error) error { return nil }
			r := auth.NewRefresher(auth.Options{Store: s, Key: key, Refresh: v.refresh})
			_, err := r.Token(t.Context())
			require.EqualError(t, err, `auth: the store did not update token "store-1"`)
		})
	})
	t.Run("to call once only", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, s := new(vendor), newStore()
			s.update = func(ctx context.Context, save func() error) error {
				_ = s.discard(ctx, save, errFull)
				return save()
			}
			r := auth.NewRefresher(auth.Options{Store: s, Key: key, Refresh: v.refresh})
			assert.Equal(t, "access-1", access(t, r))
			assert.Equal(t, "access-1", s.get(t).AccessToken)
			assert.Len(t, v.calls(), 1)
		})
	})
	t.Run("to answer", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, s := new(vendor), newStore()
			s.load = func(ctx context.Context) error {
				<-ctx.Done()
				return ctx.Err()
			}
			r := auth.NewRefresher(auth.Options{Store: s, Key: key, Refresh: v.refresh})
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			start := time.Now()
			_, err := r.Token(ctx)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			assert.Equal(t, time.Second, time.Since(start))
			_, err = r.Token(t.Context()) // until the flight ends
			require.ErrorIs(t, err, context.DeadlineExceeded)
			assert.Less(t, time.Since(start), 3*time.Minute)
		})
	})
}

func TestErrorsHoldNoToken(t *testing.T) {
	bubble(t, func(t *testing.T) {
		canary := testkit.NewCanary()
		planted := &oauth2.Token{AccessToken: canary.Token, RefreshToken: canary.RefreshToken, Expiry: time.Now()}
		check := func(o auth.Options, spoil func(s *store)) {
			s := newStore()
			s.put(t, planted)
			spoil(s)
			o.Store, o.Key = s, key
			r := auth.NewRefresher(o)
			for range 2 {
				_, err := r.Token(t.Context())
				require.Error(t, err)
				canary.CheckError(t, err)
			}
		}
		whole := func(*store) {}
		issue := func(context.Context, *oauth2.Token) (*oauth2.Token, error) { return planted, nil }
		lose := func(context.Context, *oauth2.Token) (*oauth2.Token, error) { return nil, errLost }
		empty := func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
			return &oauth2.Token{RefreshToken: canary.RefreshToken}, nil
		}

		check(auth.Options{}, whole)
		check(auth.Options{Refresh: empty}, whole)
		check(auth.Options{Refresh: lose, Unknown: errLost}, whole)
		check(auth.Options{Refresh: issue}, func(s *store) { s.failing(errFull) })
	})
}

func TestAPanicOfARefreshReachesEveryCallerAndTheNextOneGoesOn(t *testing.T) {
	bubble(t, func(t *testing.T) {
		broken := true
		r := auth.NewRefresher(auth.Options{Refresh: func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
			time.Sleep(time.Second) // the bubble's: so that both callers wait
			if broken {
				panic("boom")
			}
			return &oauth2.Token{AccessToken: "a"}, nil
		}})
		var callers sync.WaitGroup
		for range 2 {
			callers.Go(func() {
				assert.PanicsWithValue(t, "boom", func() { _, _ = r.Token(t.Context()) })
			})
		}
		callers.Wait()

		broken = false
		token, err := r.Token(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "a", token.AccessToken)
	})
}
