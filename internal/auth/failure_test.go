package auth_test

import (
	"context"
	"errors"
	"strings"
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

// Nobody knows whose it is that stands in the store by now, also when it has expired.
func TestUnsavedPairIsSavedOnlyOverTheOneThatItReplaces(t *testing.T) {
	t.Parallel()
	for name, now := range map[string]oauth2.Token{
		"another refresh token": {AccessToken: "old", RefreshToken: "theirs"},
		"another access token":  {AccessToken: "theirs", RefreshToken: "seed"},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				v, s := new(vendor), newStore()
				s.put(t, expiredSeed())
				s.failing(errFull)
				r := auth.NewRefresher(auth.Options{Store: s, Key: key, Refresh: v.refresh})
				_, err := r.Token(t.Context())
				require.ErrorIs(t, err, errFull)

				s.update = nil
				now.Expiry = time.Now()
				s.put(t, &now)

				assert.Equal(t, "access-2", access(t, r))
				assert.Equal(t, []string{"seed", now.RefreshToken}, v.calls())
			})
		})
	}
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
			require.NoError(t, replace(t.Context(), r, seed()))
			assert.Equal(t, "access-2", access(t, r))
			assert.Equal(t, []string{"seed", "seed"}, v.calls())
		})
	})
}

var (
	errInDoubt = errors.New("install the app again")
	errRefused = errors.New("invalid grant")
)

// spends is a vendor that revokes everything when a refresh token comes twice.
func spends() *auth.Spends {
	return &auth.Spends{
		Lost:    func(err error) bool { return errors.Is(err, errLost) },
		Refused: func(err error) bool { return errors.Is(err, errRefused) },
		InDoubt: errInDoubt,
	}
}

