package ratelimit

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/time/rate"
)

func TestLimiterReplacesThePace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{Burst: 1, Rate: 0.001})
		opts := WaitOptions{Limiter: rate.NewLimiter(10, 1)}
		start := time.Now()

		for range 11 {
			ticket, err := g.Wait(t.Context(), opts)
			require.NoError(t, err)
			ticket.Done(accepted)
		}

		assert.Equal(t, time.Second, time.Since(start).Round(time.Millisecond))
	})
}

func TestLimiterDoesNotWaitBehindThePace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{Burst: 1, Rate: 0.001})
		call(t, g, accepted)
		ctx, cancel := context.WithCancel(t.Context())
		var wait sync.WaitGroup
		wait.Go(func() { _, _ = g.Wait(ctx, WaitOptions{}) })
		synctest.Wait()
		start := time.Now()

		_, err := g.Wait(t.Context(), WaitOptions{Limiter: &fakeLimiter{}})

		require.NoError(t, err)
		assert.Zero(t, time.Since(start))
		cancel()
		wait.Wait()
	})
}

// fakeLimiter notes its calls.
type fakeLimiter struct {
	err    error
	wait   time.Duration
	calls  int
	pauses []time.Time
}

func (l *fakeLimiter) Wait(context.Context) error {
	l.calls++
	time.Sleep(l.wait)
	return l.err
}

func (l *fakeLimiter) Pause(until time.Time) { l.pauses = append(l.pauses, until) }

func TestLimiterThatReturnsAnErrorIsAnError(t *testing.T) {
	t.Parallel()
	g := governor(Limit{})
	broken := errors.New("no connection")

	_, err := g.Wait(t.Context(), WaitOptions{Limiter: &fakeLimiter{err: broken}})

	e, ok := errors.AsType[*Error](err)
	require.True(t, ok)
	assert.Equal(t, &Error{Reason: "the limiter refused", cause: broken}, e)
	assert.ErrorIs(t, err, broken)
	assert.EqualError(t, err, "rate limit: the limiter refused: no connection")
	assert.Zero(t, g.inflight)
}

func TestLimiterIsNotAskedWhileTheGateIsClosedAndIsToldOfRefusals(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{})
		limiter := &fakeLimiter{}
		opts := WaitOptions{Limiter: limiter, MaxGate: time.Minute}
		start := time.Now()
		ticket, err := g.Wait(t.Context(), opts)
		require.NoError(t, err)

		ticket.Done(after(http.StatusTooManyRequests, "3600"))
		_, err = g.Wait(t.Context(), opts)

		e, ok := errors.AsType[*Error](err)
		require.True(t, ok)
		assert.Equal(t, start.Add(time.Hour), e.Until)
		assert.Equal(t, 1, limiter.calls)
		assert.Equal(t, []time.Time{start.Add(time.Hour)}, limiter.pauses)
	})
}

func TestGateThatClosesWhileTheLimiterWaitsIsWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{})
		earlier := take(t, g)
		limiter := &fakeLimiter{wait: time.Second}
		start := time.Now()
		time.AfterFunc(500*time.Millisecond, func() { earlier.Done(after(http.StatusTooManyRequests, "5")) })

		_, err := g.Wait(t.Context(), WaitOptions{Limiter: limiter})

		require.NoError(t, err)
		assert.Equal(t, 5500*time.Millisecond, time.Since(start))
		assert.Equal(t, 1, limiter.calls)
	})
}

func TestLimiterWaitEndedByTheContextIsTheContextsError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		limiter := rate.NewLimiter(rate.Every(time.Hour), 1)
		require.True(t, limiter.Allow())
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)

		_, err := governor(Limit{}).Wait(ctx, WaitOptions{Limiter: limiter})

		assert.Equal(t, context.Canceled, err)
	})
}

// A *rate.Limiter says with an error of its own that it cannot meet the deadline.
func TestLimiterThatCannotMeetTheDeadline(t *testing.T) {
	t.Parallel()
	own := errors.New("no budget: would exceed context deadline")
	timeout := fmt.Errorf("redis: %w", context.DeadlineExceeded)
	spent := rate.NewLimiter(rate.Every(time.Hour), 1)
	require.True(t, spent.Allow())
	cases := []struct {
		name    string
		limiter Limiter
		text    string
		waited  time.Duration
	}{
		{"rate.Limiter", spent, "context deadline exceeded: rate: Wait(n=1) would exceed context deadline", 0},
		{"the same text", &fakeLimiter{err: own}, "context deadline exceeded: no budget: would exceed context deadline", 0},
		{"wrapped", &fakeLimiter{err: timeout}, "redis: context deadline exceeded", 0},
		{"at the deadline", untilTheEnd{}, "context deadline exceeded", time.Minute},
		{"with another error", untilTheEnd{errors.New("gave up")}, "context deadline exceeded: gave up", time.Minute},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				start := time.Now()

				ticket, err := governor(Limit{}).Wait(ctx, WaitOptions{Limiter: c.limiter})

				assert.ErrorIs(t, err, context.DeadlineExceeded)
				assert.EqualError(t, err, "rate limit: the limiter allows no request before the deadline: "+c.text)
				_, ok := errors.AsType[*Error](err)
				assert.True(t, ok)
				assert.Equal(t, c.waited, time.Since(start))
				assert.Equal(t, c.waited, ticket.Waited())
				if own, ok := c.limiter.(*fakeLimiter); ok {
					assert.ErrorIs(t, err, own.err)
				}
			})
		})
	}
}

