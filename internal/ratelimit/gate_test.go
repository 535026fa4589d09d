package ratelimit

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestGateHoldsEverybodyAndReopensForAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{})
		start := time.Now()
		call(t, g, after(http.StatusTooManyRequests, "5"))
		var wait sync.WaitGroup
		for range 64 {
			wait.Go(func() {
				ticket, err := g.Wait(t.Context(), WaitOptions{})
				assert.NoError(t, err)
				assert.Equal(t, 5*time.Second, time.Since(start))
				ticket.Done(accepted)
			})
		}

		wait.Wait()
	})
}

func TestGateClosesAsTheServerAsks(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		answer Answer
		want   time.Duration
	}{
		{"429", after(http.StatusTooManyRequests, "3"), 3 * time.Second},
		{"503", after(http.StatusServiceUnavailable, "3"), 3 * time.Second},
		{"HTTP date", after(http.StatusServiceUnavailable, "Sat, 01 Jan 2000 00:00:07 GMT"), 7 * time.Second},
		{"503 that does not say", Answer{Status: http.StatusServiceUnavailable}, 0},
		{"503 that says nonsense", after(http.StatusServiceUnavailable, "-3"), 0},
		{"202 that names the end of a job", after(http.StatusAccepted, "3"), 0},
		{"no answer", Answer{}, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := governor(Limit{})
				start := time.Now()

				call(t, g, c.answer)
				take(t, g)

				assert.Equal(t, c.want, time.Since(start))
			})
		})
	}
}

func TestGateOnlyMovesFurtherAway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{})
		start := time.Now()
		first, second, third := take(t, g), take(t, g), take(t, g)

		first.Done(after(http.StatusTooManyRequests, "10"))
		second.Done(after(http.StatusTooManyRequests, "3"))
		third.Done(accepted)
		take(t, g)

		assert.Equal(t, 10*time.Second, time.Since(start))
	})
}

func TestRetryAfterOfAYearIsAnErrorForAllAtOnce(t *testing.T) {
	t.Parallel()
	const year = 365 * 24 * time.Hour
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{Burst: 2, Rate: 0.001})
		last := take(t, g)
		call(t, g, accepted)
		start := time.Now()
		var wait sync.WaitGroup
		for range 8 {
			wait.Go(func() {
				_, err := g.Wait(t.Context(), WaitOptions{MaxGate: time.Minute})
				e, ok := errors.AsType[*Error](err)
				if assert.True(t, ok) {
					assert.True(t, e.Quota)
					assert.Equal(t, start.Add(year), e.Until)
				}
			})
		}
		synctest.Wait()

		last.Done(after(http.StatusTooManyRequests, "31536000"))
		wait.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		_, err := g.Wait(ctx, WaitOptions{})

		assert.Zero(t, time.Since(start))
		e, ok := errors.AsType[*Error](err)
		require.True(t, ok)
		assert.False(t, e.Quota)
		assert.EqualError(t, e, "rate limit: the server asked to wait past the deadline until 2000-12-31T00:00:00Z: context deadline exceeded")
		assert.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

func TestGateThatMovesIsSeenByThoseWhoWaitForIt(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string]WaitOptions{
		"behind others":  {MaxGate: time.Minute},
		"with a limiter": {MaxGate: time.Minute, Limiter: &fakeLimiter{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := governor(Limit{})
				last := take(t, g)
				call(t, g, after(http.StatusTooManyRequests, "10"))
				start := time.Now()
				patient, leave := context.WithCancel(t.Context())
				var wait sync.WaitGroup
				wait.Go(func() { _, _ = g.Wait(patient, WaitOptions{}) })
				synctest.Wait()
				time.AfterFunc(time.Second, func() { last.Done(after(http.StatusTooManyRequests, "3600")) })

				_, err := g.Wait(t.Context(), opts)

				e, ok := errors.AsType[*Error](err)
				require.True(t, ok)
				assert.True(t, e.Quota)
				assert.Equal(t, time.Second, time.Since(start))
				leave()
				wait.Wait()
			})
		})
	}
}

func TestRefusalsWithoutAHintPauseForLongerAndLonger(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{})
		bound := firstPause
		for range 20 {
			call(t, g, refused)
			start := time.Now()
			ticket := take(t, g)
			pause := time.Since(start)
			ticket.Cancel()

			assert.Positive(t, pause)
			assert.LessOrEqual(t, pause, bound)
			bound = min(2*bound, longestPause)
		}
		assert.Equal(t, 20, g.gate.strikes)

		call(t, g, accepted)

		assert.Zero(t, g.gate.strikes)
	})
}

func TestRefusalsOfOneBatchCountOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{})
		tickets := make([]Ticket, 64)
		for i := range tickets {
			tickets[i] = take(t, g)
		}
		time.Sleep(time.Second)

		for _, ticket := range tickets {
			ticket.Done(refused)
		}
		late := time.Until(g.gate.until)

		assert.Equal(t, 1, g.gate.strikes)
		assert.LessOrEqual(t, late, firstPause)
	})
}

func TestDoneAllBlamesTheQuotaThatIsFullest(t *testing.T) {
	t.Parallel()
	remaining := func(value string) Answer {
		return Answer{Status: http.StatusTooManyRequests, Header: http.Header{
			"Retry-After": {"5"}, "X-Ratelimit-Remaining": {value},
		}}
	}
	plan := Limit{Window: Window{Requests: 120, Period: time.Minute}, ReadHeaders: true}
	cases := []struct {
		name         string
		narrow, wide Limit
		answer       Answer
		want         [2]bool // closed
	}{
		{"narrow", Limit{Burst: 2, Rate: 1}, Limit{Burst: 80, Rate: 20}, after(429, "5"), [2]bool{true, false}},
		{"wide", Limit{Burst: 40, Rate: 1}, Limit{Burst: 3, Rate: 1}, after(429, "5"), [2]bool{false, true}},
		{"window that says it is used up", plan, Limit{Burst: 3, Rate: 1}, remaining("0"), [2]bool{true, false}},
		{"window that says it is not", plan, Limit{Burst: 3, Rate: 1}, remaining("60"), [2]bool{false, true}},
		{"none is modelled", Limit{}, Limit{}, after(429, "5"), [2]bool{true, false}},
		{"503", Limit{Burst: 40, Rate: 1}, Limit{Burst: 3, Rate: 1}, after(503, "5"), [2]bool{true, false}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				narrow, wide := governor(c.narrow), governor(c.wide)

				DoneAll(c.answer, take(t, narrow), take(t, wide))

				now := time.Now()
				assert.Equal(t, c.want, [2]bool{narrow.gate.wait(now) > 0, wide.gate.wait(now) > 0})
				assert.Zero(t, narrow.inflight)
				assert.Zero(t, wide.inflight)
			})
		})
	}
}
