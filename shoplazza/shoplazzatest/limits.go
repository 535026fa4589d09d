package shoplazzatest

import (
	"time"

	"github.com/souk-go/souk/internal/standin"
)

// limits are the vendor's leaky buckets: one per app, and one of the store.
type limits struct {
	apps  map[string]*standin.Bucket
	store *standin.Bucket
}

func newLimits() *limits {
	return &limits{apps: make(map[string]*standin.Bucket), store: &standin.Bucket{Capacity: 80, Drain: 20}}
}

// admit reports whether both buckets have room, and fills them if so.
func (l *limits) admit(app string, now time.Time) bool {
	own := l.apps[app]
	if own == nil {
		own = &standin.Bucket{Capacity: 40, Drain: 2}
		l.apps[app] = own
	}
	if !own.HasRoom(now) || !l.store.HasRoom(now) {
		return false
	}
	own.Fill()
	l.store.Fill()
	return true
}
