package ratelimit

// waiter is one caller in the queue. A value is sent on turn when it has to look again.
type waiter struct {
	before, after *waiter
	refused       bool
	most          int // requests in flight at which it waits for an answer, zero: no bound
	turn          chan struct{}
}

// queue holds the callers in order of arrival, those that were answered 429 before the
// others. Only the first one waits for time or answers.
type queue struct {
	first, last *waiter
	lastRefused *waiter
	length      int
}

// join returns a place in the queue and how many are before it.
func (q *queue) join(opts WaitOptions) (*waiter, int) {
	w := &waiter{before: q.last, refused: opts.Refused, most: opts.MaxInflight, turn: make(chan struct{}, 1)}
	ahead := q.length
	if opts.Refused {
		w.before = q.lastRefused
		q.lastRefused = w
		ahead = w.position()
	}
	q.insert(w)
	return w, ahead
}

// insert puts w after w.before, which is nil for the front.
func (q *queue) insert(w *waiter) {
	if w.before == nil {
		w.after = q.first
		q.first = w
	} else {
		w.after = w.before.after
		w.before.after = w
	}
	if w.after == nil {
		q.last = w
	} else {
		w.after.before = w
	}
	q.length++
}

// position returns how many are before w.
func (w *waiter) position() int {
	n := 0
	for ; w.before != nil; w = w.before {
		n++
	}
	return n
}

// leave takes w out while so many requests are in flight.
func (q *queue) leave(w *waiter, inflight int) {
	if q.lastRefused == w {
		q.lastRefused = w.before // all before it were refused
	}
	if w.before == nil {
		q.first = w.after
	} else {
		w.before.after = w.after
	}
	if w.after == nil {
		q.last = w.before
	} else {
		w.after.before = w.before
	}
	q.length--
	q.callFirst(inflight)
}

// callFirst makes the first one look again, unless it waits for an answer, which calls
// it again.
func (q *queue) callFirst(inflight int) {
	w := q.first
	if w == nil || w.most > 0 && inflight >= w.most {
		return
	}
	select {
	case w.turn <- struct{}{}:
	default:
	}
}
