package ratelimit

import (
	"math"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/time/rate"
)

// drain takes what the bucket gives at now and returns how much that was, at most most.
func drain(b *bucket, now time.Time, most int) int {
	for n := range most {
		if ready, _ := b.ready(now, 0, 0); !ready {
			return n
		}
		b.sent(now, 0)
		b.answered(now)
	}
	return most
}

func TestClockThatJumpsGivesNoMoreThanABurstAndBlocksNobody(t *testing.T) {
	t.Parallel()
	for _, jump := range []time.Duration{time.Hour, -time.Hour, 100 * 365 * 24 * time.Hour, -100 * 365 * 24 * time.Hour} {
		for _, share := range []float64{1, 0.5} {
			b := newBucket(Limit{Burst: 40, Rate: 4})
			now := time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC) // without a monotonic reading
			b.setShare(now, share)
			assert.Equal(t, 40, drain(b, now, 1000))

			there := now.Add(jump)
			got := drain(b, there, 1000)
			back := drain(b, now, 1000)
			_, wait := b.ready(now, 0, 0)

			assert.LessOrEqual(t, got, 40)
			assert.LessOrEqual(t, back, 40)
			assert.LessOrEqual(t, wait, time.Second)
			assert.Positive(t, drain(b, now.Add(time.Second), 1000))
		}
	}
}

func TestRatesThatMakeNoSenseAreNoBucket(t *testing.T) {
	t.Parallel()
	for _, rate := range []float64{0, -1, math.NaN(), math.Inf(1), math.Inf(-1)} {
		assert.Nil(t, newBucket(Limit{Burst: 1, Rate: rate}), "%v", rate)
	}
}

func TestBurstBelowOneIsOne(t *testing.T) {
	t.Parallel()
	for _, burst := range []int{0, -1, 1} {
		b := newBucket(Limit{Burst: burst, Rate: 1})

		assert.Equal(t, 1, drain(b, time.Now(), 10), "%d", burst)
	}
}

func TestRateSoSlowThatTheWaitOverflowsIsBounded(t *testing.T) {
	t.Parallel()
	b := newBucket(Limit{Burst: 1, Rate: 1e-300})
	now := time.Now()
	drain(b, now, 1)

	ready, wait := b.ready(now, 0, 1_000_000)

	assert.False(t, ready)
	assert.Equal(t, longest, wait)
}

func TestShareIsMeasuredBetweenTwoRefusalsAndRisesAgain(t *testing.T) {
	t.Parallel()
	b := newBucket(Limit{Burst: 40, Rate: 4})
	now := time.Now()
	drain(b, now, 40)
	b.refused(now)
	start := now
	for now.Sub(start) < 20*time.Second { // three in a second, in which four drain
		now = now.Add(time.Second / 3)
		b.sent(now, 0)
		b.answered(now)
	}

	b.refused(now)

	assert.InDelta(t, 0.75, b.share, 0.01)
	before := b.share
	b.tick(now.Add(10 * time.Second))
	assert.InDelta(t, before+0.01, b.share, 1e-9)
	b.tick(now.Add(time.Hour))
	assert.Equal(t, 1.0, b.share)
}

// Half of the quota is half of the pace, and twice the wait.
func TestTheShareIsThePace(t *testing.T) {
	t.Parallel()
	b := newBucket(Limit{Burst: 2, Rate: 10})
	now := time.Now()
	drain(b, now, 2)
	b.setShare(now, 0.5)

	ready, wait := b.ready(now, 0, 0)
	assert.False(t, ready)
	assert.Equal(t, 200*time.Millisecond, wait)
	assert.Equal(t, Quota{Limit: 2, Reset: now.Add(400 * time.Millisecond)}, b.quota(now, 0))
	ready, _ = b.ready(now.Add(199*time.Millisecond), 0, 0)
	assert.False(t, ready)
	ready, _ = b.ready(now.Add(201*time.Millisecond), 0, 0)
	assert.True(t, ready)
}

// Two refusals that come sooner than the server's bucket drains say nothing of what
// others took.
func TestRefusalsCloseTogetherAreNoMeasurement(t *testing.T) {
	t.Parallel()
	b := newBucket(Limit{Burst: 40, Rate: 4})
	now := time.Now()
	b.refused(now)
	b.refused(now.Add(10*time.Second - 1))
	assert.Equal(t, 1.0, b.share)
	b.refused(now.Add(10 * time.Second))
	assert.InDelta(t, 0.05, b.share, 1e-9, "since the first one")
}

