package xclade

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/souk-go/souk/internal/transport"
)

// The classes of failure, for errors.Is. They are the same values in all
// packages of the SDK.
var (
	// ErrUnauthorized means that the credential is missing, wrong or expired.
	ErrUnauthorized = transport.ErrUnauthorized
	// ErrForbidden means that the credential does not allow the operation.
	ErrForbidden = transport.ErrForbidden
	// ErrNotFound means that what the call is about does not exist.
	ErrNotFound = transport.ErrNotFound
	// ErrInvalid means that the request is wrong. Where the SDK found that
	// itself, StatusCode is 0, Fields names what is wrong, and nothing was sent.
	ErrInvalid = transport.ErrInvalid
	// ErrAlreadyExists means that the e-mail address or the name is taken.
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
	// StatusCode is the HTTP status, 0 when there was no answer.
	StatusCode int
	// Code is Medusa's error type, such as "invalid_data" or "not_found".
	Code string
	// Message is the server's text, unmasked, or the SDK's own.
	Message string
	// Fields names what is wrong with which field of a request or of a Config
	// that the SDK refused.
	Fields map[string][]string
	// RequestID is empty: xclade sends none.
	RequestID string
	// Method is the HTTP method.
	Method string
	// Route is the template of the path, such as "/admin/customers/{id}". It is
	// empty for calls made with Client.Do.
	Route string
	// Attempts is how often the request was sent.
	Attempts int
	// RetryAfter is how long the server, or the limit, wants the caller to wait.
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

// readError reads Medusa's {"type","message"}, the quoted text that xclade's
// page shows for 401, and whatever a proxy sends.
func readError(a *transport.Answer, e *transport.Error) transport.Verdict {
	var body struct {
		Type    string `json:"type"`
		Code    string `json:"code"`
		Message string `json:"message"`
	}
	if json.Unmarshal(a.Body, &body) != nil {
		_ = json.Unmarshal(a.Body, &body.Message)
	}
	e.Code = body.Type
	if e.Code == "" {
		e.Code = body.Code
	}
	e.Message = body.Message
	return transport.Verdict{
		Class:    classOf(a.StatusCode, e),
		Expired:  a.StatusCode == http.StatusUnauthorized,
		Retry500: e.Code == "unknown_error" || e.Code == "",
	}
}

func classOf(status int, e *transport.Error) error {
	if status == http.StatusBadRequest && e.Code == "invalid_data" && strings.HasSuffix(e.Message, "already exists.") {
		return ErrAlreadyExists
	}
	switch status {
	case http.StatusConflict:
		return ErrUnavailable
	case http.StatusUnprocessableEntity:
		if e.Code == "duplicate_error" {
			return ErrAlreadyExists
		}
	}
	return nil
}
