package souk

import "time"

// Quota is what a vendor's limit leaves to an app at a store, as the process knows
// it: all clients of the same app and store share it.
type Quota struct {
	// Limit is how many requests the vendor takes at once or per period. 0 means that
	// it publishes no limit; the SDK then learns a pace from its refusals.
	Limit int
	// Remaining is how many of them may still be sent, less those under way.
	Remaining int
	// Reset is when the whole Limit can be sent again, as far as is known. It is zero
	// if nothing was used.
	Reset time.Time
	// Queue is how many requests wait.
	Queue int
	// GateUntil is until when the server refuses requests, after a 429. It is zero
	// where it takes them.
	GateUntil time.Time
}
