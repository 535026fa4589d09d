package salla

import "github.com/souk-go/souk"

// The reasons for which a credential is refused, for errors.Is. Salla tells them
// apart by the texts of its messages only, so an error that matches none of them
// matches souk.ErrUnauthorized or souk.ErrForbidden alone.
var (
	// ErrTokenInvalid means that the access token has expired, was revoked, or
	// is wrong, or that the app was uninstalled. It is souk.ErrReauthorize. A
	// TokenSource has been asked for another token already.
	ErrTokenInvalid error = &reason{"unauthorized: the access token is invalid", souk.ErrReauthorize}
	// ErrUserDeleted means that the user who authorised the app does not exist
	// any more; the app must be installed again. It is souk.ErrReauthorize.
	ErrUserDeleted error = &reason{"unauthorized: the user who authorised the app was deleted", souk.ErrReauthorize}
	// ErrUserInactive means that the user who authorised the app is not active.
	// It is souk.ErrUnauthorized.
	ErrUserInactive error = &reason{"unauthorized: the user who authorised the app is not active", souk.ErrUnauthorized}
	// ErrScopeMissing means that the app lacks a scope, which the message names.
	// It is souk.ErrForbidden.
	ErrScopeMissing error = &reason{"forbidden: the app lacks a scope", souk.ErrForbidden}
	// ErrGrantInvalid means that an authorization code or a refresh token has
	// expired, was revoked or was used before; the app must be installed again. It
	// is souk.ErrReauthorize.
	ErrGrantInvalid error = &reason{"unauthorized: the code or refresh token has expired or was used before", souk.ErrReauthorize}
	// ErrRefreshLost means that a refresh token was sent and no answer came back.
	// It may be used up, and sending it again could revoke all tokens of the
	// store, so that is not done. A new token saved with OAuth.SaveToken, such as
	// the one that Salla delivers when the app is updated or installed again, ends
	// this state. It is souk.ErrReauthorize.
	ErrRefreshLost error = &reason{"unauthorized: a token refresh got no answer and is not repeated", souk.ErrReauthorize}
)

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
