package ratelimit

import (
	"context"
	"time"
)

// WaitOptions say how one caller waits.
type WaitOptions struct {
	// MaxGate is the longest time to wait for the gate. A longer wait is an *Error, at
	// once if the server said how long it refuses. Zero means no bound.
	MaxGate time.Duration

	// MaxInflight is the number of requests, of all callers together, at which
	// this one waits for an answer. Zero means that there is no bound.
	MaxInflight int

	// Refused says that this request was answered 429. It goes before requests that
	// were never sent.
	Refused bool

	// Limiter replaces the pace, not the gate. Nil means the governor's own pace.
	Limiter Limiter

	// OnWait is called when a wait begins, and once more if the gate closes while the
	// pace is waited for: held reports whether it is the gate that is waited for, and d
	// is the least length of the wait, zero if it is not known. It is not called for a
	// wait in the Limiter. It may be nil.
	OnWait func(held bool, d time.Duration)
}

// Wait blocks until a request may be sent, in order of arrival, and returns the ticket
// to return with its answer. The error is the context's if it was canceled or had ended
// before, and an *Error if the deadline came or would come first, the gate is closed
// for longer than opts.MaxGate, or opts.Limiter returned an error. The ticket then only
// holds the time of the wait.
func (g *Governor) Wait(ctx context.Context, opts WaitOptions) (Ticket, error) {
	if err := ctx.Err(); err != nil {
		return Ticket{}, err
	}
	if opts.Limiter != nil {
		return g.waitLimiter(ctx, opts)
	}
	return g.waitTurn(ctx, opts, true)
}

// waitTurn waits for the gate and, without a Limiter, for the pace. If take is false,
// the request is not sent and the ticket has no effect.
func (g *Governor) waitTurn(ctx context.Context, opts WaitOptions, take bool) (Ticket, error) {
	g = g.lock()
	defer g.mu.Unlock()
	q := &g.queue
	if opts.Limiter != nil {
		q = &g.gated
	}
	now := time.Now()
	if q.first == nil {
		if ready, _, _ := g.look(now, 0, opts); ready {
			return g.pass(now, opts, take), nil
		}
	}
	w, queued := q.join(opts)
	defer func() { q.leave(w, g.inflight) }()
	wait := wait{ctx: ctx, opts: opts, began: now, before: g.gate.spent(now)}
	for {
		now = time.Now()
		ready, least, again := g.look(now, queued, opts)
		wait.first = q.first == w
		if err := wait.refusal(g, now, least); err != nil {
			return wait.note(g, now, Ticket{}), err
		}
		if ready && wait.first {
			return wait.note(g, now, g.pass(now, opts, take)), nil
		}
		if wait.tell(g, now, least) {
			continue
		}
		g.sleep(ctx, wait.alarm(g, now, again), w.turn)
		queued = 0
	}
}

// pass lets the request of a caller leave if take is set.
func (g *Governor) pass(now time.Time, opts WaitOptions, take bool) Ticket {
	if !take {
		return Ticket{}
	}
	return g.admit(now, opts.Limiter)
}

// sleep gives up the lock until d has passed (never, if d is zero), the gate has
// moved, something came on turn, or ctx has ended.
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

// wait is one caller's wait. Its methods are called with the governor locked.
type wait struct {
	ctx    context.Context
	opts   WaitOptions
	began  time.Time
	before time.Duration // gate.spent when it began
	told   bool          // that it began
	gated  bool          // it was told that it is the gate
	first  bool          // nobody is before it
}

// note writes down on t how long was waited.
func (w *wait) note(g *Governor, now time.Time, t Ticket) Ticket {
	t.waited = now.Sub(w.began)
	t.held = w.held(g, now)
	return t
}

// held returns how long of the wait the gate was closed.
func (w *wait) held(g *Governor, now time.Time) time.Duration {
	return g.gate.spent(now) - w.before
}

// refusal returns the error of a wait that must not go on, or nil. least is what
// is left of it at least.
func (w *wait) refusal(g *Governor, now time.Time, least time.Duration) error {
	switch err := w.ctx.Err(); err {
	case nil:
	case context.DeadlineExceeded:
		return &Error{Reason: "still waiting at the deadline", cause: err}
	default:
		return err
	}
	left := g.gate.left(now)
	switch {
	case !w.overdue(g, now, left):
	case left == 0:
		return &Error{Reason: "the server keeps refusing"}
	default:
		return &Error{Until: g.gate.until, Reason: "the server asked to wait"}
	}
	deadline, ok := w.ctx.Deadline()
	if !ok || now.Add(least).Before(deadline) {
		return nil
	}
	reason := "the pace allows no request before the deadline"
	if left >= least {
		reason = "the server asked to wait past the deadline"
	}
	return &Error{Until: now.Add(least), Reason: reason, cause: context.DeadlineExceeded}
}

// overdue reports whether the gate, which stays closed for another left, takes
// more than MaxGate.
func (w *wait) overdue(g *Governor, now time.Time, left time.Duration) bool {
	if !w.gateCounts(g, now) {
		return false
	}
	held := w.held(g, now)
	return held+left > w.opts.MaxGate || held >= w.opts.MaxGate
}

// gateCounts reports whether MaxGate bounds the wait: the gate is closed, and it
// is not this one's turn to probe it.
func (w *wait) gateCounts(g *Governor, now time.Time) bool {
	return w.opts.MaxGate > 0 && g.gate.closed && !(w.first && g.gate.wait(now) == 0)
}

// tell calls OnWait without the lock if there is something to report. It reports
// whether it did.
func (w *wait) tell(g *Governor, now time.Time, least time.Duration) bool {
	held := g.gate.wait(now) > 0
	if w.opts.OnWait == nil || w.told && (w.gated || !held) {
		return false
	}
	w.told, w.gated = true, held
	g.mu.Unlock()
	defer g.mu.Lock()
	w.opts.OnWait(held, least)
	return true
}

// alarm returns when to look again: after d if it is the first, or when MaxGate
// is used up if that comes before. Zero means never.
func (w *wait) alarm(g *Governor, now time.Time, d time.Duration) time.Duration {
	if !w.first {
		d = 0
	}
	if !w.gateCounts(g, now) {
		return d
	}
	left := w.opts.MaxGate - w.held(g, now)
	if d == 0 {
		return left
	}
	return min(d, left)
}
