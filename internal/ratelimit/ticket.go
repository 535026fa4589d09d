package ratelimit

import (
	"net/http"
	"time"
)

// Ticket stands for one request that may be sent. Either Done, DoneAll or Cancel must be called exactly once. The zero
// Ticket does nothing.
type Ticket struct {
	governor *Governor
	sent     time.Time
	limiter  Limiter
	waited   time.Duration
	gated    bool
}

// Waited returns how long the ticket was waited for, 0 if there was no need to.
func (t Ticket) Waited() time.Duration { return t.waited }

// Gated reports whether the gate was closed meanwhile.
func (t Ticket) Gated() bool { return t.gated }

// Done hands the ticket back with the answer.
func (t Ticket) Done(a Answer) {
	t.done(time.Now(), a, true)
}

// Cancel hands the ticket back when the request surely never left. It costs no quota.
func (t Ticket) Cancel() {
	if t.governor == nil {
		return
	}
	t.governor.mu.Lock()
	defer t.governor.mu.Unlock()
	t.governor.release()
}

// DoneAll hands back the tickets of one request that counts against several quotas, in the order in which they were
// waited for. Only one quota refused: a 429 is held against the one that is fullest by its model, any other Retry-After
// against the first. Zero tickets are skipped.
func DoneAll(a Answer, tickets ...Ticket) {
	now := time.Now()
	blamed := 0
	if a.Status == http.StatusTooManyRequests {
		blamed = fullest(now, a, tickets)
	}
	for i, t := range tickets {
		t.done(now, a, i == blamed)
	}
}

// fullest returns the index of the ticket whose quota is used up most, the first of several.
func fullest(now time.Time, a Answer, tickets []Ticket) int {
	index, most := 0, 0.0
	for i, t := range tickets {
		if fill := t.fill(now, a); fill > most {
			index, most = i, fill
		}
	}
	return index
}

func (t Ticket) fill(now time.Time, a Answer) float64 {
	g := t.governor
	if g == nil {
		return 0
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	fill := 0.0
	if g.bucket != nil {
		fill = g.bucket.fill(now, g.inflight)
	}
	if g.window == nil {
		return fill
	}
	if r, ok := g.window.read(now, a.Header); g.window.headers && ok {
		if r.remaining == 0 {
			return max(fill, 1)
		}
		return fill
	}
	return max(fill, g.window.fill(g.inflight))
}

// done takes the answer in. A 429 or Retry-After closes the gate only if this quota is blamed.
func (t Ticket) done(now time.Time, a Answer, blamed bool) {
	g := t.governor
	if g == nil {
		return
	}
	refused := blamed && a.Status == http.StatusTooManyRequests
	g.mu.Lock()
	g.take(now, t.sent, a, blamed, refused)
	until := g.gate.until
	g.mu.Unlock()
	if p, ok := t.limiter.(interface{ Pause(until time.Time) }); ok && refused {
		p.Pause(until)
	}
}

func (g *Governor) take(now, sent time.Time, a Answer, blamed, refused bool) {
	if g.window != nil {
		g.window.answered(now, sent, a, g.inflight, refused)
	}
	switch {
	case g.bucket == nil:
	case refused:
		g.bucket.refused(now, sent)
	default:
		g.bucket.answered(now)
	}
	asked := time.Duration(0)
	if blamed && a.Status >= 400 {
		asked, _ = RetryAfter(a.Header, now)
	}
	switch {
	case refused:
		g.gate.refused(now, sent, asked)
	case asked > 0:
		g.gate.close(now, asked)
	case a.Status != 0 && a.Status != http.StatusTooManyRequests:
		g.gate.passed(sent)
	}
	g.release()
}

func (g *Governor) release() {
	g.inflight = max(g.inflight-1, 0)
	g.queue.callFirst()
}
