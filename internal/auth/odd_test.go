package auth_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk/internal/auth"
	"github.com/souk-go/souk/internal/percall"
)

// eachWay runs f for vendors whose refresh tokens can be sent again, and for those who
// take them once.
func eachWay(t *testing.T, f func(t *testing.T, spends *auth.Spends)) {
	t.Helper()
	for name, s := range map[string]*auth.Spends{"plain": nil, "spends": spends()} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) { f(t, s) })
		})
	}
}

func expiredSeed() *oauth2.Token {
	return &oauth2.Token{AccessToken: "old", RefreshToken: "seed", Expiry: time.Now()}
}

// A vendor may send the pair again that it was sent, with another expiry.
func TestTheSamePairAgainIsUsed(t *testing.T) {
	eachWay(t, func(t *testing.T, spends *auth.Spends) {
		var calls int
		s := newStore()
		s.put(t, expiredSeed())
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Spends: spends, Early: 10 * time.Minute, Refresh: func(_ context.Context, current *oauth2.Token) (*oauth2.Token, error) {
			calls++
			current.Expiry = time.Now().Add(time.Hour)
			return current, nil
		}})
		for n := range 3 {
			require.Equal(t, "old", access(t, r))
			require.Equal(t, "old", access(t, r))
			assert.Equal(t, n+1, calls)
			assert.Equal(t, "seed", s.get(t).RefreshToken)
			time.Sleep(55 * time.Minute)
		}
		time.Sleep(10 * time.Minute)

		if spends != nil {
			return // the mark comes first
		}
		s.failing(errors.New("full"))
		token, err := r.Token(t.Context())
		require.ErrorContains(t, err, "full")
		assert.Equal(t, "old", token.AccessToken, "it comes with the error")
	})
}

// noContext calls the function of Update without a context.
type noContext struct{ auth.Store }

func (s noContext) Update(ctx context.Context, key string, f func(context.Context, *oauth2.Token) (*oauth2.Token, error)) error {
	return s.Store.Update(ctx, key, func(_ context.Context, current *oauth2.Token) (*oauth2.Token, error) {
		var none context.Context
		return f(none, current)
	})
}

func TestAStoreThatPassesNoContext(t *testing.T) {
	eachWay(t, func(t *testing.T, spends *auth.Spends) {
		v, s := &vendor{life: time.Hour}, newStore()
		s.put(t, expiredSeed())
		r := auth.NewRefresher(auth.Options{Store: noContext{s}, Key: key, Spends: spends, Refresh: v.refresh})
		assert.Equal(t, "access-1", access(t, r))

		s.put(t, &oauth2.Token{AccessToken: "old"})
		r = auth.NewRefresher(auth.Options{Store: noContext{s}, Key: key, Spends: spends, Refresh: func(ctx context.Context, _ *oauth2.Token) (*oauth2.Token, error) {
			return nil, context.Cause(ctx) // there is one
		}})
		r.Invalidate(&oauth2.Token{AccessToken: "old"})
		_, err := r.Token(t.Context())
		require.ErrorIs(t, err, auth.ErrNoToken)
	})
}

// inPlace hands out its own memory, and writes the next token into it.
type inPlace struct {
	token  *oauth2.Token
	locked chan struct{}
}

func (s *inPlace) Load(context.Context, string) (*oauth2.Token, error) { return s.token, nil }

func (s *inPlace) Update(ctx context.Context, _ string, f func(context.Context, *oauth2.Token) (*oauth2.Token, error)) error {
	s.locked <- struct{}{}
	defer func() { <-s.locked }()
	t, err := f(ctx, s.token)
	if err == nil && t != nil {
		*s.token = *t
	}
	return err
}

func (s *inPlace) Delete(context.Context, string) error { return nil }

// A mark must not reach the vendor.
func TestAStoreThatUsesTheMemoryOfATokenAgain(t *testing.T) {
	eachWay(t, func(t *testing.T, spends *auth.Spends) {
		v, s := &vendor{life: time.Hour}, &inPlace{token: expiredSeed(), locked: make(chan struct{}, 1)}
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Spends: spends, Refresh: v.refresh})
		assert.Equal(t, "access-1", access(t, r))
		assert.Equal(t, []string{"seed"}, v.calls())

		held, err := r.Token(t.Context())
		require.NoError(t, err)
		loaded, err := auth.LoadWithin(t.Context(), s, key)
		require.NoError(t, err)
		*s.token = oauth2.Token{AccessToken: "later"}
		assert.Equal(t, "access-1", held.AccessToken)
		assert.Equal(t, "access-1", loaded.AccessToken)

		r = auth.NewRefresher(auth.Options{Store: s, Key: key, Spends: spends, Refresh: v.refresh})
		held, err = r.Token(t.Context())
		require.NoError(t, err)
		*s.token = oauth2.Token{AccessToken: "still later"}
		assert.Equal(t, "later", held.AccessToken)
	})
}

