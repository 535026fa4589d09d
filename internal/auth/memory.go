package auth

import (
	"context"
	"sync"

	"golang.org/x/oauth2"
)

// MemoryStore is a [Store] that forgets its tokens when the process ends. It
// suits credentials that can always log in again.
type MemoryStore struct {
	mu      sync.Mutex
	entries map[string]*memoryEntry
}

// memoryEntry holds the token of one key. Who has sent to locked may change it.
type memoryEntry struct {
	locked chan struct{}
	token  *oauth2.Token
}

// NewMemoryStore returns an empty store.
func NewMemoryStore() *MemoryStore {
	return &MemoryStore{entries: make(map[string]*memoryEntry)}
}

// Load returns a copy of the token that is kept under key, or nil.
func (s *MemoryStore) Load(ctx context.Context, key string) (*oauth2.Token, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	entry := s.entry(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	return clone(entry.token), nil
}

// Update implements [Store]. It waits for other updates of the key until ctx
// ends; a token that f returned is saved even then.
func (s *MemoryStore) Update(ctx context.Context, key string, f func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error)) error {
	entry := s.entry(key)
	select {
	case entry.locked <- struct{}{}:
		defer func() { <-entry.locked }()
	case <-ctx.Done():
		return ctx.Err()
	}
	current, err := s.Load(ctx, key)
	if err != nil {
		return err
	}
	t, err := f(ctx, current)
	if err != nil || t == nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	entry.token = clone(t)
	return nil
}

func (s *MemoryStore) entry(key string) *memoryEntry {
	s.mu.Lock()
	defer s.mu.Unlock()
	entry, ok := s.entries[key]
	if !ok {
		entry = &memoryEntry{locked: make(chan struct{}, 1)}
		s.entries[key] = entry
	}
	return entry
}
