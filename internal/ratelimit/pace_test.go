package ratelimit

import (
	"context"
	"math"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// learned returns a governor without a published limit that has just learned
// from n requests, sent within a second and served.
func learned(t *testing.T, n int) (*Governor, *pace) {
	t.Helper()
	g := governor(Limit{})
	relearn(t, g, n)
	return g, g.models[0].(*pace)
}

// relearn sends n requests that are served, evenly over a second, and one that
// is not. It returns when the gate has opened.
func relearn(t *testing.T, g *Governor, n int) {
	t.Helper()
	for range n {
		g.mu.Lock()
		ticket := g.admit(time.Now(), nil)
		g.mu.Unlock()
		ticket.Done(accepted)
		time.Sleep(time.Second / time.Duration(n+1))
	}
	g.mu.Lock()
	ticket := g.admit(time.Now(), nil)
	g.mu.Unlock()
	ticket.Done(tooMany)
	call(t, g, accepted)
}

func TestPaceIsFourFifthsOfWhatWasServedInTheLastSecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, p := learned(t, 100)
		assert.Equal(t, 80.0, p.rate)

		g := governor(Limit{})
		p = g.models[0].(*pace)
		call(t, g, accepted) // more than a second before
		time.Sleep(time.Second / 2)
		slow := make([]Ticket, 5) // in time, but answered while the gate is closed
		for i := range slow {
			slow[i] = take(t, g)
		}
		time.Sleep(time.Second / 2)
		for range 10 {
			call(t, g, accepted)
		}
		lost, closes := take(t, g), take(t, g)
		time.Sleep(time.Second)
		overtakes := take(t, g)
		closes.Done(tooMany)
		for _, ticket := range slow {
			ticket.Done(accepted)
		}
		overtakes.Done(accepted)
		lost.Done(Answer{})
		require.Zero(t, p.rate, "counted when the gate opens")

		call(t, g, accepted)

		assert.Equal(t, paceShare*15, p.rate)
	})
}

// Requests do not arrive in the order in which they left: the first that is refused may
// be one of the first of a burst, and some are answered when the gate has opened again.
func TestPaceOfABurstThatArrivesInAnotherOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{})
		p := g.models[0].(*pace)
		burst := make([]Ticket, 60)
		for i := range burst {
			burst[i] = take(t, g)
			time.Sleep(time.Millisecond)
		}
		burst[2].Done(tooMany)
		for _, ticket := range burst[20:50] {
			ticket.Done(accepted)
		}
		call(t, g, accepted)
		assert.Equal(t, paceShare*30, p.rate)

		for i, ticket := range burst[50:] {
			ticket.Done(accepted)
			assert.InDelta(t, paceShare*float64(31+i), p.rate, 1e-9, "those count, too")
		}

		for range 5 {
			call(t, g, accepted)
		}
		assert.InDelta(t, paceShare*40, p.rate, 5, "and later ones do not")
		burst[3].Done(tooMany)
		assert.InDelta(t, paceShare*40, p.rate, 5)
	})
}

func TestPaceIsNeverUnderHalfOfThatBeforeNorOneASecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, p := learned(t, 100)
		before := p.rate
		time.Sleep(2 * time.Second)
		for want := before / 2; want > 1; want /= 2 {
			call(t, g, tooMany)
			call(t, g, accepted)

			assert.Equal(t, want, p.rate)
			time.Sleep(2 * time.Second)
		}

		call(t, g, tooMany)
		call(t, g, accepted)

		assert.Equal(t, 1.0, p.rate)
	})
}

func TestPaceLetsHalfOfTheRequestedPauseThroughAtOnce(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		asked string
		want  int
	}{
		"not asked":        {"", 0},
		"half a second":    {"0.4", 20}, // of 80 per second
		"more than enough": {"30", 40},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g, p := learned(t, 100)
				time.Sleep(2 * time.Second)
				ticket := take(t, g)
				for range 100 {
					p.served.add(time.Now())
				}
				ticket.Done(after(http.StatusTooManyRequests, c.asked))
				probe := take(t, g)
				time.Sleep(time.Second / 10)
				probe.Done(accepted)
				require.Equal(t, 80.0, p.rate)

				start, n := time.Now(), 0
				for time.Since(start) == 0 {
					take(t, g).Done(accepted)
					n++
				}

				assert.Equal(t, c.want+1, n)
				assert.Equal(t, time.Second/80, time.Since(start).Round(time.Millisecond/10))
			})
		})
	}
}

// busy has one caller wait all the time for d, and returns how many requests
// left.
func busy(t *testing.T, g *Governor, d time.Duration) int {
	n := 0
	for start := time.Now(); time.Since(start) < d; n++ {
		call(t, g, accepted)
	}
	return n
}

