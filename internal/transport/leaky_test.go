package transport_test

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

// How well an unpublished limit is learned is tested in a bubble, by package
// ratelimit. This one measures it with real sockets and timers, for minutes, on a
// machine that does nothing else:
//
//	go test ./internal/transport -run Leaky -leaky 20 -timeout 2h -v
var leakyRuns = flag.Int("leaky", 0, "read pages from a leaky bucket over TCP so many times")

// leakyBucket is a server whose bucket holds 40 requests and drains 40 per second.
type leakyBucket struct {
	latency time.Duration // its mean; half to one and a half times as long
	asks    bool          // refusals name a Retry-After

	mu    sync.Mutex
	empty time.Time // when the bucket will be empty
}

const (
	bucketSize  = 40
	bucketDrain = time.Second / 40
	pagesToRead = 400
)

func (l *leakyBucket) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	way := time.Duration(float64(l.latency) * (0.5 + rand.Float64()) / 2)
	time.Sleep(way)
	in := l.take()
	time.Sleep(way)
	if in {
		_, _ = io.WriteString(w, "{}")
		return
	}
	if l.asks {
		w.Header().Set("Retry-After", "1")
	}
	w.WriteHeader(http.StatusTooManyRequests)
}

func (l *leakyBucket) take() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if l.empty.Before(now) {
		l.empty = now
	}
	if l.empty.Sub(now) > (bucketSize-1)*bucketDrain {
		return false
	}
	l.empty = l.empty.Add(bucketDrain)
	return true
}

// reading is what became of the pages.
type reading struct {
	took time.Duration
	lost int64

	mu      sync.Mutex
	first   time.Time // when the first refusal came
	refused int       // of the requests that left after that
}

func (r *reading) note(_ context.Context, a souk.Attempt) {
	if a.StatusCode != http.StatusTooManyRequests {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	switch now := time.Now(); {
	case r.first.IsZero():
		r.first = now
	case now.Add(-a.Duration).After(r.first):
		r.refused++
	}
}

func readPages(t *testing.T, clients, callers int, server *leakyBucket) *reading {
	got := &reading{}
	listening := httptest.NewServer(server)
	defer listening.Close()
	var next, lost atomic.Int64
	began := time.Now()
	var all sync.WaitGroup
	for range clients {
		client := newClient(t, transport.Config{BaseURL: listening.URL, Quotas: unpublished, App: "a", Options: souk.Options{Observer: &souk.Observer{Attempt: got.note}}})
		for range callers {
			all.Go(func() {
				for next.Add(1) <= pagesToRead {
					if err := client.Do(t.Context(), classCall(transport.Safe)); err != nil {
						lost.Add(1)
					}
				}
			})
		}
	}
	all.Wait()
	got.took, got.lost = time.Since(began), lost.Load()
	return got
}

func TestLeakyBucketOverTCP(t *testing.T) {
	if *leakyRuns == 0 {
		t.Skip("takes minutes; see -leaky")
	}
	const atOnce = 2
	for _, latency := range []time.Duration{3 * time.Millisecond, 50 * time.Millisecond} {
		for _, clients := range []int{1, 2} {
			for _, callers := range []int{1, 8, 64} {
				for _, asks := range []bool{false, true} {
					t.Run(fmt.Sprintf("%v/%d clients of %d callers/asks %v", latency, clients, callers, asks), func(t *testing.T) {
						all := make([]*reading, *leakyRuns)
						slots := make(chan struct{}, atOnce)
						var runs sync.WaitGroup
						for i := range all {
							slots <- struct{}{}
							runs.Go(func() {
								all[i] = readPages(t, clients, callers, &leakyBucket{latency: latency, asks: asks})
								<-slots
							})
						}
						runs.Wait()
						judgeReadings(t, all, latency, clients*callers)
					})
				}
			}
		}
	}
}

func judgeReadings(t *testing.T, all []*reading, latency time.Duration, callers int) {
	least := max((pagesToRead-bucketSize)*bucketDrain, pagesToRead*latency/time.Duration(callers))
	var mean, most, refused float64
	var each []float64
	for _, got := range all {
		times := got.took.Seconds() / least.Seconds()
		each = append(each, times)
		mean += times / float64(len(all))
		most = max(most, times)
		refused = max(refused, float64(got.refused)/pagesToRead)
		assert.Zero(t, got.lost)
	}
	t.Logf("%.3f of the least time, at most %.3f; at most %.2f %% refused: %.3f", mean, most, 100*refused, each)
	assert.LessOrEqual(t, mean, 1.08)
	assert.LessOrEqual(t, most, 1.12)
	assert.LessOrEqual(t, refused, 0.03)
}
