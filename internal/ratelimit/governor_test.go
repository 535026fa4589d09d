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

var (
	accepted = Answer{Status: http.StatusOK}
	tooMany  = Answer{Status: http.StatusTooManyRequests}
)

// after returns an answer with a Retry-After header.
func after(status int, value string) Answer {
	return Answer{Status: status, Header: http.Header{"Retry-After": {value}}}
}

// governor returns a governor that no other test knows.
func governor(limit Limit) *Governor {
	return new(registry).get(Key{Host: "test.example"}, limit)
}

// take waits for a ticket and expects to get it.
func take(t *testing.T, g *Governor) Ticket {
	t.Helper()
	ticket, err := g.Wait(t.Context(), WaitOptions{})
	require.NoError(t, err)
	return ticket
}

// call sends a request that is answered at once.
func call(t *testing.T, g *Governor, a Answer) {
	t.Helper()
	take(t, g).Done(a)
}

func TestWaitServesInOrderOfArrival(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{Burst: 1, Rate: 1})
		call(t, g, accepted)
		start := time.Now()
		var mu sync.Mutex
		var order []int
		var moments []time.Duration
		var wait sync.WaitGroup
		for i := range 10 {
			wait.Go(func() {
				ticket, err := g.Wait(t.Context(), WaitOptions{})
				if !assert.NoError(t, err) {
					return
				}
				mu.Lock()
				order = append(order, i)
				moments = append(moments, time.Since(start).Round(time.Millisecond))
				mu.Unlock()
				ticket.Done(accepted)
			})
			synctest.Wait()
		}

		wait.Wait()

		assert.Equal(t, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, order)
		for i, at := range moments {
			assert.Equal(t, time.Duration(i+1)*time.Second, at)
		}
	})
}

func TestNewcomerDoesNotOvertakeTheQueue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{Burst: 1, Rate: 1})
		for range 100 {
			held := take(t, g)
			earlier := false
			var wait sync.WaitGroup
			wait.Go(func() {
				ticket, err := g.Wait(t.Context(), WaitOptions{})
				assert.NoError(t, err)
				earlier = true
				ticket.Cancel()
			})
			synctest.Wait()

			held.Cancel()
			ticket := take(t, g)

			assert.True(t, earlier)
			ticket.Cancel()
			wait.Wait()
		}
	})
}

func TestWaiterWhoseContextEndsLeavesAtOnceAndTheNextMovesUp(t *testing.T) {
	t.Parallel()
	for name, leaving := range map[string]int{"first": 0, "middle": 1, "last": 2} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := governor(Limit{Burst: 1, Rate: 1})
				call(t, g, accepted)
				start := time.Now()
				ctx, cancel := context.WithCancel(t.Context())
				moments := make([]time.Duration, 3)
				errs := make([]error, 3)
				var wait sync.WaitGroup
				for i := range 3 {
					wait.Go(func() {
						mine := t.Context()
						if i == leaving {
							mine = ctx
						}
						ticket, err := g.Wait(mine, WaitOptions{})
						moments[i], errs[i] = time.Since(start).Round(time.Millisecond), err
						ticket.Done(accepted)
					})
					synctest.Wait()
				}
				time.Sleep(500 * time.Millisecond)

				cancel()
				wait.Wait()

				assert.Equal(t, context.Canceled, errs[leaving])
				assert.Equal(t, 500*time.Millisecond, moments[leaving])
				next := time.Second
				for i := range 3 {
					if i == leaving {
						continue
					}
					require.NoError(t, errs[i])
					assert.Equal(t, next, moments[i])
					next += time.Second
				}
			})
		})
	}
}

func TestWaitWithAnEndedContextTakesNothing(t *testing.T) {
	t.Parallel()
	g := governor(Limit{Burst: 1, Rate: 1})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	_, err := g.Wait(ctx, WaitOptions{})

	assert.Equal(t, context.Canceled, err)
	assert.Zero(t, g.inflight)
}

