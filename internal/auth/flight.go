package auth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk/internal/percall"
)

const (
	// saveTimeout is what a flight may take beyond its FlightTimeout, so
	// that a pair that came at the last moment can still be saved.
	saveTimeout = 15 * time.Second

	// repeatAfter is how long a valid token is used after a temporary failure to renew
	// it, and a new token that is already expired.
	repeatAfter = time.Minute

	// patience is how long to wait for a renewal while the current token is still
	// valid, at most half of what the caller has time for.
	patience = 5 * time.Second

	// grace is how long a flight may take to end when its context has ended.
	grace = time.Second
)

// flight is one refresh, or one Set, and its outcome once done is closed.
type flight struct {
	began    time.Time
	done     chan struct{}
	late     <-chan struct{} // closed when it should be done
	token    *oauth2.Token
	err      error
	panicked any // of Refresh, the store, or an observer: for those who wait
}

// work is what a flight does. Until deadline it may talk to the vendor, and a
// little longer to the store.
type work func(ctx context.Context, deadline time.Time) (*oauth2.Token, error)

// start starts a flight. The caller holds r.mu and has checked that there is none.
// Since others can wait for it, settings in one caller's context do not apply.
func (r *Refresher) start(ctx context.Context, do work) *flight {
	f := &flight{began: time.Now(), done: make(chan struct{}), err: errNoReturn}
	r.flight = f
	deadline := f.began.Add(r.o.FlightTimeout)
	if r.o.Spends != nil {
		deadline = deadline.Add(r.o.FlightTimeout) // the refresh of another process is waited for first
	}
	ctx, cancel := context.WithDeadline(percall.Without(context.WithoutCancel(ctx)), deadline.Add(saveTimeout))
	f.late = ctx.Done()
	observers := new(percall.Panics) // of those who are told of the refresh
	ctx = percall.WithPanics(ctx, observers)
	go func() {
		defer cancel()
		defer r.land(f)
		defer func() {
			if f.panicked = recover(); f.panicked == nil {
				f.panicked = observers.First()
			}
		}()
		f.token, f.err = do(ctx, deadline)
	}()
	return f
}

func (r *Refresher) land(f *flight) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.flight = nil
	close(f.done)
}

// patience returns until when a caller waits whose current token is still valid.
func (f *flight) patience(ctx context.Context) time.Time {
	until := f.began.Add(patience)
	deadline, ok := ctx.Deadline()
	if !ok {
		return until
	}
	now := time.Now()
	if half := now.Add(deadline.Sub(now) / 2); half.Before(until) {
		return half
	}
	return until
}

func (f *flight) wait(ctx context.Context) (*oauth2.Token, error) {
	if err := f.end(ctx); err != nil {
		return nil, err
	}
	if f.panicked != nil {
		panic(f.panicked)
	}
	return f.token, f.err
}

// end waits until the flight is done. The error says why it is not.
func (f *flight) end(ctx context.Context) error {
	select {
	case <-f.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-f.late:
	}
	select {
	case <-f.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(grace):
		return errStuck
	}
}

// errNoReturn is the error of a flight whose store or Refresh ended the goroutine, by
// runtime.Goexit.
var errNoReturn = errors.New("auth: what keeps or renews the token did not return")

// errStuck is the error of a flight whose store or Refresh ignores its context.
var errStuck = fmt.Errorf("auth: what keeps or renews the token does not return although its context has ended: %w", context.DeadlineExceeded)

// renew is the flight of Token. A token that still works stays in use, whatever the
// outcome of its renewal.
func (r *Refresher) renew(ctx context.Context, deadline time.Time) (*oauth2.Token, error) {
	t, err := r.loadOrRefresh(ctx, deadline)
	if err == nil {
		return t, nil
	}
	if held, ok := r.serveOn(); ok {
		return held, nil
	}
	return t, err
}

// loadOrRefresh returns the stored token if it is valid, and otherwise a new one.
func (r *Refresher) loadOrRefresh(ctx context.Context, deadline time.Time) (*oauth2.Token, error) {
	stored, err := r.o.Store.Load(ctx, r.o.Key)
	if err != nil {
		return nil, fmt.Errorf("auth: load token %q: %w", r.o.Key, err)
	}
	if current := r.unmarked(clone(stored)); r.take(current) {
		return current, nil
	}
	if r.o.Spends != nil {
		return (&spending{r: r, deadline: deadline}).run(ctx)
	}
	step := &renewal{r: r, deadline: deadline}
	err = r.update(ctx, step.run)
	return step.finish(err)
}

// replaceBy is the flight of Replace.
func (r *Refresher) replaceBy(f func(stored *oauth2.Token) *oauth2.Token) work {
	return func(ctx context.Context, _ time.Time) (*oauth2.Token, error) {
		var kept, saved *oauth2.Token
		called := false
		err := r.update(ctx, func(_ context.Context, stored *oauth2.Token) (*oauth2.Token, error) {
			called = true
			kept = r.unmarked(stored)
			saved = clone(f(kept))
			return clone(saved), nil
		})
		switch {
		case err != nil:
			return nil, fmt.Errorf("auth: save token %q: %w", r.o.Key, err)
		case !called:
			return nil, fmt.Errorf("auth: the store did not update token %q", r.o.Key)
		case saved == nil:
			r.take(kept)
			return kept, nil
		}
		r.unsaved, r.lost = nil, nil
		r.hold(saved, r.dueOfNew(saved))
		return saved, nil
	}
}
