package ratelimit

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// plan is a window of ten requests a minute with headers.
func plan(overflow float64) Limit {
	return Limit{Window: Window{Requests: 10, Period: time.Minute, Overflow: overflow}, ReadHeaders: true}
}

// says returns an answer with the rate headers.
func says(limit, remaining, reset string) Answer {
	h := http.Header{}
	for name, value := range map[string]string{
		"X-RateLimit-Limit": limit, "X-RateLimit-Remaining": remaining, "X-RateLimit-Reset": reset,
	} {
		if value != "" {
			h.Set(name, value)
		}
	}
	return Answer{Status: http.StatusOK, Header: h}
}

// in returns the X-RateLimit-Reset of a window that ends after d.
func in(d time.Duration) string { return strconv.FormatInt(time.Now().Add(d).Unix(), 10) }

// free counts the requests that g admits at once, up to 1000.
func free(g *Governor) int {
	var tickets []Ticket
	defer func() {
		for _, ticket := range tickets {
			ticket.Cancel()
		}
	}()
	for len(tickets) < 1000 {
		g.mu.Lock()
		ready, _, _ := g.look(time.Now(), 0, WaitOptions{})
		if ready {
			tickets = append(tickets, g.admit(time.Now(), nil))
		}
		g.mu.Unlock()
		if !ready {
			break
		}
	}
	return len(tickets)
}

func TestWindowWithoutHeadersBeginsWithTheFirstAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{Window: Window{Requests: 10, Period: time.Minute}})
		start := time.Now()
		first := take(t, g)
		time.Sleep(time.Second)
		first.Done(accepted)
		for range 9 {
			call(t, g, accepted)
		}

		take(t, g)

		assert.Equal(t, 61*time.Second, time.Since(start))
		assert.Equal(t, 9, free(g))
	})
}

func TestWindowGrantsNoMoreThanItsRequestsBeforeTheFirstAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(plan(1))

		assert.Equal(t, 10, free(g))
	})
}

func TestHeadersCorrectTheWindow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(plan(0))

		call(t, g, says("10", "4", in(30*time.Second)))
		assert.Equal(t, 4, free(g), "others have used five")
		call(t, g, says("10", "7", in(30*time.Second)))
		assert.Equal(t, 4, free(g), "an answer that was overtaken")
		call(t, g, says("30", "29", in(90*time.Second)))
		assert.Equal(t, 3, free(g), "the window ends too late to make sense")
		time.Sleep(31 * time.Second)
		call(t, g, says("30", "29", in(59*time.Second)))
		assert.Equal(t, 29, free(g), "a new window of a bigger plan")
		call(t, g, says("30", "2", in(0)))
		assert.Equal(t, 29, free(g), "an answer of the window before")
		call(t, g, says("50", "48", in(59*time.Second)))
		assert.Equal(t, 48, free(g), "the plan has grown within the window")
		time.Sleep(time.Minute)
		call(t, g, says("50", "50", in(59*time.Second)))
		assert.Equal(t, 49, free(g), "a new window whose count lags")
	})
}

func TestHeadersThatMakeNoSenseAreIgnored(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name             string
		limit, remaining string
		reset            func() string
	}{
		{"nothing", "", "", func() string { return "" }},
		{"reset in the past", "10", "3", func() string { return in(-time.Hour) }},
		{"reset a year ahead", "10", "3", func() string { return in(365 * 24 * time.Hour) }},
		{"negative reset", "10", "3", func() string { return "-5" }},
		{"zero reset", "10", "3", func() string { return "0" }},
		{"reset as text", "10", "3", func() string { return "soon" }},
		{"reset beyond any number", "10", "3", func() string { return "99999999999999999999999" }},
		{"reset beyond any time", "10", "3", func() string { return "9223372036854775807" }},
		{"negative remaining", "10", "-3", func() string { return in(time.Minute) }},
		{"remaining as text", "10", "many", func() string { return in(time.Minute) }},
		{"remaining above limit", "10", "11", func() string { return in(time.Minute) }},
		{"remaining above the plan", "", "11", func() string { return in(time.Minute) }},
		{"limit zero", "0", "0", func() string { return in(time.Minute) }},
		{"limit as text", "ten", "3", func() string { return in(time.Minute) }},
		{"limit beyond sense", "1000001", "3", func() string { return in(time.Minute) }},
		{"reset of a second ago", "10", "3", func() string { return in(-grain) }},
		{"reset after more than a window", "10", "3", func() string { return in(time.Minute + skew + grain) }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := governor(plan(0))

				call(t, g, says(c.limit, c.remaining, c.reset()))

				assert.Equal(t, 9, free(g))
				time.Sleep(time.Minute)
				assert.Equal(t, 10, free(g))
			})
		})
	}
}

