package ratelimit

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOnlyA429ClosesTheGate(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		answer Answer
		want   time.Duration
	}{
		{"429", after(429, "3"), 3 * time.Second},
		{"429 with a fraction", after(429, "1.5"), 1500 * time.Millisecond},
		{"429 with less than we would wait", after(429, "0.03"), 30 * time.Millisecond},
		{"429 with an HTTP date", after(429, "Sat, 01 Jan 2000 00:00:07 GMT"), 7 * time.Second},
		{"503", after(503, "3"), 0},
		{"404", after(404, "7200"), 0},
		{"202 that names the end of a job", after(202, "3"), 0},
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

				assert.Equal(t, c.want, time.Since(start).Round(time.Microsecond))
			})
		})
	}
}

// A server that names the moment with the clock of ours an hour wrong closes the
// gate for too long or too short a time, and is probed all the same.
func TestMomentByAClockThatIsWrongDoesNotShutTheStore(t *testing.T) {
	t.Parallel()
	for _, wrong := range []time.Duration{0, time.Hour, -time.Hour} {
		t.Run(wrong.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(10 * 365 * 24 * time.Hour) // the year 2000 is too early for the header
				g := governor(Limit{})
				at := time.Now().Add(20*time.Second + wrong)
				start := time.Now()
				call(t, g, after(http.StatusTooManyRequests, strconv.FormatInt(at.UnixMilli(), 10)))

				call(t, g, accepted)

				assert.LessOrEqual(t, time.Since(start), time.Minute)
				assert.Positive(t, time.Since(start))
				assert.False(t, g.gate.closed)
				if wrong == 0 {
					assert.Equal(t, 20*time.Second, time.Since(start).Round(time.Microsecond))
				}
			})
		})
	}
}

func TestRefusalThatDoesNotSayClosesForHalfToAllOfATenthOfASecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		least, most := time.Hour, time.Duration(0)
		for _, value := range []string{"", "0", "-3", "1e3", "NaN", "soon", "Fri, 31 Dec 1999 00:00:00 GMT"} {
			for range 20 {
				g := governor(Limit{})
				call(t, g, after(http.StatusTooManyRequests, value))
				start := time.Now()
				take(t, g)
				least, most = min(least, time.Since(start)), max(most, time.Since(start))
			}
		}

		assert.InDelta(t, 50, least.Milliseconds(), 5)
		assert.InDelta(t, 100, most.Milliseconds(), 5)
	})
}

// No stampede, whatever the limit: behind the gate one leaves, and the others
// when the server has let it in.
func TestGateLetsOneProbeThroughAndThenEverybody(t *testing.T) {
	t.Parallel()
	limits := map[string]Limit{
		"none published": {},
		"bucket":         {Burst: 1000, Rate: 1000},
		"window":         {Window: Window{Requests: 1000, Period: time.Second}},
	}
	for name, limit := range limits {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := governor(limit)
				call(t, g, after(http.StatusTooManyRequests, "5"))
				start := time.Now()
				var mu sync.Mutex
				left := map[time.Duration]int{}
				var wait sync.WaitGroup
				for range 8 {
					wait.Go(func() {
						ticket, err := g.Wait(t.Context(), WaitOptions{})
						if !assert.NoError(t, err) {
							return
						}
						mu.Lock()
						left[time.Since(start)]++
						mu.Unlock()
						time.Sleep(50 * time.Millisecond)
						ticket.Done(accepted)
					})
				}

				time.Sleep(5*time.Second + 49*time.Millisecond)
				synctest.Wait()
				mu.Lock()
				assert.Equal(t, map[time.Duration]int{5 * time.Second: 1}, left)
				mu.Unlock()
				wait.Wait()

				want := 7
				if limit == (Limit{}) {
					want = 2 // too little is known: see pace
				}
				assert.Equal(t, want, left[5*time.Second+50*time.Millisecond])
			})
		})
	}
}

func TestRefusedProbesDoubleThePauseWhateverTheServerAsks(t *testing.T) {
	t.Parallel()
	for _, asked := range []string{"", "0.03"} {
		t.Run("Retry-After "+asked, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := governor(Limit{})
				call(t, g, after(http.StatusTooManyRequests, asked))
				take(t, g).Cancel()
				bound, pauses := firstPause, map[time.Duration]bool{}
				for range 20 {
					bound = min(2*bound, longestPause)
					call(t, g, after(http.StatusTooManyRequests, asked))
					start := time.Now()

					take(t, g).Cancel()

					assert.GreaterOrEqual(t, time.Since(start), bound/2)
					assert.LessOrEqual(t, time.Since(start), bound)
					if bound == longestPause {
						pauses[time.Since(start)] = true
					}
				}
				assert.Greater(t, len(pauses), 9, "by chance, so that several programs come apart")

				call(t, g, accepted)
				start := time.Now()
				call(t, g, tooMany)
				take(t, g)

				assert.LessOrEqual(t, time.Since(start), firstPause, "one that passed begins anew")
			})
		})
	}
}