// A refresh locks the key twice: before it, and after.
func TestARefreshIsTwoUpdates(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v, s := &vendor{life: time.Hour}, newStore()
		s.put(t, expiredSeed())
		updates := 0
		s.update = func(_ context.Context, save func() error) error {
			updates++
			return save()
		}
		assert.Equal(t, "access-1", access(t, auth.NewRefresher(auth.Options{Store: s, Key: key, Spends: spends(), Refresh: v.refresh})))
		assert.Equal(t, 2, updates)
	})
}

// A server may repeat the token that was replaced.
func TestATokenThatWasRefusedIsASecretStill(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := newStore()
		s.put(t, &oauth2.Token{AccessToken: "first"})
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Secrets: []string{"app"}})
		require.Equal(t, "first", access(t, r))
		r.Invalidate(&oauth2.Token{AccessToken: "first"})
		s.put(t, &oauth2.Token{AccessToken: "second", RefreshToken: "r"})
		require.Equal(t, "second", access(t, r))
		assert.Subset(t, r.Secrets(), []string{"first", "second", "r", "app"})

		s.put(t, &oauth2.Token{AccessToken: "third", RefreshToken: "r3"})
		r.Invalidate(&oauth2.Token{AccessToken: "second"})
		require.Equal(t, "third", access(t, r))
		assert.Subset(t, r.Secrets(), []string{"first", "second", "r", "third", "r3", "app"}, "two renewals ago")
	})
}

func TestATokenThatWasRefusedBeforeItWasAskedFor(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v, s := new(vendor), newStore()
		s.put(t, &oauth2.Token{AccessToken: "old", RefreshToken: "seed"})
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Refresh: v.refresh})
		r.Invalidate(&oauth2.Token{AccessToken: "old"})
		assert.Equal(t, "access-1", access(t, r))
	})
}

func TestAMarkOfAClockBefore1970(t *testing.T) {
	t.Parallel()
	since, marked := auth.InDoubt(auth.Mark(&oauth2.Token{RefreshToken: "seed"}, time.Unix(-5, 0)))
	assert.True(t, marked)
	assert.Equal(t, int64(0), since.Unix())
}

// start returns a refresher of a vendor that spends refresh tokens, and what is behind it.
func startSpending(t *testing.T, answers ...error) (*vendor, *store, *auth.Refresher) {
	v, s := &vendor{life: time.Hour, answers: answers}, newStore()
	s.put(t, expiredSeed())
	return v, s, auth.NewRefresher(auth.Options{Store: s, Key: key, Refresh: v.refresh, Spends: spends()})
}

func TestRetrySendsWhatWasRefusedBefore(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v, _, r := startSpending(t, errRefused)
		for range 2 {
			_, err := r.Token(t.Context())
			require.ErrorIs(t, err, errRefused)
		}
		token, err := r.Retry(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "access-1", token.AccessToken)
		assert.Equal(t, []string{"seed", "seed"}, v.calls())
	})
}

// Somebody has decided about one token, and not about the one in its place.
func TestRetrySendsNoOtherTokenInDoubt(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s, sent := newStore(), []string{}
		s.put(t, auth.Mark(expiredSeed(), time.Now().Add(-time.Hour)))
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Spends: spends(), Refresh: func(_ context.Context, current *oauth2.Token) (*oauth2.Token, error) {
			sent = append(sent, current.RefreshToken)
			s.put(t, auth.Mark(&oauth2.Token{AccessToken: "b", RefreshToken: "other", Expiry: time.Now()}, time.Now().Add(-time.Hour)))
			return &oauth2.Token{AccessToken: "c", RefreshToken: "late"}, nil
		}})
		_, err := r.Retry(t.Context())
		require.ErrorIs(t, err, errInDoubt)
		assert.Equal(t, []string{"seed"}, sent)
	})
}

// What surely was not taken is not in doubt, even if its mark could not be taken back.
func TestAMarkThatCouldNotBeTakenBackIsNoDoubt(t *testing.T) {
	bubble(t, func(t *testing.T) {
		busy := errors.New("busy")
		v, s, r := startSpending(t, busy)
		updates := 0
		s.update = func(_ context.Context, save func() error) error {
			if updates++; updates == 2 {
				return errors.New("the store is down")
			}
			return save()
		}
		_, err := r.Token(t.Context())
		require.ErrorIs(t, err, busy)
		assert.Contains(t, s.get(t).RefreshToken, "souk-sent:")
		assert.Equal(t, "access-1", access(t, r))
		assert.Equal(t, []string{"seed", "seed"}, v.calls())
	})
}

