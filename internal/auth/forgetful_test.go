package auth_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk/internal/auth"
)

// forgetful is a store that says of every save that it was done, and does not do those
// that it forgets.
type forgetful struct {
	*store
	saves   int
	forgets func(save int) bool
}

func (s *forgetful) Update(ctx context.Context, key string, f func(context.Context, *oauth2.Token) (*oauth2.Token, error)) error {
	return s.store.Update(ctx, key, func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
		token, err := f(ctx, current)
		if err != nil || token == nil {
			return token, err
		}
		s.saves++
		if s.forgets != nil && s.forgets(s.saves) {
			return nil, nil
		}
		return token, nil
	})
}

func newForgetful(t *testing.T, life time.Duration, forgets func(int) bool) (*vendor, *forgetful, auth.Options) {
	v, s := &vendor{life: time.Hour}, &forgetful{store: newStore(), forgets: forgets}
	s.put(t, &oauth2.Token{RefreshToken: "seed", AccessToken: "old", Expiry: time.Now().Add(life)})
	return v, s, auth.Options{Store: s, Key: key, Refresh: v.refresh, Spends: spends(), Early: time.Minute}
}

const forgot = `auth: the store said that the token was saved, but it was not: test the store with souktest.TestTokenStore`

// A refresh token whose mark is not kept would be sent again after a restart, so it is
// not sent at all.
func TestAStoreThatDoesNotKeepTheMark(t *testing.T) {
	always := func(int) bool { return true }
	t.Run("the token has run out", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, s, o := newForgetful(t, 0, always)
			r := auth.NewRefresher(o)
			for range 2 {
				_, err := r.Token(t.Context())
				require.EqualError(t, err, forgot)
			}
			_, err := r.Retry(t.Context())
			require.EqualError(t, err, forgot)
			assert.Empty(t, v.calls())

			s.forgets = nil
			assert.Equal(t, "access-1", access(t, r), "and is once the store does")
		})
	})
	t.Run("the token still works", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, _, o := newForgetful(t, 30*time.Second, always)
			assert.Equal(t, "old", access(t, auth.NewRefresher(o)))
			assert.Empty(t, v.calls())
		})
	})
}

func TestAStoreThatDoesNotKeepThePair(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v, s, o := newForgetful(t, 0, func(save int) bool { return save == 2 || save == 3 })
		r := auth.NewRefresher(o)
		for range 2 {
			token, err := r.Token(t.Context())
			require.EqualError(t, err, forgot)
			assert.Equal(t, "access-1", token.AccessToken, "it comes with the error")
		}
		assert.Equal(t, "access-1", access(t, r))
		assert.Equal(t, "refresh-1", s.get(t).RefreshToken)
		assert.Equal(t, []string{"seed"}, v.calls())
	})
}

// narrow is a store that cuts refresh tokens, as a column of a database can.
type narrow struct {
	*store
	room int
}

func (s narrow) Update(ctx context.Context, key string, f func(context.Context, *oauth2.Token) (*oauth2.Token, error)) error {
	return s.store.Update(ctx, key, func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
		token, err := f(ctx, current)
		if token != nil {
			token = new(*token)
			token.RefreshToken = token.RefreshToken[:min(len(token.RefreshToken), s.room)]
		}
		return token, err
	})
}

const wasCut = `auth: the store has kept only a part of the token: it must have room for refresh tokens of 4 KiB; test it with souktest.TestTokenStore`

// A store that has room for a refresh token and not for its mark loses neither, and says
// so at once.
func TestAStoreThatCutsTheMark(t *testing.T) {
	bubble(t, func(t *testing.T) {
		for _, room := range []int{4, 11, 40} {
			v, s, o := newForgetful(t, 0, nil)
			o.Store = narrow{s.store, room}
			r, began := auth.NewRefresher(o), time.Now()
			for range 2 {
				_, err := r.Token(t.Context())
				require.EqualError(t, err, wasCut)
			}
			assert.Zero(t, time.Since(began))
			assert.Empty(t, v.calls())
			assert.Equal(t, "seed", s.get(t).RefreshToken)

			o.Store = s
			assert.Equal(t, "access-1", access(t, auth.NewRefresher(o)), "once it has room")
			assert.Equal(t, []string{"seed"}, v.calls())
		}
	})
}

// A new pair that is cut comes with the error.
func TestAStoreThatCutsThePair(t *testing.T) {
	bubble(t, func(t *testing.T) {
		_, s, o := newForgetful(t, 0, nil)
		o.Refresh = func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
			return &oauth2.Token{AccessToken: "new", RefreshToken: strings.Repeat("r", 100), Expiry: time.Now().Add(time.Hour)}, nil
		}
		o.Store = narrow{s.store, 80}

		token, err := auth.NewRefresher(o).Token(t.Context())

		require.EqualError(t, err, wasCut)
		assert.Len(t, token.RefreshToken, 100)
	})
}

// What Load reads may be behind what Update reads: nothing fails for it.
func TestLoadMayLagBehind(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v, s, o := newForgetful(t, 0, nil)
		o.Store = lagging{s, s.get(t)}
		r := auth.NewRefresher(o)
		assert.Equal(t, "access-1", access(t, r))
		assert.Equal(t, "refresh-1", s.get(t).RefreshToken)
		assert.Equal(t, []string{"seed"}, v.calls())
		assert.Equal(t, 2, s.saves)
	})
}

// lagging loads what was there long ago.
type lagging struct {
	auth.Store
	was *oauth2.Token
}

func (s lagging) Load(context.Context, string) (*oauth2.Token, error) { return new(*s.was), nil }

