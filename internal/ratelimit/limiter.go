package ratelimit

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/time/rate"
)

// Limiter is a caller's own pace, which takes the place of the governor's;
// *rate.Limiter is one. A Limiter that also has the method
// Pause(until time.Time) is told of every 429 and of the moment before which no
// request will leave.
type Limiter interface {
	// Wait blocks until a request may be sent, or returns an error.
	Wait(ctx context.Context) error
}

// patience is how long a Limiter may take to notice that its context has ended.
const patience = 100 * time.Millisecond

// waitLimiter waits for the gate and the caller's limiter. What the gate held
// back after the limiter let it go asks the limiter again, so that a gate that
// opens lets no more through than the limiter does; a probe goes alone and need
// not ask.
func (g *Governor) waitLimiter(ctx context.Context, opts WaitOptions) (Ticket, error) {
	began, bound, held := time.Now(), opts.MaxGate, time.Duration(0)
	for asked := false; ; asked = true {
		if bound > 0 {
			opts.MaxGate = max(bound-held, 1)
		}
		t, err := g.waitTurn(ctx, opts, asked)
		fresh := t.held == 0 || t.probe
		held += t.held
		t.waited, t.held = time.Since(began), held
		if err != nil || asked && fresh {
			return t, err
		}
		t.Cancel()
		if err := ask(ctx, opts.Limiter); err != nil {
			return Ticket{waited: time.Since(began), held: held}, limiterError(ctx, err)
		}
	}
}

// ask calls the limiter's Wait. One that goes on when the context has ended is
// left to itself, but a *rate.Limiter is known not to.
func ask(ctx context.Context, l Limiter) error {
	if known, ok := l.(*rate.Limiter); ok {
		return known.Wait(ctx)
	}
	replies := make(chan reply, 1)
	go func() {
		var r reply
		defer func() {
			r.panicked = recover()
			replies <- r
		}()
		r.err = l.Wait(ctx)
	}()
	select {
	case r := <-replies:
		return r.result()
	case <-ctx.Done():
	}
	select {
	case r := <-replies:
		return r.result()
	case <-time.After(patience):
		return ctx.Err()
	}
}

// reply is how a Limiter's Wait ended.
type reply struct {
	err      error
	panicked any
}

// result returns the error, or panics in the caller's goroutine as the Limiter
// did in its own.
func (r reply) result() error {
	if r.panicked != nil {
		panic(r.panicked)
	}
	return r.err
}

// limiterError returns the error of a wait that the limiter ended with err.
func limiterError(ctx context.Context, err error) error {
	switch {
	case ctx.Err() == context.Canceled:
		return context.Canceled
	case errors.Is(err, context.DeadlineExceeded): // says so itself
	case ctx.Err() != nil, exceedsDeadline(ctx, err):
		err = fmt.Errorf("%w: %w", context.DeadlineExceeded, err)
	default:
		return &Error{Reason: "the limiter refused", cause: err}
	}
	return &Error{Reason: "the limiter allows no request before the deadline", cause: err}
}

// exceedsDeadline reports whether err is that of a rate.Limiter whose wait would
// pass the deadline. It has a text only.
func exceedsDeadline(ctx context.Context, err error) bool {
	_, ok := ctx.Deadline()
	return ok && strings.Contains(err.Error(), "would exceed context deadline")
}
