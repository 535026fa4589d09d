package fleet_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/fleet"
	"github.com/souk-go/souk/souktest"
)

var (
	_ souk.Seen       = (*fleet.Seen)(nil)
	_ souk.TokenStore = (*fleet.TokenStore)(nil)
)

func seen(t *testing.T, client redis.UniversalClient) *fleet.Seen {
	t.Helper()
	s, err := fleet.NewSeen(client, "shopline:app")
	require.NoError(t, err)
	return s
}

func TestSeenDoesAsTheHandlersNeedIt(t *testing.T) {
	t.Parallel()
	_, client := connect(t)
	souktest.TestSeen(t, func() souk.Seen { return seen(t, client) })
}

func TestAClaimWithoutALifeIsRefused(t *testing.T) {
	t.Parallel()
	_, client := connect(t)

	_, err := seen(t, client).Claim(within(t), "id", 0)

	require.EqualError(t, err, "fleet: a claim must live for at least a millisecond", "in Redis it would have no end")
	assert.Zero(t, client.DBSize(t.Context()).Val())
}

func TestOneOfAllProcessesGetsADelivery(t *testing.T) {
	t.Parallel()
	s, _ := connect(t)
	var won atomic.Int32
	var callers sync.WaitGroup
	for range 16 {
		one := seen(t, s.client(t))
		callers.Go(func() {
			ok, err := one.Claim(within(t), "id", time.Minute)
			if ok {
				won.Add(1)
				return
			}
			assert.ErrorIs(t, err, souk.ErrClaimed)
		})
	}
	callers.Wait()
	assert.Equal(t, int32(1), won.Load())
}

func TestWhatIsDoneIsNotHandledAgain(t *testing.T) {
	t.Parallel()
	s, client := connect(t)
	one, other := seen(t, client), seen(t, s.client(t))
	ok, err := one.Claim(within(t), "id", time.Minute)
	require.True(t, ok)
	require.NoError(t, err)

	require.NoError(t, one.Done(within(t), "id"))

	ok, err = other.Claim(within(t), "id", time.Minute)
	require.NoError(t, err)
	assert.False(t, ok)
	require.NoError(t, one.Release(within(t), "id"), "what is done stays done")
	ok, err = other.Claim(within(t), "id", time.Minute)
	require.NoError(t, err)
	assert.False(t, ok)
	assert.Greater(t, client.TTL(t.Context(), "souk:seen:shopline:app:{id}").Val(), 3*24*time.Hour)
}

func TestAReleasedDeliveryIsHandledByAnother(t *testing.T) {
	t.Parallel()
	s, client := connect(t)
	one, other := seen(t, client), seen(t, s.client(t))
	_, err := one.Claim(within(t), "id", time.Minute)
	require.NoError(t, err)

	require.NoError(t, one.Release(within(t), "id"))

	ok, err := other.Claim(within(t), "id", time.Minute)
	require.NoError(t, err)
	assert.True(t, ok)
	require.NoError(t, one.Release(within(t), "id"), "a second time, too late")
	_, err = seen(t, s.client(t)).Claim(within(t), "id", time.Minute)
	assert.ErrorIs(t, err, souk.ErrClaimed, "the other's claim stands")
}

func TestAClaimOfAKilledProcessEnds(t *testing.T) {
	t.Parallel()
	s, client := connect(t)
	killed, other := seen(t, client), seen(t, s.client(t))
	_, err := killed.Claim(within(t), "id", 20*time.Millisecond)
	require.NoError(t, err)

	require.Eventually(t, func() bool {
		ok, _ := other.Claim(within(t), "id", time.Minute)
		return ok
	}, time.Minute, 5*time.Millisecond)

	require.NoError(t, killed.Release(within(t), "id"), "it was only slow")
	_, err = seen(t, s.client(t)).Claim(within(t), "id", time.Minute)
	assert.ErrorIs(t, err, souk.ErrClaimed, "the other's claim stands")
}

func TestWithoutRedisADeliveryIsNotClaimed(t *testing.T) {
	t.Parallel()
	s, client := connect(t)
	one := seen(t, client)
	s.stop()

	ok, err := one.Claim(within(t), "id", time.Minute)

	assert.False(t, ok)
	assert.ErrorContains(t, err, "fleet: delivery")
	assert.NotErrorIs(t, err, souk.ErrClaimed)
}

// Names and ids hold colons: where one ends and the other begins must be clear.
func TestNoNameSeesTheDeliveriesOfAnother(t *testing.T) {
	t.Parallel()
	_, client := connect(t)
	one, err := fleet.NewSeen(client, "shopline")
	require.NoError(t, err)
	other, err := fleet.NewSeen(client, "shopline:app")
	require.NoError(t, err)
	require.NoError(t, one.Done(within(t), "app:7"))

	ok, err := other.Claim(within(t), "7", time.Minute)

	require.NoError(t, err)
	assert.True(t, ok)
}

func TestNewSeenReportsAllThatIsWrong(t *testing.T) {
	t.Parallel()

	_, err := fleet.NewSeen(nil, "")

	assert.ErrorContains(t, err, "Redis client")
	assert.ErrorContains(t, err, "name")

	_, client := connect(t)
	_, err = fleet.NewSeen(client, "shopline:{app}")
	assert.ErrorContains(t, err, "no braces")
}
