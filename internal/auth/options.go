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

	// Refresh obtains a new token. It is called with the key locked, with
	// the token that the store holds (nil when it holds none) and with a
	// context that ends with the flight and not with its callers. It must
	// carry the refresh token over where the vendor leaves that out, and
	// must not change current. Nil means that tokens cannot be renewed.
	Refresh func(ctx context.Context, current *oauth2.Token) (*oauth2.Token, error)

	// Unknown marks errors of Refresh, by errors.Is, that leave open whether
	// the vendor renewed the token. The token that was sent then is never
	// sent again, neither by this Refresher nor by another one on a store
	// that keeps ExpiresIn: until the store holds another token, or Set
	// says otherwise, Token returns an error that matches Unknown. Nil
	// means that a refresh may always be repeated.
	Unknown error

	// Transient tells which errors, of Refresh or of the store, may pass.
	// After one of them the token at hand is used as long as it has not
	// expired, and the refresh is tried again after a minute. Nil means
	// that every error is returned at once.
	Transient func(err error) bool

	// FlightTimeout bounds one refresh, the wait for the lock included.
	// Zero means DefaultFlightTimeout.
	FlightTimeout time.Duration
}
