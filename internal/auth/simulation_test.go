package auth_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk/internal/auth"
)

var errAway = errors.New("away")

// odds decide what goes wrong. Once it is calm nothing does.
type odds struct {
	mu   sync.Mutex
	rand *rand.Rand
	calm bool
}

func (o *odds) oneIn(n int) bool { return o.below(n) == 1 }

func (o *odds) below(n int) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.calm {
		return 0
	}
	return o.rand.IntN(n)
}

func (o *odds) calmDown() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.calm = true
}

// delay takes its time now and then, and does not always heed its context.
func (o *odds) delay(ctx context.Context) error {
	if !o.oneIn(6) {
		return nil
	}
	d := time.Duration(o.below(20_000)) * time.Millisecond
	if o.oneIn(4) {
		time.Sleep(d)
		return nil
	}
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// shakyStore is a store that fails before and after each of its steps.
type shakyStore struct {
	*odds
	auth.Store
}

func (s shakyStore) Load(ctx context.Context, key string) (*oauth2.Token, error) {
	if err := s.delay(ctx); err != nil {
		return nil, err
	}
	if s.oneIn(12) {
		return nil, errAway
	}
	return s.Store.Load(ctx, key)
}

func (s shakyStore) Update(ctx context.Context, key string, f func(context.Context, *oauth2.Token) (*oauth2.Token, error)) error {
	err := s.Store.Update(ctx, key, func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
		if err := s.delay(ctx); err != nil {
			return nil, err
		}
		if s.oneIn(15) {
			return nil, errAway
		}
		t, err := f(ctx, current)
		if s.oneIn(15) { // the transaction is tried again
			t, err = f(ctx, current)
		}
		if err != nil || t == nil {
			return nil, err
		}
		if err := s.delay(ctx); err != nil {
			return nil, err
		}
		if s.oneIn(12) {
			return nil, errAway
		}
		return t, nil
	})
	if err == nil && s.oneIn(12) { // it was saved
		return errAway
	}
	return err
}

// strictVendor takes each refresh token once, unless it is lenient, and is not always
// there.
type strictVendor struct {
	*odds
	lenient bool

	mu     sync.Mutex
	n      int
	good   string // the refresh token
	spent  map[string]bool
	ends   map[string]time.Time // access tokens
	lost   bool                 // an answer was
	reused bool                 // a refresh token came twice
}

func (v *strictVendor) refresh(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
	if v.oneIn(10) {
		return nil, errAway // before it was sent
	}
	if v.oneIn(3) {
		select {
		case <-time.After(time.Duration(v.below(8_000)) * time.Millisecond):
		case <-ctx.Done():
			return nil, v.lose()
		}
	}
	t, err := v.take(current.RefreshToken)
	if err == nil && v.oneIn(40) {
		return nil, v.lose()
	}
	return t, err
}

func (v *strictVendor) lose() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.lost = true
	return errLost
}

func (v *strictVendor) take(refresh string) (*oauth2.Token, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.lenient {
		refresh = v.good
	}
	if refresh != v.good {
		v.reused = v.reused || v.spent[refresh]
		return nil, errRefused
	}
	v.spent[refresh] = true
	v.n++
	v.good = fmt.Sprintf("r%d", v.n)
	t := &oauth2.Token{AccessToken: fmt.Sprintf("a%d", v.n), RefreshToken: v.good, Expiry: time.Now().Add(5 * time.Minute)}
	v.ends[t.AccessToken] = t.Expiry
	return t, nil
}

// works reports whether a token can be used, or could a minute ago, since a token that
// looks expired is used on for a minute where it is new.
func (v *strictVendor) works(t *oauth2.Token) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return time.Now().Before(v.ends[t.AccessToken].Add(time.Minute))
}

// Processes share a store, and everything fails now and then: no refresh token is sent
// twice, and once it is calm, all processes have a token unless an answer was lost.
func TestProcessesSurviveWhateverFails(t *testing.T) {
	t.Parallel()
	for seed := range uint64(80) {
		lenient := seed%2 == 1
		synctest.Test(t, func(t *testing.T) {
			o := &odds{rand: rand.New(rand.NewPCG(seed, 7))}
			first := &oauth2.Token{AccessToken: "a0", RefreshToken: "r0", Expiry: time.Now().Add(time.Minute)}
			v := &strictVendor{odds: o, lenient: lenient, good: first.RefreshToken, spent: map[string]bool{}, ends: map[string]time.Time{first.AccessToken: first.Expiry}}
			s := newStore()
			s.put(t, first)
			once := spends()
			if lenient {
				once = nil
			}
			processes := make([]*auth.Refresher, 3)
			for i := range processes {
				processes[i] = auth.NewRefresher(auth.Options{
					Store: shakyStore{o, s}, Key: key, Early: 30 * time.Second, FlightTimeout: 20 * time.Second, Refresh: v.refresh, Spends: once,
				})
			}

			var callers sync.WaitGroup
			for i := range 2 * len(processes) {
				callers.Go(func() { callFor(t, 30*time.Minute, processes[i%len(processes)], v) })
			}
			callers.Wait()
			o.calmDown()
			time.Sleep(6 * time.Minute)
			for range 8 { // whoever has a pair that was not saved saves it
				for _, r := range processes {
					_, _ = r.Token(t.Context())
				}
				time.Sleep(15 * time.Second)
			}

			for i, r := range processes {
				token, err := r.Token(t.Context())
				if err != nil {
					assert.True(t, v.lost && !lenient, "seed %d: process %d: %v", seed, i, err)
				} else {
					assert.True(t, v.works(token), "seed %d: process %d", seed, i)
				}
			}
			assert.False(t, v.reused, "seed %d", seed)
			time.Sleep(5 * time.Minute) // for flights that nobody waits for
		})
	}
}

// callFor asks for tokens as calls do, which give up, and which the server refuses.
func callFor(t *testing.T, d time.Duration, r *auth.Refresher, v *strictVendor) {
	t.Helper()
	for end := time.Now().Add(d); time.Now().Before(end); {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(1+v.below(60))*time.Second)
		token, err := r.Token(ctx)
		cancel()
		if err == nil {
			assert.True(t, v.works(token))
			if v.oneIn(30) {
				r.Invalidate(token)
			}
		}
		time.Sleep(time.Duration(1+v.below(30_000)) * time.Millisecond)
	}
}
