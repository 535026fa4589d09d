package shoplazzatest

import (
	"context"
	"time"
)

// limits are the vendor's leaky buckets: one per app, and one of the store.
type limits struct {
	apps  map[string]*bucket
	store *bucket
}

func newLimits() *limits {
	return &limits{apps: make(map[string]*bucket), store: &bucket{capacity: 80, rate: 20}}
}

// admit reports whether both buckets have room, and fills them if so.
func (l *limits) admit(app string, now time.Time) bool {
	own := l.apps[app]
	if own == nil {
		own = &bucket{capacity: 40, rate: 2}
		l.apps[app] = own
	}
	if !own.hasRoom(now) || !l.store.hasRoom(now) {
		return false
	}
	own.level++
	l.store.level++
	return true
}

type bucket struct {
	capacity, rate float64
	level          float64
	at             time.Time
}

func (b *bucket) hasRoom(now time.Time) bool {
	if drained := now.Sub(b.at).Seconds() * b.rate; drained > 0 {
		b.level = max(0, b.level-drained)
		b.at = now
	}
	return b.level+1 <= b.capacity
}

// unpaced is a limiter that lets everything pass.
type unpaced struct{}

func (unpaced) Wait(ctx context.Context) error { return ctx.Err() }
