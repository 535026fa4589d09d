package ratelimit

import (
	"math/rand/v2"
	"time"
)

const (
	firstPause   = 200 * time.Millisecond
	longestPause = 30 * time.Second
)

// gate is closed for everybody until a moment that the server named, or that grows with every refusal in a row.
type gate struct {
	until   time.Time
	closed  time.Time     // when it was last closed
	strikes int           // refusals in a row, each of a request sent after the one before was known
	pause   time.Duration // bound of the first pause
	moved   chan struct{} // closed when until changes; nil while nobody listens
}

// wait returns how long the gate stays closed.
func (g *gate) wait(now time.Time) time.Duration {
	return max(g.until.Sub(now), 0)
}

// refused closes the gate after a 429 to a request sent at sent, for as long as the server asked or, when it did not,
// for a random part of a pause that doubles with every strike.
func (g *gate) refused(now, sent time.Time, asked time.Duration) {
	news := !sent.Before(g.closed)
	if news {
		g.strikes++
	}
	if asked > 0 {
		g.close(now, asked)
		return
	}
	if news {
		pause := min(g.pause<<min(g.strikes-1, 20), longestPause)
		g.close(now, 1+rand.N(pause))
	}
}

// passed forgets the strikes when a request sent after the last closing was let through.
func (g *gate) passed(sent time.Time) {
	if !sent.Before(g.closed) {
		g.strikes = 0
	}
}

func (g *gate) close(now time.Time, d time.Duration) {
	g.closed = now
	until := now.Add(d)
	if !until.After(g.until) {
		return
	}
	g.until = until
	if g.moved != nil {
		close(g.moved)
		g.moved = nil
	}
}

// listen returns a channel that is closed when the gate moves.
func (g *gate) listen() <-chan struct{} {
	if g.moved == nil {
		g.moved = make(chan struct{})
	}
	return g.moved
}

// fresh reports whether the gate is as good as new. Strikes count for another longestPause.
func (g *gate) fresh(now time.Time) bool {
	if g.strikes > 0 {
		return now.Sub(g.until) > longestPause
	}
	return !g.until.After(now)
}