// A process knows which marks it has not followed by a request.
func TestAMarkThatWasNotFollowedByARequestIsNoDoubt(t *testing.T) {
	for name, fail := range map[string]func(){
		"the store fails":  nil,
		"the store panics": func() { panic("boom") },
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				v, s, o := newForgetful(t, 0, nil)
				r := auth.NewRefresher(o)
				broken := func() error {
					if s.saves == 0 {
						return nil
					}
					if fail != nil {
						fail()
					}
					return errFull
				}
				s.load = func(context.Context) error { return broken() }
				s.update = func(_ context.Context, save func() error) error {
					if err := broken(); err != nil {
						return err
					}
					return save()
				}
				if fail != nil {
					assert.PanicsWithValue(t, "boom", func() { _, _ = r.Token(t.Context()) })
				} else {
					_, err := r.Token(t.Context())
					require.ErrorIs(t, err, errFull)
				}
				assert.Empty(t, v.calls())
				_, inDoubt := auth.InDoubt(s.get(t))
				require.True(t, inDoubt, "the mark could not be taken back")

				s.load, s.update = nil, nil
				began := time.Now()
				assert.Equal(t, "access-1", access(t, r))
				assert.Zero(t, time.Since(began), "nobody waits for it")
				assert.Equal(t, []string{"seed"}, v.calls())
			})
		})
	}
}

// A store that goes back to what it had, such as a database after a failure, makes
// nobody send a token that is spent, while the process lives that knows of it.
func TestAStoreThatGoesBack(t *testing.T) {
	t.Run("to before a renewal", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, s, o := newForgetful(t, 0, nil)
			before := s.get(t)
			r := auth.NewRefresher(o)
			require.Equal(t, "access-1", access(t, r))

			s.put(t, before)
			token, err := r.Token(t.Context())
			require.NoError(t, err)
			r.Invalidate(token)
			assert.Equal(t, "access-2", access(t, r))
			assert.Equal(t, []string{"seed", "refresh-1"}, v.calls())
			assert.Equal(t, "refresh-2", s.get(t).RefreshToken)
		})
	})
	t.Run("to before a pair that it did not take", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, s, o := newForgetful(t, 0, nil)
			before := s.get(t)
			o.Refresh = func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
				s.update = func(context.Context, func() error) error { return errFull }
				return v.refresh(ctx, current)
			}
			r := auth.NewRefresher(o)
			_, err := r.Token(t.Context())
			require.ErrorIs(t, err, errFull)

			s.update = nil
			s.put(t, before)
			assert.Equal(t, "access-1", access(t, r))
			assert.Equal(t, "refresh-1", s.get(t).RefreshToken)
			assert.Equal(t, []string{"seed"}, v.calls())
		})
	})
	t.Run("to before a refresh without an answer", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			v, s, o := newForgetful(t, 0, nil)
			before := s.get(t)
			v.answers = []error{errLost}
			r := auth.NewRefresher(o)
			_, err := r.Token(t.Context())
			require.ErrorIs(t, err, errLost)

			s.put(t, before)
			_, err = r.Token(t.Context())
			require.ErrorIs(t, err, errLost)
			assert.Equal(t, []string{"seed"}, v.calls())
			token, err := r.Retry(t.Context())
			require.NoError(t, err)
			assert.Equal(t, "access-1", token.AccessToken)
		})
	})
}

// Whoever saves between the mark and the request wins.
func TestWhatIsSavedBehindTheMarkWins(t *testing.T) {
	bubble(t, func(t *testing.T) {
		v, s, o := newForgetful(t, 0, nil)
		s.load = func(context.Context) error {
			if s.saves == 1 {
				s.saves++
				s.put(t, &oauth2.Token{AccessToken: "installed", RefreshToken: "again"})
			}
			return nil
		}
		assert.Equal(t, "installed", access(t, auth.NewRefresher(o)))
		assert.Empty(t, v.calls())
	})
}

// stuck heeds no context.
type stuck struct {
	auth.Store
	release chan struct{}
}

func (s *stuck) Load(ctx context.Context, key string) (*oauth2.Token, error) {
	if s.release != nil {
		<-s.release
		return nil, errors.New("too late")
	}
	return s.Store.Load(ctx, key)
}

func TestAStoreThatHeedsNoContextHoldsUpNobodyForEver(t *testing.T) {
	for name, spends := range map[string]*auth.Spends{"plain": nil, "spends": spends()} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := new(vendor)
				s := &stuck{Store: auth.NewMemoryStore()}
				require.NoError(t, s.Update(t.Context(), key, returning(&oauth2.Token{AccessToken: "old", RefreshToken: "seed", Expiry: time.Now().Add(time.Hour)}, nil)))
				r := auth.NewRefresher(auth.Options{Store: s, Key: key, Refresh: v.refresh, Spends: spends, Early: time.Minute})
				require.Equal(t, "old", access(t, r))
				s.release = make(chan struct{})

				time.Sleep(time.Hour - 30*time.Second)
				began := time.Now()
				for range 5 {
					assert.Equal(t, "old", access(t, r), "the token works")
				}
				assert.Equal(t, 5*time.Second, time.Since(began), "and the store is waited for once")

				time.Sleep(time.Minute)
				began = time.Now()
				for range 5 {
					_, err := r.Token(t.Context())
					require.ErrorIs(t, err, context.DeadlineExceeded)
					require.ErrorContains(t, err, "does not return although its context has ended")
				}
				require.ErrorIs(t, replace(t.Context(), r, &oauth2.Token{AccessToken: "new"}), context.DeadlineExceeded)
				assert.Less(t, time.Since(began), 5*time.Minute)

				close(s.release)
				synctest.Wait()
				s.release = nil
				assert.Equal(t, "access-1", access(t, r), "it is tried again")
			})
		})
	}
}
