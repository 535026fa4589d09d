package auth

import (
	"context"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Both ways to lock, whichever the system under test uses.
func TestLock(t *testing.T) {
	t.Parallel()
	for way, lock := range map[string]func(context.Context, string) (func() error, error){
		"of this system": lock,
		"of any system":  lockExclusively,
	} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			name := filepath.Join(t.TempDir(), "lock")
			var holders, most atomic.Int64 // a lock of files orders no memory
			var wg sync.WaitGroup
			for range 20 {
				wg.Go(func() {
					unlock, err := lock(t.Context(), name)
					if !assert.NoError(t, err) {
						return
					}
					if n := holders.Add(1); n > most.Load() {
						most.Store(n)
					}
					runtime.Gosched()
					holders.Add(-1)
					assert.NoError(t, unlock())
				})
			}
			wg.Wait()
			assert.EqualValues(t, 1, most.Load())

			unlock, err := lock(t.Context(), name)
			require.NoError(t, err)
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			_, err = lock(ctx, name)
			require.ErrorIs(t, err, context.Canceled)
			require.ErrorContains(t, err, name+" is held by somebody else")
			require.NoError(t, unlock())

			_, err = lock(t.Context(), filepath.Join(t.TempDir(), "missing", "lock"))
			require.ErrorContains(t, err, "auth: lock token file")
		})
	}
}