func TestHeadersThatJustMakeSenseAreBelieved(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		limit, remaining string
		ends             time.Duration
		want             int
	}{
		{"1000000", "4", time.Minute, 4},
		{"10", "3", 0, 3},
		{"10", "3", time.Minute + skew, 3},
		{"10", "10", 20 * time.Second, 9}, // lags
	} {
		synctest.Test(t, func(t *testing.T) {
			g := governor(plan(0))

			call(t, g, says(c.limit, c.remaining, in(c.ends)))

			assert.Equal(t, c.want, free(g), c)
			assert.Equal(t, time.Now().Add(c.ends), g.Quota().Reset, c)
		})
	}
}

// An answer that comes when the window is over counts for the next one: the server may
// have seen the request as late.
func TestAnAnswerBehindTheEndOfTheWindow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{Window: Window{Requests: 10, Period: time.Minute}})
		call(t, g, accepted)
		late := take(t, g)
		time.Sleep(70 * time.Second)

		late.Done(accepted)

		assert.Equal(t, 9, free(g))
		assert.Equal(t, time.Now().Add(time.Minute), g.Quota().Reset)
	})
}

// Whoever else used the last window need not be there in the next one.
func TestTheOverflowOfANewWindowIsOurs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(plan(1))
		call(t, g, says("10", "2", in(2*time.Second)))
		time.Sleep(2 * time.Second)
		reset := in(time.Minute)
		for n := range 10 {
			call(t, g, says("10", strconv.Itoa(9-n), reset))
		}
		start := time.Now()

		take(t, g)

		assert.Equal(t, time.Second, time.Since(start))
	})
}

// Other vendors may have headers of these names that mean something else.
func TestHeadersAreReadOnlyWhereTheyDescribeTheWindow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		limit := plan(0)
		limit.ReadHeaders = false
		g := governor(limit)

		call(t, g, says("10", "0", in(time.Second)))

		assert.Equal(t, 9, free(g))
		assert.Equal(t, time.Now().Add(time.Minute), g.Quota().Reset)
	})
}

// Without an overflow the end that the headers name is the end.
func TestTheNextWindowBeginsWhenTheHeadersSay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(plan(0))
		reset := in(20 * time.Second)
		for n := range 10 {
			call(t, g, says("10", strconv.Itoa(9-n), reset))
		}
		start := time.Now()

		take(t, g)

		assert.Equal(t, 20*time.Second+grain, time.Since(start))
		assert.Zero(t, free(g), "one alone, until its answer says what is left")
	})
}

// The moment at which a request arrived is known the better the more round trips were
// seen: it is not before the fastest one, less a margin.
func TestTheOverflowIsPacedByTheFastestRoundTrip(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	start := time.Now()
	next := func(trips ...time.Duration) time.Duration {
		o, sent := overflow{rate: 2}, start
		for _, trip := range trips {
			sent = sent.Add(time.Minute)
			o.measure(sent.Add(trip), sent)
		}
		return o.free.Sub(sent).Round(ms)
	}
	assert.Equal(t, 500*ms+200*ms, next(200*ms, 200*ms, 200*ms, 200*ms, 200*ms, 200*ms, 200*ms), "seven are too few")
	assert.Equal(t, 500*ms, next(200*ms, 200*ms, 200*ms, 200*ms, 200*ms, 200*ms, 200*ms, 200*ms))
	assert.Equal(t, 500*ms+300*ms-(200-35)*ms, next(200*ms, 200*ms, 200*ms, 200*ms, 200*ms, 200*ms, 200*ms, 300*ms), "100 ms over the root of 8")
	assert.Equal(t, 500*ms+300*ms, next(10*ms, 300*ms, 300*ms, 300*ms, 300*ms, 300*ms, 300*ms, 300*ms), "never after its answer")
}

func TestEachRefusalInTheOverflowDoublesItsPauseAndEachCalmWindowHalvesIt(t *testing.T) {
	t.Parallel()
	o := overflow{rate: 1}
	windows := func() (n int) { // that it stays closed
		o.refuse(true)
		for o.begin(); !o.open(); o.begin() {
			n++
		}
		return n
	}
	for _, want := range []int{1, 2, 4, 8, 16, 32, 64, 64} {
		assert.Equal(t, want, windows())
	}
	o.begin()
	o.begin()
	assert.Equal(t, 32, windows(), "half of it for each of two, and doubled for the refusal")

	o = overflow{rate: 1}
	o.refuse(true)
	o.refuse(true)
	assert.Equal(t, 1, o.pauseLeft, "of one window")
	o = overflow{rate: 1}
	o.refuse(false)
	o.begin()
	assert.True(t, o.open(), "the window had room, so it was not the overflow that refused")
}

