package salla

import (
	"github.com/souk-go/souk"
)

// The classes of failure, for errors.Is. They are the same values in all
// packages of the SDK.
var (
	// ErrUnauthorized means that the credential is missing, wrong or expired.
	ErrUnauthorized = souk.ErrUnauthorized
	// ErrForbidden means that the credential does not allow the operation, or
	// that Salla has blocked the caller for a while because of too many errors.
	ErrForbidden = souk.ErrForbidden
	// ErrNotFound means that what the call is about does not exist.
	ErrNotFound = souk.ErrNotFound
	// ErrInvalid means that the request is wrong. Where the SDK found that
	// itself, StatusCode is 0, Fields names what is wrong, and nothing was sent.
	ErrInvalid = souk.ErrInvalid
	// ErrAlreadyExists is not told by Salla: a taken e-mail address or mobile
	// number is ErrInvalid like any other wrong value. See CustomersService.Ensure.
	ErrAlreadyExists = souk.ErrAlreadyExists
	// ErrRateLimited means that a limit was met. RetryAfter says how long to wait.
	ErrRateLimited = souk.ErrRateLimited
	// ErrUnavailable means that the server, or the TokenStore, could not be
	// reached or failed.
	ErrUnavailable = souk.ErrUnavailable
	// ErrOutcomeUnknown means that a write was sent and no answer tells what
	// became of it: it may have happened. Look before you repeat it.
	ErrOutcomeUnknown = souk.ErrOutcomeUnknown
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

// Error describes a call that failed; see [souk.Error].
type Error = souk.Error

func newError(e *souk.Error) error {
	e.Vendor = vendor.Name
	return e
}

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
