package salla

import (
	"log/slog"
	"time"

	"github.com/souk-go/souk/internal/transport"
)

// The classes of failure, for errors.Is. They are the same values in all
// packages of the SDK.
var (
	// ErrUnauthorized means that the credential is missing, wrong or expired.
	ErrUnauthorized = transport.ErrUnauthorized
	// ErrForbidden means that the credential does not allow the operation, or
	// that Salla has blocked the caller for a while because of too many errors.
	ErrForbidden = transport.ErrForbidden
	// ErrNotFound means that what the call is about does not exist.
	ErrNotFound = transport.ErrNotFound
	// ErrInvalid means that the request is wrong. Where the SDK found that
	// itself, StatusCode is 0, Fields names what is wrong, and nothing was sent.
	ErrInvalid = transport.ErrInvalid
	// ErrAlreadyExists is not told by Salla: a taken e-mail address or mobile
	// number is ErrInvalid like any other wrong value. See CustomersService.Ensure.
	ErrAlreadyExists = transport.ErrAlreadyExists
	// ErrRateLimited means that a limit was met. RetryAfter says how long to wait.
	ErrRateLimited = transport.ErrRateLimited
	// ErrUnavailable means that the server, or the TokenStore, could not be
	// reached or failed.
	ErrUnavailable = transport.ErrUnavailable
	// ErrOutcomeUnknown means that a write was sent and no answer tells what
	// became of it: it may have happened. Look before you repeat it.
	ErrOutcomeUnknown = transport.ErrOutcomeUnknown
)

// The reasons for which a credential is refused, for errors.Is. Salla tells them
// apart by the texts of its messages only, so an error that matches none of them
// matches ErrUnauthorized or ErrForbidden alone.
var (
	// ErrTokenInvalid means that the access token has expired, was revoked, or
	// is wrong, or that the app was uninstalled. It is ErrUnauthorized. A
	// TokenSource has been asked for another token already.
	ErrTokenInvalid error = &reason{"unauthorized: the access token is invalid", ErrUnauthorized}
	// ErrUserDeleted means that the user who authorised the app does not exist
	// any more; the app must be installed again. It is ErrUnauthorized.
	ErrUserDeleted error = &reason{"unauthorized: the user who authorised the app was deleted", ErrUnauthorized}
	// ErrUserInactive means that the user who authorised the app is not active.
	// It is ErrUnauthorized.
	ErrUserInactive error = &reason{"unauthorized: the user who authorised the app is not active", ErrUnauthorized}
	// ErrScopeMissing means that the app lacks a scope, which the message names.
	// It is ErrForbidden.
	ErrScopeMissing error = &reason{"forbidden: the app lacks a scope", ErrForbidden}
	// ErrGrantInvalid means that an authorization code or a refresh token has
	// expired or was used before; the app must be installed again. It is
	// ErrUnauthorized.
	ErrGrantInvalid error = &reason{"unauthorized: the code or refresh token has expired or was used before", ErrUnauthorized}
	// ErrRefreshLost means that a refresh token was sent and no answer came back.
	// It may be used up, and sending it again could revoke all tokens of the
	// store, so that is not done. A new token saved with OAuth.SaveToken, such as
	// the one that Salla delivers when the app is updated or installed again, ends
	// this state. It is ErrUnauthorized.
	ErrRefreshLost error = &reason{"unauthorized: a token refresh got no answer and is not repeated", ErrUnauthorized}
)

// Error describes a call that failed. Its text holds method, route, status,
// code, message and request id, with e-mail addresses, numbers and tokens
// masked; it never holds a credential, a query or a body.
type Error struct {
	// StatusCode is the HTTP status, 0 when there was no answer. The status in
	// Salla's bodies can be another one.
	StatusCode int
	// Code is Salla's code, such as "Unauthorized", "error", "404" or, of the
	// token end point, "invalid_grant". It is empty where Salla sent none.
	Code string
	// Message is the server's text, unmasked and mostly in Arabic, or the SDK's own.
	Message string
	// Fields names what is wrong with which field: of the request as Salla spells
	// it ("mobile", "customers.0"), or of a request or a Config that the SDK
	// refused, as Go spells it ("Mobile").
	Fields map[string][]string
	// RequestID is empty: Salla documents none.
	RequestID string
	// Method is the HTTP method.
	Method string
	// Route is the template of the path, such as "/customers/{customer}". It is
	// empty for calls made with Client.Do.
	Route string
	// Attempts is how often the request was sent.
	Attempts int
	// RetryAfter is how long the server, or the limit, wants the caller to wait.
	RetryAfter time.Duration
	// Body is the answer, at most 1 MiB of it. It may hold personal data. It is
	// nil for the token end point.
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

// reason is a class of failure within one that all vendors have.
type reason struct {
	text  string
	class error
}

func (r *reason) Error() string { return r.text }
func (r *reason) Unwrap() error { return r.class }

// caused is a class with the error behind it, whose text stands elsewhere.
type caused struct{ class, cause error }

func (c caused) Error() string   { return c.class.Error() }
func (c caused) Unwrap() []error { return []error{c.class, c.cause} }
