package ratelimit

import "time"

// Error is a wait that cannot or must not be waited for: it would pass the context's deadline, the gate is closed for
// longer than the caller allows, or the caller's Limiter refused.
type Error struct {
	// Until is the earliest moment at which the request could be sent. It is zero when that is not known.
	Until time.Time

	// Quota says that the gate is closed for longer than WaitOptions.MaxGate: a quota is used up, not a pace exceeded.
	Quota bool

	// Reason says in a few words what stood in the way. It holds nothing of the request.
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

// Unwrap returns context.DeadlineExceeded for a deadline that cannot be met, the error of the caller's Limiter when it
// refused, and nil otherwise.
func (e *Error) Unwrap() error { return e.cause }
