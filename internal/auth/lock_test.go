package auth

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"
)

func TestOneAtATimeHoldsTheLockOfAFile(t *testing.T) {
	t.Parallel()
	s := &fileStore{dir: t.TempDir()}
	var holders, most atomic.Int64 // a lock of files orders no memory
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			unlock, err := s.lock(t.Context(), "k")
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
}

func TestTheWaitForALockEndsWithTheContext(t *testing.T) {
	t.Parallel()
	s := &fileStore{dir: t.TempDir()}
	unlock, err := s.lock(t.Context(), "k")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = s.lock(ctx, "k")
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorContains(t, err, s.path("k")+".lock is held by somebody else")
	require.NoError(t, unlock())
}

func TestADirectoryThatCannotBeMadeIsAnError(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err := (&fileStore{dir: filepath.Join(file, "below")}).lock(t.Context(), "k")
	require.ErrorContains(t, err, "auth: create token directory")
}

// A store of many shops does not grow with those that have no token.
func TestMemoryStoreForgetsKeysThatHoldNothing(t *testing.T) {
	t.Parallel()
	s := &memoryStore{entries: map[string]*memoryEntry{}}
	entry, unlock, err := s.lock(t.Context(), "k")
	require.NoError(t, err)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err = s.lock(ended, "k")
	require.ErrorIs(t, err, context.Canceled)
	waiting := s.enter("k")
	unlock()
	assert.Same(t, entry, waiting)
	assert.Contains(t, s.entries, "k", "somebody waits for it")
	s.leave("k", waiting)
	assert.Empty(t, s.entries)

	require.NoError(t, s.Update(t.Context(), "k", func(context.Context, *oauth2.Token) (*oauth2.Token, error) { return &oauth2.Token{}, nil }))
	assert.Contains(t, s.entries, "k")
	require.NoError(t, s.Delete(t.Context(), "k"))
	assert.Empty(t, s.entries)
}
