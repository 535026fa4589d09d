package ratelimit

// waiter is one caller in the queue. Something is sent on turn when it has to look again.
type waiter struct {
	before, after *waiter
	turn          chan struct{}
}

// queue holds the callers in order of arrival. Only the first one waits for time or answers.
type queue struct {
	first, last *waiter
	length      int
}

func (q *queue) join() *waiter {
	w := &waiter{before: q.last, turn: make(chan struct{}, 1)}
	if q.last == nil {
		q.first = w
	} else {
		q.last.after = w
	}
	q.last = w
	q.length++
	return w
}

func (q *queue) leave(w *waiter) {
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
	q.callFirst()
}

func (q *queue) callFirst() {
	if q.first == nil {
		return
	}
	select {
	case q.first.turn <- struct{}{}:
	default:
	}
}
