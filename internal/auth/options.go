package auth

import (
	"context"
	"time"

	"golang.org/x/oauth2"
)

// DefaultFlightTimeout bounds a refresh for which Options says nothing.
const DefaultFlightTimeout = 2 * time.Minute

// Options say how a [Refresher] works.
type Options struct {
	// Store keeps the token. Nil means a [MemoryStore] of its own.
	Store Store

	// Key names the token in the store, for example a store's id. It can
	// occur in error texts.
	Key string

	// Early is how long before its expiry a token is renewed. Of a token
	// that lives shorter than twice that, at least half the life is used.
	Early time.Duration

	// Refresh obtains a new token. It is called with the token that the store
	// holds (nil when it holds none) and with a context that ends with the
	// flight and not with its callers. It must carry the refresh token over
	// where the vendor leaves that out, and must not change current. Nil means
	// that tokens cannot be renewed.
	//
	// It is called with the key locked, unless Spends is set.
	Refresh func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error)

	// Spends says what a vendor does that revokes everything when a refresh token
	// comes twice. Nil means that a refresh may be repeated at will.
	Spends *Spends

	// Secrets are what Refresh sends beside the token.
	Secrets []string

	// FlightTimeout bounds one refresh, the wait for the lock included.
	// Zero means DefaultFlightTimeout.
	FlightTimeout time.Duration
}

// Spends makes sure that no refresh token is sent twice. The one that is about to
// be sent is marked in the store first, with no lock held while the vendor is
// asked, so that a process that dies in between leaves the mark behind.
type Spends struct {
	// Lost reports that an error of Refresh leaves open whether the vendor has
	// taken the token. The mark stays then.
	Lost func(err error) bool

	// Refused reports that the vendor will never take this token. It is not sent
	// again by this Refresher.
	Refused func(err error) bool

	// InDoubt is the error of a token whose refresh got no answer, by whichever
	// process. Somebody has to decide: see [Refresher.Retry].
	InDoubt error
}
