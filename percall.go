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

// Response is the last answer that a call received, and what it took to get it. It is
// zero if nothing was sent. Header and Body are unchanged: they can hold personal data
// and, after a log-in, tokens. So no printer, logger or JSON encoder shows them.
type Response struct {
	// StatusCode is the HTTP status, 0 if no answer came.
	StatusCode int
	// Header is the answer's header.
	Header http.Header `json:"-"`
	// RequestID identifies the request to the vendor's support. It is empty if the
	// vendor sends none.
	RequestID string
	// Attempts counts the attempts, including those for which no connection was made.
	Attempts int
	// Waited is how long the call waited for quota and between attempts.
	Waited time.Duration
	// Body is the answer's body; of a failure, at most 1 MiB. It is empty if the body
	// was cut off.
	Body []byte `json:"-"`
}

// String returns the response without header and body.
func (r Response) String() string {
	return fmt.Sprintf("souk.Response{StatusCode:%d RequestID:%q Attempts:%d Waited:%s}", r.StatusCode, r.RequestID, r.Attempts, r.Waited)
}

// Format prints the text of String for every verb of fmt.
func (r Response) Format(f fmt.State, verb rune) { mask.Format(f, verb, r.String()) }

// LogValue returns the text of String.
func (r Response) LogValue() slog.Value { return mask.LogValue(r) }

// WithResponse returns a context whose call stores its last answer in r, even if it
// fails. Use it for one call at a time. Ensure, which makes several calls, stores the
// answer to the last; All stores none. If r is nil, the call is [ErrInvalid].
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

// WithHeader returns a context whose call sends these headers. If a header is set
// twice, its later values are sent. They replace the SDK's own Accept and User-Agent.
// Headers that carry the credential, cookies or properties of the body, and values with
// control characters such as a line break, make the call [ErrInvalid].
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

// WithMaxAttempts returns a context whose call uses n in place of
// [Options.MaxAttempts]. 0 means the client's setting; a negative n makes the call
// [ErrInvalid].
func WithMaxAttempts(ctx context.Context, n int) context.Context {
	return percall.With(ctx, func(o *percall.Options) { o.MaxAttempts = n })
}

// WithAttemptTimeout returns a context whose call uses d in place of
// [Options.AttemptTimeout]. 0 means the client's setting; a negative d makes the call
// [ErrInvalid].
func WithAttemptTimeout(ctx context.Context, d time.Duration) context.Context {
	return percall.With(ctx, func(o *percall.Options) { o.AttemptTimeout = d })
}
