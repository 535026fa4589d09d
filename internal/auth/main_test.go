package auth_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk/internal/auth"
)

// TestMain lets the test binary be a second process of its own tests.
func TestMain(m *testing.M) {
	if role := os.Getenv("SOUK_AUTH_ROLE"); role != "" {
		os.Exit(runRole(role))
	}
	os.Exit(m.Run())
}

const key = "store-1"

var errLost = errors.New("outcome unknown")

// vendor issues tokens: access-1 and refresh-1, access-2 and refresh-2, …
type vendor struct {
	mu       sync.Mutex
	life     time.Duration // zero: tokens without expiry
	takes    time.Duration
	issued   int
	answers  []error // of the next calls; nil is success
	current  []string
	contexts []context.Context
}

func (v *vendor) refresh(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
	if v.takes > 0 {
		select {
		case <-time.After(v.takes): // in a bubble
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.contexts = append(v.contexts, ctx)
	if current == nil {
		v.current = append(v.current, "")
	} else {
		v.current = append(v.current, current.RefreshToken)
	}
	if len(v.answers) > 0 {
		err := v.answers[0]
		v.answers = v.answers[1:]
		if err != nil {
			return nil, err
		}
	}
	v.issued++
	return v.token(v.issued), nil
}

// token is the n-th token, as if issued now.
func (v *vendor) token(n int) *oauth2.Token {
	t := &oauth2.Token{AccessToken: fmt.Sprintf("access-%d", n), RefreshToken: fmt.Sprintf("refresh-%d", n), TokenType: "bearer"}
	if v.life != 0 {
		t.Expiry = time.Now().Add(v.life)
	}
	return t
}

// calls are the refresh tokens that were sent.
func (v *vendor) calls() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return append([]string{}, v.current...)
}

// store is a memory store that can be broken.
type store struct {
	auth.Store
	load   func(ctx context.Context) error
	update func(ctx context.Context, save func() error) error
	edit   func(t *oauth2.Token) // before it is saved
}

func newStore() *store { return &store{Store: auth.NewMemoryStore()} }

func (s *store) Load(ctx context.Context, key string) (*oauth2.Token, error) {
	if s.load != nil {
		if err := s.load(ctx); err != nil {
			return nil, err
		}
	}
	return s.Store.Load(ctx, key)
}

func (s *store) Update(ctx context.Context, key string, f func(context.Context, *oauth2.Token) (*oauth2.Token, error)) error {
	save := func() error {
		return s.Store.Update(ctx, key, func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
			t, err := f(ctx, current)
			if err == nil && t != nil && s.edit != nil {
				s.edit(t)
			}
			return t, err
		})
	}
	if s.update != nil {
		return s.update(ctx, save)
	}
	return save()
}

// failing makes a store lose what it is to save.
func (s *store) failing(err error) {
	s.update = func(ctx context.Context, save func() error) error {
		return s.discard(ctx, save, err)
	}
}

func (s *store) discard(ctx context.Context, save func() error, err error) error {
	before, loadErr := s.Store.Load(ctx, key)
	if loadErr != nil {
		return loadErr
	}
	if err := save(); err != nil {
		return err
	}
	if before == nil {
		s.Store = auth.NewMemoryStore()
		return err
	}
	_ = s.Store.Update(ctx, key, func(context.Context, *oauth2.Token) (*oauth2.Token, error) { return before, nil })
	return err
}

// put lets another process save t.
func (s *store) put(t *testing.T, token *oauth2.Token) {
	t.Helper()
	err := s.Store.Update(t.Context(), key, func(context.Context, *oauth2.Token) (*oauth2.Token, error) { return token, nil })
	if err != nil {
		t.Fatal(err)
	}
}

func (s *store) get(t *testing.T) *oauth2.Token {
	t.Helper()
	token, err := s.Store.Load(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	return token
}
