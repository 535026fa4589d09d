package auth

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/gofrs/flock"
)

// The pause between two attempts at a lock grows from the first to the second.
const (
	lockPauseMin = time.Millisecond
	lockPauseMax = 50 * time.Millisecond
)

// lock takes the key's lock among all processes, and waits for it until ctx
// ends. The system ends the lock with the process that holds it. Its file stays
// behind: removing it would let two processes lock two files.
func (s *fileStore) lock(ctx context.Context, key string) (unlock func() error, err error) {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return nil, fmt.Errorf("auth: create token directory: %w", err)
	}
	file := flock.New(s.path(key)+".lock", flock.SetPermissions(0o600))
	for pause := lockPauseMin; ; pause = min(2*pause, lockPauseMax) {
		taken, err := file.TryLock()
		if err != nil {
			return nil, fmt.Errorf("auth: lock token file: %w", err)
		}
		if taken {
			return file.Unlock, nil
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil, fmt.Errorf("auth: lock %s is held by somebody else: %w", file.Path(), ctx.Err())
		}
	}
}
