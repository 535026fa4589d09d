package fleet_test

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/fleet"
)

var _ souk.Limiter = (*fleet.Limiter)(nil)

const limitKey = "souk:limit:{store}"

func limiter(t *testing.T, client redis.UniversalClient, limit fleet.Limit, o fleet.LimiterOptions) *fleet.Limiter {
	t.Helper()
	if o.Timeout == 0 {
		o.Timeout = time.Minute // however slow the machine
	}
	l, err := fleet.NewLimiter(client, "store", limit, o)
	require.NoError(t, err)
	return l
}

// full returns when the bucket will be empty, in microseconds of Redis's clock.
func full(t *testing.T, client redis.UniversalClient) int64 {
	t.Helper()
	text, err := client.HGet(t.Context(), limitKey, "full").Result()
	require.NoError(t, err)
	n, err := strconv.ParseInt(text, 10, 64)
	require.NoError(t, err)
	return n
}

// fill makes the bucket empty of requests, so that burst may be sent at once.
func fill(t *testing.T, client redis.UniversalClient) {
	t.Helper()
	require.NoError(t, client.HSet(t.Context(), limitKey, "full", 1).Err())
}

func TestProcessesShareOneBucket(t *testing.T) {
	t.Parallel()
	s, client := connect(t)
	limit := fleet.Limit{Requests: 1, Per: time.Hour, Burst: 64}
	fill(t, client)
	before := time.Now()
	var callers sync.WaitGroup
	for range 8 {
		l := limiter(t, s.client(t), limit, fleet.LimiterOptions{})
		callers.Go(func() {
			for range 8 {
				assert.NoError(t, l.Wait(within(t)))
			}
		})
	}
	callers.Wait()

	err := limiter(t, client, limit, fleet.LimiterOptions{}).Wait(within(t))

	require.ErrorIs(t, err, context.DeadlineExceeded, "the 65th comes after the burst")
	spent := time.UnixMicro(full(t, client)).Sub(before)
	assert.InDelta(t, 64*time.Hour, spent, float64(time.Hour/2), "each took one turn, the refused one none")
}

// line returns who waits, the first in it first.
func line(t *testing.T, client redis.UniversalClient) []string {
	t.Helper()
	ids, err := client.ZRange(t.Context(), limitKey+":line", 0, -1).Result()
	require.NoError(t, err)
	return ids
}

func TestThereIsOneLineForAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := bubbleRedis(t)
		limit := fleet.Limit{Requests: 10, Per: time.Second, Burst: 1}
		a, b := limiter(t, client, limit, fleet.LimiterOptions{}), limiter(t, client, limit, fleet.LimiterOptions{})
		for i, l := range []*fleet.Limiter{a, b, a, b} {
			wait, err := fleet.ReserveForTest(t.Context(), l, strconv.Itoa(i))
			require.NoError(t, err)
			require.Equal(t, time.Duration(i+1)*100*time.Millisecond, wait)
		}
		require.Equal(t, []string{"0", "1", "2", "3"}, line(t, client))

		var order []string
		for len(order) < 4 {
			for i, l := range []*fleet.Limiter{b, a, b, a} { // the last asks first, again and again
				id := strconv.Itoa(3 - i)
				if slices.Contains(order, id) {
					continue
				}
				wait, err := fleet.ReserveForTest(t.Context(), l, id)
				require.NoError(t, err)
				if wait == 0 {
					order = append(order, id)
				}
			}
			time.Sleep(10 * time.Millisecond)
		}

		assert.Equal(t, []string{"0", "1", "2", "3"}, order)
		assert.Empty(t, line(t, client))
	})
}

func TestWhoGivesUpLeavesTheLine(t *testing.T) {
	t.Parallel()
	_, client := connect(t)
	l := limiter(t, client, fleet.Limit{Requests: 1, Per: time.Hour, Burst: 1}, fleet.LimiterOptions{})
	ctx, cancel := context.WithCancel(t.Context())
	var waiting sync.WaitGroup
	waiting.Go(func() { assert.ErrorIs(t, l.Wait(ctx), context.Canceled) })
	require.Eventually(t, func() bool { return len(line(t, client)) == 1 }, time.Minute, time.Millisecond)
	before := full(t, client)

	cancel()
	waiting.Wait()

	assert.Empty(t, line(t, client))
	assert.Equal(t, before, full(t, client), "nothing of the quota is lost")
}

