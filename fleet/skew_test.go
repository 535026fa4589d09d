package fleet_test

import (
	"context"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/fleet"
)

// ahead gives a Redis a clock that is years ahead of that of the bubble, and goes with it.
type ahead struct {
	server *miniredis.Miniredis
	began  time.Time
}

func (ahead) DialHook(next redis.DialHook) redis.DialHook { return next }

func (a ahead) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		a.server.SetTime(time.Date(2100, 1, 5, 10, 0, 0, 0, time.UTC).Add(time.Since(a.began)))
		return next(ctx, cmd)
	}
}

func (ahead) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

// bubbleRedis returns a client of a Redis within a bubble.
func bubbleRedis(t *testing.T) *redis.Client {
	server := miniredis.NewMiniRedis()
	t.Cleanup(server.Close)
	client := redis.NewClient(&redis.Options{
		ContextTimeoutEnabled: true,
		// It would ask the resolver, which all tests share, from within the bubble.
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
		Dialer:                   func(context.Context, string, string) (net.Conn, error) { return server.Dial() },
	})
	t.Cleanup(func() { _ = client.Close() })
	client.AddHook(ahead{server, time.Now()})
	return client
}

func TestTheClocksOfTheProcessesDoNotCount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := bubbleRedis(t)
		l, err := fleet.NewLimiter(client, "store", fleet.Limit{Requests: 1, Per: time.Minute, Burst: 1}, fleet.LimiterOptions{})
		require.NoError(t, err)
		began := time.Now()

		require.NoError(t, l.Wait(t.Context()))
		assert.Equal(t, time.Minute, time.Since(began), "what Redis does not know counts as used up")
		l.Pause(time.Now().Add(10 * time.Minute))
		require.NoError(t, l.Wait(t.Context()))

		assert.Equal(t, 11*time.Minute, time.Since(began))
	})
}
