package ratelimit

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSameKeyGivesTheSameGovernor(t *testing.T) {
	t.Parallel()
	app, other := new(int), new(int)
	keys := []Key{
		{Vendor: "v", Host: "for.example"},
		{Vendor: "w", Host: "for.example"},
		{Vendor: "v", Host: "for2.example"},
		{Vendor: "v", Host: "for.example", Bucket: "b"},
		{Vendor: "v", Host: "for.example", App: "a"},
		{Vendor: "v", Host: "for.example", App: app},
		{Vendor: "v", Host: "for.example", App: other},
		{Vendor: "v", Host: "for.example", App: [2]byte{1}},
		{Vendor: "v", Host: "for.example", App: [2]byte{2}},
	}
	seen := map[*Governor]bool{}
	for _, key := range keys {
		g := For(key, Limit{})

		assert.Same(t, g, For(key, Limit{}))
		seen[g] = true
	}
	assert.Len(t, seen, len(keys))
}

func TestAppThatCannotBeComparedCountsAsEverybodys(t *testing.T) {
	t.Parallel()
	r := new(registry)
	everybody := r.get(Key{Host: "a"}, Limit{Burst: 1, Rate: 1})
	take(t, everybody)
	for _, app := range []any{[]byte("x"), map[string]int{}, func() {}, struct{ any }{[]int{1}}} {
		assert.Same(t, everybody, r.get(Key{Host: "a", App: app}, Limit{}), "%T", app)
	}
}

func TestGovernorMadeAndDroppedForEveryCallStillHoldsTheQuota(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := new(registry)
		start := time.Now()
		key, limit := Key{Host: "store"}, Limit{Burst: 10, Rate: 1}

		for i := range 70 {
			call(t, r.get(key, limit), accepted)
			for n := range 5 { // enough look-ups to sweep every entry
				call(t, r.get(Key{Host: fmt.Sprint(i, n)}, limit), accepted)
			}
		}

		assert.Equal(t, time.Minute, time.Since(start).Round(time.Millisecond))
	})
}

func TestKeptGovernorAndItsSuccessorAreOneQuota(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := new(registry)
		key, limit := Key{Host: "store"}, Limit{Burst: 10, Rate: 1}
		kept := r.get(key, limit)
		for !kept.dropped {
			r.get(Key{Host: "another"}, limit)
		}
		start := time.Now()

		for range 35 {
			call(t, kept, accepted)
			call(t, r.get(key, limit), accepted)
		}

		assert.Equal(t, time.Minute, time.Since(start).Round(time.Millisecond))
	})
}

func TestGovernorIsKeptWhileAFreshOneWouldDiffer(t *testing.T) {
	t.Parallel()
	leaking := Limit{Burst: 10, Rate: 1}
	plan := Limit{Window: Window{Requests: 10, Period: time.Minute}}
	cases := []struct {
		name  string
		limit Limit
		use   func(t *testing.T, g *Governor)
		kept  time.Duration // kept until just before, dropped from then on
	}{
		{"bucket not full", leaking, func(t *testing.T, g *Governor) { call(t, g, accepted) }, time.Second},
		{"window begun", plan, func(t *testing.T, g *Governor) { call(t, g, accepted) }, time.Minute},
		{"gate closed", Limit{Burst: 1, Rate: 1000}, func(t *testing.T, g *Governor) { call(t, g, after(http.StatusTooManyRequests, "9")) }, 9*time.Second + longestPause},
		{"served lately", Limit{}, func(t *testing.T, g *Governor) { call(t, g, accepted) }, time.Second},
		{"refused lately", Limit{}, func(t *testing.T, g *Governor) { call(t, g, after(429, "1")); call(t, g, accepted) }, forgetful - time.Second},
		{"bigger plan known", Limit{Window: plan.Window, ReadHeaders: true}, func(t *testing.T, g *Governor) { call(t, g, says("30", "29", in(30*time.Second))) }, 30*time.Second + 10*time.Minute},
		{"overflow refused", Limit{Window: Window{Requests: 1, Period: time.Minute, Overflow: 1}}, func(t *testing.T, g *Governor) {
			call(t, g, accepted)
			call(t, g, tooMany)
		}, 59*time.Second + 10*time.Minute},
		{"share learned", leaking, func(_ *testing.T, g *Governor) { g.models[0].(*bucket).setShare(time.Now(), 0.9) }, 100 * time.Second},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := governor(c.limit)
				c.use(t, g)
				time.Sleep(c.kept - time.Millisecond)
				assert.False(t, g.drop(time.Now()))

				time.Sleep(2 * time.Millisecond)

				assert.True(t, g.drop(time.Now()))
			})
		})
	}
}