func TestLostRefreshIsNotRepeated(t *testing.T) {
	t.Parallel()
	lost := errors.Join(errors.New("connection reset"), errLost)
	start := func(t *testing.T, answers ...error) (*vendor, *store, auth.Options) {
		v, s := &vendor{answers: answers}, newStore()
		s.put(t, &oauth2.Token{RefreshToken: "seed", AccessToken: "old", Expiry: time.Now()})
		return v, s, auth.Options{Store: s, Key: key, Refresh: v.refresh, Spends: spends()}
	}
	fails := func(t *testing.T, r *auth.Refresher, with error) {
		t.Helper()
		_, err := r.Token(t.Context())
		require.ErrorIs(t, err, with)
	}
	t.Run("by the one who sent it", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, _, o := start(t, lost)
			r := auth.NewRefresher(o)
			fails(t, r, errLost)
			time.Sleep(24 * time.Hour)
			fails(t, r, errLost)
			assert.Equal(t, []string{"seed"}, v.calls())
		})
	})
	t.Run("by another process, which waits for as long as it can be under way", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, s, o := start(t, lost)
			fails(t, auth.NewRefresher(o), errLost)
			began := time.Now()
			fails(t, auth.NewRefresher(o), errInDoubt)
			assert.Equal(t, auth.DefaultFlightTimeout, time.Since(began).Truncate(time.Second))
			fails(t, auth.NewRefresher(o), errInDoubt)
			assert.Equal(t, auth.DefaultFlightTimeout+5*time.Second, time.Since(began).Truncate(time.Second), "it is not waited for twice, but looked at")
			assert.Equal(t, []string{"seed"}, v.calls())
			assert.Regexp(t, "^souk-sent:[0-9]+:[A-Z2-7]{16}:seed$", s.get(t).RefreshToken)
			assert.Equal(t, "old", s.get(t).AccessToken)
		})
	})
	t.Run("also where a clock is an hour ahead", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, s, o := start(t)
			s.put(t, auth.Mark(&oauth2.Token{RefreshToken: "seed", AccessToken: "old", Expiry: time.Now()}, time.Now().Add(time.Hour)))
			began := time.Now()
			fails(t, auth.NewRefresher(o), errInDoubt)
			assert.Equal(t, auth.DefaultFlightTimeout, time.Since(began))
			assert.Empty(t, v.calls())
		})
	})
	t.Run("which is not waited for longer than it can be under way", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, s, o := start(t)
			s.put(t, auth.Mark(&oauth2.Token{RefreshToken: "seed", AccessToken: "old", Expiry: time.Now()}, time.Now().Add(-time.Minute)))
			began := time.Now()
			fails(t, auth.NewRefresher(o), errInDoubt)
			assert.Equal(t, auth.DefaultFlightTimeout-time.Minute, time.Since(began))
			assert.Empty(t, v.calls())
		})
	})
	t.Run("and one under way is waited for where a clock is an hour behind", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, s, o := start(t)
			s.put(t, auth.Mark(&oauth2.Token{RefreshToken: "seed", AccessToken: "old", Expiry: time.Now()}, time.Now().Add(-time.Hour)))
			time.AfterFunc(4*time.Second, func() { s.put(t, v.token(9)) })
			assert.Equal(t, "access-9", access(t, auth.NewRefresher(o)))
			assert.Empty(t, v.calls())
		})
	})
	t.Run("but a refusal may be", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			busy := errors.New("busy")
			v, s, o := start(t, busy)
			r := auth.NewRefresher(o)
			fails(t, r, busy)
			assert.Equal(t, "seed", s.get(t).RefreshToken, "the mark is taken back")
			assert.Equal(t, "access-1", access(t, r))
			assert.Equal(t, []string{"seed", "seed"}, v.calls())
		})
	})
	t.Run("and a final one is not", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, s, o := start(t, errRefused)
			r := auth.NewRefresher(o)
			fails(t, r, errRefused)
			fails(t, r, errRefused)
			assert.Equal(t, []string{"seed"}, v.calls())
			s.put(t, &oauth2.Token{RefreshToken: "other", AccessToken: "old", Expiry: time.Now()})
			assert.Equal(t, "access-1", access(t, r))
		})
	})
	t.Run("but another token of the store is used", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, s, o := start(t, lost)
			r := auth.NewRefresher(o)
			fails(t, r, errLost)
			s.put(t, v.token(9))
			assert.Equal(t, "access-9", access(t, r))
		})
	})
	t.Run("but another token that has expired is renewed", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, s, o := start(t, lost)
			r := auth.NewRefresher(o)
			fails(t, r, errLost)
			s.put(t, &oauth2.Token{AccessToken: "b", RefreshToken: "other", Expiry: time.Now()})
			assert.Equal(t, "access-1", access(t, r))
			assert.Equal(t, []string{"seed", "other"}, v.calls())
		})
	})
	t.Run("unless Replace says that it may", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, _, o := start(t, lost)
			r := auth.NewRefresher(o)
			fails(t, r, errLost)
			_, err := r.Replace(t.Context(), func(stored *oauth2.Token) *oauth2.Token { return stored })
			require.NoError(t, err)
			assert.Equal(t, "access-1", access(t, r))
			assert.Equal(t, []string{"seed", "seed"}, v.calls())
		})
	})
	t.Run("unless somebody decides so", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, s, o := start(t, lost)
			r := auth.NewRefresher(o)
			fails(t, r, errLost)
			token, err := auth.NewRefresher(o).Retry(t.Context())
			require.NoError(t, err)
			assert.Equal(t, "access-1", token.AccessToken)
			assert.Equal(t, "refresh-1", s.get(t).RefreshToken)
			assert.Equal(t, []string{"seed", "seed"}, v.calls())
			assert.Equal(t, "access-1", access(t, r))
		})
	})
	t.Run("which is not done while it can be under way", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, s, o := start(t)
			v.takes = time.Minute
			began := time.Now()
			go func() { _, _ = auth.NewRefresher(o).Token(t.Context()) }()
			time.Sleep(time.Second)
			token, err := auth.NewRefresher(o).Retry(t.Context())
			require.NoError(t, err)
			assert.Equal(t, "access-1", token.AccessToken)
			assert.Equal(t, "refresh-1", s.get(t).RefreshToken)
			assert.LessOrEqual(t, time.Since(began), time.Minute+time.Second)
			assert.Equal(t, []string{"seed"}, v.calls())
		})
	})
	t.Run("which is done although the access token looks good", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, s, o := start(t)
			s.put(t, auth.Mark(&oauth2.Token{RefreshToken: "seed", AccessToken: "old", Expiry: time.Now().Add(time.Hour)}, time.Unix(1, 0)))
			token, err := auth.NewRefresher(o).Retry(t.Context())
			require.NoError(t, err)
			assert.Equal(t, "access-1", token.AccessToken)
			assert.Equal(t, []string{"seed"}, v.calls())
		})
	})
	t.Run("unless the vendor allows it", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, _, o := start(t, lost)
			o.Spends = nil
			r := auth.NewRefresher(o)
			fails(t, r, errLost)
			assert.Equal(t, "access-1", access(t, r))
			assert.Equal(t, []string{"seed", "seed"}, v.calls())
		})
	})
}

