package ratelimit

import "time"

// Quota is what is known about a quota at one moment.
type Quota struct {
	// Limit is how many requests the quota grants at once or per period. Zero
	// means that no limit is published.
	Limit int

	// Remaining is how many of Limit may still be sent, less those in flight.
	Remaining int

	// Reset is when the whole of Limit can be sent again, as far as is known. It
	// is zero if nothing was used or no limit is published.
	Reset time.Time

	// Queue is how many requests wait.
	Queue int

	// GateUntil is the moment until which the server refuses requests. When it
	// has passed, single requests probe whether the server takes them again. It
	// is zero where the gate is open.
	GateUntil time.Time
}

// Quota returns the current state, of the bucket or the window, whichever leaves less.
func (g *Governor) Quota() Quota {
	g = g.lock()
	defer g.mu.Unlock()
	now := time.Now()
	var q Quota
	for _, m := range g.models {
		if of := m.quota(now, g.inflight); q.Limit == 0 || of.Remaining < q.Remaining {
			q = of
		}
	}
	q.Queue = g.queued()
	q.GateUntil = g.gate.until
	return q
}
