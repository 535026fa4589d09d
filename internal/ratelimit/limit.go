package ratelimit

import (
	"math"
	"time"
)

// Limit is what a vendor publishes about one quota. With the zero Limit the pace
// is learned. A Limit with both a bucket and a window admits what both admit.
type Limit struct {
	// Burst is the capacity of the vendor's leaky bucket in requests. Less than
	// one means one.
	Burst int

	// Rate is how many requests per second drain from the bucket. Zero means
	// that there is no bucket.
	Rate float64

	// Horizon is the length of the vendor's window when Burst and Rate only
	// approximate it from below. Use by others is then measured over it. Zero
	// means that the vendor really has a leaky bucket.
	Horizon time.Duration

	// Window is a quota that is granted anew every period. The zero Window means
	// that there is none.
	Window Window

	// ReadHeaders says that X-RateLimit-Limit, -Remaining and -Reset of the
	// answers describe Window and correct it.
	ReadHeaders bool
}

// Window is a number of requests per period, with a slow pace after they are used
// up.
type Window struct {
	// Requests is how many requests one period grants. Zero means that there is
	// no window.
	Requests int

	// Period is the length of the window.
	Period time.Duration

	// Overflow is how many requests per second the vendor still takes when
	// Requests are used up, until the period ends. Zero means none.
	Overflow float64
}

// longest bounds every duration here, so that a sum with the present time never
// overflows.
const longest = 10 * 365 * 24 * time.Hour

// seconds returns s as a duration, rounded up, between zero and longest.
func seconds(s float64) time.Duration {
	if math.IsNaN(s) {
		return 0
	}
	return time.Duration(min(max(math.Ceil(s*float64(time.Second)), 0), float64(longest)))
}
