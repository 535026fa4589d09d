package fleet

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/bsm/redislock"
	"github.com/redis/go-redis/v9"
	"golang.org/x/oauth2"
)

// lockLife is how long a key stays locked after its process was killed. Live processes
// renew their lock three times in that period.
const lockLife = 6 * time.Second

// lockPoll is how often a locked key is tried again.
const lockPoll = 25 * time.Millisecond

// ErrLockLost is the error of an Update whose lock ended because the process was
// stopped, or could not reach Redis, for six seconds. Nothing was saved.
var ErrLockLost = errors.New("fleet: the lock on the token ended before it was saved")

// TokenStore is a [souk.TokenStore] in Redis. Tokens are encrypted with AES-256-GCM,
// each bound to its key. An Update is fenced: it saves only while it holds its lock, so
// that a process that was stopped cannot overwrite a newer token. It is safe for
// concurrent use.
type TokenStore struct {
	redis  redis.UniversalClient
	locks  *redislock.Client
	sealer sealer
}

// NewTokenStore returns a store with these keys.
func NewTokenStore(client redis.UniversalClient, keys Keyring) (*TokenStore, error) {
	ciphers, err := keys.ciphers()
	if isMissing(client) {
		err = errors.Join(errNoRedis, err)
	}
	if err != nil {
		return nil, err
	}
	return &TokenStore{redis: client, locks: redislock.New(client), sealer: sealer{keys.Active, ciphers}}, nil
}

var (
	//go:embed scripts/save.lua
	saveSource string
	save       = redis.NewScript(saveSource)
)

func tokenKey(key string) string { return "souk:token:{" + key + "}" }
func lockKey(key string) string  { return "souk:token:{" + key + "}:lock" }

// Load returns the token stored under key, or nil if there is none.
func (s *TokenStore) Load(ctx context.Context, key string) (*oauth2.Token, error) {
	text, err := s.redis.Get(ctx, tokenKey(key)).Result()
	if errors.Is(err, redis.Nil) {
		return nil, nil
	}
	if err != nil {
		return nil, failed("token", err)
	}
	plain, err := s.sealer.open(key, text)
	if err != nil {
		return nil, err
	}
	token := new(oauth2.Token)
	if err := json.Unmarshal(plain, token); err != nil {
		return nil, ErrTampered
	}
	return token, nil
}

// Update locks key, calls f with its token and saves the result.
func (s *TokenStore) Update(ctx context.Context, key string, f func(context.Context, *oauth2.Token) (*oauth2.Token, error)) error {
	return s.locked(ctx, key, func(ctx context.Context, lock *redislock.Lock) error {
		current, err := s.Load(ctx, key)
		if err != nil {
			return err
		}
		token, err := f(ctx, current)
		if err != nil || token == nil {
			return err
		}
		plain, err := json.Marshal(token)
		if err != nil {
			return fmt.Errorf("fleet: token: %w", err)
		}
		return s.write(ctx, key, lock, s.sealer.seal(key, plain))
	})
}

// Delete removes the token of key.
func (s *TokenStore) Delete(ctx context.Context, key string) error {
	return s.locked(ctx, key, func(ctx context.Context, lock *redislock.Lock) error {
		return s.write(ctx, key, lock, "")
	})
}

// Reencrypt encrypts the token of key again, with the active key of the Keyring. It is
// not an error if there is no token.
func (s *TokenStore) Reencrypt(ctx context.Context, key string) error {
	return s.Update(ctx, key, func(_ context.Context, current *oauth2.Token) (*oauth2.Token, error) { return current, nil })
}

// locked runs f while key is locked.
func (s *TokenStore) locked(ctx context.Context, key string, f func(context.Context, *redislock.Lock) error) error {
	lock, err := s.obtain(ctx, key)
	if err != nil {
		return err
	}
	renewing, stop := context.WithCancel(ctx)
	go renewLock(renewing, lock)
	defer func() {
		stop()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), defaultTimeout)
		defer cancel()
		_ = lock.Release(ctx) // which otherwise ends by itself
	}()
	return f(ctx, lock)
}

// renewLock renews a lock until ctx ends. A lost lock is detected when the token is
// saved.
func renewLock(ctx context.Context, lock *redislock.Lock) {
	threeTimes(ctx, lockLife, func(ctx context.Context) { _ = lock.Refresh(ctx, lockLife, nil) })
}

// obtain waits for the lock until ctx ends.
func (s *TokenStore) obtain(ctx context.Context, key string) (*redislock.Lock, error) {
	for {
		lock, err := s.locks.Obtain(ctx, lockKey(key), lockLife, nil)
		switch {
		case err == nil:
			return lock, nil
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case !errors.Is(err, redislock.ErrNotObtained):
			return nil, failed("the lock on the token", err)
		}
		if err := sleep(ctx, lockPoll); err != nil {
			return nil, err
		}
	}
}

// write saves the value, or removes it if it is empty, if the lock is still ours. It
// ignores the end of the context: the token may be new, and the old one used up.
func (s *TokenStore) write(ctx context.Context, key string, lock *redislock.Lock, value string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), defaultTimeout)
	defer cancel()
	kept, err := save.Run(ctx, s.redis, []string{tokenKey(key), lockKey(key)}, lock.Token()+lock.Metadata(), value).Bool()
	switch {
	case err != nil:
		return failed("token", err)
	case !kept:
		return ErrLockLost
	}
	return nil
}