func TestDeadlineThatCannotBeMetIsAnErrorAtOnce(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		limit  Limit
		used   int
		queued int
		until  time.Duration
	}{
		{"bucket", Limit{Burst: 2, Rate: 1}, 2, 0, time.Second},
		{"bucket behind a queue", Limit{Burst: 2, Rate: 1}, 2, 9, 10 * time.Second},
		{"window", Limit{Window: Window{Requests: 2, Period: time.Minute}}, 2, 0, time.Minute},
		{"overflow behind a queue", Limit{Window: Window{Requests: 2, Period: time.Minute, Overflow: 0.1}}, 2, 4, 40 * time.Second},
		{"window behind a long queue", Limit{Window: Window{Requests: 2, Period: time.Minute}}, 2, 4, 3 * time.Minute},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := governor(c.limit)
				for range c.used {
					call(t, g, accepted)
				}
				others, leave := context.WithCancel(t.Context())
				var wait sync.WaitGroup
				for range c.queued {
					wait.Go(func() { _, _ = g.Wait(others, WaitOptions{}) })
				}
				synctest.Wait()
				start := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), c.until-time.Millisecond)
				defer cancel()

				_, err := g.Wait(ctx, WaitOptions{})

				assert.Zero(t, time.Since(start))
				e, ok := errors.AsType[*Error](err)
				require.True(t, ok, "%v", err)
				assert.WithinDuration(t, start.Add(c.until), e.Until, time.Second+time.Millisecond)
				assert.ErrorIs(t, err, context.DeadlineExceeded)
				assert.Contains(t, err.Error(), "rate limit: the pace allows no request before the deadline until 2000-")
				leave()
				wait.Wait()
			})
		})
	}
}

func TestDeadlineThatCanBeMetIsWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{Burst: 1, Rate: 1})
		call(t, g, accepted)
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()

		_, err := g.Wait(ctx, WaitOptions{})

		require.NoError(t, err)
		assert.Equal(t, time.Second, time.Since(start).Round(time.Millisecond))
	})
}

func TestBucketCountsRequestsInFlightUntilTheyAreAnswered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{Burst: 2, Rate: 1})
		first, _ := take(t, g), take(t, g)
		start := time.Now()
		go func() {
			time.Sleep(time.Hour)
			first.Done(accepted)
		}()

		take(t, g)

		assert.Equal(t, time.Hour+time.Second, time.Since(start).Round(time.Millisecond))
	})
}

// One that turns out not to have left makes room at once, also for those who cannot
// wait for the bucket to drain.
func TestWhoWaitsForAnAnswerHearsOfTheOneThatNeverLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{Burst: 1, Rate: 0.1})
		first := take(t, g)
		time.AfterFunc(time.Second, first.Cancel)
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		start := time.Now()

		_, err := g.Wait(ctx, WaitOptions{})

		assert.NoError(t, err)
		assert.Equal(t, time.Second, time.Since(start))
	})
}

func TestCancelledTicketCostsNothingAndALostAnswerCostsOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{Burst: 1, Rate: 1})
		start := time.Now()

		for range 100 {
			take(t, g).Cancel()
		}
		call(t, g, Answer{})
		assert.Zero(t, time.Since(start))
		take(t, g)

		assert.Equal(t, time.Second, time.Since(start).Round(time.Millisecond))
	})
}

func TestZeroTicketAndRepeatedDoneDoNoHarm(t *testing.T) {
	t.Parallel()
	g := governor(Limit{Burst: 1, Rate: 1})
	ticket := take(t, g)

	Ticket{}.Done(tooMany)
	Ticket{}.Cancel()
	DoneAll(tooMany, Ticket{}, Ticket{})
	ticket.Done(accepted)
	ticket.Done(accepted)

	assert.Zero(t, g.inflight)
}

func TestWaitAndDoneAllocateNothing(t *testing.T) {
	limits := map[string]Limit{
		"published": {
			Burst: 1 << 20, Rate: 1 << 20, ReadHeaders: true,
			Window: Window{Requests: mostRequests, Period: time.Minute, Overflow: 1},
		},
		"learned": {},
	}
	for name, limit := range limits {
		key := Key{Vendor: "test", Host: "allocations.example", Bucket: name, App: "app"}
		for range mostDepartures {
			call(t, For(key, limit), accepted)
		}

		allocations := testing.AllocsPerRun(1000, func() {
			ticket, err := For(key, limit).Wait(t.Context(), WaitOptions{MaxGate: time.Minute, MaxInflight: 48})
			if err != nil {
				t.Error(err)
			}
			ticket.Done(accepted)
		})

		assert.Zero(t, allocations, name)
	}
}