// A process that was killed does not ask again.
func TestTheDeadLeaveTheLine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := bubbleRedis(t)
		l, err := fleet.NewLimiter(client, "store", fleet.Limit{Requests: 1, Per: time.Minute, Burst: 2}, fleet.LimiterOptions{})
		require.NoError(t, err)
		began := time.Now()
		for _, id := range []string{"dead", "dead, too"} {
			wait, err := fleet.ReserveForTest(t.Context(), l, id)
			require.NoError(t, err)
			require.Equal(t, time.Second, wait, "it is to ask every second")
		}

		require.NoError(t, l.Wait(t.Context()))

		assert.Equal(t, time.Minute, time.Since(began), "the first minute's turn")
	})
}

func TestATurnBehindTheDeadlineIsNotTaken(t *testing.T) {
	t.Parallel()
	_, client := connect(t)
	l := limiter(t, client, fleet.Limit{Requests: 1, Per: time.Hour, Burst: 1}, fleet.LimiterOptions{})
	fill(t, client)
	require.NoError(t, l.Wait(within(t)))
	before := full(t, client)

	err := l.Wait(within(t))

	require.ErrorIs(t, err, context.DeadlineExceeded)
	assert.Equal(t, before, full(t, client))
}

func TestAPauseHoldsBackEverybody(t *testing.T) {
	t.Parallel()
	s, client := connect(t)
	limit := fleet.Limit{Requests: 1000, Per: time.Second, Burst: 50}
	a, b := limiter(t, client, limit, fleet.LimiterOptions{}), limiter(t, s.client(t), limit, fleet.LimiterOptions{})
	fill(t, client)

	a.Pause(time.Now().Add(time.Hour))

	require.ErrorIs(t, b.Wait(within(t)), context.DeadlineExceeded)
	b.Pause(time.Now().Add(time.Second)) // a shorter one changes nothing
	require.ErrorIs(t, a.Wait(within(t)), context.DeadlineExceeded)
}

func TestAPauseHoldsBackThoseWhoWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := bubbleRedis(t)
		limit := fleet.Limit{Requests: 10, Per: time.Second, Burst: 1}
		a, b := limiter(t, client, limit, fleet.LimiterOptions{}), limiter(t, client, limit, fleet.LimiterOptions{})
		fill(t, client)
		require.NoError(t, a.Wait(t.Context()))
		began := time.Now()
		var waiting sync.WaitGroup
		waiting.Go(func() { assert.NoError(t, a.Wait(t.Context())) })
		time.Sleep(10 * time.Millisecond)
		require.Len(t, line(t, client), 1)

		b.Pause(began.Add(300 * time.Millisecond))

		waiting.Wait()
		assert.Equal(t, 300*time.Millisecond, time.Since(began))
	})
}

// A pause that Redis was not told of holds back those of this process who wait already.
func TestAPauseOfThisProcessAloneHoldsBackThoseWhoWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, away := bubbleRedis(t), new(absence)
		client.AddHook(away)
		l := limiter(t, client, fleet.Limit{Requests: 1, Per: time.Second, Burst: 1}, fleet.LimiterOptions{})
		began := time.Now()
		var waiting sync.WaitGroup
		for range 2 {
			waiting.Go(func() { assert.NoError(t, l.Wait(t.Context())) })
		}
		synctest.Wait() // one waits for a second, the other for two

		away.now.Store(true)
		l.Pause(began.Add(10 * time.Second))
		away.now.Store(false)

		waiting.Wait()
		assert.GreaterOrEqual(t, time.Since(began), 10*time.Second)
	})
}

// absence lets no command through while it lasts.
type absence struct{ now atomic.Bool }

func (*absence) DialHook(next redis.DialHook) redis.DialHook { return next }

func (a *absence) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if a.now.Load() {
			cmd.SetErr(assert.AnError)
			return assert.AnError
		}
		return next(ctx, cmd)
	}
}

func (*absence) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

