package ratelimit

import (
	"math"
	"slices"
	"time"
)

const (
	paceShare = 0.8  // of what was served before a refusal
	paceLeast = 1    // request per second
	steepRise = 1.5  // per second, until the first refusal at a known pace
	rise      = 1.05 // per second, from then on
	enough    = 5    // served requests that a pace can be learned from
	forgetful = 10 * time.Minute
	timerSlip = 10 * time.Millisecond // timers are late by less
)

// pace is learned if no limit is published. Before a refusal there is none. When the
// gate closes, it measures what the server has accepted until then. When the gate
// opens, it starts a little below that, and rises while it holds a caller back.
//
// If too little was accepted to measure, two requests are sent, and two more for each
// that the server accepts, until nobody waits or the next refusal comes.
type pace struct {
	rate   float64   // requests per second, zero: not known
	steep  bool      // nothing was refused since rate became known
	tokens float64   // requests that may leave at once
	holds  bool      // somebody waits for a token
	clock  time.Time // of rate and tokens

	window int // requests in flight while nothing is known, zero: no bound

	refusal time.Time // when the last 429 came, zero: forgotten
	shut    time.Time // when the gate closed, zero: it is open
	last    time.Time // when the request left that closed the gate
	asked   bool      // the server named the time for which it stays closed

	served departures

	// The rate was learned from the requests that left between these moments.
	learned  float64
	from, to time.Time
}

func newPace(now time.Time) *pace {
	return &pace{clock: now, served: departures{epoch: now}}
}

func (p *pace) ready(now time.Time, inflight, queued int) (bool, time.Duration) {
	p.tick(now)
	if !p.shut.IsZero() {
		return true, 0 // the gate lets one through at a time
	}
	if p.rate == 0 {
		return p.window == 0 || inflight < p.window, 0
	}
	lack := float64(queued+1) - p.tokens
	if lack <= 1e-9 {
		return true, 0
	}
	p.holds = true
	return false, p.takes(lack)
}

// takes returns how long the rate takes for n requests while it rises.
func (p *pace) takes(n float64) time.Duration {
	growth := math.Log(p.growth())
	return seconds(math.Log1p(n*growth/p.rate) / growth)
}

// growth is the factor by which the rate rises in a second.
func (p *pace) growth() float64 {
	if p.steep {
		return steepRise
	}
	return rise
}

func (p *pace) sent(time.Time, int) {
	p.tokens = max(p.tokens-1, 0)
}

func (p *pace) settle(now time.Time, o outcome) {
	p.tick(now)
	switch o.fate {
	case unsent:
		p.tokens = max(p.tokens, min(p.tokens+1, p.room()))
	case passed:
		p.served.add(o.sent)
		p.widen(o.waiting)
		if o.opened {
			p.open(now)
		} else {
			p.correct(o.sent)
		}
	case refused:
		p.refuse(now, o)
	}
}

// widen makes room for two more requests while nothing is known: the accepted one has
// freed a place, and one place is added.
func (p *pace) widen(waiting bool) {
	switch {
	case p.window == 0 || !p.shut.IsZero():
	case waiting:
		p.window++
	default:
		p.window = 0
	}
}

// refuse notes a 429. The request that closes the gate ends the measurement.
func (p *pace) refuse(now time.Time, o outcome) {
	p.refusal = now
	p.asked = o.asked > 0
	if p.shut.IsZero() {
		p.shut, p.last = now, o.sent
	}
}

// open sets the pace when the gate opens. It counts now, so that answers since the gate
// closed are included. Which request of a burst is refused first is chance, so requests
// sent after that one count, too: the most that were sent within a second. If the
// server asked for the wait, half of what the pace would have let through meanwhile may
// be sent at once, since the server's bucket has drained.
func (p *pace) open(now time.Time) {
	if p.shut.IsZero() {
		return
	}
	from, to := p.last.Add(-time.Second), p.shut
	p.shut = time.Time{}
	served := p.served.most(from, to)
	if p.rate == 0 && p.window == 0 && served < enough {
		p.window = 2
		return
	}
	p.steep = p.rate == 0
	p.window = 0
	p.rate = max(paceShare*float64(served), p.rate/2, paceLeast)
	p.learned, p.from, p.to = p.rate, from, to
	p.tokens = 0
	if p.asked {
		p.tokens = p.rate * min(now.Sub(to).Seconds(), 1) / 2
	}
}

// correct notes an accepted request that was sent before the gate closed and is
// answered only now.
func (p *pace) correct(sent time.Time) {
	if sent.After(p.to) {
		return
	}
	learned := max(paceShare*float64(p.served.most(p.from, p.to)), p.learned)
	p.rate *= learned / p.learned
	p.learned = learned
}

// tick updates rate and tokens. The rate rises until the waiting caller has its token.
func (p *pace) tick(now time.Time) {
	span := now.Sub(p.clock).Seconds()
	p.clock = now
	if !p.refusal.IsZero() && p.shut.IsZero() && now.Sub(p.refusal) > forgetful {
		p.rate, p.window, p.refusal = 0, 0, time.Time{}
	}
	if p.rate == 0 || !p.shut.IsZero() || span <= 0 {
		return
	}
	if p.holds {
		p.rate *= math.Pow(p.growth(), min(span, p.takes(1-p.tokens).Seconds()))
	}
	p.tokens = max(p.tokens, min(p.tokens+span*p.rate, p.room()))
	p.holds = p.tokens < 1
}

// room returns how many tokens accumulate while nobody needs one: one, plus those for
// the time by which a timer can be late.
func (p *pace) room() float64 {
	return 1 + p.rate*timerSlip.Seconds()
}

// fill returns a half, as the level is not known: a bucket or window that is fuller is
// the one that refused.
func (p *pace) fill(time.Time, int, Answer) float64 { return 0.5 }

func (p *pace) quota(time.Time, int) Quota { return Quota{} }

func (p *pace) fresh(now time.Time) bool {
	p.tick(now)
	return p.refusal.IsZero() && p.served.count(now.Add(-time.Second), now) == 0
}

// departures holds when the accepted requests were sent, the last mostDepartures of
// them in the order of their answers.
type departures struct {
	epoch time.Time
	since []time.Duration // since epoch
	next  int             // of a full slice, to be overwritten
}

const mostDepartures = 1024

func (d *departures) add(at time.Time) {
	since := at.Sub(d.epoch)
	if len(d.since) < mostDepartures {
		d.since = append(d.since, since)
		return
	}
	d.since[d.next] = since
	d.next = (d.next + 1) % mostDepartures
}

// count returns how many left after from, and not after to.
func (d *departures) count(from, to time.Time) int { return len(d.between(from, to)) }

// most returns how many left within a second, at most, after from and not after to.
func (d *departures) most(from, to time.Time) int {
	since := d.between(from, to)
	slices.Sort(since)
	most, first := 0, 0
	for i := range since {
		for since[i]-since[first] >= time.Second {
			first++
		}
		most = max(most, i+1-first)
	}
	return most
}

func (d *departures) between(from, to time.Time) []time.Duration {
	var found []time.Duration
	first, last := from.Sub(d.epoch), to.Sub(d.epoch)
	for _, since := range d.since {
		if since > first && since <= last {
			found = append(found, since)
		}
	}
	return found
}
