package ratelimit

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// pages are a number of pages that callers read together from a server that
// publishes no limit. A page that is refused is asked for again.
type pages struct {
	total   int
	clients int           // each looks the governor up for itself
	apart   bool          // the clients are those of several processes
	callers int           // of each client
	latency time.Duration // its mean; half to one and a half times as long
	foreign float64       // requests per second of another program
	budget  time.Duration // for which a page waits at the gate
	sockets               // what is between them and the server, if anything
}

// sockets are why requests that leave at once do not arrive in the order in which they
// left.
type sockets struct {
	start time.Duration // within which the callers begin
	dial  time.Duration // that a caller's first request takes, at most
	slip  time.Duration // by which anything comes late, at most
	most  int           // requests at a time, zero: any
}

// upTo returns a random time, d at most.
func (sockets) upTo(random *rand.Rand, d time.Duration) time.Duration {
	return time.Duration(random.Int64N(int64(d) + 1))
}

// progress is what became of them.
type progress struct {
	length  time.Duration
	lost    int
	refused int // requests that left after the first refusal had come
	probes  int // of these
	foreign int // requests of the other program that were served
}

// run is a reading under way.
type run struct {
	pages
	server server
	start  time.Time

	mu    sync.Mutex
	begun int       // pages
	first time.Time // when the first refusal came
	got   progress
}

// read reads the pages from server.
func (p pages) read(t *testing.T, seed uint64, server server) progress {
	r := run{pages: p, server: server, start: time.Now()}
	governors := new(registry)
	var callers sync.WaitGroup
	for range p.clients {
		if p.apart {
			governors = new(registry)
		}
		client := governors.get(Key{Host: "unpublished.example"}, Limit{})
		for i := range p.callers {
			random := rand.New(rand.NewPCG(seed, uint64(i)))
			callers.Go(func() {
				time.Sleep(p.upTo(random, p.start))
				dial := p.upTo(random, p.dial)
				for r.next() {
					r.page(t, client, random, dial)
					dial = 0
				}
			})
		}
	}
	done := make(chan struct{})
	var other sync.WaitGroup
	if p.foreign > 0 {
		other.Go(func() { r.intrude(done) })
	}
	callers.Wait()
	close(done)
	other.Wait()
	return r.got
}

// next reports whether there is another page to read.
func (r *run) next() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.begun++
	return r.begun <= r.total
}

// page reads one. The first request dials for so long.
func (r *run) page(t *testing.T, g *Governor, random *rand.Rand, dial time.Duration) {
	opts := WaitOptions{MaxGate: r.budget, MaxInflight: r.most}
	for {
		ticket, err := g.Wait(t.Context(), opts)
		if err != nil {
			r.mu.Lock()
			r.got.lost++
			r.mu.Unlock()
			return
		}
		sent := time.Now()
		way := time.Duration(float64(r.latency) * (0.5 + random.Float64()) / 2)
		time.Sleep(dial + way + r.upTo(random, r.slip))
		answer := r.server.serve()
		time.Sleep(way + r.upTo(random, r.slip))
		dial = 0
		ticket.Done(answer)
		if answer.Status == http.StatusOK {
			r.served()
			return
		}
		r.refuse(sent, ticket.probe)
		opts.Refused = true
		opts.MaxGate -= ticket.Held()
	}
}

func (r *run) served() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.got.length = time.Since(r.start)
}

func (r *run) refuse(sent time.Time, probe bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.first.IsZero():
		r.first = time.Now()
	case !sent.Before(r.first):
		r.got.refused++
	}
	if probe {
		r.got.probes++
	}
}

// intrude is the other program. It does not ask twice.
func (r *run) intrude(done <-chan struct{}) {
	tick := time.NewTicker(time.Duration(float64(time.Second) / r.foreign))
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-tick.C:
			if r.server.serve().Status == http.StatusOK {
				r.got.foreign++
			}
		}
	}
}

// leaky40 is full after 40 requests and drains 40 per second.
func leaky40() server { return newLeaky(40, 40) }

// full is the same when it is full already.
func full() server {
	s := newLeaky(40, 40)
	for range 40 {
		s.serve()
	}
	return s
}

func window120() server { return &fixed{requests: 120, period: time.Minute} }

func fast10() server { return newLeaky(10, 200) }

// down refuses everything for two seconds, and then nothing.
type down time.Time

func down2() server { return down(time.Now().Add(2 * time.Second)) }

func (s down) serve() Answer {
	if time.Now().Before(time.Time(s)) {
		return tooMany
	}
	return accepted
}

// asking adds a Retry-After of a second to the refusals of a server.
type asking struct{ server }

func (s asking) serve() Answer {
	if a := s.server.serve(); a.Status == http.StatusOK {
		return a
	}
	return after(http.StatusTooManyRequests, "1")
}

// lesson is a server that a pace is learned from, and how well that must go.
type lesson struct {
	name   string
	server func() server
	pages  pages // without callers, clients and latency
	runs   int   // with other latencies and pauses each

	twoClients bool // also with two clients
	near       bool // only with a short latency
	silent     bool // only without Retry-After

	least      func(p progress) float64 // seconds that the server takes at least
	mean, each float64                  // of the least time: the usual, and eight times its deviation
	refused    float64                  // of the pages, zero: any
	probes     int                      // that are refused, zero: any
}