func TestAfterAPauseThePaceBeginsAnew(t *testing.T) {
	t.Parallel()
	_, client := connect(t)
	limit := fleet.Limit{Requests: 1, Per: time.Hour, Burst: 40}
	l := limiter(t, client, limit, fleet.LimiterOptions{})
	fill(t, client)
	l.Pause(time.Now().Add(10 * time.Millisecond))

	require.NoError(t, l.Wait(within(t)), "one may go when the pause is over")

	assert.ErrorIs(t, l.Wait(within(t)), context.DeadlineExceeded, "the bucket was full: no burst")
}

func TestARestartOfRedisGivesNoNewBurst(t *testing.T) {
	t.Parallel()
	s, client := connect(t)
	l := limiter(t, client, fleet.Limit{Requests: 1, Per: time.Hour, Burst: 40}, fleet.LimiterOptions{})
	fill(t, client)
	require.NoError(t, l.Wait(within(t)))

	s.stop()
	s.start(t)

	assert.ErrorIs(t, l.Wait(within(t)), context.DeadlineExceeded, "what Redis does not know counts as used up")
}

// A server that loads a snapshot knows less than it has told before.
func TestAnOldSnapshotGivesNoNewBurst(t *testing.T) {
	t.Parallel()
	s, client := connect(t)
	l := limiter(t, client, fleet.Limit{Requests: 1, Per: time.Hour, Burst: 40}, fleet.LimiterOptions{})
	fill(t, client)
	require.NoError(t, l.Wait(within(t)))
	require.NoError(t, client.Save(t.Context()).Err())
	require.NoError(t, l.Wait(within(t)), "there is a burst")

	s.stop()
	s.start(t)

	require.ErrorIs(t, l.Wait(within(t)), context.DeadlineExceeded)
	assert.Greater(t, time.Until(time.UnixMicro(full(t, client))), 39*time.Hour)
}

func TestAnACLMayForbidINFO(t *testing.T) {
	t.Parallel()
	s := startRedis(t, "--user", "app", "on", ">secret", "+@all", "-info", "~souk:*")
	client := s.at(t, func(o *redis.Options) { o.Username, o.Password = "app", "secret" })
	l := limiter(t, client, fleet.Limit{Requests: 1, Per: time.Hour, Burst: 40}, fleet.LimiterOptions{})
	fill(t, client)

	require.NoError(t, l.Wait(within(t)))
	require.NoError(t, l.Wait(within(t)), "there is a burst")
}

func TestWithoutRedisNothingIsSent(t *testing.T) {
	t.Parallel()
	s, client := connect(t)
	l := limiter(t, client, fleet.SHOPLINE, fleet.LimiterOptions{})
	s.stop()

	err := l.Wait(within(t))

	require.ErrorContains(t, err, "fleet: unavailable: no quota could be obtained: dial")
	assert.ErrorIs(t, err, souk.ErrUnavailable)
}

// An answer that asks for years, as a clock gone wrong does, stops nobody for good.
func TestAPauseEndsAfterAQuarterOfAnHour(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := bubbleRedis(t)
		limit := fleet.Limit{Requests: 1, Per: time.Second, Burst: 1}
		l, other := limiter(t, client, limit, fleet.LimiterOptions{}), limiter(t, client, limit, fleet.LimiterOptions{})
		began := time.Now()

		l.Pause(time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC))
		require.NoError(t, other.Wait(t.Context()))
		require.NoError(t, l.Wait(t.Context()))

		assert.Equal(t, 15*time.Minute+time.Second, time.Since(began), "one goes, and the pace is kept")
	})
}

func TestAPauseIsKeptWhereRedisCannotBeTold(t *testing.T) {
	t.Parallel()
	s, client := connect(t)
	l := limiter(t, client, fleet.SHOPLINE, fleet.LimiterOptions{LocalShare: 1})
	s.stop()

	l.Pause(time.Now().Add(time.Hour))

	assert.ErrorIs(t, l.Wait(within(t)), context.DeadlineExceeded)
}

func TestASlowRedisIsNotWaitedForLongerThanTheTimeout(t *testing.T) {
	t.Parallel()
	s, client := connect(t)
	l := limiter(t, client, fleet.SHOPLINE, fleet.LimiterOptions{Timeout: 50 * time.Millisecond})
	require.NoError(t, s.client(t).Do(t.Context(), "CLIENT", "PAUSE", "60000", "ALL").Err())

	err := l.Wait(within(t))

	require.ErrorContains(t, err, "no answer of Redis in time")
	require.NotErrorIs(t, err, context.DeadlineExceeded, "the caller has time")
}

