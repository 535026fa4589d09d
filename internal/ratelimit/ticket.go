package ratelimit

import (
	"net/http"
	"time"
)

// Ticket stands for one request that may be sent. Either Done, DoneAll or Cancel
// must be called exactly once. The zero Ticket does nothing.
type Ticket struct {
	governor *Governor
	sent     time.Time
	limiter  Limiter
	probe    bool
	waited   time.Duration
	held     time.Duration
}

// Waited returns how long the ticket was waited for.
func (t Ticket) Waited() time.Duration { return t.waited }

// Held returns for how much of that time the gate let nothing pass.
func (t Ticket) Held() time.Duration { return t.held }

// Done returns the ticket with the answer.
func (t Ticket) Done(a Answer) { DoneAll(a, t) }

// Cancel returns the ticket if the request was certainly never sent. It costs no quota.
func (t Ticket) Cancel() {
	if t.governor == nil {
		return
	}
	t.governor.mu.Lock()
	defer t.governor.mu.Unlock()
	t.governor.settle(time.Now(), t, outcome{fate: unsent})
}

// DoneAll returns the tickets of one request that counts against several quotas, in the
// order in which they were waited for. A 429 counts against one quota only: the one
// that is fullest by its model. Zero tickets are skipped.
func DoneAll(a Answer, tickets ...Ticket) {
	now := time.Now()
	blamed := 0
	if a.Status == http.StatusTooManyRequests {
		blamed = fullest(now, a, tickets)
	}
	var pauses []func()
	for i, t := range tickets {
		if pause := t.done(now, a, i == blamed); pause != nil {
			pauses = append(pauses, pause)
		}
	}
	for _, pause := range pauses { // at the end, since it can block or panic
		pause()
	}
}

// fullest returns the index of the ticket whose quota is used up most, the first
// of several.
func fullest(now time.Time, a Answer, tickets []Ticket) int {
	index, most := 0, 0.0
	for i, t := range tickets {
		if fill := t.fill(now, a); fill > most {
			index, most = i, fill
		}
	}
	return index
}

// unknownFill is the assumed level of a quota with a limiter of the user: more than a
// quota that has room by its model, and less than one that has none.
const unknownFill = 0.9

func (t Ticket) fill(now time.Time, a Answer) float64 {
	g := t.governor
	switch {
	case g == nil:
		return 0
	case t.limiter != nil:
		return unknownFill
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	fill := 0.0
	for _, m := range g.models {
		fill = max(fill, m.fill(now, g.inflight, a))
	}
	return fill
}

// done notes the answer. A 429 counts as a refusal only if this quota is blamed. pause is
// what the user's limiter then does, or nil.
func (t Ticket) done(now time.Time, a Answer, blamed bool) (pause func()) {
	g := t.governor
	if g == nil {
		return nil
	}
	o := outcome{Answer: a, fate: passed}
	switch {
	case a.Status == 0, a.Status == http.StatusTooManyRequests && !blamed:
		o.fate = unknown
	case a.Status == http.StatusTooManyRequests:
		o.fate = refused
		o.asked, _ = RetryAfter(a.Header, now)
	}
	g.mu.Lock()
	g.settle(now, t, o)
	until := g.gate.until
	g.mu.Unlock()
	if p, ok := t.limiter.(interface{ Pause(until time.Time) }); ok && o.fate == refused {
		return func() { p.Pause(until) }
	}
	return nil
}