func TestRefusedProbeWaitsAsLongAsTheServerAsks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{})
		for range 3 {
			call(t, g, after(http.StatusTooManyRequests, "20"))
			start := time.Now()

			take(t, g).Cancel()

			assert.Equal(t, 20*time.Second, time.Since(start))
		}
	})
}

func TestRefusalsOfOneBurstCountOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{})
		var tickets []Ticket
		for range 64 {
			tickets = append(tickets, take(t, g))
		}
		time.Sleep(time.Second)
		start := time.Now()

		for _, ticket := range tickets {
			ticket.Done(tooMany)
			time.Sleep(time.Millisecond / 10)
		}
		take(t, g)

		assert.LessOrEqual(t, time.Since(start), firstPause)
		assert.Equal(t, 1, g.gate.strikes)
	})
}

// Some clocks stand still for milliseconds.
func TestRefusalsOfOneMomentCountOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{})
		first, second := take(t, g), take(t, g)

		first.Done(tooMany)
		second.Done(tooMany)

		assert.Equal(t, 1, g.gate.strikes)
	})
}

func TestLateRefusalMovesTheGateOnlyFurtherAway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{})
		start := time.Now()
		first, second, third := take(t, g), take(t, g), take(t, g)
		time.Sleep(time.Second)

		first.Done(after(http.StatusTooManyRequests, "10"))
		second.Done(after(http.StatusTooManyRequests, "3"))
		assert.Equal(t, start.Add(11*time.Second), g.Quota().GateUntil)
		time.Sleep(5 * time.Second)
		third.Done(after(http.StatusTooManyRequests, "10"))
		take(t, g)

		assert.Equal(t, 16*time.Second, time.Since(start))
		assert.Equal(t, 1, g.gate.strikes)
	})
}

func TestLateRefusalThatAsksForNothingClosesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{})
		old := take(t, g)
		time.Sleep(time.Second)
		call(t, g, tooMany)
		call(t, g, accepted)
		assert.Zero(t, g.Quota().GateUntil)

		old.Done(tooMany)

		assert.False(t, g.gate.closed)
	})
}

func TestLateRefusalOutweighsTheProbeThatLeftBefore(t *testing.T) {
	t.Parallel()
	for _, answer := range []Answer{accepted, tooMany} {
		t.Run(strconv.Itoa(answer.Status), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := governor(Limit{})
				first, second := take(t, g), take(t, g)
				time.Sleep(time.Second)
				first.Done(after(http.StatusTooManyRequests, "1"))
				probe := take(t, g)
				time.Sleep(time.Second)
				start := time.Now()
				second.Done(after(http.StatusTooManyRequests, "10"))
				time.Sleep(time.Second)

				probe.Done(answer)
				take(t, g)

				assert.Equal(t, 10*time.Second, time.Since(start))
				assert.True(t, g.gate.closed)
			})
		})
	}
}

// What left before the gate closed says nothing of what the server takes now.
func TestOldSuccessDoesNotOpenTheGate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{})
		old := take(t, g)
		call(t, g, tooMany)
		take(t, g).Done(tooMany)

		old.Done(accepted)

		assert.True(t, g.gate.closed)
		assert.Equal(t, 2, g.gate.strikes)
	})
}

func TestProbeWithoutAnAnswerIsFollowedByTheNext(t *testing.T) {
	t.Parallel()
	ends := map[string]func(Ticket){
		"never left": Ticket.Cancel,
		"lost":       func(ticket Ticket) { ticket.Done(Answer{}) },
		"another quota refused it": func(ticket Ticket) {
			ticket.done(time.Now(), tooMany, false)
		},
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := governor(Limit{})
				call(t, g, tooMany)
				probe := take(t, g)
				start := time.Now()
				time.AfterFunc(time.Second, func() { end(probe) })

				next := take(t, g)

				assert.Equal(t, time.Second, time.Since(start))
				assert.True(t, next.probe)
				assert.True(t, g.gate.closed)
			})
		})
	}
}

func TestProbeThatStallsIsFollowedByAnother(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{})
		call(t, g, tooMany)
		take(t, g)
		start := time.Now()

		next := take(t, g)

		assert.Equal(t, longestPause, time.Since(start))
		next.Done(accepted)
		assert.False(t, g.gate.closed)
	})
}

