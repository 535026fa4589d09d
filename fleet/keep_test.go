package fleet_test

import (
	"context"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk/fleet"
)

const leaseKey = "souk:walk:{walk}:lease"

func taken(t *testing.T, client redis.UniversalClient, life time.Duration) *fleet.Lease {
	t.Helper()
	positions, err := fleet.NewPositions(client)
	require.NoError(t, err)
	lease, err := positions.Take(within(t), "walk", life)
	require.NoError(t, err)
	return lease
}

func TestALeaseIsKeptWhileItsWalkWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := bubbleRedis(t) // in which a key lives on and keeps its time
		lease := taken(t, client, time.Minute)
		left := func() time.Duration { return client.PTTL(t.Context(), leaseKey).Val() }
		kept, stop := lease.Keep(t.Context())
		for range 3 {
			require.NoError(t, client.PExpire(t.Context(), leaseKey, time.Second).Err())
			time.Sleep(20*time.Second + time.Millisecond)
			require.Equal(t, time.Minute, left())
		}
		require.NoError(t, kept.Err())

		stop()

		require.ErrorIs(t, context.Cause(kept), context.Canceled)
		require.NoError(t, client.PExpire(t.Context(), leaseKey, time.Second).Err())
		time.Sleep(10 * time.Minute)
		assert.Equal(t, time.Second, left(), "nobody renews it any more")
	})
}

func TestALeaseThatHasEndedSavesNothing(t *testing.T) {
	t.Parallel()
	_, client := connect(t)
	lease := taken(t, client, time.Minute)
	require.NoError(t, client.PExpire(t.Context(), leaseKey, time.Millisecond).Err())
	require.Eventually(t, func() bool { return client.Exists(t.Context(), leaseKey).Val() == 0 }, time.Minute, time.Millisecond)

	assert.ErrorIs(t, lease.Save(within(t), "here"), fleet.ErrLeaseLost)
}

func TestAWalkThatLosesItsLeaseIsTold(t *testing.T) {
	t.Parallel()
	for name, happens := range map[string]func(*server, *redis.Client) error{
		"another has it":          func(_ *server, c *redis.Client) error { return c.Set(context.Background(), leaseKey, "other", 0).Err() },
		"Redis has forgotten it":  func(_ *server, c *redis.Client) error { return c.Del(context.Background(), leaseKey).Err() },
		"Redis cannot be reached": func(s *server, _ *redis.Client) error { s.stop(); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, client := connect(t)
			kept, stop := taken(t, client, time.Second).Keep(t.Context())
			defer stop()

			require.NoError(t, happens(s, client))

			<-kept.Done()
			assert.ErrorIs(t, context.Cause(kept), fleet.ErrLeaseLost)
		})
	}
}

// lateness keeps what scripts answer back.
type lateness time.Duration

func (lateness) DialHook(next redis.DialHook) redis.DialHook { return next }

func (l lateness) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		err := next(ctx, cmd)
		if err == nil && strings.HasPrefix(cmd.Name(), "eval") {
			time.Sleep(time.Duration(l))
		}
		return err
	}
}

func (lateness) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

// Redis counts from when it is asked, and another worker may go on then.
func TestALeaseThatIsNotRenewedEndsByWhenItWasAskedFor(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		saved bool
		ends  time.Duration
	}{"taken": {false, 6 * time.Second}, "saved": {true, 8 * time.Second}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, away, began := bubbleRedis(t), new(absence), time.Now()
				client.AddHook(away)
				client.AddHook(lateness(2 * time.Second))
				lease := taken(t, client, 6*time.Second)
				if tt.saved {
					require.NoError(t, lease.Save(t.Context(), "here"))
				}
				away.now.Store(true)

				kept, stop := lease.Keep(t.Context())
				defer stop()

				<-kept.Done()
				require.ErrorIs(t, context.Cause(kept), fleet.ErrLeaseLost)
				assert.Equal(t, tt.ends, time.Since(began))
			})
		})
	}
}

