package ratelimit

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// quota is one governor's key and limit.
type quota struct {
	key   Key
	limit Limit
}

// latency is the time of a request to the server and that of its answer back, at least floor together.
type latency struct{ floor, jitter time.Duration }

func (l latency) half(random *rand.Rand) time.Duration {
	d := l.floor / 2
	if l.jitter > 0 {
		d += time.Duration(random.Int64N(int64(l.jitter/2) + 1))
	}
	return d
}

func (l latency) mean() time.Duration { return l.floor + l.jitter/2 }

// simulation is a number of callers who send as fast as the governors let them.
type simulation struct {
	quotas  []quota
	server  server
	clients int // each looks the governors up for itself, once
	callers int // in all
	latency latency
	length  time.Duration
	foreign float64       // requests per second of another program, which insists until each is accepted
	regular bool          // the other program sends at even distances, not at random ones
	insist  time.Duration // the longest time until it tries again
	warmup  time.Duration // not counted in steady, one minute if zero
}

// tally is what came of it.
type tally struct {
	sent, refused, steady int // of our requests; those accepted after the first minute
	foreignSteady         int // of the other program's, accepted after the first minute
}

// run runs the simulation in a bubble of its own.
func (s simulation) run(t *testing.T) tally {
	t.Helper()
	var sum tally
	synctest.Test(t, func(t *testing.T) {
		sum = s.play(t, new(registry))
	})
	return sum
}

func (s simulation) play(t *testing.T, governors *registry) tally {
	t.Helper()
	var sent, refused, steady, foreign atomic.Int64
	start := time.Now()
	if s.warmup == 0 {
		s.warmup = time.Minute
	}
	end := start.Add(s.length)
	counted := func() bool {
		at := time.Now()
		return at.Sub(start) >= s.warmup && at.Before(end)
	}
	clients := make([][]*Governor, max(s.clients, 1))
	for i := range clients {
		for _, q := range s.quotas {
			clients[i] = append(clients[i], governors.get(q.key, q.limit))
		}
	}
	caller := func(seed uint64) {
		client := clients[seed%uint64(len(clients))]
		random := rand.New(rand.NewPCG(seed, 1))
		tickets := make([]Ticket, len(client))
		for time.Now().Before(end) {
			for i, governor := range client {
				ticket, err := governor.Wait(t.Context(), WaitOptions{})
				if !assert.NoError(t, err) {
					return
				}
				tickets[i] = ticket
			}
			time.Sleep(s.latency.half(random))
			in := counted()
			answer := s.server.serve()
			sent.Add(1)
			if answer.Status != http.StatusOK {
				refused.Add(1)
			} else if in {
				steady.Add(1)
			}
			time.Sleep(s.latency.half(random))
			DoneAll(answer, tickets...)
		}
	}
	other := func() {
		random := rand.New(rand.NewPCG(99, 2))
		due := start
		for time.Now().Before(end) {
			distance := 1 / s.foreign
			if !s.regular {
				distance *= random.ExpFloat64()
			}
			due = due.Add(time.Duration(distance * float64(time.Second)))
			time.Sleep(max(time.Until(due), s.latency.floor))
			for s.server.serve().Status != http.StatusOK {
				time.Sleep(1 + time.Duration(random.Int64N(int64(s.insist))))
			}
			if counted() {
				foreign.Add(1)
			}
		}
	}
	var wait sync.WaitGroup
	for i := range s.callers {
		wait.Go(func() { caller(uint64(i)) })
	}
	if s.foreign > 0 {
		wait.Go(other)
	}
	wait.Wait()
	return tally{int(sent.Load()), int(refused.Load()), int(steady.Load()), int(foreign.Load())}
}

var (
	near     = latency{floor: 120 * time.Millisecond}
	jittered = latency{floor: 60 * time.Millisecond, jitter: 160 * time.Millisecond}
)

func shoplineQuotas() []quota {
	return []quota{{Key{Vendor: "shopline", Host: "s.example", App: "a"}, Limit{Burst: 40, Rate: 4}}}
}

func shoplazzaQuotas() []quota {
	return []quota{
		{Key{Vendor: "shoplazza", Host: "s.example", App: "a"}, Limit{Burst: 40, Rate: 2}},
		{Key{Vendor: "shoplazza", Host: "s.example", Bucket: "store"}, Limit{Burst: 80, Rate: 20}},
	}
}

