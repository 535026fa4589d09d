package souk

import (
	"context"
	"errors"
	"time"
)

// ErrClaimed reports that somebody else is at work on a delivery. [Seen].Claim returns
// it.
var ErrClaimed = errors.New("souk: another holds the claim on this delivery")

// Seen remembers which deliveries were handled, for all processes that share it, so
// that a delivery that comes twice is handled once. Vendors deliver again what was not
// answered in time, and sometimes what was.
//
// Claim comes first. Then the delivery is handled, and Done says that it was, or
// Release that it was not. A process that is killed in between says neither: its claim
// ends by itself.
//
// A Seen must be safe for concurrent use and should give up when ctx ends. The ids are
// at most 100 bytes of ASCII, without blanks. Whether a Seen of your own does is found
// out by souktest.TestSeen.
type Seen interface {
	// Claim takes the delivery for the caller and returns true. It returns false and
	// no error if the delivery is done, and an error that matches ErrClaimed while
	// another has claimed it. Of all who claim a delivery at the same moment, one gets
	// true. A claim ends after lifetime, as if it had been released.
	Claim(ctx context.Context, id string, lifetime time.Duration) (bool, error)

	// Done remembers for at least three days that the delivery was handled, whether
	// its claim still stands or not. SHOPLINE and Shoplazza deliver again for two days.
	Done(ctx context.Context, id string) error

	// Release takes the claim back that this Seen got for the caller. It is no error if
	// there is none, and what is done stays done.
	Release(ctx context.Context, id string) error
}
