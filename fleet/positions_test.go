package fleet_test

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
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

// A proxy, or a server of another kind, can answer anything.
func TestTakeBelievesNoAnswerOfAnotherForm(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{
		"nothing":            "*0\r\n",
		"one":                "*1\r\n:1\r\n",
		"no position":        "*2\r\n:1\r\n:1\r\n",
		"no state":           "*2\r\n$1\r\n1\r\n$0\r\n\r\n",
		"a text":             "+OK\r\n",
		"null":               "*-1\r\n",
		"as the scripts say": "*2\r\n:1\r\n$4\r\nhere\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			positions, err := fleet.NewPositions(answering(t, answer))
			require.NoError(t, err)

			lease, err := positions.Take(within(t), "walk", time.Minute)

			if name == "as the scripts say" {
				require.NoError(t, err)
				assert.Equal(t, "here", lease.Position())
				return
			}
			require.ErrorContains(t, err, "fleet: ")
			assert.NotErrorIs(t, err, fleet.ErrTaken)
		})
	}
}

// answering returns a client of a server that answers every request with the same.
func answering(t *testing.T, answer string) *redis.Client {
	t.Helper()
	client := redis.NewClient(&redis.Options{
		Protocol: 2, MaxRetries: -1, ContextTimeoutEnabled: true, DisableIdentity: true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
		Dialer: func(context.Context, string, string) (net.Conn, error) {
			ours, theirs := net.Pipe()
			go func() {
				requests := make([]byte, 4<<10)
				for {
					if _, err := theirs.Read(requests); err != nil {
						return
					}
					if _, err := theirs.Write([]byte(answer)); err != nil {
						return
					}
				}
			}()
			return ours, nil
		},
	})
	t.Cleanup(func() { _ = client.Close() })
	return client
}