// stuck never answers the next command.
type stuck struct{ next atomic.Bool }

func (*stuck) DialHook(next redis.DialHook) redis.DialHook { return next }

func (s *stuck) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if s.next.CompareAndSwap(true, false) {
			<-ctx.Done()
			cmd.SetErr(ctx.Err())
			return ctx.Err()
		}
		return next(ctx, cmd)
	}
}

func (*stuck) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

func TestALockIsRenewedAlthoughOneAnswerNeverComes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, answers := bubbleRedis(t), new(stuck)
		client.AddHook(answers)

		err := tokens(t, client, keys).Update(t.Context(), "k", func(context.Context, *oauth2.Token) (*oauth2.Token, error) {
			require.NoError(t, client.PExpire(t.Context(), "souk:token:{k}:lock", time.Millisecond).Err()) // of which nothing passes here
			answers.next.Store(true)
			time.Sleep(6*time.Second - time.Millisecond)
			assert.Equal(t, 6*time.Second, client.PTTL(t.Context(), "souk:token:{k}:lock").Val())
			return secret, nil
		})

		assert.NoError(t, err)
	})
}

// forgetful loses the first answer of each script that has run.
type forgetful struct {
	net.Conn
	lost *atomic.Int32
	cut  bool
	last func() // is called when an answer was lost
}

func (c *forgetful) Write(p []byte) (int, error) {
	words := strings.ToLower(string(p))
	c.cut = c.lost.Load() > 0 && (strings.Contains(words, "evalsha") || strings.Contains(words, "nx"))
	return c.Conn.Write(p)
}

func (c *forgetful) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if c.cut && err == nil && p[0] != '-' { // it has run
		c.lost.Add(-1)
		c.last()
		_ = c.Conn.Close()
		return 0, net.ErrClosed
	}
	return n, err
}

// losing returns a client that asks again when an answer was lost, which happens once.
func (s *server) losing(t *testing.T) (*redis.Client, *atomic.Int32) {
	t.Helper()
	lost := new(atomic.Int32)
	lost.Store(1)
	client := redis.NewClient(&redis.Options{
		ContextTimeoutEnabled: true, MaxRetries: 3,
		Dialer: func(ctx context.Context, _, _ string) (net.Conn, error) {
			conn, err := new(net.Dialer).DialContext(ctx, "unix", s.socket)
			return &forgetful{Conn: conn, lost: lost, last: func() {
				_ = s.client(t).PExpire(t.Context(), "souk:token:{other}:lock", time.Hour) // its end is not to be waited for
			}}, err
		},
	})
	t.Cleanup(func() { _ = client.Close() })
	return client, lost
}

// go-redis asks again by itself: whoever has had the first answer must not be refused.
func TestWhoAsksAgainBecauseAnAnswerWasLostIsNotRefused(t *testing.T) {
	t.Parallel()
	s, client := connect(t)
	for call, err := range everything(t, client) { // the server knows the scripts now
		require.NoError(t, err, call)
	}
	for name, ask := range map[string]func(*testing.T, *redis.Client) error{
		"lease": func(t *testing.T, c *redis.Client) error {
			positions, err := fleet.NewPositions(c)
			require.NoError(t, err)
			_, err = positions.Take(within(t), "other walk", time.Minute)
			return err
		},
		"claim": func(t *testing.T, c *redis.Client) error {
			won, err := seen(t, c).Claim(within(t), "other id", time.Minute)
			assert.True(t, won)
			return err
		},
		"token": func(t *testing.T, c *redis.Client) error {
			return tokens(t, c, keys).Update(within(t), "other", saving(secret))
		},
		"turn": func(t *testing.T, c *redis.Client) error {
			return limiter(t, c, fleet.SHOPLINE, fleet.LimiterOptions{}).Wait(within(t))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			losing, lost := s.losing(t)

			require.NoError(t, ask(t, losing))

			assert.Zero(t, lost.Load(), "an answer was lost")
		})
	}
}