func TestAPasswordThatIsMissingIsSaid(t *testing.T) {
	t.Parallel()
	s := startRedis(t, "--requirepass", "secret")

	err := limiter(t, s.client(t), fleet.SHOPLINE, fleet.LimiterOptions{}).Wait(within(t))

	assert.ErrorContains(t, err, "set redis.Options.Password")
}

func TestNewLimiterReportsAllThatIsWrong(t *testing.T) {
	t.Parallel()

	for _, none := range []redis.UniversalClient{nil, (*redis.Client)(nil), (*redis.ClusterClient)(nil)} {
		_, err := fleet.NewLimiter(none, "", fleet.Limit{}, fleet.LimiterOptions{LocalShare: -1, Timeout: -1})

		for _, part := range []string{"Limit.Requests", "Limit.Burst", "Redis client", "name", "LocalShare", "Timeout"} {
			assert.ErrorContains(t, err, part)
		}
	}
	_, err := fleet.NewLimiter(redis.NewClient(&redis.Options{}), "a", fleet.Limit{Requests: 10, Per: time.Millisecond, Burst: 1}, fleet.LimiterOptions{})
	assert.ErrorContains(t, err, "Limit.Per")
	_, err = fleet.NewLimiter(redis.NewClient(&redis.Options{}), "}a", fleet.Limit{Requests: 1, Per: 25 * time.Hour, Burst: 1}, fleet.LimiterOptions{LocalShare: 1 << 40})
	for _, part := range []string{"no braces", "Limit.Per must be at most", "LocalShare"} {
		assert.ErrorContains(t, err, part)
	}
}

// TestAClockOfRedisThatGoesBackStopsNobody is about a replica that takes over with a
// clock that is an hour behind, and one that was corrected.
func TestAClockOfRedisThatGoesBackStopsNobody(t *testing.T) {
	t.Parallel()
	_, client := connect(t)
	limit := fleet.Limit{Requests: 10, Per: time.Second, Burst: 1}
	l := limiter(t, client, limit, fleet.LimiterOptions{})
	began := time.Now()
	inAnHour := began.Add(time.Hour)
	leave := func() {
		require.NoError(t, client.HSet(t.Context(), limitKey, "full", inAnHour.Add(time.Second).UnixMicro(), "at", inAnHour.UnixMicro()).Err())
		require.NoError(t, client.ZAdd(t.Context(), limitKey+":line", redis.Z{Score: 1, Member: "dead"}).Err())
		require.NoError(t, client.ZAdd(t.Context(), limitKey+":alive", redis.Z{Score: float64(inAnHour.UnixMicro()), Member: "dead"}).Err())
	}

	leave()
	require.NoError(t, l.Wait(within(t)))

	assert.GreaterOrEqual(t, time.Since(began), time.Second, "what had been used stays used")
	assert.Empty(t, line(t, client))
	leave()
	l.Pause(time.Now().Add(time.Millisecond))
	assert.WithinDuration(t, time.Now(), time.UnixMicro(full(t, client)), time.Minute)
}

func TestWhatStandsUnderTheKeyIsNotBelieved(t *testing.T) {
	t.Parallel()
	_, client := connect(t)
	require.NoError(t, client.HSet(t.Context(), limitKey, "full", "soon").Err())

	err := limiter(t, client, fleet.Limit{Requests: 1, Per: time.Hour, Burst: 40}, fleet.LimiterOptions{}).Wait(within(t))

	assert.ErrorIs(t, err, context.DeadlineExceeded, "it counts as used up")
}

func TestAContextThatHasEndedTakesNoTurn(t *testing.T) {
	t.Parallel()
	_, client := connect(t)
	l := limiter(t, client, fleet.SHOPLINE, fleet.LimiterOptions{LocalShare: 2})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	err := l.Wait(ctx)

	require.ErrorIs(t, err, context.Canceled)
	assert.ErrorIs(t, client.HGet(t.Context(), limitKey, "full").Err(), redis.Nil)
}
