package transport_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/ratelimit"
	"github.com/souk-go/souk/internal/transport"
)

// bucket is how a vendor counts: it says whether a request that arrives now is
// within the limit, and sets the headers of its answer.
type bucket interface {
	admit(now time.Time, header http.Header) bool
}

// leaky is a leaky bucket.
type leaky struct {
	capacity, rate, level float64
	last                  time.Time
}

func (b *leaky) admit(now time.Time, _ http.Header) bool {
	if !b.last.IsZero() {
		b.level = max(0, b.level-b.rate*now.Sub(b.last).Seconds())
	}
	b.last = now
	if b.level+1 > b.capacity+1e-9 {
		return false
	}
	b.level++
	return true
}

// sliding allows so many requests in any period of this length.
type sliding struct {
	limit  int
	period time.Duration
	times  []time.Time
}

func (b *sliding) admit(now time.Time, _ http.Header) bool {
	for len(b.times) > 0 && now.Sub(b.times[0]) >= b.period {
		b.times = b.times[1:]
	}
	if len(b.times) >= b.limit {
		return false
	}
	b.times = append(b.times, now)
	return true
}

// planWindow allows so many requests per minute, then one per second until the
// minute ends, and tells how many are left.
type planWindow struct {
	limit, used int
	ends, last  time.Time
}

func (b *planWindow) admit(now time.Time, header http.Header) bool {
	if !now.Before(b.ends) {
		b.used, b.ends = 0, now.Truncate(time.Minute).Add(time.Minute)
	}
	admitted := b.used < b.limit || now.Sub(b.last) >= time.Second
	if admitted {
		b.used++
		b.last = now
	}
	header.Set("X-RateLimit-Limit", strconv.Itoa(b.limit))
	header.Set("X-RateLimit-Remaining", strconv.Itoa(max(0, b.limit-b.used)))
	header.Set("X-RateLimit-Reset", strconv.FormatInt(b.ends.Unix(), 10))
	return admitted
}

// simulated is a vendor behind a network that takes its time.
type simulated struct {
	mu       sync.Mutex
	buckets  []bucket
	latency  time.Duration
	jitter   time.Duration
	start    time.Time
	refused  int
	admitted int // from the second minute on
}

func (s *simulated) RoundTrip(r *http.Request) (*http.Response, error) {
	s.travel()
	resp := &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody, Request: r}
	s.mu.Lock()
	now := time.Now()
	for _, b := range s.buckets {
		if !b.admit(now, resp.Header) {
			resp.StatusCode = 429
			s.refused++
			break
		}
	}
	if resp.StatusCode == 200 && now.Sub(s.start) >= time.Minute {
		s.admitted++
	}
	s.mu.Unlock()
	s.travel()
	return resp, nil
}

func (s *simulated) travel() {
	time.Sleep((s.latency + rand.N(s.jitter+1)) / 2)
}

// TestWholeQuota runs calls through the whole pipeline: no 429, and 99 % of what
// the vendor allows from the second minute on.
func TestWholeQuota(t *testing.T) {
	t.Parallel()
	shopline := ratelimit.Limit{Burst: 40, Rate: 4}
	narrow, wide := ratelimit.Limit{Burst: 40, Rate: 2}, ratelimit.Limit{Burst: 80, Rate: 20}
	plan := ratelimit.Limit{Window: ratelimit.Window{Requests: 120, Period: time.Minute, Overflow: 1}, ReadHeaders: true}
	perIP := ratelimit.Limit{Burst: 3, Rate: 497.0 / 600, Horizon: 10 * time.Minute}
	vendors := []struct {
		name    string
		limits  []*ratelimit.Limit
		buckets func() []bucket
		rate    float64
	}{
		{"SHOPLINE", []*ratelimit.Limit{&shopline}, func() []bucket { return []bucket{&leaky{capacity: 40, rate: 4}} }, 4},
		{"Shoplazza", []*ratelimit.Limit{&narrow, &wide}, func() []bucket {
			return []bucket{&leaky{capacity: 40, rate: 2}, &leaky{capacity: 80, rate: 20}}
		}, 2},
		{"Salla", []*ratelimit.Limit{&plan, &perIP}, func() []bucket {
			return []bucket{&planWindow{limit: 120}, &sliding{limit: 500, period: 10 * time.Minute}}
		}, 500.0 / 600},
	}
	for _, vendor := range vendors {
		for _, crowd := range []struct{ clients, callers int }{{1, 1}, {1, 8}, {1, 64}, {4, 16}} {
			t.Run(fmt.Sprintf("%s/%d clients of %d callers", vendor.name, crowd.clients, crowd.callers), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					const duration = 12 * time.Minute
					server := &simulated{buckets: vendor.buckets(), latency: 60 * time.Millisecond, jitter: 40 * time.Millisecond, start: time.Now()}
					var quotas []transport.Quota
					for i, limit := range vendor.limits {
						quotas = append(quotas, transport.Quota{Bucket: strconv.Itoa(i), Limit: limit})
					}

					var callers sync.WaitGroup
					for range crowd.clients {
						client := newClient(t, transport.Config{Quotas: quotas, Options: souk.Options{HTTPClient: &http.Client{Transport: server}}})
						for range crowd.callers {
							callers.Go(func() {
								for time.Since(server.start) < duration {
									err := client.Do(t.Context(), classCall(transport.Safe))
									assert.NoError(t, err)
								}
							})
						}
					}
					callers.Wait()

					reached := float64(server.admitted) / (vendor.rate * (time.Since(server.start) - time.Minute).Seconds())
					t.Logf("%.2f %% of the quota, %d refusals", 100*reached, server.refused)
					assert.Zero(t, server.refused)
					assert.GreaterOrEqual(t, reached, 0.99)
				})
			})
		}
	}
}
