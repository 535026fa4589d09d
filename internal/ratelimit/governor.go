// Package ratelimit keeps the calls of a process within the quotas that vendors grant.
//
// There is one Governor per quota, shared by every client whose calls count against it. It paces the requests by a
// model of the vendor's bucket or window, corrects the model from answers, and closes a gate for everybody when the
// vendor asks to wait. Callers are served in order of arrival. It runs no goroutine.
package ratelimit

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// Governor guards one quota. It is made by For and safe for concurrent use.
type Governor struct {
	key      Key
	limit    Limit
	registry *registry

	mu       sync.Mutex
	dropped  bool // no longer in the registry
	queue    queue
	inflight int
	gate     gate
	bucket   *bucket
	window   *window
}

func newGovernor(key Key, limit Limit) *Governor {
	g := &Governor{key: key, limit: limit, bucket: newBucket(limit), window: newWindow(limit)}
	g.gate.pause = firstPause
	if g.bucket != nil && g.bucket.covers {
		g.gate.pause = min(max(g.bucket.horizon/100, firstPause), longestPause)
	}
	return g
}

// Limiter is a caller's own pace, which takes the place of the governor's; *rate.Limiter is one. A Limiter that also
// has the method Pause(until time.Time) is told of every 429 and of the moment before which no request will leave.
type Limiter interface {
	// Wait blocks until a request may be sent, or returns an error.
	Wait(ctx context.Context) error
}

// WaitOptions say how one caller waits.
type WaitOptions struct {
	// MaxGate is the longest closure of the gate that is waited for; a longer one is an *Error with Quota set. Zero
	// means that any closure is waited for.
	MaxGate time.Duration

	// Limiter replaces the pace, not the gate. Nil means the governor's own pace.
	Limiter Limiter
}

// Wait blocks until a request may be sent, in order of arrival, and returns the ticket to hand back with its answer. It
// returns the context's error as soon as the context ends, and at once an *Error when the wait would pass the context's
// deadline, the gate is closed for longer than opts.MaxGate, or opts.Limiter refuses.
func (g *Governor) Wait(ctx context.Context, opts WaitOptions) (Ticket, error) {
	if err := ctx.Err(); err != nil {
		return Ticket{}, err
	}
	if opts.Limiter != nil {
		return g.waitLimiter(ctx, opts)
	}
	g = g.lock()
	defer g.mu.Unlock()
	if g.queue.first == nil {
		now := time.Now()
		if ready, _ := g.wait(now, 0); ready {
			return g.admit(now, nil), nil
		}
	}
	return g.waitTurn(ctx, opts)
}

// waitTurn waits in the queue. It is called with the lock held, and returns with it held.
func (g *Governor) waitTurn(ctx context.Context, opts WaitOptions) (Ticket, error) {
	began, gated := time.Now(), false
	queued := g.queue.length
	w := g.queue.join()
	defer g.queue.leave(w)
	for {
		if err := ctx.Err(); err != nil {
			return Ticket{}, err
		}
		now := time.Now()
		ready, d := g.wait(now, queued)
		first := g.queue.first == w
		gated = gated || g.gate.wait(now) > 0
		if ready && first {
			t := g.admit(now, nil)
			t.waited, t.gated = now.Sub(began), gated
			return t, nil
		}
		if err := g.refusal(ctx, opts, now, d); err != nil {
			return Ticket{}, err
		}
		if !first {
			d = 0
		}
		g.sleep(ctx, d, w.turn)
		queued = 0
	}
}

// waitLimiter waits for the gate and the caller's limiter. A gate that closes meanwhile is waited for again.
func (g *Governor) waitLimiter(ctx context.Context, opts WaitOptions) (Ticket, error) {
	began, paced, gated := time.Now(), false, false
	for {
		g = g.lock()
		gated = gated || g.gate.wait(time.Now()) > 0
		if err := g.waitGate(ctx, opts); err != nil {
			g.mu.Unlock()
			return Ticket{}, err
		}
		if paced {
			t := g.admit(time.Now(), opts.Limiter)
			t.waited, t.gated = t.sent.Sub(began), gated
			g.mu.Unlock()
			return t, nil
		}
		g.mu.Unlock()
		if err := opts.Limiter.Wait(ctx); err != nil {
			if ctx.Err() != nil {
				return Ticket{}, ctx.Err()
			}
			return Ticket{}, &Error{Reason: "the limiter refused", cause: err}
		}
		paced = true
	}
}

