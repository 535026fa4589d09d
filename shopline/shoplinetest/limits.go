package shoplinetest

import (
	"time"

	"github.com/souk-go/souk/internal/standin"
)

// limits are the vendor's leaky buckets, one per app.
type limits map[string]*standin.Bucket

// admit reports whether the app's bucket has room, and fills it if so.
func (l limits) admit(app string, now time.Time) bool {
	b := l[app]
	if b == nil {
		b = &standin.Bucket{Capacity: 40, Drain: 4}
		l[app] = b
	}
	if !b.HasRoom(now) {
		return false
	}
	b.Fill()
	return true
}
