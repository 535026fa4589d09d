package ratelimit

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestQuota(t *testing.T) {
	t.Parallel()
	leaking := Limit{Burst: 40, Rate: 4}
	plan := Limit{Window: Window{Requests: 120, Period: time.Minute}}
	cases := []struct {
		name  string
		limit Limit
		use   func(t *testing.T, g *Governor)
		want  Quota
		reset time.Duration // from now, zero: none
		gate  time.Duration
	}{
		{"unused bucket", leaking, func(*testing.T, *Governor) {}, Quota{Limit: 40, Remaining: 40}, 0, 0},
		{"unused window", plan, func(*testing.T, *Governor) {}, Quota{Limit: 120, Remaining: 120}, 0, 0},
		{"not published", Limit{}, func(t *testing.T, g *Governor) { call(t, g, accepted) }, Quota{}, 0, 0},
		{"bucket", leaking, func(t *testing.T, g *Governor) {
			call(t, g, accepted)
			take(t, g)
		}, Quota{Limit: 40, Remaining: 38}, time.Second / 2, 0},
		{"bucket whose share has risen again", leaking, func(t *testing.T, g *Governor) {
			g.models[0].(*bucket).setShare(time.Now(), 0.5)
			time.Sleep(time.Hour)
			call(t, g, accepted)
			call(t, g, accepted)
			g.models[0].(*bucket).setShare(time.Now(), 0.999)
			time.Sleep(time.Second)
		}, Quota{Limit: 40, Remaining: 40}, 0, 0},
		{"refused bucket", leaking, func(t *testing.T, g *Governor) { call(t, g, after(429, "2")) }, Quota{Limit: 40}, 15 * time.Second, 2 * time.Second},
		{"window", plan, func(t *testing.T, g *Governor) {
			call(t, g, accepted)
			take(t, g)
		}, Quota{Limit: 120, Remaining: 118}, time.Minute, 0},
		{"window that is over", plan, func(t *testing.T, g *Governor) {
			call(t, g, accepted)
			time.Sleep(time.Minute)
		}, Quota{Limit: 120, Remaining: 120}, 0, 0},
		{"refused window", plan, func(t *testing.T, g *Governor) { call(t, g, after(429, "2")) }, Quota{Limit: 120}, time.Minute, 2 * time.Second},
		{
			"both",
			Limit{Burst: 40, Rate: 4, Window: plan.Window},
			func(t *testing.T, g *Governor) { call(t, g, accepted) },
			Quota{Limit: 40, Remaining: 39},
			time.Second / 4, 0,
		},
		{
			"both, and the window has less",
			Limit{Burst: 400, Rate: 4, Window: plan.Window},
			func(t *testing.T, g *Governor) { call(t, g, accepted) },
			Quota{Limit: 120, Remaining: 119},
			time.Minute, 0,
		},
		{"probed", Limit{}, func(t *testing.T, g *Governor) {
			call(t, g, after(429, "2"))
			take(t, g)
			time.Sleep(time.Second)
		}, Quota{}, 0, -time.Second},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := governor(c.limit)
				c.use(t, g)

				got := g.Quota()

				if c.reset != 0 {
					assert.WithinDuration(t, time.Now().Add(c.reset), got.Reset, time.Millisecond)
					got.Reset = time.Time{}
				}
				if c.gate != 0 {
					assert.Equal(t, time.Now().Add(c.gate), got.GateUntil)
					got.GateUntil = time.Time{}
				}
				assert.Equal(t, c.want, got)
			})
		})
	}
}

func TestQuotaCountsTheQueue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := governor(Limit{})
		call(t, g, after(http.StatusTooManyRequests, "5"))
		ctx, cancel := context.WithCancel(t.Context())
		var wait sync.WaitGroup
		for i := range 3 {
			opts := WaitOptions{}
			if i > 0 {
				opts.Limiter = &fakeLimiter{}
			}
			wait.Go(func() { _, _ = g.Wait(ctx, opts) })
		}
		synctest.Wait()

		assert.Equal(t, 3, g.Quota().Queue)
		cancel()
		wait.Wait()
		assert.Zero(t, g.Quota().Queue)
	})
}