// Without a deadline, an error that speaks of one is that of the limiter.
func TestLimiterThatSpeaksOfADeadlineThatIsNotThere(t *testing.T) {
	t.Parallel()

	for _, own := range []error{
		errors.New("would exceed context deadline"),
		context.DeadlineExceeded,
		fmt.Errorf("redis: %w", context.DeadlineExceeded),
	} {
		_, err := governor(Limit{}).Wait(t.Context(), WaitOptions{Limiter: &fakeLimiter{err: own}})

		assert.EqualError(t, err, "rate limit: the limiter refused: "+own.Error())
		assert.NotErrorIs(t, err, context.DeadlineExceeded)
	}
}

// What the limiter has cancelled is not the caller's context. The rest of its error is
// found.
func TestLimiterThatCancelsItself(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	closed := errors.New("closed")

	_, err := governor(Limit{}).Wait(ctx, WaitOptions{Limiter: &fakeLimiter{err: fmt.Errorf("%w: %w", closed, context.Canceled)}})

	assert.EqualError(t, err, "rate limit: the limiter refused: closed: context canceled")
	assert.NotErrorIs(t, err, context.Canceled)
	assert.ErrorIs(t, err, closed)
}

// untilTheEnd waits until the context ends.
type untilTheEnd struct{ err error }

func (l untilTheEnd) Wait(ctx context.Context) error {
	<-ctx.Done()
	if l.err != nil {
		return l.err
	}
	return ctx.Err()
}

// deaf does not look at its context.
type deaf chan struct{}

func (l deaf) Wait(context.Context) error { <-l; return nil }

func TestLimiterThatBlocksForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{})
		limiter := make(deaf)
		defer close(limiter)
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()

		_, err := g.Wait(ctx, WaitOptions{Limiter: limiter})

		assert.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, time.Minute+patience, time.Since(start))
		assert.Zero(t, g.inflight)

		ctx, cancel = context.WithCancel(t.Context())
		cancel()
		_, err = g.Wait(ctx, WaitOptions{Limiter: limiter})
		assert.Equal(t, context.Canceled, err)
	})
}

type limiterFunc func(context.Context) error

func (f limiterFunc) Wait(ctx context.Context) error { return f(ctx) }

// A panic of the limiter is the caller's to recover.
func TestLimiterThatPanics(t *testing.T) {
	t.Parallel()
	g := governor(Limit{})
	limiter := limiterFunc(func(context.Context) error { panic("broken") })

	assert.PanicsWithValue(t, "broken", func() { _, _ = g.Wait(t.Context(), WaitOptions{Limiter: limiter}) })
	call(t, g, accepted)
}

// A limiter whose Wait ends its goroutine has allowed nothing.
func TestLimiterThatDoesNotReturn(t *testing.T) {
	t.Parallel()
	g := governor(Limit{})
	limiter := limiterFunc(func(context.Context) error { runtime.Goexit(); return nil })

	_, err := g.Wait(t.Context(), WaitOptions{Limiter: limiter})

	require.EqualError(t, err, "rate limit: the limiter refused: its Wait did not return")
	call(t, g, accepted)
	assert.Zero(t, g.inflight)
}

// pausingBy is a limiter with a Pause of its own.
type pausingBy func(until time.Time)

func (pausingBy) Wait(context.Context) error { return nil }

func (p pausingBy) Pause(until time.Time) { p(until) }

// Every quota knows the answer before a limiter is told to pause, which may not return.
func TestLimiterWhosePausePanics(t *testing.T) {
	t.Parallel()
	one, other := governor(Limit{}), governor(Limit{Burst: 100, Rate: 1})
	first, err := one.Wait(t.Context(), WaitOptions{Limiter: pausingBy(func(time.Time) { panic("broken") })})
	require.NoError(t, err)
	second := take(t, other)

	assert.PanicsWithValue(t, "broken", func() { DoneAll(Answer{Status: 429}, first, second) })

	assert.Zero(t, one.inflight)
	assert.Zero(t, other.inflight)
}

// A limiter's word holds for the moment at which it is given. What the gate held
// back since asks again, so that the gate lets no more through than the limiter.
func TestGateThatOpensLetsNoMoreThroughThanTheLimiter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{})
		closing := take(t, g)
		limiter := rate.NewLimiter(1, 1)
		var mu sync.Mutex
		var left []time.Duration
		start := time.Now()
		var wait sync.WaitGroup
		for range 10 {
			wait.Go(func() {
				ticket, err := g.Wait(t.Context(), WaitOptions{Limiter: limiter})
				if !assert.NoError(t, err) {
					return
				}
				mu.Lock()
				left = append(left, time.Since(start).Round(time.Millisecond))
				mu.Unlock()
				time.Sleep(100 * time.Millisecond)
				ticket.Done(accepted)
			})
		}
		synctest.Wait()

		closing.Done(after(http.StatusTooManyRequests, "30"))
		wait.Wait()

		assert.Zero(t, g.inflight)
		probe, then := 30*time.Second, 30100*time.Millisecond // when the probe was answered
		require.Equal(t, []time.Duration{0, probe, then}, left[:3])
		for i, at := range left[3:] {
			assert.Equal(t, then+time.Duration(i+1)*time.Second, at)
		}
	})
}