// waitGate waits until the gate is open. It is called with the lock held, and returns with it held.
func (g *Governor) waitGate(ctx context.Context, opts WaitOptions) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		now := time.Now()
		d := g.gate.wait(now)
		if d == 0 {
			return nil
		}
		if err := g.refusal(ctx, opts, now, d); err != nil {
			return err
		}
		g.sleep(ctx, d, nil)
	}
}

// sleep gives up the lock until d has passed (never, if d is zero), the gate has moved, something came on turn, or ctx
// has ended.
func (g *Governor) sleep(ctx context.Context, d time.Duration, turn <-chan struct{}) {
	moved := g.gate.listen()
	g.mu.Unlock()
	defer g.mu.Lock()
	var passed <-chan time.Time
	if d > 0 {
		timer := time.NewTimer(d)
		defer timer.Stop()
		passed = timer.C
	}
	select {
	case <-passed:
	case <-moved:
	case <-turn:
	case <-ctx.Done():
	}
}

// wait returns whether a request may leave now that has so many queued before it and, if not, how long it takes at
// least. Zero then means that it depends on an answer.
func (g *Governor) wait(now time.Time, queued int) (bool, time.Duration) {
	d := g.gate.wait(now)
	ready := d == 0
	if g.bucket != nil {
		room, wait := g.bucket.wait(now, g.inflight, queued)
		ready = ready && room
		d = max(d, wait)
	}
	if g.window != nil {
		room, wait := g.window.wait(now, g.inflight, queued)
		ready = ready && room
		d = max(d, wait)
	}
	return ready, d
}

// refusal returns the error of a wait that is too long, or nil.
func (g *Governor) refusal(ctx context.Context, opts WaitOptions, now time.Time, d time.Duration) error {
	closed := g.gate.wait(now)
	if opts.MaxGate > 0 && closed > opts.MaxGate {
		return &Error{Until: g.gate.until, Quota: true, Reason: "the server asked to wait"}
	}
	deadline, ok := ctx.Deadline()
	if !ok || now.Add(d).Before(deadline) {
		return nil
	}
	reason := "the pace allows no request before the deadline"
	if closed >= d {
		reason = "the server asked to wait past the deadline"
	}
	return &Error{Until: now.Add(d), Reason: reason, cause: context.DeadlineExceeded}
}

func (g *Governor) admit(now time.Time, limiter Limiter) Ticket {
	if g.bucket != nil {
		g.bucket.sent(now, g.inflight)
	}
	g.inflight++
	return Ticket{governor: g, sent: now, limiter: limiter}
}

// lock locks the governor, or the one that has taken its place in the registry.
func (g *Governor) lock() *Governor {
	for {
		g.mu.Lock()
		if !g.dropped {
			return g
		}
		g.mu.Unlock()
		g = g.registry.get(g.key, g.limit)
	}
}

// drop marks the governor as dropped if a fresh one could take its place unnoticed. One that is locked is in use.
func (g *Governor) drop(now time.Time) bool {
	if !g.mu.TryLock() {
		return false
	}
	defer g.mu.Unlock()
	g.dropped = g.inflight == 0 && g.queue.length == 0 && g.gate.fresh(now) &&
		(g.bucket == nil || g.bucket.fresh(now)) && (g.window == nil || g.window.fresh(now))
	return g.dropped
}

// Answer is what came back for a request. The zero Answer means that no answer came and the request may have arrived.
type Answer struct {
	// Status is the HTTP status, zero if no answer came.
	Status int

	// Header is the answer's header. It may be nil.
	Header http.Header
}
