package fleet

import (
	"context"
	"crypto/rand"
	_ "embed"
	"errors"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/souk-go/souk"
)

// remembered is how long a handled delivery is kept.
const remembered = 4 * 24 * time.Hour

// done is the value of a handled delivery, in place of a claim.
const done = "done"

// Seen is a [souk.Seen] in Redis. It is safe for concurrent use.
type Seen struct {
	redis redis.UniversalClient
	name  string

	mu     sync.Mutex
	claims map[string]claim // that this process holds, by id
}

type claim struct {
	token string
	until time.Time
}

// NewSeen returns a Seen for the webhooks called name, such as "shopline:my-app". All
// handlers of the same webhooks use the same name, and no others that name. It holds no
// braces.
func NewSeen(client redis.UniversalClient, name string) (*Seen, error) {
	var problems []error
	if isMissing(client) {
		problems = append(problems, errNoRedis)
	}
	problems = append(problems, checkName("Seen", name))
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	return &Seen{redis: client, name: name, claims: map[string]claim{}}, nil
}

var (
	//go:embed scripts/release.lua
	releaseSource string
	release       = redis.NewScript(releaseSource)
)

// key has braces, which no name has: names and ids can hold colons.
func (s *Seen) key(id string) string { return "souk:seen:" + s.name + ":{" + id + "}" }

// Claim takes the delivery for the caller.
func (s *Seen) Claim(ctx context.Context, id string, lifetime time.Duration) (bool, error) {
	if lifetime < time.Millisecond {
		return false, errors.New("fleet: a claim must live for at least a millisecond")
	}
	token := rand.Text()
	for {
		err := s.redis.SetArgs(ctx, s.key(id), token, redis.SetArgs{Mode: "NX", TTL: lifetime}).Err()
		if err == nil {
			s.hold(id, claim{token, time.Now().Add(lifetime)})
			return true, nil
		}
		if !errors.Is(err, redis.Nil) {
			return false, failed("delivery", err)
		}
		holder, err := s.redis.Get(ctx, s.key(id)).Result()
		switch {
		case errors.Is(err, redis.Nil): // it ended in between
		case err != nil:
			return false, failed("delivery", err)
		case holder == done:
			return false, nil
		case holder == token: // the answer was lost, and the client has asked again
			s.hold(id, claim{token, time.Now().Add(lifetime)})
			return true, nil
		default:
			return false, souk.ErrClaimed
		}
	}
}

// Done records for four days that the delivery was handled.
func (s *Seen) Done(ctx context.Context, id string) error {
	s.take(id)
	if err := s.redis.Set(ctx, s.key(id), done, remembered).Err(); err != nil {
		return failed("delivery", err)
	}
	return nil
}

// Release ends the claim of this process. If that has expired and another process holds
// a claim now, that claim stays.
func (s *Seen) Release(ctx context.Context, id string) error {
	token, ok := s.take(id)
	if !ok {
		return nil
	}
	if err := release.Run(ctx, s.redis, []string{s.key(id)}, token).Err(); err != nil {
		return failed("delivery", err)
	}
	return nil
}

// hold notes a claim, and forgets claims that have ended.
func (s *Seen) hold(id string, c claim) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	for other, held := range s.claims {
		if now.After(held.until) {
			delete(s.claims, other)
		}
	}
	s.claims[id] = c
}

// take returns the token of a claim that this process holds, and forgets it.
func (s *Seen) take(id string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	held, ok := s.claims[id]
	delete(s.claims, id)
	return held.token, ok
}
