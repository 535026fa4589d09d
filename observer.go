package souk

import (
	"context"
	"net/http"
	"time"
)

// Observer is a set of functions that are called as calls proceed, for metrics and
// traces. Any of them may be nil. They must be quick and safe for concurrent use. They
// run in the goroutine of the call, which waits for them, and a panic reaches the
// caller. A log-in and a token refresh are calls, too; they run in a goroutine of their
// own, since several calls can wait for one, and a panic reaches all of these when the
// token is saved. So a function must not use the client that it observes, which may be
// waiting for it. The arguments hold no URL, header or body, except the error of CallEnd,
// which is the one that the caller gets: see [Error].
type Observer struct {
	// CallStart is called before a call does anything. It is not called if the SDK
	// refuses the call as ErrInvalid or if the context has ended. The call goes on with
	// the context that it returns; nil means the one it was given. Settings that it
	// adds with WithHeader and the like have no effect.
	CallStart func(ctx context.Context, c Call) context.Context
	// AttemptStart is called when an attempt is about to be sent, after the waits for
	// quota and credential. a describes the attempt, without its outcome. The attempt
	// is made with the context that it returns; nil means the one it was given. What it
	// adds to header, such as a Traceparent, is sent along, unless the attempt has a
	// header of that name. Authorization, Cookie and the headers of the body and the
	// connection cannot be added.
	AttemptStart func(ctx context.Context, a Attempt, header http.Header) context.Context
	// Attempt is called after each attempt.
	Attempt func(ctx context.Context, a Attempt)
	// Wait is called when a wait begins; for a wait in Options.Limiter, when it ends.
	Wait func(ctx context.Context, w Wait)
	// TokenRefresh is called after a token was renewed or could not be renewed, once,
	// for the call that began the renewal, not for others that waited for it.
	TokenRefresh func(ctx context.Context, r TokenRefresh)
	// Drift is called for a value that was read although the vendor sent it as another
	// kind than documented, for example a number for a text.
	Drift func(ctx context.Context, d Drift)
	// CallEnd is called with the outcome of every call for which CallStart is. err
	// is what the call returns.
	CallEnd func(ctx context.Context, c Call, err error)
}

// Call describes a call that begins or has ended.
type Call struct {
	Vendor, Method, Route string
	// Host is the server's name, with the port if the base URL has one.
	Host string
	// Attempts and Duration are set when the call has ended.
	Attempts int
	Duration time.Duration
}

// Attempt is one request and its answer. A redirect that is followed makes two with
// the same Number.
type Attempt struct {
	Vendor, Method, Route string
	// Host is the server's name, with the port if the URL has one.
	Host string
	// Number counts from 1.
	Number int
	// StatusCode is 0 when no answer came.
	StatusCode int
	RequestID  string
	Duration   time.Duration
	// Failure says why no complete answer came. It is empty if one came.
	Failure Failure
}

// Failure says in one word why an attempt got no complete answer.
type Failure string

// The failures.
const (
	FailureDial     Failure = "dial"     // no connection could be made
	FailureProxy    Failure = "proxy"    // the proxy refused the connection
	FailureTLS      Failure = "tls"      // no trusted connection
	FailureTimeout  Failure = "timeout"  // Options.AttemptTimeout, or a timeout of the user's transport, ran out
	FailureReset    Failure = "reset"    // the connection broke after the request was sent
	FailureCut      Failure = "cut"      // the connection broke in the middle of the answer
	FailureSize     Failure = "size"     // the answer was too large
	FailureUpload   Failure = "upload"   // the file could not be read
	FailureCanceled Failure = "canceled" // the context of the call ended
)

// WaitReason says what a call waits for.
type WaitReason string

// The reasons.
const (
	WaitPace  WaitReason = "pace"  // the vendor's limit, or Options.Limiter
	WaitHeld  WaitReason = "held"  // the server answered 429 or asked to wait, to this call or another
	WaitRetry WaitReason = "retry" // the pause before another attempt
)

// Wait is a wait of a call.
type Wait struct {
	Vendor, Method, Route string
	Reason                WaitReason
	// Duration is the least time that the wait will last, 0 if not known.
	Duration time.Duration
}

// TokenRefresh is a renewal of a token that a call began.
type TokenRefresh struct {
	Vendor   string
	Duration time.Duration
	Err      error
}

// Drift describes a value of another kind than its field. It does not hold the value.
type Drift struct {
	Vendor, Method, Route string
	// Path is the place of the value, such as "customers[17].birthday"; a map's key is
	// shown as *.
	Path string
	// Want is what the field holds: text, number, whole number, boolean, date, list
	// or object.
	Want string
	// Got is what came: text, number, boolean, list or object.
	Got string
}
