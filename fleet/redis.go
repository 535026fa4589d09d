package fleet

import (
	"context"
	"errors"
	"time"
)

// defaultTimeout is how long Redis may take to answer.
const defaultTimeout = 2 * time.Second

var errNoRedis = errors.New("fleet: a Redis client is required")

// sleep waits for d, if it is positive.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func orDefault[T comparable](value, fallback T) T {
	var zero T
	if value == zero {
		return fallback
	}
	return value
}