func TestRefusalLeavesRoomForTheServersBucketToDrain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{Burst: 40, Rate: 4})
		for range 39 {
			call(t, g, accepted)
		}
		call(t, g, tooMany)
		start := time.Now()

		take(t, g)

		assert.Equal(t, 21*time.Second/4, time.Since(start).Round(time.Millisecond))
	})
}

func TestRefusalsOfOneBurstSetTheLevelOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{Burst: 40, Rate: 4})
		first, second := take(t, g), take(t, g)
		time.Sleep(time.Second)
		start := time.Now()
		first.Done(tooMany)
		time.Sleep(time.Second)
		second.Done(tooMany)

		take(t, g)

		assert.Equal(t, 21*time.Second/4, time.Since(start).Round(time.Millisecond))
	})
}

func TestMeasurementIsVoidWhenTheServersBucketMayHaveRunEmpty(t *testing.T) {
	t.Parallel()
	b := newBucket(Limit{Burst: 40, Rate: 4})
	now := time.Now()
	drain(b, now, 40)
	b.refused(now)
	now = now.Add(time.Hour)
	drain(b, now, 40)

	b.refused(now)

	assert.Equal(t, 1.0, b.share)
}

// What left before the refusal makes the server's bucket no fuller than full.
func TestAnswersBehindARefusalLeaveTheLevel(t *testing.T) {
	t.Parallel()
	b := newBucket(Limit{Burst: 40, Rate: 4})
	now := time.Now()
	b.refused(now)
	for range 5 {
		b.answered(now)
	}
	assert.InDelta(t, -20, b.room.TokensAt(now), 1e-6)
}

func TestSomeShareIsLeftWhateverOthersTake(t *testing.T) {
	t.Parallel()
	b := newBucket(Limit{Burst: 40, Rate: 4})
	now := time.Now()
	b.refused(now)
	b.refused(now.Add(time.Minute))
	assert.InDelta(t, 0.05, b.share, 1e-9)
}

// A window is noisier to measure: its share comes back twice as fast.
func TestTheShareOfAWindowRises(t *testing.T) {
	t.Parallel()
	for limit, rise := range map[Limit]float64{{Burst: 10, Rate: 1}: 0.01, {Burst: 10, Rate: 1, Horizon: time.Minute}: 0.02} {
		b := newBucket(limit)
		now := time.Now()
		b.setShare(now, 0.5)
		b.tick(now.Add(b.horizon))
		assert.InDelta(t, 0.5+rise, b.share, 1e-9)
	}
}

// What covers a window is measured from its first request on: what is granted in half of it
// and more is that of a whole one, and less than half says nothing.
func TestTheShareOfAWindow(t *testing.T) {
	t.Parallel()
	for span, want := range map[time.Duration]float64{4 * time.Minute: 1, 6 * time.Minute: 0.5, 20 * time.Minute: 0.25} {
		b := newBucket(Limit{Burst: 10, Rate: 1, Horizon: 10 * time.Minute})
		now := time.Now()
		for range 300 {
			b.sent(now, 0)
			b.answered(now)
			now = now.Add(span / 300)
		}
		b.refused(now)
		assert.InDelta(t, want, b.share, 0.01, span)
	}
}

// A refusal says that the bucket is full, however many have said so before.
func TestRefusalsDoNotAddUp(t *testing.T) {
	t.Parallel()
	b := newBucket(Limit{Burst: 40, Rate: 4})
	now := time.Now()
	drain(b, now, 40)

	for range 100 {
		b.refused(now)
	}

	assert.InDelta(t, -20, b.free(now, 0), 0.001)
}

// Two clients of one store may have different paces: what a fast one is refused must not
// stop a slow one for minutes.
func TestRefusalsOfALimiterDoNotStopOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{Burst: 40, Rate: 4})
		fast := WaitOptions{Limiter: rate.NewLimiter(rate.Inf, 1)}
		for range 100 {
			ticket, err := g.Wait(t.Context(), fast)
			require.NoError(t, err)
			ticket.Done(after(http.StatusTooManyRequests, "1"))
			time.Sleep(time.Second)
		}
		began := time.Now()

		call(t, g, accepted)

		assert.Less(t, time.Since(began), 3*time.Minute)
		assert.Less(t, time.Until(g.Quota().Reset), 6*time.Minute)
	})
}
