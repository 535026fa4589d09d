package ratelimit

import (
	"math/rand/v2"
	"time"
)

const (
	firstPause   = 100 * time.Millisecond
	longestPause = 15 * time.Second
	longClosure  = 15 * time.Minute
	longProbe    = time.Minute // between probes of a long closure
)

// gate is closed by a 429, for all callers. When the time that the server asked for has
// passed, one request at a time is sent as a probe; the first one that the server
// accepts opens the gate.
type gate struct {
	closed  bool
	until   time.Time     // for which the server asked, or the end of our own pause
	long    bool          // closed for longer than longClosure
	refusal time.Time     // when the last 429 came that moved it
	strikes int           // refusals in a row: that which closed it, and of probes
	pause   time.Duration // our own for the last of them

	next    time.Time     // before this nothing passes
	held    time.Time     // since when nothing passes, if next is to come
	earlier time.Duration // for which nothing passed before held

	moved chan struct{} // closed when until changes; nil while nobody listens
}

// wait returns how long nothing passes, unless the probe in flight opens the gate
// earlier.
func (g *gate) wait(now time.Time) time.Duration {
	return max(g.next.Sub(now), 0)
}

// left returns the rest of the time that the server asked for. It is zero while a probe
// decides.
func (g *gate) left(now time.Time) time.Duration {
	return max(g.until.Sub(now), 0)
}

// hold lets nothing pass until next.
func (g *gate) hold(now, next time.Time) {
	g.earlier = g.spent(now)
	g.held, g.next = now, next
}

// spent returns for how long nothing passed in total. The difference between two
// results is the time between them.
func (g *gate) spent(now time.Time) time.Duration {
	return g.earlier + max(now.Sub(g.held)-max(now.Sub(g.next), 0), 0)
}

// probe notes a request that passes and reports whether it is a probe. The next one
// waits for its answer, but not forever.
func (g *gate) probe(now time.Time) bool {
	switch {
	case !g.closed:
		return false
	case g.long:
		g.hold(now, now.Add(longProbe))
	default:
		g.hold(now, now.Add(longestPause))
	}
	return true
}

// settle notes the outcome of a request. It sets opened, and changes a refusal that
// says nothing new to late.
func (g *gate) settle(now time.Time, probe bool, o *outcome) {
	overtaken := o.sent.Before(g.refusal)
	switch {
	case o.fate == refused && (overtaken || g.closed && !probe):
		o.fate = late
		g.extend(now, o.asked)
	case o.fate == refused:
		g.close(now, g.strike(o.asked))
	case !probe || overtaken:
	case o.fate == passed:
		g.open(now)
		o.opened = true
	case o.fate == unsent || !g.long:
		g.hold(now, now)
	}
}

// strike counts a refusal and returns for how long it closes the gate: as long as the
// server asked, or else a random time from half to all of firstPause. A refused probe
// doubles that, whatever the server asks.
func (g *gate) strike(asked time.Duration) time.Duration {
	g.strikes++
	if g.strikes > 1 {
		if g.pause *= 2; g.pause > longestPause {
			g.pause = halfToAll(longestPause)
		}
		return max(g.pause, asked)
	}
	g.pause = halfToAll(firstPause)
	if asked > 0 {
		return asked
	}
	return g.pause
}

// halfToAll returns a random part of d, at least half, so that several processes do not
// keep in step.
func halfToAll(d time.Duration) time.Duration { return d - rand.N(d/2) }

func (g *gate) close(now time.Time, d time.Duration) {
	g.closed, g.long = true, d > longClosure
	g.refusal, g.until = now, now.Add(d)
	g.hold(now, g.until)
	if g.long {
		g.hold(now, now.Add(longProbe))
	}
	if g.moved != nil {
		close(g.moved)
		g.moved = nil
	}
}

// extend closes the gate for as long as a late refusal asks, if that is longer.
func (g *gate) extend(now time.Time, asked time.Duration) {
	if asked > 0 && now.Add(asked).After(g.until) {
		g.close(now, asked)
	}
}

func (g *gate) open(now time.Time) {
	g.hold(now, now)
	g.closed, g.strikes, g.until = false, 0, time.Time{}
}

// listen returns a channel that is closed when the gate moves.
func (g *gate) listen() <-chan struct{} {
	if g.moved == nil {
		g.moved = make(chan struct{})
	}
	return g.moved
}

// fresh reports whether the gate is as good as new.
func (g *gate) fresh(now time.Time) bool {
	return !g.closed || now.Sub(g.until) > longestPause
}
