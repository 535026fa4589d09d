package souk

import (
	"context"
	"errors"
	"sync"
	"time"
)

const (
	// maxDone deliveries are remembered; those done first are forgotten first.
	maxDone = 100_000
	// maxClaims can be open at a time.
	maxClaims = 10_000
	// keepDone is for how long a delivery is remembered.
	keepDone = 72 * time.Hour
)

var errManyClaims = errors.New("souk: too many deliveries are being handled at a time")

// NewMemorySeen returns a [Seen] for one process. It remembers the last 100,000
// deliveries for three days, and forgets them when the process ends: a delivery that is
// repeated after a restart is handled again.
func NewMemorySeen() Seen {
	return &memorySeen{claims: map[string]time.Time{}, done: map[string]time.Time{}}
}

type memorySeen struct {
	mu sync.Mutex
	// claims holds when each open claim ends.
	claims map[string]time.Time
	// done holds when each delivery was done, order their ids, oldest first.
	done  map[string]time.Time
	order []string
}

func (s *memorySeen) Claim(ctx context.Context, id string, lifetime time.Duration) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	s.forget(now)
	if _, ok := s.done[id]; ok {
		return false, nil
	}
	if now.Before(s.claims[id]) {
		return false, ErrClaimed
	}
	if len(s.claims) >= maxClaims && !s.sweep(now) {
		return false, errManyClaims
	}
	s.claims[id] = now.Add(lifetime)
	return true, nil
}

func (s *memorySeen) Done(ctx context.Context, id string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.claims, id)
	if _, ok := s.done[id]; !ok {
		s.done[id] = time.Now()
		s.order = append(s.order, id)
	}
	return nil
}

func (s *memorySeen) Release(ctx context.Context, id string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.claims, id)
	return nil
}

// forget drops what was done long ago or exceeds maxDone.
func (s *memorySeen) forget(now time.Time) {
	for len(s.order) > 0 && (len(s.order) > maxDone || now.Sub(s.done[s.order[0]]) >= keepDone) {
		delete(s.done, s.order[0])
		s.order = s.order[1:]
	}
}

// sweep drops the claims that have ended and reports whether there were any.
func (s *memorySeen) sweep(now time.Time) bool {
	before := len(s.claims)
	for id, end := range s.claims {
		if !now.Before(end) {
			delete(s.claims, id)
		}
	}
	return len(s.claims) < before
}