// Only what the SDK writes itself is a mark. A vendor's refresh token may begin in the
// same way, and is sent as it is.
func TestARefreshTokenThatLooksLikeAMarkIsNone(t *testing.T) {
	whole := auth.Mark(&oauth2.Token{RefreshToken: "seed"}, time.Unix(1, 0)).RefreshToken
	require.Regexp(t, "^souk-sent:1:[A-Z2-7]{16}:seed$", whole)
	for _, refresh := range []string{
		"souk-sent:", "souk-sent:x", whole[:27], whole[:28], strings.Replace(whole, ":1:", ":-1:", 1), strings.Replace(whole, ":1:", ":+1:", 1),
		strings.Replace(whole, ":1:", "::", 1), "souk-sent:1::seed", strings.ToLower(whole), strings.Replace(whole, ":seed", "A:seed", 1),
		" " + whole, strings.Replace(whole, ":1:", ":99999999999999999999:", 1), "x\n" + whole,
		"souk-sent:1767225600:ABCDEFGH:seed", "souk-sent:1767225600:ABCDEFGHABCDEFGH:seed", whole + "s", strings.TrimSuffix(whole, "d"),
	} {
		t.Run(refresh, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				v, s := &vendor{}, newStore()
				s.put(t, &oauth2.Token{RefreshToken: refresh, AccessToken: "old", Expiry: time.Now()})
				r := auth.NewRefresher(auth.Options{Store: s, Key: key, Refresh: v.refresh, Spends: spends()})
				assert.Equal(t, "access-1", access(t, r))
				assert.Equal(t, []string{refresh}, v.calls())
			})
		})
	}
}

// Where refresh tokens can be sent twice there are no marks.
func TestWhereNothingIsMarkedAMarkIsARefreshToken(t *testing.T) {
	bubble(t, func(t *testing.T) {
		refresh := auth.Mark(&oauth2.Token{RefreshToken: "seed"}, time.Unix(1, 0)).RefreshToken
		v, s := &vendor{}, newStore()
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Refresh: v.refresh})
		require.NoError(t, replace(t.Context(), r, &oauth2.Token{RefreshToken: refresh, AccessToken: "old", Expiry: time.Now()}))
		assert.Equal(t, refresh, s.get(t).RefreshToken)

		other := auth.NewRefresher(auth.Options{Store: s, Key: key, Refresh: v.refresh})
		assert.Equal(t, "access-1", access(t, other))
		assert.Equal(t, []string{refresh}, v.calls())
	})
}

