package ratelimit

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestManyStoresEachGetTheirWholeQuota(t *testing.T) {
	t.Parallel()
	cases := []struct {
		stores  int
		limit   Limit
		length  time.Duration
		latency time.Duration
	}{
		{2_000 / scale, Limit{Burst: 10, Rate: 0.5}, time.Minute, 200 * time.Millisecond},
		{20 / scale, Limit{Burst: 40, Rate: 2}, time.Hour, 200 * time.Millisecond},
	}
	for _, c := range cases {
		t.Run(fmt.Sprintf("%d stores for %v", c.stores, c.length), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				governors := new(registry)
				tallies := make([]tally, c.stores)
				var wait sync.WaitGroup
				for i := range c.stores {
					s := simulation{
						quotas:  []quota{{Key{Vendor: "scale", Host: fmt.Sprint(i)}, c.limit}},
						server:  newLeaky(c.limit.Burst, c.limit.Rate),
						callers: 1, length: c.length, warmup: c.length / 2, latency: latency{floor: c.latency},
					}
					wait.Go(func() { tallies[i] = s.play(t, governors) })
				}
				wait.Wait()

				sent, refused, least := 0, 0, 1.0
				best := c.limit.Rate * c.length.Seconds() / 2
				for _, got := range tallies {
					sent += got.sent
					refused += got.refused
					least = min(least, float64(got.steady)/best)
				}
				t.Logf("%d sent, %d refused, %.2f %% of the quota used by the slowest store", sent, refused, 100*least)
				assert.Zero(t, refused)
				assert.GreaterOrEqual(t, least, 0.99)

				time.Sleep(time.Minute)
				for range c.stores {
					governors.get(Key{Host: "afterwards"}, c.limit)
				}
				assert.LessOrEqual(t, len(governors.governors), 1)
			})
		})
	}
}
