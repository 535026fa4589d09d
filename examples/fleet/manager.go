package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/examples/internal/job"
	"github.com/souk-go/souk/fleet"
)

// manager is what the first process does: it plays the stores, starts the workers and
// looks after all.
type manager struct {
	settings
	ctx      context.Context // until the end of the run, or of a worker by itself
	cancel   context.CancelCauseFunc
	began    time.Time
	standIns []*standIn
	redis    *redis.Client
	tokens   souk.TokenStore
	workers  *workers
	stop     func() // of a redis-server that was started here, or nil

	doubts    map[string]doubt
	installed int // how often a store was installed again
}

// doubt is a refresh token that a worker has sent, and whose answer is not there yet.
type doubt struct {
	token string
	since time.Time
}

// begin returns a fleet that works. Whatever is begun ends by end.
func begin(ctx context.Context, f flags) (*manager, error) {
	m := &manager{began: time.Now(), doubts: map[string]doubt{}}
	m.ctx, m.cancel = context.WithCancelCause(ctx)
	m.Run, m.Key, m.Redis = rand.Text()[:8], fleet.NewKey(), f.redis
	m.Work = f.work
	m.workers = &workers{failed: m.cancel}
	if err := m.beginAll(ctx, f); err != nil {
		m.end()
		return nil, err
	}
	return m, nil
}

func (m *manager) beginAll(ctx context.Context, f flags) (err error) {
	if m.Redis == "" {
		if m.Redis, m.stop, err = startRedis(ctx); err != nil {
			return err
		}
	}
	if m.redis, err = m.settings.redis(); err != nil {
		return fmt.Errorf("-redis: %w", err)
	}
	if err := fleet.Check(ctx, m.redis); err != nil {
		return err
	}
	if m.tokens, err = m.settings.tokens(m.redis); err != nil {
		return err
	}
	address := new(perIP)
	for i := range f.stores {
		s, err := play(m.ctx, i, f.customers, address)
		if err != nil {
			return err
		}
		m.standIns = append(m.standIns, s)
		m.Stores = append(m.Stores, s.store)
		if s.install == nil {
			continue
		}
		if err := s.install(ctx, m.tokens); err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
	}
	m.workers.settings = m.settings
	return m.workers.start(f.workers)
}

func (m *manager) end() {
	m.cancel(nil)
	m.workers.end()
	for _, s := range m.standIns {
		s.close()
	}
	if m.stop == nil && m.tokens != nil {
		m.forget()
	}
	if m.redis != nil {
		_ = m.redis.Close()
	}
	if m.stop != nil {
		m.stop()
	}
}

// forget removes what the run has left in Redis, which may be of others.
func (m *manager) forget() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	keys := []string{m.done(), m.counts()}
	for _, s := range m.standIns {
		keys = append(keys, m.customers(s.Name))
		if s.key != "" {
			_ = m.tokens.Delete(ctx, s.key)
		}
	}
	_ = m.redis.Unlink(ctx, keys...).Err()
}

// watch shows how far the run is until all stores are done.
func (m *manager) watch(ctx context.Context, to io.Writer) error {
	bar := job.Progress(to, "sync", len(m.standIns)*len(m.standIns[0].customers))
	for {
		pause(ctx, 200*time.Millisecond)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		processed, done, err := m.progress(ctx)
		if err != nil {
			return err
		}
		_ = bar.Set(processed)
		if done {
			return bar.Finish()
		}
		if err := m.installAgain(ctx); err != nil {
			return err
		}
	}
}

func (m *manager) progress(ctx context.Context) (processed int, done bool, err error) {
	pipe := m.redis.Pipeline()
	var sizes []*redis.IntCmd
	for _, s := range m.standIns {
		sizes = append(sizes, pipe.SCard(ctx, m.customers(s.Name)))
	}
	stores := pipe.SCard(ctx, m.done())
	if _, err := pipe.Exec(ctx); err != nil {
		return 0, false, err
	}
	for _, size := range sizes {
		processed += int(size.Val())
	}
	return processed, int(stores.Val()) == len(m.standIns), nil
}

// inDoubtFor is how long a refresh token is in doubt before the merchant is asked. These
// stand-ins answer within milliseconds.
const inDoubtFor = 3 * time.Second

// installAgain plays the merchants whose store had bad luck: Salla and Shoplazza take a
// refresh token once. When a worker is killed after they have taken it and before the new
// one is saved, nobody has it. Package salla says so with souk.ErrReauthorize two minutes
// later; here it is seen in the store, and the merchant installs the app again.
func (m *manager) installAgain(ctx context.Context) error {
	for _, s := range m.standIns {
		if !s.once {
			continue
		}
		token, err := m.tokens.Load(ctx, s.key)
		if err != nil {
			return err
		}
		sent := token != nil && strings.HasPrefix(token.RefreshToken, "souk-sent:")
		last, known := m.doubts[s.key]
		switch {
		case !sent:
			delete(m.doubts, s.key)
		case !known || last.token != token.RefreshToken:
			m.doubts[s.key] = doubt{token.RefreshToken, time.Now()}
		case time.Since(last.since) > inDoubtFor:
			if err := s.install(ctx, m.tokens); err != nil {
				return err
			}
			m.installed++
		}
	}
	return nil
}

// settle waits until no refresh token is in doubt.
func (m *manager) settle(ctx context.Context) error {
	for {
		if err := m.installAgain(ctx); err != nil || len(m.doubts) == 0 {
			return err
		}
		pause(ctx, 100*time.Millisecond)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
}

// renewable reports whether the store's token, as it stands in Redis, can be renewed.
func (m *manager) renewable(ctx context.Context, o opener, s *standIn) error {
	source, err := o.source(s.store)
	if err != nil {
		return err
	}
	token, err := source.Token(ctx)
	if err != nil {
		return err
	}
	source.(interface{ Invalidate(*oauth2.Token) }).Invalidate(token)
	renewed, err := source.Token(ctx)
	if err == nil && renewed.AccessToken == token.AccessToken {
		err = errors.New("the token was not renewed")
	}
	return err
}
