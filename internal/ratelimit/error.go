package ratelimit

import "time"

// Error is a wait that cannot or must not be waited for: it passes the context's
// deadline, the gate is closed for longer than the caller allows, or the
// caller's Limiter returned an error.
type Error struct {
	// Until is the earliest moment at which the request could be sent. It is
	// zero if that is not known.
	Until time.Time

	// Reason says in a few words what stood in the way. It holds nothing of the
	// request.
	Reason string

	cause error
}

// Error returns the reason and the moment at which the wait would end.
func (e *Error) Error() string {
	text := "rate limit: " + e.Reason
	if !e.Until.IsZero() {
		text += " until " + e.Until.UTC().Format(time.RFC3339)
	}
	if e.cause != nil {
		text += ": " + e.cause.Error()
	}
	return text
}

// Unwrap returns context.DeadlineExceeded if the wait passes the deadline, the
// error of the caller's Limiter, or both in one. Otherwise it returns nil.
func (e *Error) Unwrap() error { return e.cause }