// A server that asks to stay away for hours or years does not shut the store:
// once a minute the first call that comes finds out whether it was meant.
func TestLongClosureIsProbedOnceAMinute(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]string{
		"hours": "7200", "year 9999": "Fri, 31 Dec 9999 23:59:59 GMT", "absurd": "99999999999999999999",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := governor(Limit{})
				opts := WaitOptions{MaxGate: time.Minute}
				call(t, g, after(http.StatusTooManyRequests, value))
				fails := func() {
					t.Helper()
					start := time.Now()
					_, err := g.Wait(t.Context(), opts)
					e, ok := errors.AsType[*Error](err)
					require.True(t, ok)
					assert.Greater(t, time.Until(e.Until), time.Hour)
					assert.Zero(t, time.Since(start))
				}
				fails()
				for range 3 {
					time.Sleep(time.Minute - time.Millisecond)
					fails()
					time.Sleep(time.Millisecond)
					probe, err := g.Wait(t.Context(), opts)
					require.NoError(t, err)
					fails()
					probe.Done(after(http.StatusTooManyRequests, value))
				}
				time.Sleep(time.Minute)

				call(t, g, accepted)

				assert.False(t, g.gate.closed)
				_, err := g.Wait(t.Context(), opts)
				assert.NoError(t, err)
			})
		})
	}
}

func TestProbeOfALongClosureThatIsLostIsTheOnlyOneOfItsMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{})
		call(t, g, after(http.StatusTooManyRequests, "7200"))
		start := time.Now()

		take(t, g).Cancel() // never left: does not count
		call(t, g, Answer{})
		assert.Equal(t, time.Minute, time.Since(start))
		take(t, g)

		assert.Equal(t, 2*time.Minute, time.Since(start))
	})
}

func TestClosureOfAQuarterOfAnHourIsWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{})
		call(t, g, after(http.StatusTooManyRequests, "900"))
		start := time.Now()

		take(t, g)

		assert.Equal(t, 15*time.Minute, time.Since(start))
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
		assert.EqualError(t, err, "rate limit: the server asked to wait past the deadline until 2000-12-31T00:00:00Z: context deadline exceeded")
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
				assert.Equal(t, start.Add(time.Second+time.Hour), e.Until)
				assert.Equal(t, time.Second, time.Since(start))
				leave()
				wait.Wait()
			})
		})
	}
}

// Go's times carry a reading of the monotonic clock, so that a clock that is set
// opens and closes nothing.
func TestTimesOfTheGateDoNotDependOnTheWallClock(t *testing.T) {
	t.Parallel()
	g := governor(Limit{})
	call(t, g, after(http.StatusTooManyRequests, strconv.Itoa(math.MaxInt32)))

	for _, at := range []time.Time{g.gate.until, g.gate.next, g.gate.held, g.gate.refusal} {
		assert.NotEqual(t, at.Round(0), at, "without a monotonic reading")
	}
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
		{"window of which half is taken", Limit{Window: Window{Requests: 2, Period: time.Minute}}, Limit{Burst: 3, Rate: 1}, after(429, "5"), [2]bool{true, false}},
		{"window of which a quarter is taken", Limit{Window: Window{Requests: 4, Period: time.Minute}}, Limit{Burst: 3, Rate: 1}, after(429, "5"), [2]bool{false, true}},
		{"none published, and room in the other", Limit{}, Limit{Burst: 3, Rate: 1}, after(429, "5"), [2]bool{true, false}},
		{"none published, and no room in the other", Limit{}, Limit{Burst: 1, Rate: 1}, after(429, "5"), [2]bool{false, true}},
		{"none published", Limit{}, Limit{}, after(429, "5"), [2]bool{true, false}},
		{"503", Limit{Burst: 40, Rate: 1}, Limit{Burst: 3, Rate: 1}, after(503, "5"), [2]bool{false, false}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				narrow, wide := governor(c.narrow), governor(c.wide)

				DoneAll(c.answer, take(t, narrow), take(t, wide))

				assert.Equal(t, c.want, [2]bool{narrow.gate.closed, wide.gate.closed})
				assert.Zero(t, narrow.inflight)
				assert.Zero(t, wide.inflight)
			})
		})
	}
}

// How full a quota with a limiter of the user's is nobody knows: it has refused unless
// the other one is full.
func TestDoneAllBlamesTheLimiterUnlessTheOtherIsFull(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		other Limit
		used  int
		told  bool
	}{
		{"room in the other", Limit{Burst: 10, Rate: 1}, 7, true},
		{"no room in the other", Limit{Burst: 10, Rate: 1}, 9, false},
		{"none published", Limit{}, 9, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				other, own := governor(c.other), &pausing{}
				for range c.used {
					call(t, other, after(200, ""))
				}
				ticket, err := governor(Limit{Burst: 3, Rate: 1}).Wait(t.Context(), WaitOptions{Limiter: own})
				require.NoError(t, err)

				DoneAll(after(429, "5"), take(t, other), ticket)

				assert.Equal(t, !c.told, other.gate.closed)
				assert.Equal(t, c.told, own.until.Equal(time.Now().Add(5*time.Second)))
			})
		})
	}
}

type pausing struct{ until time.Time }

func (*pausing) Wait(context.Context) error { return nil }
func (p *pausing) Pause(until time.Time)    { p.until = until }