func TestPaceRisesWhileItHoldsSomebodyBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, p := learned(t, 100)
		busy(t, g, time.Second)
		assert.InEpsilon(t, 80*1.5, p.rate, 0.02)
		busy(t, g, time.Second)
		assert.InEpsilon(t, 80*1.5*1.5, p.rate, 0.02)

		before := p.rate
		time.Sleep(time.Minute)
		call(t, g, accepted)
		assert.InEpsilon(t, before, p.rate, 0.001, "nobody was held back")

		relearn(t, g, 100)
		before = p.rate
		busy(t, g, time.Second)
		assert.InEpsilon(t, before*1.05, p.rate, 0.002)
		busy(t, g, time.Second)
		assert.InEpsilon(t, before*1.05*1.05, p.rate, 0.004)
	})
}

// A deadline that a rising pace can meet is waited for.
func TestQueueAtARisingPace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, p := learned(t, 10)
		require.Equal(t, 8.0, p.rate)
		others, leave := context.WithCancel(t.Context())
		var wait sync.WaitGroup
		for range 99 {
			wait.Go(func() {
				ticket, _ := g.Wait(others, WaitOptions{})
				ticket.Done(accepted)
			})
		}
		synctest.Wait()
		start := time.Now()
		hasty, cancel := context.WithTimeout(t.Context(), 4*time.Second)
		defer cancel()
		patient, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()

		_, err := g.Wait(hasty, WaitOptions{})
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Zero(t, time.Since(start))
		_, err = g.Wait(patient, WaitOptions{})

		assert.NoError(t, err)
		assert.InDelta(t, 4.4, time.Since(start).Seconds(), 0.1)
		leave()
		wait.Wait()
	})
}

// One who waited and left holds nobody up any more.
func TestPaceDoesNotRiseForOneWhoGaveUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, p := learned(t, 100)
		busy(t, g, time.Second/10)
		before := p.rate
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		_, err := g.Wait(ctx, WaitOptions{})
		require.ErrorIs(t, err, context.DeadlineExceeded)

		time.Sleep(time.Hour / 10)
		call(t, g, accepted)

		assert.InEpsilon(t, before, p.rate, 0.01)
	})
}

// It rises until it has given the one who waits what is lacking, and no further.
func TestPaceRisesForAsLongAsOneIsWaitedFor(t *testing.T) {
	t.Parallel()
	now := time.Now()
	p := newPace(now)
	p.rate, p.tokens = 10, 0.5
	ready, _ := p.ready(now, 0, 0)
	require.False(t, ready)

	p.tick(now.Add(time.Hour))

	assert.InDelta(t, 10+0.5*math.Log(1.05), p.rate, 1e-6)
	assert.False(t, p.holds)
}

func TestIdlePaceGathersOneRequestAndWhatTimersAreLateBy(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, p := learned(t, 1000)
		require.Equal(t, 800.0, p.rate)
		time.Sleep(time.Minute)

		assert.Equal(t, 9, free(g))
	})
}

func TestCancelledRequestCostsThePaceNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, _ := learned(t, 100)
		time.Sleep(time.Second)
		start := time.Now()

		for range 100 {
			take(t, g).Cancel()
		}

		assert.Zero(t, time.Since(start))
	})
}

func TestCancelledRequestGivesBackNoMoreThanItTook(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, _ := learned(t, 1000)
		time.Sleep(time.Minute)
		var tickets []Ticket
		for range 9 {
			tickets = append(tickets, take(t, g))
		}

		tickets[0].Cancel()
		assert.Equal(t, 1, free(g))
		for _, ticket := range tickets {
			ticket.Cancel()
		}
		assert.Equal(t, 9, free(g))
	})
}

func TestRefusalTakesWhatHadGathered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, _ := learned(t, 1000)
		time.Sleep(time.Minute)
		call(t, g, tooMany)
		call(t, g, accepted)

		assert.Zero(t, free(g))
	})
}

// Requests that wait for something else than the pace teach nothing of it.
func TestNothingIsKnownWhileNothingIsRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{})
		var wait sync.WaitGroup
		for range 8 {
			wait.Go(func() {
				ticket, err := g.Wait(t.Context(), WaitOptions{MaxInflight: 1})
				assert.NoError(t, err)
				time.Sleep(time.Second)
				ticket.Done(accepted)
			})
		}

		wait.Wait()

		assert.Equal(t, 1000, free(g))
	})
}

func TestPaceIsForgottenAfterTenMinutesWithoutARefusal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, p := learned(t, 100)
		time.Sleep(time.Until(p.refusal.Add(10*time.Minute - time.Millisecond)))
		assert.Equal(t, 1, free(g))
		require.NotZero(t, p.rate)
		time.Sleep(2 * time.Millisecond)

		assert.Equal(t, 1000, free(g), "all that was asked for")
		assert.True(t, g.drop(time.Now().Add(time.Second)))
	})
}

