package souk

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"golang.org/x/oauth2"
)

// Options are the settings of a client that all vendors share. Each vendor's Config
// embeds them. The zero value of every field means its default.
type Options struct {
	// HTTPClient sends the requests. Its Transport, Jar and Timeout are used, its
	// CheckRedirect is not; the Timeout limits one attempt if it is shorter than
	// AttemptTimeout. By default all clients of the process share one transport with at
	// most 64 connections per host, of which the calls of one store use at most 48. It
	// detects and closes dead connections.
	HTTPClient *http.Client `json:"-"`

	// AttemptTimeout limits one attempt, from sending it to the last byte of the
	// answer. Waiting for quota is not part of it. While a file is uploaded, the time
	// since the last progress counts: an upload that stalls is ended, a slow one is
	// not; limit that with the context. Default 30 seconds.
	AttemptTimeout time.Duration

	// Logger receives one record per attempt with vendor, method, route, status, why no
	// answer came, attempt, duration and request id, and nothing else. It receives one
	// per wait of over a second, before the wait or, if its length was not known, after
	// it. Successes, and refusals of class ErrNotFound or ErrAlreadyExists or with
	// status 409 or 422, are at level DEBUG, waits at INFO, all others at WARN. By
	// default nothing is logged.
	Logger *slog.Logger `json:"-"`

	// Observer is informed of what calls do, for metrics and traces.
	Observer *Observer `json:"-"`

	// Limiter paces the calls of this client in place of the vendor's published limit,
	// for example if other machines use the same app and store. The documentation of
	// the vendor's Config says which limits stay.
	Limiter Limiter `json:"-"`

	// MaxAttempts is the largest number of attempts per call. Default 4; 1 means no
	// repeats. Above 1, attempts that the server answers with 429 do not count;
	// MaxRetryWait limits them. Nor does an attempt with a token that had expired.
	MaxAttempts int

	// MaxRetryWait is the longest total time that a call waits because the server
	// failed or asked to wait. If the next wait would exceed what is left, the call
	// fails at once, with the server's message and RetryAfter: as ErrRateLimited after
	// a 429, as ErrUnavailable after anything else. Waiting for the vendor's limit or
	// for Limiter does not count. Default 1 minute.
	MaxRetryWait time.Duration

	// UserAgent replaces the SDK's own User-Agent header.
	UserAgent string
}

// TokenSource returns tokens. It is called on every attempt, from many goroutines, so
// it should keep its token until that expires. If a source also has the method
//
//	Invalidate(*oauth2.Token)
//
// the client passes it a token that the server called expired before it asks for
// another.
//
// If Token returns an error, the call is not sent. Its error is [ErrUnauthorized],
// [ErrForbidden] or [ErrReauthorize] if the source's error matches that class, and
// otherwise [ErrUnavailable]; errors.As finds the source's error.
type TokenSource interface {
	Token(ctx context.Context) (*oauth2.Token, error)
}

// Limiter paces calls: Wait returns when the next one may be sent. A *rate.Limiter of
// golang.org/x/time/rate is one. If a limiter also has the method
//
//	Pause(until time.Time)
//
// the client calls it when the server has answered 429.
//
// If Wait returns an error, nothing is sent, and the call fails with [ErrRateLimited].
// If it returns an *Error of class [ErrUnavailable], the call fails with that class and
// shows its Message. Texts of other errors are not shown, since they may hold anything;
// errors.As finds them.
type Limiter interface {
	Wait(ctx context.Context) error
}
