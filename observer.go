package souk

import (
	"context"
	"net/http"
	"time"
)

// Observer is told what calls do. Its functions may be nil. They must be quick and
// safe for concurrent use. They are called in the goroutine of the call, which waits
// for them, and a panic reaches its caller. A log-in and a token refresh are calls,
// too, with a goroutine of their own, since several calls can wait for one; so a
// function must not use the client that it observes, which may be waiting for it.
// What the functions are told holds no URL, no header and no body, apart from the
// error that CallEnd gets, which is the caller's: see [Error].
type Observer struct {
	// CallStart is called before a call does anything, unless the SDK refuses it
	// as ErrInvalid or its context has ended. The context it returns is that of
	// the call; nil means the one it was given. Settings that it adds with
	// WithHeader and its sisters come too late.
	CallStart func(ctx context.Context, c Call) context.Context
	// AttemptStart is called when an attempt may be sent: its quota and its credential
	// are there. a says whose attempt it is, and not yet what came of it. The context
	// it returns is that of the attempt; nil means the one it was given. What it puts
	// into header is sent along, such as a Traceparent, unless the attempt has a header
	// of that name, and but for Authorization, Cookie and what belongs to the body or to
	// the connection.
	AttemptStart func(ctx context.Context, a Attempt, header http.Header) context.Context
	// Attempt is called after each attempt.
	Attempt func(ctx context.Context, a Attempt)
	// Wait is called when a wait begins, but for one in Options.Limiter, of which it
	// is told when it is over.
	Wait func(ctx context.Context, w Wait)
	// TokenRefresh is called after a token was renewed, or could not be, by the
	// call that began it. Others that waited for it are not told.
	TokenRefresh func(ctx context.Context, r TokenRefresh)
	// Drift is called for a value that was understood although the vendor sent it
	// in another kind than it documents, for example a number for a text.
	Drift func(ctx context.Context, d Drift)
	// CallEnd is called with the outcome of every call for which CallStart is. err
	// is what the call returns.
	CallEnd func(ctx context.Context, c Call, err error)
}

// Call is a call that begins or has ended.
type Call struct {
	Vendor, Method, Route string
	// Host is the server's, with the port if the base URL has one.
	Host string
	// Attempts and Duration are set when it has ended.
	Attempts int
	Duration time.Duration
}

// Attempt is one request and its answer. A redirect that is followed makes two with
// the same Number.
type Attempt struct {
	Vendor, Method, Route string
	// Host is the server's, with the port if its URL has one.
	Host string
	// Number counts from 1.
	Number int
	// StatusCode is 0 when no answer came.
	StatusCode int
	RequestID  string
	Duration   time.Duration
	// Failure says why no whole answer came. It is empty where one came.
	Failure Failure
}

// Failure says in a word why an attempt got no whole answer.
type Failure string

// The failures.
const (
	FailureDial     Failure = "dial"     // no connection could be had
	FailureProxy    Failure = "proxy"    // the proxy did not open the way
	FailureTLS      Failure = "tls"      // no trusted connection
	FailureTimeout  Failure = "timeout"  // Options.AttemptTimeout, or one of the user's transport, was over
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
	WaitHeld  WaitReason = "held"  // the server has answered 429 or asked to wait, this call or another
	WaitRetry WaitReason = "retry" // the pause before another attempt
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
