package commercengine

import (
	"log/slog"
	"time"

	"github.com/souk-go/souk/internal/transport"
)

// The classes of failure, for errors.Is. They are the same values in all
// packages of the SDK.
var (
	// ErrUnauthorized means that the token is missing, wrong or expired, that it
	// does not allow the operation, or that the session is anonymous and the
	// operation is about a customer.
	ErrUnauthorized = transport.ErrUnauthorized
	// ErrForbidden means that the credential does not allow the operation. The
	// vendor documents 401 for that, but its sister API uses 403 as well.
	ErrForbidden = transport.ErrForbidden
	// ErrNotFound means that what the call is about does not exist: a row, the
	// user at a login, or, in this version of the API, the operation.
	ErrNotFound = transport.ErrNotFound
	// ErrInvalid means that the request is wrong. Where the SDK found that
	// itself, StatusCode is 0, Fields names what is wrong, and nothing was sent.
	ErrInvalid = transport.ErrInvalid
	// ErrAlreadyExists means a conflict with something that exists. The vendor
	// documents no status for it, so most duplicates come as ErrInvalid.
	ErrAlreadyExists = transport.ErrAlreadyExists
	// ErrRateLimited means that a limit was met. RetryAfter says how long to wait.
	ErrRateLimited = transport.ErrRateLimited
	// ErrUnavailable means that the server could not be reached or failed.
	ErrUnavailable = transport.ErrUnavailable
	// ErrOutcomeUnknown means that a write was sent and no answer tells what
	// became of it: it may have happened. Look before you repeat it.
	ErrOutcomeUnknown = transport.ErrOutcomeUnknown
)

// Error describes a call that failed. Its text holds method, route, status,
// code, message and request id, with e-mail addresses, numbers and tokens
// masked; it never holds a credential, a query or a body.
type Error struct {
	// StatusCode is the HTTP status, 0 when there was no answer. It is 200 where
	// the answer says success:false.
	StatusCode int
	// Code is the vendor's code in lower case, such as "unauthorized" or
	// "not_found". The vendor's pages spell codes in capitals as well.
	Code string
	// Message is the server's text, unmasked, or the SDK's own.
	Message string
	// Fields names what is wrong with which field: of the request as the vendor
	// spells it ("phone"), or of a request or a Config that the SDK refused, as
	// Go spells it ("Phone"). What the server says of no field stands under "errors".
	Fields map[string][]string
	// RequestID is empty: Commerce Engine documents none.
	RequestID string
	// Method is the HTTP method.
	Method string
	// Route is the template of the path, such as
	// "/customers/{customer_id}/addresses". It is empty for calls made with Client.Do.
	Route string
	// Attempts is how often the request was sent.
	Attempts int
	// RetryAfter is how long the server wants the caller to wait.
	RetryAfter time.Duration
	// Body is the answer, at most 1 MiB of it. It may hold personal data.
	Body []byte
	// Err holds the classes above and the cause, for errors.Is and errors.As.
	Err error
}

// Error returns the text described at Error.
func (e *Error) Error() string { return (*transport.Error)(e).Text(vendor.Name) }

// Unwrap returns the classes and the cause.
func (e *Error) Unwrap() error { return e.Err }

// LogValue returns the error as attributes, without personal data.
func (e *Error) LogValue() slog.Value { return (*transport.Error)(e).LogValue(vendor.Name) }

func newError(e *transport.Error) error { return (*Error)(e) }