// bucketTakes is how long the bucket of 40 takes for 400 pages.
func bucketTakes(p progress) float64 { return float64(400+p.foreign-40) / 40 }

func takes(seconds float64) func(progress) float64 {
	return func(progress) float64 { return seconds }
}

func lessons() []lesson {
	return []lesson{
		{
			name: "bucket of 40 at 40 per second", server: leaky40, pages: pages{total: 400, budget: time.Minute},
			runs: 20, twoClients: true,
			least: bucketTakes, mean: 1.08, each: 1.12, refused: 0.03,
		},
		{
			name: "the same bucket over sockets", server: leaky40, pages: pages{total: 400, budget: time.Minute, sockets: sockets{
				start: 5 * time.Millisecond, dial: 20 * time.Millisecond, slip: time.Millisecond, most: 48,
			}},
			runs: 20, twoClients: true,
			least: bucketTakes, mean: 1.08, each: 1.12, refused: 0.03,
		},
		{
			name: "another program takes a fifth", server: leaky40, pages: pages{total: 400, foreign: 8, budget: time.Minute},
			runs:  5,
			least: bucketTakes, mean: 1.1, each: 1.15, refused: 0.03,
		},
		{
			name: "bucket that is full at the start", server: full, pages: pages{total: 400, budget: time.Minute},
			runs:  5,
			least: takes(10), mean: 1.7, each: 1.85,
		},
		{
			name: "bucket of 10 at 200 per second", server: fast10, pages: pages{total: 2000, budget: time.Minute},
			runs: 3, silent: true,
			least: takes(9.95), mean: 1.8, each: 1.8, refused: 0.03,
		},
		{
			name: "window of 120 per minute", server: window120, pages: pages{total: 400, budget: time.Hour},
			runs:  5,
			least: takes(180), mean: 1.13, each: 1.2, probes: 3 * 15,
		},
		{
			name: "two processes", server: leaky40, pages: pages{total: 400, apart: true, budget: time.Minute},
			runs: 3, twoClients: true,
			least: bucketTakes, mean: 2, each: 2.5, // nothing lost, and no more is promised
		},
		{
			name: "429 for two seconds", server: down2, pages: pages{total: 400, budget: 5 * time.Second},
			runs: 5, near: true,
			least: takes(6), mean: 1.1, each: 1.4,
		},
	}
}

// variants are all of what the lesson is to be held with.
func (l lesson) variants() []pages {
	latencies, clients := []time.Duration{3 * time.Millisecond, 50 * time.Millisecond}, 1
	if l.near {
		latencies = latencies[:1]
	}
	if l.twoClients {
		clients = 2
	}
	var all []pages
	for _, latency := range latencies {
		for _, callers := range []int{1, 8, 64} {
			for n := range clients {
				p := l.pages
				p.latency, p.callers, p.clients = latency, callers, n+1
				all = append(all, p)
			}
		}
	}
	return all
}

// hold reads the pages as often as the lesson says.
func (l lesson) hold(t *testing.T, p pages, asks bool) []progress {
	all := make([]progress, min(l.runs, max(5, l.runs/scale)))
	synctest.Test(t, func(t *testing.T) {
		var wait sync.WaitGroup
		for i := range all {
			server := l.server()
			if asks {
				server = asking{server}
			}
			wait.Go(func() { all[i] = p.read(t, uint64(i), server) })
		}
		wait.Wait()
	})
	return all
}

// judge compares what came of it with what must come of it. Where the latency
// leaves the callers no more, that is the least time.
func (l lesson) judge(t *testing.T, p pages, all []progress) {
	var mean, each, refused float64
	probes := 0
	for _, got := range all {
		least := max(l.least(got), float64(p.total)*p.latency.Seconds()/float64(p.callers*p.clients))
		length := got.length.Seconds() / least
		mean += length / float64(len(all))
		each = max(each, length)
		refused = max(refused, float64(got.refused)/float64(p.total))
		probes = max(probes, got.probes)
		assert.Zero(t, got.lost)
	}
	t.Logf("%.3f of the least time, at most %.3f; at most %.2f %% refused, and %d probes", mean, each, 100*refused, probes)
	assert.LessOrEqual(t, mean, l.mean)
	assert.LessOrEqual(t, each, l.each)
	if l.refused > 0 {
		assert.LessOrEqual(t, refused, l.refused)
	}
	if l.probes > 0 {
		assert.LessOrEqual(t, probes, l.probes)
	}
}

func TestPaceIsLearned(t *testing.T) {
	t.Parallel()
	for _, l := range lessons() {
		for _, p := range l.variants() {
			for _, asks := range []bool{false, true} {
				if asks && l.silent {
					continue
				}
				name := fmt.Sprintf("%s/%v/%d clients of %d callers/asks %v", l.name, p.latency, p.clients, p.callers, asks)
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					l.judge(t, p, l.hold(t, p, asks))
				})
			}
		}
	}
}
