package commercengine

import (
	"github.com/souk-go/souk"
)

// The classes of failure, for errors.Is. They are the same values in all
// packages of the SDK.
var (
	// ErrUnauthorized means that the token is missing, wrong or expired, that it
	// does not allow the operation, or that the session is anonymous and the
	// operation is about a customer.
	ErrUnauthorized = souk.ErrUnauthorized
	// ErrForbidden means that the credential does not allow the operation. The
	// vendor documents 401 for that, but its sister API uses 403 as well.
	ErrForbidden = souk.ErrForbidden
	// ErrNotFound means that what the call is about does not exist: a row, the
	// user at a login, or, in this version of the API, the operation.
	ErrNotFound = souk.ErrNotFound
	// ErrInvalid means that the request is wrong. Where the SDK found that
	// itself, StatusCode is 0, Fields names what is wrong, and nothing was sent.
	ErrInvalid = souk.ErrInvalid
	// ErrAlreadyExists means a conflict with something that exists. The vendor
	// documents no status for it, so most duplicates come as ErrInvalid.
	ErrAlreadyExists = souk.ErrAlreadyExists
	// ErrRateLimited means that a limit was met. RetryAfter says how long to wait.
	ErrRateLimited = souk.ErrRateLimited
	// ErrUnavailable means that the server could not be reached or failed.
	ErrUnavailable = souk.ErrUnavailable
	// ErrOutcomeUnknown means that a write was sent and no answer tells what
	// became of it: it may have happened. Look before you repeat it.
	ErrOutcomeUnknown = souk.ErrOutcomeUnknown
)

// Error describes a call that failed; see [souk.Error].
type Error = souk.Error

func newError(e *souk.Error) error {
	e.Vendor = vendor.Name
	return e
}