func TestOverflowSendsOneByOneASecondApart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(plan(1))
		reset := in(time.Minute)
		for n := range 10 {
			call(t, g, says("10", strconv.Itoa(9-n), reset))
		}
		start := time.Now()

		var moments []time.Duration
		for range 3 {
			ticket := take(t, g)
			moments = append(moments, time.Since(start))
			assert.Zero(t, free(g), "two in flight")
			time.Sleep(200 * time.Millisecond)
			ticket.Done(says("10", "0", reset))
		}

		// The first answer came at once, so the others may have arrived up to 200 ms late.
		for i, at := range moments {
			assert.GreaterOrEqual(t, at, time.Duration(i+1)*time.Second)
			assert.LessOrEqual(t, at, time.Duration(i+1)*1300*time.Millisecond)
		}
	})
}

func TestRefusalInTheOverflowEndsItUntilTheWindowEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(plan(1))
		start := time.Now()
		reset := in(time.Minute)
		for n := range 10 {
			call(t, g, says("10", strconv.Itoa(9-n), reset))
		}
		over := says("10", "0", reset)
		over.Status = http.StatusTooManyRequests
		call(t, g, over)

		take(t, g)

		assert.Equal(t, time.Minute+grain, time.Since(start))
	})
}

func TestRefusalUsesTheWindowUp(t *testing.T) {
	t.Parallel()
	for _, overflow := range []float64{0, 1} {
		t.Run(fmt.Sprint("overflow ", overflow), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := governor(plan(overflow))
				start := time.Now()
				call(t, g, accepted)
				call(t, g, tooMany)
				assert.Zero(t, free(g))

				take(t, g)

				assert.Equal(t, time.Minute, time.Since(start))
			})
		})
	}
}

// In the overflow one request per second goes on, and the server says when.
func TestRefusalThatSaysWhenIsRepeatedThen(t *testing.T) {
	t.Parallel()
	used := func(remaining string) Answer {
		a := says("10", remaining, in(time.Minute))
		a.Status = http.StatusTooManyRequests
		a.Header.Set("Retry-After", "1")
		return a
	}
	cases := []struct {
		name string
		use  func(t *testing.T, g *Governor)
		then time.Duration // between the repeat and the next request
	}{
		{"without headers", func(t *testing.T, g *Governor) {
			call(t, g, accepted)
			call(t, g, after(http.StatusTooManyRequests, "1"))
		}, time.Second},
		{"used up by us", func(t *testing.T, g *Governor) {
			for n := range 10 {
				call(t, g, says("10", strconv.Itoa(9-n), in(time.Minute)))
			}
			call(t, g, used("0"))
		}, time.Second},
		{"used up by others", func(t *testing.T, g *Governor) {
			call(t, g, used("0"))
		}, 59*time.Second + grain}, // theirs and ours would collide
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := governor(plan(1))
				reset := in(time.Minute)
				c.use(t, g)
				start := time.Now()

				repeat := take(t, g)

				assert.Equal(t, time.Second, time.Since(start))
				repeat.Done(says("10", "0", reset))
				start = time.Now()
				take(t, g)
				assert.Equal(t, c.then, time.Since(start))
			})
		})
	}
}

func TestOverflowIsLeftToOthersWhoUseTheWindow(t *testing.T) {
	t.Parallel()
	for others, want := range []time.Duration{time.Second, time.Second, time.Minute + grain} {
		t.Run(fmt.Sprint(others, " requests"), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := governor(plan(1))
				reset := in(time.Minute)
				for left := 9 - others; left >= 0; left-- {
					call(t, g, says("10", strconv.Itoa(left), reset))
				}
				start := time.Now()

				take(t, g)

				assert.Equal(t, want, time.Since(start))
			})
		})
	}
}

func TestOverflowThatRefusedIsLeftAloneInTheNextWindow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(plan(1))
		useUp := func() Answer {
			reset := in(time.Minute)
			for n := range 10 {
				call(t, g, says("10", strconv.Itoa(9-n), reset))
			}
			return says("10", "0", reset)
		}
		over := useUp()
		over.Status = http.StatusTooManyRequests
		call(t, g, over)
		var waits []time.Duration

		for range 2 {
			time.Sleep(time.Minute + doubt)
			useUp()
			start := time.Now()
			take(t, g).Cancel()
			waits = append(waits, time.Since(start))
		}

		assert.Equal(t, []time.Duration{time.Minute + grain, time.Second}, waits)
	})
}

func TestRemainingThatLagsGrantsNoMoreThanTheLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(plan(0))
		for range 10 {
			call(t, g, says("10", "9", in(time.Minute)))
		}

		assert.Zero(t, free(g))
	})
}