func TestGovernorWithAnotherClockIsKept(t *testing.T) {
	t.Parallel()
	elsewhere := governor(Limit{Burst: 10, Rate: 1})
	synctest.Test(t, func(t *testing.T) {
		here := governor(Limit{Burst: 10, Rate: 1})

		assert.False(t, elsewhere.drop(time.Now()), "made in real time, examined in a bubble")
		assert.False(t, here.drop(time.Now().AddDate(26, 0, 0)), "made in a bubble, examined in real time")
		assert.True(t, here.drop(time.Now().AddDate(9, 0, 0)))
	})
}

func TestQuotaInABubbleHoldsWhileOthersAreLookedUpInRealTime(t *testing.T) {
	t.Parallel()
	r := new(registry)
	stop := make(chan struct{})
	var others sync.WaitGroup
	others.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				r.get(Key{Host: fmt.Sprint(i)}, Limit{})
			}
		}
	})

	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		for range 1010 {
			call(t, r.get(Key{Host: "store"}, Limit{Burst: 10, Rate: 20}), accepted)
		}
		assert.Equal(t, 50*time.Second, time.Since(start).Round(time.Millisecond))
	})

	close(stop)
	others.Wait()
}

func TestGovernorLookedUpSinceItWasExaminedIsKept(t *testing.T) {
	t.Parallel()
	r := new(registry)
	key := Key{Host: "store"}
	g := r.get(key, Limit{})
	for range 3 {
		require.Same(t, g, r.get(key, Limit{})) // examined, then looked up
	}
	r.sweep()
	require.Equal(t, []*Governor{g}, r.ring)

	r.sweep()

	assert.Empty(t, r.ring)
}

func TestGovernorInUseIsKept(t *testing.T) {
	t.Parallel()
	g := governor(Limit{})
	ticket := take(t, g)
	assert.False(t, g.drop(time.Now()))

	ticket.Cancel()

	assert.True(t, g.drop(time.Now()))
}

func TestStoresThatCameOnceDoNotStay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const spare = 16
		r := &registry{spare: spare}
		limit := Limit{Burst: 40, Rate: 4}
		most := 0
		for i := range 10_000 {
			call(t, r.get(Key{Host: fmt.Sprint(i)}, limit), accepted)
			time.Sleep(2 * time.Millisecond)
			most = max(most, len(r.governors))
		}

		// A store is held for a quarter of a second, in which 125 others come.
		assert.LessOrEqual(t, most, 200)
		time.Sleep(time.Minute)
		for range most {
			r.get(Key{Host: "0"}, limit)
		}
		assert.LessOrEqual(t, len(r.governors), spare+1)
		assert.Len(t, r.ring, len(r.governors))
		assert.Less(t, cap(r.ring), most, "its room is given back")
	})
}

func TestGovernorsDroppedWhileLookedUpHoldTheQuota(t *testing.T) {
	t.Parallel()
	r := new(registry)
	limit := Limit{Burst: 1 << 20, Rate: 1 << 20}
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			for n := range 2000 {
				ticket, err := r.get(Key{Host: fmt.Sprint((i + n) % 5)}, limit).Wait(t.Context(), WaitOptions{})
				if !assert.NoError(t, err) {
					return
				}
				ticket.Done(accepted)
			}
		})
	}

	wait.Wait()

	for key, g := range r.governors {
		assert.Zero(t, g.inflight, "%v", key)
		assert.False(t, g.dropped, "%v", key)
	}
	assert.Len(t, r.ring, len(r.governors))
}
