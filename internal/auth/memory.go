package auth

import (
	"context"
	"sync"

	"golang.org/x/oauth2"
)

type memoryStore struct {
	mu      sync.Mutex
	entries map[string]*memoryEntry
}

// memoryEntry holds the token of one key.
type memoryEntry struct {
	locked chan struct{} // of one: whoever has sent to it may change token
	users  int           // who waits for locked or has it
	token  *oauth2.Token
}

// NewMemoryStore returns an empty store that forgets its tokens when the process ends.
// It suits credentials that can always log in again.
func NewMemoryStore() Store {
	return &memoryStore{entries: make(map[string]*memoryEntry)}
}

// Load returns a copy of the token that is kept under key, or nil.
func (s *memoryStore) Load(ctx context.Context, key string) (*oauth2.Token, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if entry := s.entries[key]; entry != nil {
		return clone(entry.token), nil
	}
	return nil, nil
}

// Update implements [Store]. It waits for other updates of the key until ctx
// ends; a token that f returned is saved even then.
func (s *memoryStore) Update(ctx context.Context, key string, f func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error)) error {
	entry, unlock, err := s.lock(ctx, key)
	if err != nil {
		return err
	}
	defer unlock()
	current, err := s.Load(ctx, key)
	if err != nil {
		return err
	}
	t, err := f(ctx, current)
	if err != nil || t == nil {
		return err
	}
	s.set(entry, clone(t))
	return nil
}

// Delete implements [Store].
func (s *memoryStore) Delete(ctx context.Context, key string) error {
	entry, unlock, err := s.lock(ctx, key)
	if err != nil {
		return err
	}
	defer unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	s.set(entry, nil)
	return nil
}

func (s *memoryStore) set(entry *memoryEntry, t *oauth2.Token) {
	s.mu.Lock()
	defer s.mu.Unlock()
	entry.token = t
}

// lock waits for the key until ctx ends.
func (s *memoryStore) lock(ctx context.Context, key string) (entry *memoryEntry, unlock func(), err error) {
	entry = s.enter(key)
	select {
	case entry.locked <- struct{}{}:
		return entry, func() { <-entry.locked; s.leave(key, entry) }, nil
	case <-ctx.Done():
		s.leave(key, entry)
		return nil, nil, ctx.Err()
	}
}

func (s *memoryStore) enter(key string) *memoryEntry {
	s.mu.Lock()
	defer s.mu.Unlock()
	entry, ok := s.entries[key]
	if !ok {
		entry = &memoryEntry{locked: make(chan struct{}, 1)}
		s.entries[key] = entry
	}
	entry.users++
	return entry
}

// leave forgets an entry that nobody uses and that holds nothing.
func (s *memoryStore) leave(key string, entry *memoryEntry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	entry.users--
	if entry.users == 0 && entry.token == nil {
		delete(s.entries, key)
	}
}
