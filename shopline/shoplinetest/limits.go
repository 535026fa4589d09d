package shoplinetest

import "time"

// limits are the vendor's leaky buckets, one per app.
type limits struct {
	apps map[string]*bucket
}

func newLimits() *limits { return &limits{apps: make(map[string]*bucket)} }

type bucket struct {
	level float64
	at    time.Time
}

// What a bucket holds, and what drains from it per second.
const (
	capacity = 40
	drain    = 4
)

// admit reports whether the app's bucket has room, and fills it if so.
func (l *limits) admit(app string, now time.Time) bool {
	b := l.apps[app]
	if b == nil {
		b = &bucket{at: now}
		l.apps[app] = b
	}
	if drained := now.Sub(b.at).Seconds() * drain; drained > 0 {
		b.level = max(0, b.level-drained)
		b.at = now
	}
	if b.level+1 > capacity {
		return false
	}
	b.level++
	return true
}
