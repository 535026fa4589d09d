package ratelimit

import (
	"math"
	"time"

	"golang.org/x/time/rate"
)

const (
	leastShare = 0.05
	rise       = 0.01 // of the published rate, per horizon
	riseCover  = 0.02 // the same where the bucket covers a window: measuring one is noisier, and refusals come singly
)

// bucket models the vendor's leaky bucket. It counts an answered request as arrived at its answer, and a request in
// flight as standing in the bucket without draining.
//
// That is never less than the server's level, whatever the latency: the server's level at t is the largest excess of
// the arrivals in [s, t] over the drain since s, for any s, and each of those arrivals was either answered in [s, t] or
// is in flight at t. So while this level stays within the capacity, the server's does.
type bucket struct {
	rate    float64
	burst   int
	horizon time.Duration
	covers  bool // stands for a window as long as horizon

	room *rate.Limiter // what the answered requests leave free; drains at our share of rate

	climb float64   // of rate per horizon, while share grows
	share float64   // of rate that others leave to us, as far as known
	risen time.Time // when share was last raised

	refusal time.Time // when the last 429 came
	since   time.Time // when the measurement of our share began, zero: not begun
	full    bool      // the server's bucket was full then
	taken   int       // requests of ours that were accepted since
	last    time.Time // last admission
	clock   time.Time // the latest time seen
}

func newBucket(limit Limit) *bucket {
	if !(limit.Rate > 0) || math.IsInf(limit.Rate, 0) {
		return nil
	}
	b := &bucket{rate: limit.Rate, burst: max(limit.Burst, 1), share: 1, climb: rise}
	b.horizon = seconds(float64(b.burst) / b.rate)
	if limit.Horizon > b.horizon {
		b.horizon = limit.Horizon
		b.covers = true
		b.climb = riseCover
	}
	b.room = rate.NewLimiter(rate.Limit(b.rate), b.burst)
	return b
}

// wait returns whether a request may leave now and, if not, how long it takes at least. Before it come those in flight
// and those that are queued.
func (b *bucket) wait(now time.Time, inflight, queued int) (bool, time.Duration) {
	b.tick(now)
	lack := float64(inflight+queued+1) - b.room.TokensAt(now)
	switch {
	case lack <= 0:
		return true, 0
	case queued == 0 && inflight >= b.burst:
		return false, 0
	}
	return false, seconds(lack / (b.rate * b.share))
}

// sent notes an admission. When the bucket may have run empty, the measurement is void.
func (b *bucket) sent(now time.Time, inflight int) {
	void := b.room.TokensAt(now)-float64(inflight) >= float64(b.burst-b.reserve())
	if b.covers {
		void = now.Sub(b.last) > b.horizon
	}
	if void {
		b.since, b.full, b.taken = now, false, 0
	}
	b.last = now
}

// answered notes a request that the server let in. The level stops at what a refusal sets it to: the server's cannot be
// higher.
func (b *bucket) answered(now time.Time) {
	b.taken++
	if b.room.TokensAt(now) >= float64(1-b.reserve()) {
		b.room.ReserveN(now, 1)
	}
}

// refused notes a 429: the server's bucket is full. The level is set above the capacity by a reserve, so that the
// server's bucket drains by as much before we go on; that loses nothing while it does not run empty.
func (b *bucket) refused(now, sent time.Time) {
	if sent.Before(b.refusal) {
		return
	}
	b.refusal = now
	b.learn(now)
	b.room.SetBurstAt(now, 0)
	b.room.SetBurstAt(now, b.burst)
	b.room.ReserveN(now, b.reserve())
}

// learn measures our share. Between two moments at which it was full, the server's bucket drained rate × time, and what
// of that was not ours was taken by others.
func (b *bucket) learn(now time.Time) {
	span := now.Sub(b.since)
	switch {
	case b.since.IsZero():
		b.since, b.full, b.taken = now, true, 0
		return
	case b.full && span < b.horizon:
		return
	case b.full || b.covers && span >= b.horizon/2:
		drained := b.rate * max(span, b.horizon).Seconds()
		b.setShare(now, min(max(float64(b.taken)/drained, leastShare), 1))
	}
	b.since, b.full, b.taken = now, true, 0
}

// tick lets the share grow slowly back to the whole, for the others may have gone. When the clock has gone back, the
// room stays as it is and fills up from now on.
func (b *bucket) tick(now time.Time) {
	back := now.Before(b.clock)
	b.clock = now
	if back {
		b.setShare(now, b.share)
		return
	}
	if b.share == 1 {
		return
	}
	if gone := now.Sub(b.risen); gone > 0 {
		b.setShare(now, min(b.share+b.climb*float64(gone)/float64(b.horizon), 1))
	}
}

func (b *bucket) setShare(now time.Time, share float64) {
	b.share = share
	b.risen = now
	b.room.SetLimitAt(now, rate.Limit(b.rate*share))
}

func (b *bucket) reserve() int { return b.burst / 2 }

// fill returns how full the bucket is, 1 for full.
func (b *bucket) fill(now time.Time, inflight int) float64 {
	return 1 - (b.room.TokensAt(now)-float64(inflight))/float64(b.burst)
}

// fresh reports whether the bucket is as good as new.
func (b *bucket) fresh(now time.Time) bool {
	b.tick(now)
	return b.share == 1 && b.room.TokensAt(now) >= float64(b.burst)
}
