//go:build unix

package fleet_test

import (
	"context"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/fleet"
)

func TestWithoutRedisEachHasAnEqualPartOfThePace(t *testing.T) {
	t.Parallel()
	s, client := connect(t)
	l := limiter(t, client, fleet.Limit{Requests: 100, Per: time.Second, Burst: 40}, fleet.LimiterOptions{LocalShare: 4})
	s.stop()
	began := time.Now()

	for range 5 {
		require.NoError(t, l.Wait(within(t)))
	}

	assert.GreaterOrEqual(t, time.Since(began), 5*40*time.Millisecond, "a quarter of the pace, and no burst")
}

func TestATurnOfItsOwnThatComesTooLateIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	s, client := connect(t)
	l := limiter(t, client, fleet.Limit{Requests: 1, Per: time.Hour, Burst: 40}, fleet.LimiterOptions{LocalShare: 1})
	s.stop()

	assert.ErrorIs(t, l.Wait(within(t)), context.DeadlineExceeded)
}

func TestAfterAnOutageTheBucketCountsAsUsedUp(t *testing.T) {
	t.Parallel()
	s, client := connect(t)
	limit := fleet.Limit{Requests: 1, Per: time.Hour, Burst: 40}
	l := limiter(t, client, limit, fleet.LimiterOptions{LocalShare: 2, Timeout: time.Second})
	other := limiter(t, s.client(t), limit, fleet.LimiterOptions{LocalShare: 2})
	fill(t, client)
	require.NoError(t, l.Wait(within(t)), "there is a burst")
	require.NoError(t, s.command.Process.Signal(syscall.SIGSTOP))
	require.ErrorIs(t, l.Wait(within(t)), context.DeadlineExceeded, "alone, it would take two hours")
	require.NoError(t, s.command.Process.Signal(syscall.SIGCONT))

	require.Eventually(t, func() bool { return fleet.KnownForTest(within(t), l) }, time.Minute, 10*time.Millisecond)

	assert.ErrorIs(t, l.Wait(within(t)), context.DeadlineExceeded)
	assert.ErrorIs(t, other.Wait(within(t)), context.DeadlineExceeded, "for others, too")
	assert.Greater(t, time.Until(time.UnixMicro(full(t, client))), 41*time.Hour, "each may have sent one more")
	assert.Less(t, time.Until(time.UnixMicro(full(t, client))), 43*time.Hour)
}

func TestAPauseIsKeptInATurnOfItsOwn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := bubbleRedis(t)
		require.NoError(t, client.Close())
		l := limiter(t, client, fleet.Limit{Requests: 2, Per: time.Second, Burst: 1}, fleet.LimiterOptions{LocalShare: 1})
		began := time.Now()
		var waiting sync.WaitGroup
		waiting.Go(func() { assert.NoError(t, l.Wait(t.Context())) })
		synctest.Wait()

		l.Pause(began.Add(time.Second))

		waiting.Wait()
		assert.Equal(t, time.Second, time.Since(began))
	})
}
