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

// told is one call of OnWait.
type told struct {
	at   time.Duration // since the first
	held bool
	d    time.Duration
}

// listener returns a func for OnWait and what it was told.
func listener() (func(held bool, d time.Duration), *[]told) {
	var all []told
	var start time.Time
	return func(held bool, d time.Duration) {
		if all == nil {
			start = time.Now()
		}
		all = append(all, told{time.Since(start), held, d.Round(time.Millisecond)})
	}, &all
}

func TestWaitIsToldWhenItBeginsAndMeasured(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name         string
		limit        Limit
		opts         WaitOptions
		before       func(t *testing.T, g *Governor)
		told         []told
		waited, held time.Duration
	}{
		{
			name:   "none",
			before: func(*testing.T, *Governor) {},
		},
		{
			name:   "pace",
			limit:  Limit{Burst: 1, Rate: 1},
			before: func(t *testing.T, g *Governor) { call(t, g, accepted) },
			told:   []told{{0, false, time.Second}},
			waited: time.Second,
		},
		{
			name:   "gate",
			before: func(t *testing.T, g *Governor) { call(t, g, after(http.StatusTooManyRequests, "5")) },
			told:   []told{{0, true, 5 * time.Second}},
			waited: 5 * time.Second, held: 5 * time.Second,
		},
		{
			name:   "gate, and then the pace",
			limit:  Limit{Burst: 20, Rate: 1},
			before: func(t *testing.T, g *Governor) { call(t, g, after(http.StatusTooManyRequests, "5")) },
			told:   []told{{0, true, 11 * time.Second}},
			waited: 11 * time.Second, held: 5 * time.Second,
		},
		{
			name:  "pace, and then the gate",
			limit: Limit{Burst: 2, Rate: 1},
			before: func(t *testing.T, g *Governor) {
				call(t, g, accepted)
				other := take(t, g)
				time.AfterFunc(time.Second/2, func() { other.Done(after(http.StatusTooManyRequests, "5")) })
			},
			told:   []told{{0, false, time.Second}, {time.Second / 2, true, 5 * time.Second}},
			waited: 5500 * time.Millisecond, held: 5 * time.Second,
		},
		{
			name: "probe of another",
			before: func(t *testing.T, g *Governor) {
				call(t, g, tooMany)
				probe := take(t, g)
				time.AfterFunc(time.Second, func() { probe.Done(accepted) })
			},
			told:   []told{{0, true, 0}},
			waited: time.Second, held: time.Second,
		},
		{
			name: "answer of another",
			opts: WaitOptions{MaxInflight: 1},
			before: func(t *testing.T, g *Governor) {
				other := take(t, g)
				time.AfterFunc(time.Second, func() { other.Done(accepted) })
			},
			told:   []told{{0, false, 0}},
			waited: time.Second,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := governor(c.limit)
				c.before(t, g)
				onWait, all := listener()
				c.opts.OnWait = onWait

				ticket, err := g.Wait(t.Context(), c.opts)

				require.NoError(t, err)
				assert.Equal(t, c.told, *all)
				assert.Equal(t, c.waited, ticket.Waited().Round(time.Millisecond))
				assert.Equal(t, c.held, ticket.Held())
			})
		})
	}
}

// What happens while OnWait runs is not missed.
func TestGateThatClosesDuringOnWaitIsSeen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{Burst: 2, Rate: 1})
		call(t, g, accepted)
		other := take(t, g)
		start := time.Now()
		onWait := func(held bool, _ time.Duration) {
			if !held {
				other.Done(after(http.StatusTooManyRequests, "3600"))
			}
		}

		_, err := g.Wait(t.Context(), WaitOptions{MaxGate: time.Minute, OnWait: onWait})

		assert.EqualError(t, err, "rate limit: the server asked to wait until 2000-01-01T01:00:00Z")
		assert.Zero(t, time.Since(start))
	})
}

// The longer one of gate and pace is what the deadline does not allow.
func TestDeadlineBeforeThePaceBehindTheGate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{Burst: 20, Rate: 1})
		call(t, g, after(http.StatusTooManyRequests, "5"))
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()

		_, err := g.Wait(ctx, WaitOptions{})

		assert.EqualError(t, err, "rate limit: the pace allows no request before the deadline until 2000-01-01T00:00:11Z: context deadline exceeded")
	})
}

