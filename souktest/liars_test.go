package souktest_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
)

// witness is a test that may fail, and keeps what is said of it.
type witness struct {
	*testing.T
	mu   sync.Mutex
	said []string
}

func (w *witness) Errorf(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.said = append(w.said, fmt.Sprintf(format, args...))
}

var liars = map[string]func(souk.TokenStore) souk.TokenStore{
	"no refresh token": func(s souk.TokenStore) souk.TokenStore {
		return edits{s, func(t *oauth2.Token) { t.RefreshToken = "" }}
	},
	"no expiry": func(s souk.TokenStore) souk.TokenStore {
		return edits{s, func(t *oauth2.Token) { t.Expiry = time.Time{} }}
	},
	"no lock":      func(s souk.TokenStore) souk.TokenStore { return noLock{s} },
	"saves errors": func(s souk.TokenStore) souk.TokenStore { return savesErrors{s} },
	"one key":      func(s souk.TokenStore) souk.TokenStore { return oneKey{s} },
	"no delete":    func(s souk.TokenStore) souk.TokenStore { return noDelete{s} },
	"saves nothing": func(s souk.TokenStore) souk.TokenStore {
		return forgets{s, func(*oauth2.Token, *oauth2.Token) bool { return true }}
	},
	"saves once": func(s souk.TokenStore) souk.TokenStore {
		return forgets{s, func(current, _ *oauth2.Token) bool { return current != nil }}
	},
	"looks at the access token": func(s souk.TokenStore) souk.TokenStore {
		return forgets{s, func(current, token *oauth2.Token) bool {
			return current != nil && current.AccessToken == token.AccessToken
		}}
	},
	"no context": func(s souk.TokenStore) souk.TokenStore { return passesNone{s} },
	"one memory": func(souk.TokenStore) souk.TokenStore {
		return &inPlace{sharing{updating: make(chan struct{}, 1), rows: make(map[string]*oauth2.Token)}}
	},
	"deletes at once": func(souk.TokenStore) souk.TokenStore {
		return &sharing{updating: make(chan struct{}, 1), rows: make(map[string]*oauth2.Token)}
	},
	"caches": func(s souk.TokenStore) souk.TokenStore { return &caching{TokenStore: s} },
	"shared memory": func(souk.TokenStore) souk.TokenStore {
		return &sharing{updating: make(chan struct{}, 1), rows: make(map[string]*oauth2.Token)}
	},
}

type update = func(context.Context, *oauth2.Token) (*oauth2.Token, error)

type edits struct {
	souk.TokenStore
	edit func(*oauth2.Token)
}

func (s edits) Update(ctx context.Context, key string, f update) error {
	return s.TokenStore.Update(ctx, key, func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
		token, err := f(ctx, current)
		if token != nil {
			token = new(*token)
			s.edit(token)
		}
		return token, err
	})
}

// forgets says that it has saved what it has not.
type forgets struct {
	souk.TokenStore
	when func(current, token *oauth2.Token) bool
}

func (s forgets) Update(ctx context.Context, key string, f update) error {
	return s.TokenStore.Update(ctx, key, func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
		token, err := f(ctx, current)
		if err != nil || token == nil || s.when(current, token) {
			return nil, err
		}
		return token, nil
	})
}

// caching loads a key once.
type caching struct {
	souk.TokenStore
	rows sync.Map
}

func (s *caching) Load(ctx context.Context, key string) (*oauth2.Token, error) {
	if token, ok := s.rows.Load(key); ok {
		return new(*token.(*oauth2.Token)), nil
	}
	token, err := s.TokenStore.Load(ctx, key)
	if token != nil {
		s.rows.Store(key, new(*token))
	}
	return token, err
}

type noLock struct{ souk.TokenStore }

func (s noLock) Update(ctx context.Context, key string, f update) error {
	current, err := s.Load(ctx, key)
	if err != nil {
		return err
	}
	token, err := f(ctx, current)
	if err != nil || token == nil {
		return err
	}
	return s.TokenStore.Update(ctx, key, func(context.Context, *oauth2.Token) (*oauth2.Token, error) { return token, nil })
}

type savesErrors struct{ souk.TokenStore }

func (s savesErrors) Update(ctx context.Context, key string, f update) error {
	var failed error
	err := s.TokenStore.Update(ctx, key, func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
		var token *oauth2.Token
		token, failed = f(ctx, current)
		return token, nil
	})
	if failed != nil {
		return failed
	}
	return err
}

type oneKey struct{ souk.TokenStore }

func (s oneKey) Load(ctx context.Context, _ string) (*oauth2.Token, error) {
	return s.TokenStore.Load(ctx, "k")
}

func (s oneKey) Update(ctx context.Context, _ string, f update) error {
	return s.TokenStore.Update(ctx, "k", f)
}

func (s oneKey) Delete(ctx context.Context, _ string) error { return s.TokenStore.Delete(ctx, "k") }

type passesNone struct{ souk.TokenStore }

func (s passesNone) Update(ctx context.Context, key string, f update) error {
	return s.TokenStore.Update(ctx, key, func(_ context.Context, current *oauth2.Token) (*oauth2.Token, error) {
		var none context.Context
		return f(none, current)
	})
}

// inPlace writes a token over the one that it has passed.
type inPlace struct{ sharing }

func (s *inPlace) Update(ctx context.Context, key string, f update) error {
	return s.sharing.Update(ctx, key, func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error) {
		next, err := f(ctx, current)
		if current != nil && next != nil {
			*current = *next
		}
		return next, err
	})
}

type noDelete struct{ souk.TokenStore }

func (noDelete) Delete(context.Context, string) error { return nil }

// sharing locks as it should, so that its only fault is that of its name.
type sharing struct {
	updating chan struct{} // of one
	mu       sync.Mutex
	rows     map[string]*oauth2.Token
}

func (s *sharing) Load(_ context.Context, key string) (*oauth2.Token, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rows[key], nil
}

func (s *sharing) Update(ctx context.Context, key string, f update) error {
	select {
	case s.updating <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-s.updating }()
	current, _ := s.Load(ctx, key)
	token, err := f(ctx, current)
	if err == nil && token != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.rows[key] = new(*token)
	}
	return err
}

func (s *sharing) Delete(_ context.Context, key string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.rows, key)
	return nil
}