func TestAnswersWithoutHeadersCountBesideThoseThatLag(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(plan(0))
		for range 5 {
			call(t, g, says("10", "9", in(time.Minute)))
			call(t, g, accepted)
		}

		assert.Zero(t, free(g))
	})
}

func TestLearnedLimitIsForgotten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(plan(0))
		call(t, g, says("30", "29", in(30*time.Second)))

		time.Sleep(5 * time.Minute)
		assert.Equal(t, 30, free(g))
		call(t, g, says("30", "29", in(30*time.Second)))
		time.Sleep(time.Minute)
		assert.Equal(t, 30, g.Quota().Limit, "looked at meanwhile")
		time.Sleep(forgetWindow)

		assert.Equal(t, 10, free(g))
		assert.True(t, g.drop(time.Now()))
	})
}

func TestClockOfTheServerMayBeWrong(t *testing.T) {
	t.Parallel()
	servers := []struct {
		ahead  time.Duration
		silent bool
	}{
		{time.Hour, false},
		{-time.Hour, false},
		{1500 * time.Millisecond, false},
		{-1500 * time.Millisecond, false},
		{1500 * time.Millisecond, true},
		{-1500 * time.Millisecond, true},
	}
	for _, s := range servers {
		t.Run(fmt.Sprintf("ahead %v, silent %v", s.ahead, s.silent), func(t *testing.T) {
			t.Parallel()
			server := &fixed{
				requests: 120, period: time.Minute, phase: 700 * time.Millisecond, overflow: time.Second,
				headers: true, ahead: s.ahead, silent: s.silent,
			}

			got := simulation{
				quotas: planQuotas(120), server: server, latency: near, callers: 64, clients: 1, length: 10 * time.Minute,
			}.run(t)

			t.Logf("%d sent, %d refused", got.sent, got.refused)
			assert.Zero(t, got.refused)
			assert.Greater(t, got.steady, 9*120)
		})
	}
}

// Without a Date header, a clock that is an hour off makes the headers worthless:
// the window is then guessed, which costs some refusals.
func TestClockThatIsWrongWithoutTheServersDate(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{time.Hour, -time.Hour} {
		t.Run(ahead.String(), func(t *testing.T) {
			t.Parallel()
			server := &fixed{
				requests: 120, period: time.Minute, phase: 700 * time.Millisecond, overflow: time.Second,
				headers: true, ahead: ahead, silent: true,
			}

			got := simulation{
				quotas: planQuotas(120), server: server, latency: near, callers: 64, clients: 1, length: 10 * time.Minute,
			}.run(t)

			t.Logf("%d sent, %d refused", got.sent, got.refused)
			assert.LessOrEqual(t, got.refused, got.sent/10)
			assert.Greater(t, got.steady, 9*120)
		})
	}
}

func TestClockThatGoesBackBlocksTheWindowForOnePeriodAtMost(t *testing.T) {
	t.Parallel()
	w := newWindow(plan(1))
	now := time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)
	for range 10 {
		w.settle(now, outcome{Answer: accepted, fate: passed, sent: now, inflight: 1})
	}

	before := now.Add(-24 * time.Hour)
	ready, wait := w.ready(before, 0, 0)

	assert.False(t, ready)
	assert.LessOrEqual(t, wait, time.Minute+doubt)
	ready, _ = w.ready(before.Add(time.Minute+doubt), 0, 0)
	assert.True(t, ready)
}

// Those far behind in the queue wait for several windows and what their overflow lets
// through.
func TestHowLongTheQueueTakesAtLeast(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for _, c := range []struct {
		overflow float64
		queued   int
		want     time.Duration
	}{
		{0, 1, 30 * time.Second},
		{0, 9, 30 * time.Second},
		{0, 10, 90 * time.Second},
		{0, 20, 150 * time.Second},
		{1, 20, 20 * time.Second},
		{1, 95, 30 * time.Second},
		{1, 100, 90 * time.Second},
		{1, 170, 150 * time.Second},
	} {
		w := newWindow(plan(c.overflow))
		w.left, w.granted, w.ends = 0, 0, now.Add(30*time.Second)

		ready, wait := w.ready(now, 0, c.queued)

		assert.False(t, ready)
		assert.Equal(t, c.want, wait, c)
	}
}

func TestWindowsThatMakeNoSenseAreNone(t *testing.T) {
	t.Parallel()
	assert.Nil(t, newWindow(Limit{Window: Window{Requests: 0, Period: time.Minute}}))
	assert.Nil(t, newWindow(Limit{Window: Window{Requests: -1, Period: time.Minute}}))
	assert.Nil(t, newWindow(Limit{Window: Window{Requests: 1}}))
}