func TestThatTooLittleIsKnownIsForgottenToo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{})
		call(t, g, tooMany)
		call(t, g, accepted)
		assert.Equal(t, 2, free(g))

		time.Sleep(10*time.Minute + time.Second)

		assert.Equal(t, 1000, free(g), "all that was asked for")
	})
}

func TestLongClosureDoesNotForgetThePace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, p := learned(t, 100)
		time.Sleep(2 * time.Second)
		call(t, g, after(http.StatusTooManyRequests, "840"))

		call(t, g, accepted)

		assert.Equal(t, 40.0, p.rate)
	})
}

func TestWhereTooLittleWasServedTwoMoreLeaveForEachThatPasses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, p := learned(t, 4)
		require.Zero(t, p.rate)
		var mu sync.Mutex
		left := map[time.Duration]int{}
		start := time.Now()
		var wait sync.WaitGroup
		for range 40 {
			wait.Go(func() {
				ticket, err := g.Wait(t.Context(), WaitOptions{})
				if !assert.NoError(t, err) {
					return
				}
				mu.Lock()
				left[time.Since(start)]++
				mu.Unlock()
				time.Sleep(time.Second)
				ticket.Done(accepted)
			})
		}

		wait.Wait()

		assert.Equal(t, map[time.Duration]int{0: 2, time.Second: 4, 2 * time.Second: 8, 3 * time.Second: 16, 4 * time.Second: 10}, left)
		assert.Equal(t, 1000, free(g), "when nobody waits there is no bound")
	})
}

func TestRefusalWhereTooLittleWasServedIsLearnedFrom(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, p := learned(t, 0)
		first, second := take(t, g), take(t, g)
		third := make(chan Ticket)
		go func() { third <- take(t, g) }() //nolint:testifylint // what it requires cannot fail here
		synctest.Wait()
		second.Done(accepted)
		waited := <-third
		time.Sleep(time.Second / 2)
		first.Done(tooMany)
		waited.Done(accepted)

		call(t, g, accepted)

		assert.InEpsilon(t, paceShare*3, p.rate, 1e-9, "with the probe that opened the gate")
		assert.Zero(t, p.window)
	})
}

func TestFiveServedRequestsAreEnough(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, p := learned(t, 5)

		assert.Equal(t, paceShare*5, p.rate)
	})
}

// A gate that a late refusal closed has nothing new to learn from.
func TestLateRefusalTeachesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{})
		p := g.models[0].(*pace)
		old := take(t, g)
		relearn(t, g, 100)
		require.Equal(t, 80.0, p.rate)

		old.Done(after(http.StatusTooManyRequests, "5"))
		start := time.Now()
		call(t, g, accepted)

		assert.Equal(t, 5*time.Second, time.Since(start).Round(time.Second))
		assert.InEpsilon(t, 80, p.rate, 0.01)
	})
}

func TestClockThatJumpsNeitherStopsThePaceNorLetsABurstThrough(t *testing.T) {
	t.Parallel()
	for _, jump := range []time.Duration{time.Hour, -time.Hour} {
		now := time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC) // without a monotonic reading
		p := newPace(now)
		p.rate = 40
		for _, at := range []time.Time{now, now.Add(jump), now} {
			n := 0
			for ready, _ := p.ready(at, 0, 0); ready; ready, _ = p.ready(at, 0, 0) {
				p.sent(at, 0)
				n++
			}
			_, wait := p.ready(at, 0, 0)

			assert.LessOrEqual(t, n, 1)
			assert.LessOrEqual(t, wait, time.Second/40)
		}
		ready, _ := p.ready(now.Add(time.Second/40), 0, 0)
		assert.True(t, ready)
	}
}

func TestDeparturesKeepTheLast(t *testing.T) {
	t.Parallel()
	epoch := time.Now()
	d := departures{epoch: epoch}
	for i := range 3 * mostDepartures {
		d.add(epoch.Add(time.Duration(i) * time.Second))
	}

	last := epoch.Add((3*mostDepartures - 1) * time.Second)
	assert.Equal(t, mostDepartures, d.count(epoch, last))
	assert.Equal(t, 10, d.count(last.Add(-10*time.Second), last))
	assert.Zero(t, d.count(last, last.Add(time.Hour)))
	late := departures{epoch: epoch}
	for _, at := range []time.Duration{1500 * time.Millisecond, 1, 200 * time.Millisecond} { // in the order of their answers
		late.add(epoch.Add(at))
	}
	assert.Equal(t, 2, late.most(epoch, last))
	assert.Equal(t, 1, d.most(last.Add(-10*time.Second), last), "a second apart is not within a second")
}
