package souk

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/souk-go/souk/internal/mask"
	"github.com/souk-go/souk/internal/percall"
)

// Response is the last answer of a call that came, and what it took to get it. It is
// zero where nothing was sent. Header and Body are as they came: they can hold personal
// data, and those of a log-in hold tokens. So no printer, no logger and no JSON has them.
type Response struct {
	// StatusCode is the HTTP status, 0 when none came.
	StatusCode int
	// Header is the answer's header.
	Header http.Header `json:"-"`
	// RequestID is what the vendor's support finds the request by, "" where the
	// vendor sends none.
	RequestID string
	// Attempts is how often the request was sent, or no connection could be had.
	Attempts int
	// Waited is how long the call waited for quota and between attempts.
	Waited time.Duration
	// Body is the answer's body, of an error at most 1 MiB. It is empty where one
	// was cut off.
	Body []byte `json:"-"`
}

// String returns what is known of the answer without header and body.
func (r Response) String() string {
	return fmt.Sprintf("souk.Response{StatusCode:%d RequestID:%q Attempts:%d Waited:%s}", r.StatusCode, r.RequestID, r.Attempts, r.Waited)
}

// Format prints the text of String for every verb of fmt.
func (r Response) Format(f fmt.State, verb rune) { mask.Format(f, verb, r.String()) }

// LogValue returns the text of String.
func (r Response) LogValue() slog.Value { return mask.LogValue(r) }

// WithResponse returns a context whose call writes its last answer to r, also when
// it fails. It is for one call at a time. Ensure, which makes several, writes the
// answer of the last, a walk with All none. A nil r makes the call [ErrInvalid].
func WithResponse(ctx context.Context, r *Response) context.Context {
	return percall.With(ctx, func(o *percall.Options) {
		if r == nil {
			o.NilResponse = true
			return
		}
		o.Done = func(a percall.Answer) {
			*r = Response(a)
			r.Body = bytes.Clone(a.Body)
		}
	})
}

// WithHeader returns a context whose call sends these headers. One that is set twice
// has its later values, and goes before the SDK's own Accept and User-Agent. Headers
// that carry the credential, cookies, or what the body is, and values with control
// characters such as a line break, make the call [ErrInvalid].
func WithHeader(ctx context.Context, header http.Header) context.Context {
	return percall.With(ctx, func(o *percall.Options) {
		merged := make(http.Header, len(o.Header)+len(header))
		maps.Copy(merged, o.Header)
		for name, values := range header {
			merged[http.CanonicalHeaderKey(name)] = slices.Clone(values)
		}
		o.Header = merged
	})
}

// WithMaxAttempts returns a context whose call has n in place of
// [Options.MaxAttempts]. 0 means that of the client; below 0 makes it [ErrInvalid].
func WithMaxAttempts(ctx context.Context, n int) context.Context {
	return percall.With(ctx, func(o *percall.Options) { o.MaxAttempts = n })
}

// WithAttemptTimeout returns a context whose call has d for each attempt, in place
// of [Options.AttemptTimeout]. 0 means that of the client; below 0 makes the call
// [ErrInvalid].
func WithAttemptTimeout(ctx context.Context, d time.Duration) context.Context {
	return percall.With(ctx, func(o *percall.Options) { o.AttemptTimeout = d })
}
