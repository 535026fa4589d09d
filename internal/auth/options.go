package auth

import (
	"context"
	"time"

	"golang.org/x/oauth2"
)

// DefaultFlightTimeout bounds a refresh for which Options says nothing.
const DefaultFlightTimeout = 2 * time.Minute

// Options are the settings of a [Refresher].
type Options struct {
	// Store keeps the token. Nil means one from [NewMemoryStore].
	Store Store

	// Key names the token in the store, for example a store's id. It can
	// occur in error texts.
	Key string

	// Early is how long before its expiry a token is renewed. A token that lives
	// shorter than twice that is used for at least half its life.
	Early time.Duration

	// Refresh obtains a new token. It is called with the token that the store
	// holds (nil when it holds none) and with a context that ends with the
	// flight and not with its callers. It must carry the refresh token over
	// where the vendor leaves that out, and must not change current. Nil means
	// that tokens cannot be renewed.
	//
	// It is called with the key locked, unless Spends is set.
	Refresh func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error)

	// Spends is set for a vendor that revokes everything if a refresh token is sent
	// twice. Nil means that a refresh may be repeated.
	Spends *Spends

	// Secrets are the secrets that Refresh sends in addition to the token.
	Secrets []string

	// FlightTimeout limits one refresh, including the wait for the lock. Zero means
	// DefaultFlightTimeout.
	FlightTimeout time.Duration
}

// Spends makes sure that no refresh token is sent twice. The one that is about to
// be sent is marked in the store first, with no lock held while the vendor is
// asked, so that a process that dies in between leaves the mark behind.
type Spends struct {
	// Lost reports whether an error of Refresh leaves open whether the vendor received
	// the token. The mark then stays.
	Lost func(err error) bool

	// Refused reports whether the vendor will never accept this token. This Refresher
	// does not send it again.
	Refused func(err error) bool

	// InDoubt is the error of a token whose refresh got no answer, in any process. A
	// person has to decide: see [Refresher.Retry].
	InDoubt error
}