// The mark says that a token was sent. One that was not is taken back.
func TestAMarkWhoseStoreCannotBeReadAgainIsTakenBack(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v, s, r := startSpending(t)
		updates, down := 0, errors.New("down")
		s.update = func(_ context.Context, save func() error) error {
			if updates++; updates == 2 {
				return down
			}
			return save()
		}
		s.load = func(context.Context) error {
			if updates > 0 {
				return down
			}
			return nil
		}
		_, err := r.Token(t.Context())
		require.ErrorIs(t, err, down)
		assert.Equal(t, "seed", s.get(t).RefreshToken)
		assert.Empty(t, v.calls())
	})
}

func TestTheMarkOfAnotherStays(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s, busy := newStore(), errors.New("busy")
		s.put(t, expiredSeed())
		theirs := auth.Mark(&oauth2.Token{AccessToken: "b", RefreshToken: "other", Expiry: time.Now()}, time.Now())
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Spends: spends(), Refresh: func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
			s.put(t, theirs)
			return nil, busy
		}})
		_, err := r.Token(t.Context())
		require.ErrorIs(t, err, busy)
		assert.Equal(t, theirs, s.get(t))
	})
}

// Nobody knows how far a refresh had come that panics.
func TestAPanicOfARefreshLeavesDoubt(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s, calls := newStore(), 0
		s.put(t, expiredSeed())
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Spends: spends(), Refresh: func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
			calls++
			panic("boom")
		}})
		assert.PanicsWithValue(t, "boom", func() { _, _ = r.Token(t.Context()) })
		_, err := r.Token(t.Context())
		require.ErrorIs(t, err, errInDoubt)
		assert.Equal(t, 1, calls)
	})
}

// Those who watch a refresh cannot lose its answer: it is saved before their panic
// reaches the callers.
func TestAPanicOfWhoWatchesARefreshLosesNoToken(t *testing.T) {
	eachWay(t, func(t *testing.T, spends *auth.Spends) {
		v, s := &vendor{life: time.Hour}, newStore()
		s.put(t, expiredSeed())
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Spends: spends, Refresh: func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
			watched(ctx)
			defer watched(ctx)
			return v.refresh(ctx, current)
		}})

		assert.PanicsWithValue(t, "boom", func() { _, _ = r.Token(t.Context()) })

		assert.Equal(t, "refresh-1", s.get(t).RefreshToken)
		assert.Equal(t, "access-1", access(t, r))
		assert.Equal(t, []string{"seed"}, v.calls())
	})
}

func watched(ctx context.Context) {
	defer percall.PanicsOf(ctx).Keep()
	panic("boom")
}

// A pair that a store was to save when it panicked is saved later.
func TestAPanicOfTheStoreLosesNoPair(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v, s := &vendor{life: time.Hour}, newStore()
		s.put(t, expiredSeed())
		s.update = func(ctx context.Context, save func() error) error {
			s.update = nil
			_ = s.discard(ctx, save, nil)
			panic("boom")
		}
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Refresh: v.refresh})
		assert.PanicsWithValue(t, "boom", func() { _, _ = r.Token(t.Context()) })

		assert.Equal(t, "access-1", access(t, r))

		assert.Equal(t, []string{"seed"}, v.calls())
		assert.Equal(t, "refresh-1", s.get(t).RefreshToken)
	})
}

// The pair at hand is renewed by its own refresh token, whatever mark stands at the one
// before.
func TestAPairThatWasNeverSavedAndHasExpiredIsRenewed(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v, s, r := startSpending(t)
		updates := 0
		s.update = func(_ context.Context, save func() error) error {
			if updates++; updates == 2 {
				return errors.New("full")
			}
			return save()
		}
		_, err := r.Token(t.Context())
		require.ErrorContains(t, err, "full")
		time.Sleep(2 * time.Hour)
		assert.Equal(t, "access-2", access(t, r))
		assert.Equal(t, []string{"seed", "refresh-1"}, v.calls())
	})
}

// That a token of ours was lost says nothing of one that another process is sending.
func TestAnotherProcessIsWaitedForAlsoAfterALoss(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v, s, r := startSpending(t, errLost)
		_, err := r.Token(t.Context())
		require.ErrorIs(t, err, errLost)
		s.put(t, auth.Mark(&oauth2.Token{AccessToken: "b", RefreshToken: "other", Expiry: time.Now()}, time.Now()))
		time.AfterFunc(3*time.Second, func() { s.put(t, v.token(9)) })
		assert.Equal(t, "access-9", access(t, r))
		assert.Equal(t, []string{"seed"}, v.calls())
	})
}

