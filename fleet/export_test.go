package fleet

import (
	"context"
	"time"
)

// ReserveForTest takes a turn and returns how long to wait for it.
func ReserveForTest(ctx context.Context, l *Limiter) (time.Duration, error) {
	t, err := l.reserve(ctx)
	return t.wait, err
}
