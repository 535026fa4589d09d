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

// WaitsForTest reports whether the limiter was given a turn that is yet to come.
func WaitsForTest(l *Limiter) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last.After(time.Now())
}
