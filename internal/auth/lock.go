package auth

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// The pause between two attempts at a lock grows from the first to the second.
const (
	lockPauseMin = time.Millisecond
	lockPauseMax = 50 * time.Millisecond
)

// poll calls try until it takes the lock, fails, or ctx ends.
func poll(ctx context.Context, name string, try func() (taken bool, err error)) error {
	for pause := lockPauseMin; ; pause = min(2*pause, lockPauseMax) {
		taken, err := try()
		if err != nil {
			return fmt.Errorf("auth: lock token file: %w", err)
		}
		if taken {
			return nil
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return fmt.Errorf("auth: lock %s is held by somebody else: %w", name, ctx.Err())
		}
	}
}

// lockExclusively takes a lock by creating a file that must not exist yet,
// which every system can do.
func lockExclusively(ctx context.Context, name string) (unlock func() error, err error) {
	err = poll(ctx, name, func() (bool, error) {
		f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if errors.Is(err, fs.ErrExist) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		return true, f.Close()
	})
	if err != nil {
		return nil, err
	}
	return func() error { return os.Remove(name) }, nil
}