// There must be time to save what comes.
func TestARefreshThatBeginsLateEndsInTime(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := newStore()
		other := func(refresh string) *oauth2.Token {
			return auth.Mark(&oauth2.Token{AccessToken: "b", RefreshToken: refresh, Expiry: time.Now()}, time.Now())
		}
		s.put(t, other("one"))
		time.AfterFunc(100*time.Second, func() { s.put(t, other("two")) })
		time.AfterFunc(150*time.Second, func() { s.put(t, expiredSeed()) })
		began, until := time.Now(), time.Time{}
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Spends: spends(), Refresh: func(ctx context.Context, _ *oauth2.Token) (*oauth2.Token, error) {
			until, _ = ctx.Deadline()
			return &oauth2.Token{AccessToken: "new"}, nil
		}})
		assert.Equal(t, "new", access(t, r))
		assert.Equal(t, 2*auth.DefaultFlightTimeout, until.Sub(began))
	})
}

// A store that says it has replaced a token in doubt, and has not, is found out.
func TestReplacedLooksPastAMark(t *testing.T) {
	t.Parallel()
	s, before := newStore(), auth.Mark(&oauth2.Token{AccessToken: "old", RefreshToken: "seed"}, time.Unix(1, 0))
	after := &oauth2.Token{AccessToken: "new", RefreshToken: "next"}
	s.put(t, before)
	require.EqualError(t, auth.Replaced(t.Context(), s, key, before, after), forgot)
	require.EqualError(t, auth.Replaced(t.Context(), s, key, &oauth2.Token{AccessToken: "old", RefreshToken: "seed"}, after), forgot)
	_, marked := auth.InDoubt(before)
	assert.True(t, marked, "the caller's token is left alone")
	s.put(t, after)
	require.NoError(t, auth.Replaced(t.Context(), s, key, before, after))
	s.put(t, auth.Mark(after, time.Unix(1, 0)))
	require.NoError(t, auth.Replaced(t.Context(), s, key, before, after), "another process goes on with it")
}

func TestAPanicOfLoadIsTheCallers(t *testing.T) {
	t.Parallel()
	s := newStore()
	s.load = func(context.Context) error { panic("boom") }
	assert.PanicsWithValue(t, "boom", func() { _, _ = auth.LoadWithin(t.Context(), s, key) })

	s.load = func(context.Context) error { runtime.Goexit(); return nil }
	_, err := auth.LoadWithin(t.Context(), s, key)
	assert.EqualError(t, err, "auth: what keeps or renews the token did not return")
}

// Whoever asked is told how long the renewal took, and what a Refresh keeps of its token
// is its own.
func TestARenewalIsTold(t *testing.T) {
	eachWay(t, func(t *testing.T, spends *auth.Spends) {
		s := newStore()
		s.put(t, expiredSeed())
		issued := &oauth2.Token{AccessToken: "new", RefreshToken: "next"}
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Spends: spends, Refresh: func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
			time.Sleep(3 * time.Second)
			return issued, nil
		}})
		note := new(percall.Note)

		_, err := r.Token(percall.WithNote(t.Context(), note))

		require.NoError(t, err)
		require.NotNil(t, note.Load())
		assert.Equal(t, percall.Renewal{Duration: 3 * time.Second}, *note.Load())
		issued.AccessToken = "changed"
		assert.Equal(t, "new", access(t, r))
		assert.Contains(t, r.Secrets(), "new")
		assert.Equal(t, "auth.Refresher auth.Refresher", fmt.Sprintf("%v %+v", r, r))
		assert.Equal(t, "new", access(t, r), "nothing is left locked")
	})
}

// An Update that fails may have saved the mark, and the next one another: whoever made
// them knows that the token was not sent.
func TestAMarkThatWasSavedWithAnErrorIsNoDoubt(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v, s := new(vendor), newStore()
		s.put(t, &oauth2.Token{AccessToken: "old", RefreshToken: "refresh-0", Expiry: time.Now().Add(-time.Hour)})
		r := auth.NewRefresher(auth.Options{Store: s, Key: key, Refresh: v.refresh, Spends: spends()})
		down := errors.New("down")
		s.update = func(_ context.Context, save func() error) error { return errors.Join(save(), down) }
		_, err := r.Token(t.Context())
		require.ErrorIs(t, err, down)
		for range 100 {
			s.failing(down)
			_, err = r.Token(t.Context())
			require.ErrorIs(t, err, down)
		}

		s.update = nil

		assert.Equal(t, "access-1", access(t, r))
	})
}
