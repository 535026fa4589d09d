package souk_test

import (
	"context"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
)

func claim(t *testing.T, seen souk.Seen, id string) bool {
	t.Helper()
	ok, err := seen.Claim(t.Context(), id, time.Minute)
	require.NoError(t, err)
	return ok
}

func requireClaimed(t *testing.T, seen souk.Seen, id string) {
	t.Helper()
	ok, err := seen.Claim(t.Context(), id, time.Minute)
	require.ErrorIs(t, err, souk.ErrClaimed)
	require.False(t, ok)
}

func TestMemorySeenOneOfManyGetsTheClaim(t *testing.T) {
	t.Parallel()
	seen := souk.NewMemorySeen()
	var got, claimed atomic.Int32
	var callers sync.WaitGroup
	for range 32 {
		callers.Go(func() {
			ok, err := seen.Claim(t.Context(), "a", time.Minute)
			if ok && err == nil {
				got.Add(1)
			}
			if assert.ErrorIs(t, errOr(err, souk.ErrClaimed), souk.ErrClaimed) && err != nil {
				claimed.Add(1)
			}
		})
	}
	callers.Wait()
	assert.EqualValues(t, 1, got.Load())
	assert.EqualValues(t, 31, claimed.Load())
}

func errOr(err, other error) error {
	if err == nil {
		return other
	}
	return err
}

func TestMemorySeenWhatIsDoneStaysDone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		seen := souk.NewMemorySeen()
		require.True(t, claim(t, seen, "a"))
		require.NoError(t, seen.Done(t.Context(), "a"))
		require.False(t, claim(t, seen, "a"))
		require.NoError(t, seen.Release(t.Context(), "a"))
		require.False(t, claim(t, seen, "a"))
		require.True(t, claim(t, seen, "b"))

		time.Sleep(72*time.Hour - time.Second)
		require.False(t, claim(t, seen, "a"))
		time.Sleep(time.Second)
		require.True(t, claim(t, seen, "a"))
	})
}

func TestMemorySeenAClaimEndsAtItsTimeOrByRelease(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		seen := souk.NewMemorySeen()
		require.True(t, claim(t, seen, "a"))
		requireClaimed(t, seen, "a")
		time.Sleep(time.Minute - time.Nanosecond)
		requireClaimed(t, seen, "a")
		time.Sleep(time.Nanosecond)
		require.True(t, claim(t, seen, "a"))
		require.NoError(t, seen.Release(t.Context(), "a"))
		require.True(t, claim(t, seen, "a"))
		require.NoError(t, seen.Release(t.Context(), "never claimed"))
	})
}

func TestMemorySeenIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		seen := souk.NewMemorySeen()
		for i := range 100_001 {
			require.True(t, claim(t, seen, strconv.Itoa(i)))
			require.NoError(t, seen.Done(t.Context(), strconv.Itoa(i)))
		}
		require.NoError(t, seen.Done(t.Context(), "1"))
		require.False(t, claim(t, seen, "1"))
		require.True(t, claim(t, seen, "0"), "that done first is forgotten first")

		for i := range 9_999 {
			require.True(t, claim(t, seen, "c"+strconv.Itoa(i)))
		}
		_, err := seen.Claim(t.Context(), "d", time.Minute)
		require.EqualError(t, err, "souk: too many deliveries are being handled at a time")
		time.Sleep(time.Minute)
		require.True(t, claim(t, seen, "d"), "claims that have ended make room")
	})
}

func TestMemorySeenGivesUpWithTheContext(t *testing.T) {
	t.Parallel()
	seen := souk.NewMemorySeen()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	ok, err := seen.Claim(ctx, "a", time.Minute)
	assert.False(t, ok)
	assert.ErrorIs(t, err, context.Canceled)
	assert.ErrorIs(t, seen.Done(ctx, "a"), context.Canceled)
	assert.ErrorIs(t, seen.Release(ctx, "a"), context.Canceled)
	assert.True(t, claim(t, seen, "a"))
}
