package souk

import "time"

// Quota is how much of a vendor's rate limit an app has left at a store, as far as this
// process knows. All clients of the same app and store share it.
type Quota struct {
	// Limit is the number of requests that the vendor accepts at once or per period. 0
	// means that it publishes no limit; the SDK then learns a pace from its refusals.
	Limit int
	// Remaining is how many of them may still be sent. Requests in flight are
	// subtracted.
	Remaining int
	// Reset is when the whole Limit is available again, as far as known. It is zero if
	// nothing was used.
	Reset time.Time
	// Queue is the number of waiting requests.
	Queue int
	// GateUntil is the time until which requests are held back after a 429. It is zero
	// if none are.
	GateUntil time.Time
}