// A mark that a store kept while its refresh went on elsewhere leads to what that
// brought.
func TestAnotherProcessIsWaitedFor(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v, s := &vendor{takes: 20 * time.Second}, newStore()
		s.put(t, &oauth2.Token{RefreshToken: "seed", AccessToken: "old", Expiry: time.Now()})
		o := auth.Options{Store: s, Key: key, Refresh: v.refresh, Spends: spends()}
		var callers sync.WaitGroup
		for range 3 {
			callers.Go(func() {
				r := auth.NewRefresher(o)
				assert.Equal(t, "access-1", access(t, r))
			})
		}
		began := time.Now()
		callers.Wait()
		assert.Equal(t, []string{"seed"}, v.calls())
		assert.LessOrEqual(t, time.Since(began), 21*time.Second)
	})
}

// The vendor is asked with no lock held, so that a store with one lock for all of
// its keys serves others meanwhile.
func TestNoLockIsHeldWhileTheVendorIsAsked(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := newStore()
		s.put(t, &oauth2.Token{RefreshToken: "seed", AccessToken: "old", Expiry: time.Now()})
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Spends: spends(), Refresh: func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
			assert.NoError(t, s.Update(ctx, key, returning(nil, nil)))
			assert.Equal(t, "seed", current.RefreshToken)
			return &oauth2.Token{AccessToken: "new", RefreshToken: "next"}, nil
		}})
		assert.Equal(t, "new", access(t, r))
		assert.Equal(t, "next", s.get(t).RefreshToken)
	})
}

// What a person has saved meanwhile wins.
func TestANewInstallationWinsOverARefresh(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := newStore()
		s.put(t, &oauth2.Token{RefreshToken: "seed", AccessToken: "old", Expiry: time.Now()})
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Spends: spends(), Refresh: func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
			s.put(t, &oauth2.Token{AccessToken: "installed", RefreshToken: "again"})
			return &oauth2.Token{AccessToken: "new", RefreshToken: "next"}, nil
		}})
		assert.Equal(t, "installed", access(t, r))
		assert.Equal(t, "again", s.get(t).RefreshToken)
	})
}

// So does what a person has deleted.
func TestATokenThatWasDeletedMeanwhileDoesNotComeBack(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v, s := new(vendor), newStore()
		s.put(t, &oauth2.Token{RefreshToken: "seed", AccessToken: "old", Expiry: time.Now()})
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Spends: spends(), Refresh: func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
			if current == nil {
				return nil, errRefused
			}
			assert.NoError(t, s.Delete(ctx, key))
			return v.refresh(ctx, current)
		}})
		_, err := r.Token(t.Context())
		require.ErrorIs(t, err, errRefused)
		assert.Nil(t, s.get(t))
	})
}

// A store that puts back what it had before loses a mark, and no pair.
func TestAPairIsSavedOverOneThatLostItsMark(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v, s := new(vendor), newStore()
		before := &oauth2.Token{RefreshToken: "seed", AccessToken: "old", Expiry: time.Now()}
		s.put(t, before)
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Spends: spends(), Refresh: func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
			s.put(t, before)
			return v.refresh(ctx, current)
		}})
		assert.Equal(t, "access-1", access(t, r))
		assert.Equal(t, "refresh-1", s.get(t).RefreshToken)
	})
}

// A refresh that could not be waited for is not begun.
func TestNoRefreshBeginsWhenItsTimeIsOver(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v, s := new(vendor), newStore()
		before := &oauth2.Token{RefreshToken: "seed", AccessToken: "old", Expiry: time.Now()}
		s.put(t, before)
		s.update = func(_ context.Context, save func() error) error {
			time.Sleep(2*auth.DefaultFlightTimeout - time.Second)
			return save()
		}
		_, err := auth.NewRefresher(auth.Options{Store: s, Key: key, Spends: spends(), Refresh: v.refresh}).Token(t.Context())
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, "seed", s.get(t).RefreshToken)
		assert.Empty(t, v.calls())
	})
}

