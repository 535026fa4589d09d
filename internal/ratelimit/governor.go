// Package ratelimit keeps the calls of a process within the quotas that vendors
// grant.
//
// There is one Governor per quota, shared by every client whose calls count against it.
// It paces the requests by a model of the quota: the vendor's bucket or window, or,
// where no limit is published, a pace that is learned from the refusals. A 429 closes
// its gate for all callers; then one request at a time probes whether the server
// accepts requests again. Callers are served in order of arrival, except that a request
// that was answered 429 goes first. A Governor runs no goroutine of its own.
package ratelimit

import (
	"sync"
	"time"
)

// Governor guards one quota. It is made by For and safe for concurrent use.
type Governor struct {
	key      Key
	limit    Limit
	registry *registry
	made     time.Time
	used     bool // looked up since the registry's hand was last there

	mu       sync.Mutex
	dropped  bool  // no longer in the registry
	queue    queue // those who wait for the pace
	gated    queue // those with a Limiter: they wait for the gate alone
	inflight int
	gate     gate
	models   []model
}

func newGovernor(key Key, limit Limit) *Governor {
	g := &Governor{key: key, limit: limit, made: time.Now()}
	if b := newBucket(limit); b != nil {
		g.models = append(g.models, b)
	}
	if w := newWindow(limit); w != nil {
		g.models = append(g.models, w)
	}
	if g.models == nil {
		g.models = append(g.models, newPace(g.made))
	}
	return g
}

// lock locks the governor, or the one that replaced it in the registry.
func (g *Governor) lock() *Governor {
	for {
		g.mu.Lock()
		if !g.dropped {
			return g
		}
		g.mu.Unlock()
		g = g.registry.get(g.key, g.limit)
	}
}

// drop marks the governor as dropped if a new one could replace it unnoticed. A locked
// governor is in use, and one that was made at a quite different time has another clock,
// of a synctest bubble.
func (g *Governor) drop(now time.Time) bool {
	if now.Sub(g.made).Abs() > longest || !g.mu.TryLock() {
		return false
	}
	defer g.mu.Unlock()
	g.dropped = g.inflight == 0 && g.queued() == 0 && g.fresh(now)
	return g.dropped
}

func (g *Governor) fresh(now time.Time) bool {
	for _, m := range g.models {
		if !m.fresh(now) {
			return false
		}
	}
	return g.gate.fresh(now)
}

func (g *Governor) queued() int { return g.queue.length + g.gated.length }

// look reports whether a request may leave now that has queued others before it. If
// not, least is the shortest possible wait as far as known, and again the time after
// which to look again; zero means that only an answer can decide.
func (g *Governor) look(now time.Time, queued int, opts WaitOptions) (ready bool, least, again time.Duration) {
	ready = true
	if opts.Limiter == nil {
		for _, m := range g.models {
			room, d := m.ready(now, g.inflight, queued)
			ready = ready && room
			least = max(least, d)
		}
	}
	if opts.MaxInflight > 0 && g.inflight >= opts.MaxInflight {
		ready = false
	}
	next := g.gate.wait(now)
	return ready && next == 0, max(least, g.gate.left(now)), max(least, next)
}

// admit lets a request leave. It becomes the probe if the gate is closed.
func (g *Governor) admit(now time.Time, limiter Limiter) Ticket {
	for _, m := range g.models {
		m.sent(now, g.inflight)
	}
	g.inflight++
	return Ticket{governor: g, sent: now, limiter: limiter, probe: g.gate.probe(now)}
}

// settle notes the outcome of a ticket's request.
func (g *Governor) settle(now time.Time, t Ticket, o outcome) {
	o.sent, o.inflight, o.waiting = t.sent, g.inflight, g.queue.first != nil
	g.gate.settle(now, t.probe, &o)
	for _, m := range g.models {
		m.settle(now, o)
	}
	g.inflight = max(g.inflight-1, 0)
	g.queue.callFirst(g.inflight)
	g.gated.callFirst(g.inflight)
}
