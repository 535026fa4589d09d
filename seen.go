package souk

import (
	"context"
	"errors"
	"time"
)

// ErrClaimed means that a delivery is being handled elsewhere. [Seen].Claim returns it.
var ErrClaimed = errors.New("souk: another holds the claim on this delivery")

// Seen remembers which deliveries were handled, for all processes that share it, so
// that a delivery that comes twice is handled once. Vendors repeat a delivery that was
// not answered in time, and sometimes one that was.
//
// The handler calls Claim, handles the delivery, and calls Done on success or Release
// on failure. If its process is killed in between, the claim ends by itself.
//
// A Seen must be safe for concurrent use and should give up when ctx ends. Ids are at
// most 100 bytes of ASCII, without spaces. souktest.TestSeen tests an implementation of
// your own.
type Seen interface {
	// Claim claims the delivery for the caller and returns true. It returns false and
	// no error if the delivery is done, and an error that matches ErrClaimed while
	// another caller holds a claim. Of several callers at the same moment, exactly one
	// gets true. A claim ends after lifetime, as if it had been released.
	Claim(ctx context.Context, id string, lifetime time.Duration) (bool, error)

	// Done records that the delivery was handled, even if its claim has ended, and
	// keeps that for at least three days. SHOPLINE and Shoplazza repeat deliveries for
	// two days.
	Done(ctx context.Context, id string) error

	// Release ends the claim that Claim of this Seen made. It is not an error if there
	// is none. A delivery that is done stays done.
	Release(ctx context.Context, id string) error
}