// OnWait may ask the governor, as it is called without its lock.
func TestOnWaitMayUseTheGovernor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{Burst: 1, Rate: 1})
		call(t, g, accepted)
		queue := 0

		_, err := g.Wait(t.Context(), WaitOptions{OnWait: func(bool, time.Duration) { queue = g.Quota().Queue }})

		require.NoError(t, err)
		assert.Equal(t, 1, queue)
	})
}

func TestPanicOfOnWaitLeavesNothingLocked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{Burst: 1, Rate: 1})
		call(t, g, accepted)

		assert.Panics(t, func() {
			_, _ = g.Wait(t.Context(), WaitOptions{OnWait: func(bool, time.Duration) { panic("broken") }})
		})

		assert.Zero(t, g.Quota().Queue)
		call(t, g, accepted)
	})
}

func TestWaitThatFailsSaysHowLongItWas(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{})
		call(t, g, after(http.StatusTooManyRequests, "10"))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(3*time.Second, cancel)

		ticket, err := g.Wait(ctx, WaitOptions{})

		assert.Equal(t, context.Canceled, err)
		assert.Equal(t, 3*time.Second, ticket.Waited())
		assert.Equal(t, 3*time.Second, ticket.Held())
		ticket.Done(tooMany)
		assert.Zero(t, g.inflight)
		assert.Equal(t, 1, g.gate.strikes)
	})
}

// All closures of one wait count, those too whose end nobody knows.
func TestMaxGateBoundsTheSumOfAllClosures(t *testing.T) {
	t.Parallel()
	// probes sends one probe after the other, each of which is refused after latency.
	probes := func(latency time.Duration) func(context.Context, *Governor) {
		return func(ctx context.Context, g *Governor) {
			for {
				ticket, err := g.Wait(ctx, WaitOptions{Refused: true})
				if err != nil {
					return
				}
				time.Sleep(latency)
				ticket.Done(after(http.StatusTooManyRequests, "5"))
			}
		}
	}
	nothing := func(context.Context, *Governor) {}
	cases := []struct {
		name string
		opts WaitOptions
		act  func(ctx context.Context, g *Governor)
		want time.Duration
		text string
	}{
		{"longer than it", WaitOptions{MaxGate: 4999 * time.Millisecond}, nothing, 0, "the server asked to wait until 2000-01-01T00:00:05Z"},
		{"as long", WaitOptions{MaxGate: 5 * time.Second}, nothing, -1, ""},
		{"no bound", WaitOptions{}, nothing, -1, ""},
		{"refused probes", WaitOptions{MaxGate: 12 * time.Second}, probes(time.Second / 5), 10400 * time.Millisecond, "the server asked to wait until 2000-01-01T00:00:15Z"},
		{"stalled probe", WaitOptions{MaxGate: 12 * time.Second}, probes(14 * time.Second), 12 * time.Second, "the server keeps refusing"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := governor(Limit{})
				call(t, g, after(http.StatusTooManyRequests, "5"))
				var other sync.WaitGroup
				ctx, leave := context.WithCancel(t.Context())
				defer other.Wait()
				defer leave()
				other.Go(func() { c.act(ctx, g) })
				synctest.Wait()
				start := time.Now()

				ticket, err := g.Wait(t.Context(), c.opts)

				if c.want < 0 {
					require.NoError(t, err)
					assert.Equal(t, 5*time.Second, time.Since(start))
					return
				}
				assert.EqualError(t, err, "rate limit: "+c.text)
				assert.NotErrorIs(t, err, context.DeadlineExceeded)
				assert.Equal(t, c.want, time.Since(start))
				assert.LessOrEqual(t, ticket.Held(), c.opts.MaxGate)
			})
		})
	}
}

func TestMaxGateBoundsTheWaitBeforeAndAfterTheLimiter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{})
		earlier := take(t, g)
		call(t, g, after(http.StatusTooManyRequests, "5"))
		start := time.Now()
		time.AfterFunc(6*time.Second, func() { earlier.Done(after(http.StatusTooManyRequests, "9")) })

		ticket, err := g.Wait(t.Context(), WaitOptions{
			MaxGate: 12 * time.Second,
			Limiter: &fakeLimiter{wait: 2 * time.Second},
		})

		assert.EqualError(t, err, "rate limit: the server asked to wait until 2000-01-01T00:00:15Z")
		assert.Equal(t, 7*time.Second, time.Since(start), "five at the gate, and another eight would be too long")
		assert.Equal(t, 7*time.Second, ticket.Waited())
		assert.Equal(t, 5*time.Second, ticket.Held())
	})
}