func perIPQuotas() []quota {
	limit := Limit{Burst: 3, Rate: 497.0 / 600, Horizon: 10 * time.Minute}
	return []quota{{Key{Vendor: "salla", Host: "api.example", Bucket: "customers per IP"}, limit}}
}

func planQuotas(requests int) []quota {
	limit := Limit{Window: Window{Requests: requests, Period: time.Minute, Overflow: 1}, ReadHeaders: true}
	return []quota{{Key{Vendor: "salla", Host: "api.example", App: "merchant"}, limit}}
}

// crowds are the callers and clients of the simulations, and loners the callers of one client.
var crowds = []struct{ callers, clients int }{{64, 4}, {1, 1}, {8, 1}, {64, 1}, {4, 4}}[:max(1, 5/scale)]

var loners = []int{8, 1, 64}[:max(1, 3/scale)]

func TestAloneTheWholeQuotaIsUsedAndNeverOneRequestMore(t *testing.T) {
	t.Parallel()
	vendors := []struct {
		name      string
		quotas    []quota
		server    func() server
		perSecond float64
		length    time.Duration
	}{
		{"shopline", shoplineQuotas(), func() server { return newLeaky(40, 4) }, 4, 10 * time.Minute},
		{"shoplazza", shoplazzaQuotas(), func() server { return both{newLeaky(80, 20), newLeaky(40, 2)} }, 2, 10 * time.Minute},
		{"salla per IP fixed", perIPQuotas(), func() server {
			return &fixed{requests: 500, period: 10 * time.Minute, phase: 7 * time.Second}
		}, 500.0 / 600, time.Hour + time.Minute},
		{"salla per IP sliding", perIPQuotas(), func() server {
			return &sliding{requests: 500, span: 10 * time.Minute}
		}, 500.0 / 600, time.Hour + time.Minute},
	}
	for _, vendor := range vendors {
		for _, latency := range []latency{near, jittered} {
			for _, crowd := range crowds {
				name := fmt.Sprintf("%s/%v/%d callers of %d clients", vendor.name, latency, crowd.callers, crowd.clients)
				t.Run(name, func(t *testing.T) {
					t.Parallel()

					got := simulation{
						quotas: vendor.quotas, server: vendor.server(), latency: latency,
						callers: crowd.callers, clients: crowd.clients, length: vendor.length,
					}.run(t)

					best := vendor.perSecond * (vendor.length - time.Minute).Seconds()
					used := float64(got.steady) / best
					t.Logf("%d sent, %d refused, %.2f %% of the quota used", got.sent, got.refused, 100*used)
					assert.Zero(t, got.refused)
					assert.GreaterOrEqual(t, used, 0.99)
				})
			}
		}
	}
}

// The best there is are the requests of every window and, once they are used up, one more per second. Who does not know
// when within its round trip a request arrived must add what that trip took beyond the shortest.
func TestAloneTheWholeWindowAndItsOverflowAreUsed(t *testing.T) {
	t.Parallel()
	const windows = 10
	for _, requests := range []int{120, 360, 720} {
		for _, latency := range []latency{near, jittered} {
			for _, crowd := range crowds {
				name := fmt.Sprintf("%d/%v/%d callers of %d clients", requests, latency, crowd.callers, crowd.clients)
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					server := &fixed{
						requests: requests, period: time.Minute, phase: 300 * time.Millisecond,
						overflow: time.Second, headers: true,
					}

					got := simulation{
						quotas: planQuotas(requests), server: server, latency: latency,
						callers: crowd.callers, clients: crowd.clients, length: (windows + 1) * time.Minute,
					}.run(t)

					perSecond := float64(crowd.callers) / latency.mean().Seconds()
					rest := max(60-float64(requests)/perSecond, 0)
					plain := windows * min(float64(requests)+rest, 60*perSecond)
					best := windows * min(float64(requests)+rest/(1+latency.jitter.Seconds()/2), 60*perSecond)
					used := float64(got.steady) / best
					t.Logf("%d sent, %d refused, %.2f %% of the quota used, %.2f %% of what no jitter would leave",
						got.sent, got.refused, 100*used, 100*float64(got.steady)/plain)
					assert.Zero(t, got.refused)
					assert.GreaterOrEqual(t, used, 0.99)
				})
			}
		}
	}
}

