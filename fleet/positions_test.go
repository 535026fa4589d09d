package fleet_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/fleet"
)

func TestAWalkGoesOnInAnotherWorker(t *testing.T) {
	t.Parallel()
	s, client := connect(t)
	one, err := fleet.NewPositions(client)
	require.NoError(t, err)
	other, err := fleet.NewPositions(s.client(t))
	require.NoError(t, err)
	first, err := one.Take(within(t), "walk", time.Minute)
	require.NoError(t, err)
	assert.Empty(t, first.Position())
	require.NoError(t, first.Save(within(t), "at the 100th"))
	_, err = other.Take(within(t), "walk", time.Minute)
	require.ErrorIs(t, err, fleet.ErrTaken)

	require.NoError(t, client.PExpire(t.Context(), leaseKey, time.Millisecond).Err()) // the first worker stands still
	var second *fleet.Lease
	require.Eventually(t, func() bool {
		second, err = other.Take(within(t), "walk", time.Minute)
		return err == nil
	}, time.Minute, 10*time.Millisecond)

	assert.Equal(t, "at the 100th", second.Position())
	require.NoError(t, second.Save(within(t), "at the 200th"))
	require.ErrorIs(t, first.Save(within(t), "at the 101st"), fleet.ErrLeaseLost, "it wakes up too late")
	require.ErrorIs(t, first.Release(within(t)), fleet.ErrLeaseLost)
	require.ErrorIs(t, first.Finish(within(t)), fleet.ErrLeaseLost)
	assert.Equal(t, "at the 200th", client.Get(t.Context(), "souk:walk:{walk}").Val())
}

func TestAWalkThatIsGivenBackKeepsItsPosition(t *testing.T) {
	t.Parallel()
	_, client := connect(t)
	positions, err := fleet.NewPositions(client)
	require.NoError(t, err)
	lease, err := positions.Take(within(t), "walk", time.Minute)
	require.NoError(t, err)
	require.NoError(t, lease.Save(within(t), "here"))

	require.NoError(t, lease.Release(within(t)))

	lease, err = positions.Take(within(t), "walk", time.Minute)
	require.NoError(t, err)
	assert.Equal(t, "here", lease.Position())
}

func TestAWalkThatIsFinishedBeginsAnew(t *testing.T) {
	t.Parallel()
	_, client := connect(t)
	positions, err := fleet.NewPositions(client)
	require.NoError(t, err)
	lease, err := positions.Take(within(t), "walk", time.Minute)
	require.NoError(t, err)
	require.NoError(t, lease.Save(within(t), "here"))

	require.NoError(t, lease.Finish(within(t)))

	lease, err = positions.Take(within(t), "walk", time.Minute)
	require.NoError(t, err)
	assert.Empty(t, lease.Position())
}

func TestSaveRenewsTheLease(t *testing.T) {
	t.Parallel()
	_, client := connect(t)
	positions, err := fleet.NewPositions(client)
	require.NoError(t, err)
	lease, err := positions.Take(within(t), "walk", time.Hour)
	require.NoError(t, err)
	require.NoError(t, client.PExpire(t.Context(), "souk:walk:{walk}:lease", time.Minute).Err())

	require.NoError(t, lease.Save(within(t), "here"))

	assert.Greater(t, client.PTTL(t.Context(), "souk:walk:{walk}:lease").Val(), 50*time.Minute)
}

func TestTakeSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	_, err := fleet.NewPositions(nil)
	require.ErrorContains(t, err, "Redis client")
	_, client := connect(t)
	positions, err := fleet.NewPositions(client)
	require.NoError(t, err)

	_, err = positions.Take(within(t), "", time.Minute)
	require.ErrorContains(t, err, "name of a walk")
	_, err = positions.Take(within(t), "{}walk", time.Minute)
	require.ErrorContains(t, err, "no braces")
	_, err = positions.Take(within(t), "walk", time.Millisecond)
	assert.ErrorContains(t, err, "at least a second")
}

func TestAWalkWhosePositionIsOfAnotherKindStaysFree(t *testing.T) {
	t.Parallel()
	_, client := connect(t)
	positions, err := fleet.NewPositions(client)
	require.NoError(t, err)
	require.NoError(t, client.HSet(t.Context(), "souk:walk:{walk}", "a", "b").Err())

	for range 2 {
		_, err = positions.Take(within(t), "walk", time.Hour)
		require.ErrorContains(t, err, "something else uses the key", "and not that another worker holds it")
	}
}
