package souk

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"golang.org/x/oauth2"
)

// Options say how a client behaves, whichever vendor it speaks to. Each vendor's
// Config embeds them. The zero value of every field is its default.
type Options struct {
	// HTTPClient sends the requests. Its Transport, Jar and Timeout are used, its
	// CheckRedirect is not; the Timeout counts per attempt, where it is shorter than
	// AttemptTimeout. By default all clients of the process share a transport with 64
	// connections per host, of which the calls of one store use at most 48, and which
	// gives up connections that have died unnoticed.
	HTTPClient *http.Client `json:"-"`

	// AttemptTimeout limits one attempt, from sending it to the last byte of
	// the answer. Waiting for quota is not part of it. While a file is uploaded it
	// counts from the last piece that moved: an upload that stands still is ended, a
	// slow one is not; limit that with the context. Default 30 seconds.
	AttemptTimeout time.Duration

	// Logger receives one record per attempt: vendor, method, route, status, why no
	// answer came, attempt, duration and request id, nothing else; and one per wait of
	// over a second, before it or, where its length was not known, after it. Successes,
	// and refusals of class ErrNotFound or ErrAlreadyExists or with status 409 or 422,
	// are at level DEBUG, waits at INFO, all else at WARN. By default nothing is logged.
	Logger *slog.Logger `json:"-"`

	// Observer is told what the calls do, for metrics and traces.
	Observer *Observer `json:"-"`

	// Limiter paces the calls of this client in place of the vendor's published
	// limit, for example where other machines use the same app and store. Which
	// limits stay is in the documentation of the vendor's Config.
	Limiter Limiter `json:"-"`

	// MaxAttempts is how often a call is sent at most. Default 4; 1 means no repeats.
	// Of more than one, those that the server answers with 429 do not count:
	// MaxRetryWait limits them. Nor does one with a token that has expired.
	MaxAttempts int

	// MaxRetryWait is how long a call waits at most, all in all, because the server
	// failed or asked to wait. When the next wait would be longer than what is left,
	// the call fails at once, with what the server said and RetryAfter: as
	// ErrRateLimited after a 429, as ErrUnavailable after anything else. Waiting for
	// the vendor's limit, or for Limiter, is not part of it. Default 1 minute.
	MaxRetryWait time.Duration

	// UserAgent replaces the SDK's own.
	UserAgent string
}

// TokenSource hands out tokens. It is asked on every attempt, from many goroutines,
// so it should keep its token until that expires. A source that also has
//
//	Invalidate(*oauth2.Token)
//
// is told of a token that the server called expired, before it is asked again.
//
// A call for which there is no token is not sent. Its error has the class
// [ErrUnauthorized], [ErrForbidden] or [ErrReauthorize] if that of the source matches it,
// and otherwise [ErrUnavailable]; errors.As finds the source's.
type TokenSource interface {
	Token(ctx context.Context) (*oauth2.Token, error)
}

// Limiter paces calls: Wait returns when the next one may be sent. A
// *rate.Limiter of golang.org/x/time/rate is one. A limiter that also has
//
//	Pause(until time.Time)
//
// is told when the server has answered 429.
//
// When Wait fails, nothing is sent, and the call fails with [ErrRateLimited], or with
// [ErrUnavailable] if a *Error says so, whose Message is shown then. The texts of other
// errors are not, since they may hold anything; errors.As finds them.
type Limiter interface {
	Wait(ctx context.Context) error
}