// A pace that is known is waited for, however long it takes.
func TestMaxGateDoesNotBoundThePace(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		limit Limit
		want  time.Duration
	}{
		"bucket": {Limit{Burst: 40, Rate: 1}, 20 * time.Second},
		"window": {Limit{Window: Window{Requests: 40, Period: time.Minute}}, time.Minute},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := governor(c.limit)
				call(t, g, tooMany)
				start := time.Now()
				var wait sync.WaitGroup
				for range 3 {
					wait.Go(func() {
						ticket, err := g.Wait(t.Context(), WaitOptions{MaxGate: time.Second})
						assert.NoError(t, err)
						assert.LessOrEqual(t, ticket.Held(), time.Second)
						ticket.Done(accepted)
					})
				}

				wait.Wait()

				assert.GreaterOrEqual(t, time.Since(start), c.want)
			})
		})
	}
}

func TestDeadlineThatComesWhileNobodyKnowsHowLong(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		before func(t *testing.T, g *Governor)
		opts   WaitOptions
	}{
		"answer": {func(t *testing.T, g *Governor) { take(t, g) }, WaitOptions{MaxInflight: 1}},
		"probe": {func(t *testing.T, g *Governor) {
			call(t, g, tooMany)
			take(t, g)
		}, WaitOptions{}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := governor(Limit{})
				c.before(t, g)
				start := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
				defer cancel()

				_, err := g.Wait(ctx, c.opts)

				assert.Equal(t, 3*time.Second, time.Since(start))
				assert.ErrorIs(t, err, context.DeadlineExceeded)
				e, ok := errors.AsType[*Error](err)
				require.True(t, ok)
				assert.Equal(t, "still waiting at the deadline", e.Reason)
				assert.Zero(t, g.queued())
			})
		})
	}
}

func TestMaxInflightHoldsTheRestBack(t *testing.T) {
	t.Parallel()
	eager := limiterFunc(func(context.Context) error { return nil })
	for name, limiter := range map[string]Limiter{"": nil, "with a limiter": eager} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := governor(Limit{})
				var mu sync.Mutex
				inflight, most := 0, 0
				start := time.Now()
				var wait sync.WaitGroup
				for range 100 {
					wait.Go(func() {
						ticket, err := g.Wait(t.Context(), WaitOptions{MaxInflight: 48, Limiter: limiter})
						if !assert.NoError(t, err) {
							return
						}
						mu.Lock()
						inflight++
						most = max(most, inflight)
						mu.Unlock()
						time.Sleep(time.Second)
						mu.Lock()
						inflight--
						mu.Unlock()
						ticket.Done(accepted)
					})
				}

				wait.Wait()

				assert.Equal(t, 48, most)
				assert.Equal(t, 3*time.Second, time.Since(start))
			})
		})
	}
}

func TestWhatWasRefusedGoesFirstInItsOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{Burst: 1, Rate: 1})
		call(t, g, accepted)
		start := time.Now()
		var mu sync.Mutex
		var order []string
		var wait sync.WaitGroup
		for _, name := range []string{"a", "b", "refused 1", "c", "refused 2"} {
			wait.Go(func() {
				ticket, err := g.Wait(t.Context(), WaitOptions{Refused: len(name) > 1})
				assert.NoError(t, err)
				mu.Lock()
				order = append(order, name)
				mu.Unlock()
				ticket.Done(accepted)
			})
			synctest.Wait()
		}

		wait.Wait()

		assert.Equal(t, []string{"refused 1", "refused 2", "a", "b", "c"}, order)
		assert.Equal(t, 5*time.Second, time.Since(start).Round(time.Millisecond))
	})
}

// The wait of what was refused is reckoned without those behind it.
func TestDeadlineOfWhatWasRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{Burst: 1, Rate: 1})
		call(t, g, accepted)
		others, leave := context.WithCancel(t.Context())
		var wait sync.WaitGroup
		for range 9 {
			wait.Go(func() { _, _ = g.Wait(others, WaitOptions{}) })
		}
		wait.Go(func() {
			ticket, _ := g.Wait(others, WaitOptions{Refused: true})
			ticket.Done(accepted)
		})
		synctest.Wait()
		short, cancel := context.WithTimeout(t.Context(), 1900*time.Millisecond)
		defer cancel()
		long, cancel := context.WithTimeout(t.Context(), 2100*time.Millisecond)
		defer cancel()

		_, err := g.Wait(short, WaitOptions{Refused: true})
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		_, err = g.Wait(long, WaitOptions{Refused: true})

		assert.NoError(t, err)
		leave()
		wait.Wait()
	})
}