func TestBesideAnotherProgramWhatItLeavesIsUsed(t *testing.T) {
	t.Parallel()
	vendors := []struct {
		name      string
		quotas    []quota
		server    func() server
		perSecond float64
		length    time.Duration
	}{
		{"shopline", shoplineQuotas(), func() server { return newLeaky(40, 4) }, 4, time.Hour},
		{"shoplazza", shoplazzaQuotas(), func() server { return both{newLeaky(80, 20), newLeaky(40, 2)} }, 2, time.Hour},
		{"salla per IP fixed", perIPQuotas(), func() server {
			return &fixed{requests: 500, period: 10 * time.Minute, phase: 7 * time.Second}
		}, 500.0 / 600, 5*time.Hour + time.Minute},
		{"salla per IP sliding", perIPQuotas(), func() server {
			return &sliding{requests: 500, span: 10 * time.Minute}
		}, 500.0 / 600, 5*time.Hour + time.Minute},
	}
	for _, vendor := range vendors {
		for _, regular := range []bool{true, false} {
			for _, latency := range []latency{near, jittered} {
				for _, callers := range loners {
					name := fmt.Sprintf("%s/regular %v/%v/%d callers", vendor.name, regular, latency, callers)
					t.Run(name, func(t *testing.T) {
						t.Parallel()

						got := simulation{
							quotas: vendor.quotas, server: vendor.server(), latency: latency,
							callers: callers, clients: 1, length: vendor.length,
							foreign: vendor.perSecond / 5, regular: regular, insist: time.Second,
						}.run(t)

						whole := vendor.perSecond * (vendor.length - time.Minute).Seconds()
						eaten := float64(got.foreignSteady) / whole
						used := float64(got.steady) / (whole - float64(got.foreignSteady))
						refused := float64(got.refused) / float64(got.sent)
						t.Logf("%d sent, %.2f %% refused, %.2f %% eaten, %.2f %% of what was left used",
							got.sent, 100*refused, 100*eaten, 100*used)
						if latency == jittered {
							// Without jitter, one caller can take every place at the moment it is free, and the other
							// program gets none.
							assert.InDelta(t, 0.2, eaten, 0.015)
						}
						assert.LessOrEqual(t, refused, 0.0125) // usually 0.008, give or take 0.0005
						assert.GreaterOrEqual(t, used, 0.95)
					})
				}
			}
		}
	}
}

// Where another program uses the store, the overflow is left alone: it takes one request per second of anybody, so that
// theirs and ours would collide. What is available are the requests of the windows.
func TestBesideAnotherProgramWhatItLeavesOfTheWindowIsUsed(t *testing.T) {
	t.Parallel()
	const windows = 30
	for _, requests := range []int{120, 360, 720} {
		for _, regular := range []bool{true, false} {
			for _, latency := range []latency{near, jittered} {
				for _, callers := range loners {
					name := fmt.Sprintf("%d/regular %v/%v/%d callers", requests, regular, latency, callers)
					t.Run(name, func(t *testing.T) {
						t.Parallel()
						server := &fixed{
							requests: requests, period: time.Minute, phase: 300 * time.Millisecond,
							overflow: time.Second, headers: true,
						}

						got := simulation{
							quotas: planQuotas(requests), server: server, latency: latency,
							callers: callers, clients: 1, length: (windows + 1) * time.Minute,
							foreign: float64(requests) / 60 / 5, regular: regular, insist: time.Second,
						}.run(t)

						fastest := windows * 60 * float64(callers) / latency.mean().Seconds()
						left := min(float64(windows*requests-got.foreignSteady), fastest)
						used := float64(got.steady) / left
						refused := float64(got.refused) / float64(got.sent)
						t.Logf("%d sent, %.2f %% refused, %.2f %% of what was left used", got.sent, 100*refused, 100*used)
						assert.LessOrEqual(t, refused, 0.01)
						assert.GreaterOrEqual(t, used, 0.95)
					})
				}
			}
		}
	}
}
