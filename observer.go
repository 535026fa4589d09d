package souk

import (
	"context"
	"time"
)

// Observer is told what calls do. Its functions may be nil. They must be quick and
// safe for concurrent use, and are called in the goroutine of the call; those of a
// log-in or a token refresh, which several calls can wait for, in another. A panic
// reaches the caller. What they are told holds no URL, no header and no body.
type Observer struct {
	// CallStart is called before a call does anything. The context it returns
	// is that of the call; nil means the one it was given.
	CallStart func(ctx context.Context, c Call) context.Context
	// Attempt is called after each attempt.
	Attempt func(ctx context.Context, a Attempt)
	// Wait is called when a wait begins, but for one in Options.Limiter, of which it
	// is told when it is over.
	Wait func(ctx context.Context, w Wait)
	// TokenRefresh is called after a token was renewed, or could not be.
	TokenRefresh func(ctx context.Context, r TokenRefresh)
	// Drift is called for a value that was understood although the vendor sent it
	// in another kind than it documents, for example a number for a text.
	Drift func(ctx context.Context, d Drift)
	// CallEnd is called with the outcome. err is what the call returns.
	CallEnd func(ctx context.Context, c Call, err error)
}

// Call is a call that begins or has ended.
type Call struct {
	Vendor, Method, Route string
	// Attempts and Duration are set when it has ended.
	Attempts int
	Duration time.Duration
}

// Attempt is one request and its answer.
type Attempt struct {
	Vendor, Method, Route string
	// Number counts from 1.
	Number int
	// StatusCode is 0 when no answer came.
	StatusCode int
	RequestID  string
	Duration   time.Duration
	// Failure says in a word why no whole answer came: "dial" (no connection), "tls",
	// "proxy", "timeout", "reset" (lost after it was sent), "cut" (lost in the middle
	// of the answer), "size", "upload" or "canceled". It is empty where one came.
	Failure string
}

// WaitReason says what a call waits for.
type WaitReason string

// The reasons.
const (
	WaitPace    WaitReason = "pace"    // the vendor's limit, or Options.Limiter
	WaitRefused WaitReason = "refused" // the server has answered 429 or asked to wait
	WaitRetry   WaitReason = "retry"   // the pause before another attempt
)

// Wait is a wait of a call.
type Wait struct {
	Vendor, Method, Route string
	Reason                WaitReason
	// Duration is how long it lasts at least, 0 if that is not known.
	Duration time.Duration
}

// TokenRefresh is a renewal of a token that a call began.
type TokenRefresh struct {
	Vendor   string
	Duration time.Duration
	Err      error
}

// Drift is a value that came in another kind than its field has. It says nothing of
// the value.
type Drift struct {
	Vendor, Method, Route string
	// Path leads to the value, as in "customers[17].birthday"; a key of a map is *.
	Path string
	// Want is what the field holds: text, number, whole number, boolean, date, list
	// or object.
	Want string
	// Got is what came: text, number, boolean, list or object.
	Got string
}
