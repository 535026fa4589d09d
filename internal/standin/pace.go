package standin

import (
	"context"
	"time"
)

// Unpaced is a limiter that lets everything pass.
type Unpaced struct{}

// Wait does not wait.
func (Unpaced) Wait(ctx context.Context) error { return ctx.Err() }

// Bucket is a leaky bucket of requests.
type Bucket struct {
	// Capacity is what it holds, and Drain what drains from it per second.
	Capacity, Drain float64

	level float64
	at    time.Time
}

// HasRoom reports whether one more request fits.
func (b *Bucket) HasRoom(now time.Time) bool {
	if drained := now.Sub(b.at).Seconds() * b.Drain; drained > 0 {
		b.level = max(0, b.level-drained)
		b.at = now
	}
	return b.level+1 <= b.Capacity
}

// Fill adds a request.
func (b *Bucket) Fill() { b.level++ }
