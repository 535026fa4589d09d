package ratelimit

import (
	"math"
	"time"
)

const (
	enoughTrips          = 8
	mostTrips            = 10_000
	longestOverflowPause = 64 // windows
)

// overflow is the slow pace that a window grants when its requests are used up.
type overflow struct {
	rate float64 // requests per second, zero: none

	free     time.Time     // before this it takes no request
	shortest time.Duration // round trip
	longest  time.Duration
	trips    int

	others    int  // requests in this window that were not ours
	refused   bool // a 429 came in this window
	pause     int  // windows without overflow after a 429 in it; doubles each time
	pauseLeft int
}

// open reports whether requests may leave at the slow pace when the window is
// used up. Where others use the store too, their requests and ours would
// collide.
func (o *overflow) open() bool {
	return o.rate > 0 && o.others < 2 && !o.refused && o.pauseLeft == 0
}

// measure updates free, the earliest time for the next request: one gap after
// the latest moment at which this one can have arrived. It arrived between sent
// and now; the fastest round trip seen so far, less a margin that shrinks with
// their number, narrows that.
func (o *overflow) measure(now, sent time.Time) {
	trip := max(now.Sub(sent), 0)
	if o.trips == 0 {
		o.shortest = trip
	}
	o.shortest, o.longest = min(o.shortest, trip), max(o.longest, trip)
	o.trips = min(o.trips+1, mostTrips)
	after := trip
	if o.trips >= enoughTrips {
		unseen := float64(o.longest-o.shortest) / math.Sqrt(float64(o.trips))
		after -= max(o.shortest-time.Duration(unseen), 0)
	}
	free := sent.Add(after + seconds(1/o.rate))
	if free.After(o.free) {
		o.free = free
	}
}

// refuse notes a 429 in this window. used reports whether the window was used up
// before, so that it was the overflow that refused.
func (o *overflow) refuse(used bool) {
	if used && o.open() {
		o.pause = min(max(2*o.pause, 1), longestOverflowPause)
		o.pauseLeft = o.pause
	}
	o.refused = true
}

// begin begins a new window: it forgets what was of the last one alone.
func (o *overflow) begin() {
	switch {
	case o.refused:
	case o.pauseLeft > 0:
		o.pauseLeft--
	default:
		o.pause /= 2
	}
	o.others, o.refused = 0, false
}

func (o *overflow) fresh() bool { return o.pauseLeft == 0 }