func TestAMarkedPairThatCouldNotBeSavedIsSavedLater(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v, s := new(vendor), newStore()
		s.put(t, &oauth2.Token{RefreshToken: "seed", AccessToken: "old", Expiry: time.Now()})
		refresh := func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
			s.failing(errFull)
			return v.refresh(ctx, current)
		}
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Refresh: refresh, Spends: spends()})

		token, err := r.Token(t.Context())

		require.ErrorIs(t, err, errFull)
		assert.Equal(t, "access-1", token.AccessToken, "the pair comes with the error")
		_, err = r.Token(t.Context())
		require.ErrorIs(t, err, errFull)
		s.update = nil
		assert.Equal(t, "access-1", access(t, r))
		assert.Equal(t, "refresh-1", s.get(t).RefreshToken)
		assert.Equal(t, []string{"seed"}, v.calls())
	})
}

// Nobody waits long for a renewal while the token at hand does.
func TestASlowRenewalHoldsUpNobodyWhoseTokenWorks(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v, s := &vendor{life: time.Hour, takes: time.Minute}, newStore()
		s.put(t, v.token(7))
		time.Sleep(55 * time.Minute)
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Early: 10 * time.Minute, Refresh: v.refresh})
		began := time.Now()
		assert.Equal(t, "access-7", access(t, r), "the store's, of which this process has known nothing")
		assert.Equal(t, 5*time.Second, time.Since(began))
		time.Sleep(time.Minute)
		assert.Equal(t, "access-1", access(t, r))

		time.Sleep(55 * time.Minute)
		began = time.Now()
		assert.Equal(t, "access-1", access(t, r))
		assert.Equal(t, 5*time.Second, time.Since(began))
		time.Sleep(time.Minute)
		assert.Equal(t, "access-2", access(t, r))
	})
}

// Whoever has little time waits for half of it, so that the other half is left to use the
// token.
func TestASlowRenewalLeavesTimeToACallerWhoHasLittle(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v, s := &vendor{life: time.Hour, takes: time.Minute}, newStore()
		s.put(t, v.token(7))
		time.Sleep(55 * time.Minute)
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Early: 10 * time.Minute, Refresh: v.refresh})
		for range 2 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			began := time.Now()

			token, err := r.Token(ctx)

			require.NoError(t, err)
			assert.Equal(t, "access-7", token.AccessToken)
			assert.Equal(t, time.Second/2, time.Since(began))
		}
		time.Sleep(5 * time.Minute)
		assert.Equal(t, "access-1", access(t, r))
		assert.Len(t, v.calls(), 1)
	})
}

// A token that has run out is waited for to the end.
func TestASlowRenewalOfATokenThatHasRunOutIsWaitedFor(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v, s := &vendor{life: time.Hour, takes: 8 * time.Second}, newStore()
		s.put(t, v.token(7))
		time.Sleep(61 * time.Minute)
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Early: 10 * time.Minute, Refresh: v.refresh})
		ctx, cancel := context.WithTimeout(t.Context(), 9*time.Second)
		defer cancel()

		token, err := r.Token(ctx)

		require.NoError(t, err)
		assert.Equal(t, "access-1", token.AccessToken)
	})
}

func TestTokenAtHandDoesWhileARefreshFailsForAWhile(t *testing.T) {
	t.Parallel()
	busy, refused := errors.New("busy"), errors.New("refused")
	start := func(t *testing.T, answers ...error) (*vendor, *auth.Refresher) {
		v, s := &vendor{life: time.Hour, answers: answers}, newStore()
		s.put(t, v.token(7))
		time.Sleep(50 * time.Minute)
		return v, auth.NewRefresher(auth.Options{Store: s, Key: key, Early: 10 * time.Minute, Refresh: v.refresh})
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
	t.Run("also when the failure is final", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			_, r := start(t, refused)
			assert.Equal(t, "access-7", access(t, r))
		})
	})
	t.Run("but not when there is none", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v := &vendor{answers: []error{busy}}
			r := auth.NewRefresher(auth.Options{Refresh: v.refresh})
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
		check(auth.Options{Refresh: lose}, whole)
		check(auth.Options{Refresh: lose, Spends: spends()}, whole)
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
