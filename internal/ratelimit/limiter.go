package ratelimit

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/time/rate"
)

// Limiter is a caller's own pace, which replaces the governor's; *rate.Limiter is one.
// If a Limiter also has the method Pause(until time.Time), that is called after every
// 429 with the time before which no request is sent.
type Limiter interface {
	// Wait blocks until a request may be sent, or returns an error.
	Wait(ctx context.Context) error
}

// patience is how long a Limiter may take to notice that its context has ended.
const patience = 100 * time.Millisecond

// waitLimiter waits for the gate and the caller's limiter. A request that the gate held
// back after the limiter allowed it asks the limiter again, so that an opening gate
// lets no more through than the limiter; a probe goes alone and need not ask.
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

// ask calls the limiter's Wait. If that does not return when the context has ended, it
// is left behind; a *rate.Limiter is known to return.
func ask(ctx context.Context, l Limiter) error {
	if known, ok := l.(*rate.Limiter); ok {
		return known.Wait(ctx)
	}
	replies := make(chan reply, 1)
	go func() {
		r := reply{err: errNoReturn}
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

// errNoReturn is the error of a Wait that ended its goroutine, by runtime.Goexit.
var errNoReturn = errors.New("its Wait did not return")

// reply is the result of a Limiter's Wait.
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
	_, bounded := ctx.Deadline()
	switch {
	case ctx.Err() == context.Canceled:
		return context.Canceled
	case bounded && errors.Is(err, context.DeadlineExceeded): // says so itself
	case ctx.Err() != nil, bounded && exceedsDeadline(err):
		err = fmt.Errorf("%w: %w", context.DeadlineExceeded, err)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return &Error{Reason: "the limiter refused", cause: ownError{err}}
	default:
		return &Error{Reason: "the limiter refused", cause: err}
	}
	return &Error{Reason: "the limiter allows no request before the deadline", cause: err}
}

// exceedsDeadline reports whether err is the error of a rate.Limiter whose wait would
// exceed the deadline. It can be recognized by its text only.
func exceedsDeadline(err error) bool {
	return strings.Contains(err.Error(), "would exceed context deadline")
}

// ownError is the error of a limiter that no context of the caller's has ended: a
// timeout of its own, such as its Redis client's, is not the caller's.
type ownError struct{ cause error }

func (e ownError) Error() string { return e.cause.Error() }

func (e ownError) Is(target error) bool {
	return target != context.Canceled && target != context.DeadlineExceeded && errors.Is(e.cause, target)
}

func (e ownError) As(target any) bool { return errors.As(e.cause, target) }
