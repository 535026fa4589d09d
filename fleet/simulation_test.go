package fleet_test

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/fleet"
)

// TestAFleetUsesTheWholeQuota lets eight workers read as fast as they may for five
// simulated minutes. Redis's clock is the simulation's; requests take 20 to 400 ms to
// the vendor, whose bucket leaks.
func TestAFleetUsesTheWholeQuota(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		limit        fleet.Limit
		rate         float64 // of the vendor, per second
		bucket       float64 // of the vendor
		window       time.Duration
		perWindow    int
		publishedPer float64
	}{
		"SHOPLINE":   {limit: fleet.SHOPLINE, rate: 4, bucket: 40, publishedPer: 4},
		"Shoplazza":  {limit: fleet.Shoplazza, rate: 2, bucket: 40, publishedPer: 2},
		"Salla plus": {limit: fleet.SallaPlus, window: time.Minute, perWindow: 120, publishedPer: 2},
		"Salla pro":  {limit: fleet.SallaPro, window: time.Minute, perWindow: 360, publishedPer: 6},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const workers, minutes = 8, 5
			random := rand.New(rand.NewPCG(1, uint64(len(name))))
			redisServer := miniredis.RunT(t)
			client := redis.NewClient(&redis.Options{Addr: redisServer.Addr()})
			t.Cleanup(func() { _ = client.Close() })
			limiter, err := fleet.NewLimiter(client, "store", c.limit, fleet.LimiterOptions{})
			require.NoError(t, err)
			began := time.Date(2026, 1, 5, 10, 0, 0, 0, time.UTC)
			end := began.Add(minutes * time.Minute)
			var arrivals []time.Time
			served := make([]int, workers)
			free := slices.Repeat([]time.Time{began}, workers)
			for {
				worker := slices.IndexFunc(free, func(at time.Time) bool { return at.Equal(slices.MinFunc(free, time.Time.Compare)) })
				now := free[worker]
				if now.After(end) {
					break
				}
				redisServer.SetTime(now)
				wait, err := fleet.ReserveForTest(context.Background(), limiter, strconv.Itoa(worker))
				require.NoError(t, err)
				if wait > 0 {
					free[worker] = now.Add(wait)
					continue
				}
				there := time.Duration(20+random.IntN(380)) * time.Millisecond
				arrivals = append(arrivals, now.Add(there))
				served[worker]++
				free[worker] = now.Add(there + 20*time.Millisecond)
			}
			slices.SortFunc(arrivals, time.Time.Compare)

			refused := 0
			if c.window > 0 {
				refused = refusedByWindow(arrivals, c.window, c.perWindow)
			} else {
				refused = refusedByBucket(arrivals, c.rate, c.bucket)
			}
			fromSecond := 0
			for _, at := range arrivals {
				if at.After(began.Add(time.Minute)) && at.Before(end) {
					fromSecond++
				}
			}
			possible := c.publishedPer * (minutes - 1) * 60
			t.Logf("%.1f %% of the quota from the second minute on, %d refused, per worker %v", 100*float64(fromSecond)/possible, refused, served)
			assert.Zero(t, refused)
			assert.GreaterOrEqual(t, float64(fromSecond), 0.97*possible)
			assert.Less(t, cmp.Compare(slices.Max(served), 2*slices.Min(served)), 1, "no worker starves")
		})
	}
}

// refusedByBucket counts the requests that a bucket which leaks at rate would refuse.
func refusedByBucket(arrivals []time.Time, rate, size float64) int {
	level, refused := 0.0, 0
	for i, at := range arrivals {
		if i > 0 {
			level = max(0, level-rate*at.Sub(arrivals[i-1]).Seconds())
		}
		if level+1 > size {
			refused++
			continue
		}
		level++
	}
	return refused
}

// refusedByWindow counts those beyond the limit of any window, wherever it begins.
func refusedByWindow(arrivals []time.Time, window time.Duration, limit int) int {
	refused := 0
	for i := range arrivals {
		if j := i + limit; j < len(arrivals) && arrivals[j].Sub(arrivals[i]) < window {
			refused++
		}
	}
	return refused
}
