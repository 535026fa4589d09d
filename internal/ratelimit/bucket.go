package ratelimit

import (
	"math"
	"time"

	"golang.org/x/time/rate"
)

const (
	leastShare = 0.05
	shareRise  = 0.01 // of the published rate, per horizon
	coverRise  = 0.02 // where it covers a window: that is noisier to measure, and refusals come singly
)

// bucket models the vendor's leaky bucket. It counts an answered request as
// arrived at its answer, and a request in flight as standing in the bucket
// without draining.
//
// That is never less than the server's level, whatever the latency: the server's
// level at t is the largest excess of the arrivals in [s, t] over the drain since
// s, for any s, and each of those arrivals was either answered in [s, t] or is in
// flight at t. So while this level stays within the capacity, the server's does.
type bucket struct {
	rate    float64
	burst   int
	horizon time.Duration
	covers  bool // stands for a window as long as horizon

	room *rate.Limiter // what the answered requests leave free; drains at our share of rate

	climb float64   // of rate per horizon, while share grows
	share float64   // of rate that others leave to us, as far as known
	risen time.Time // when share was last raised

	since time.Time // when the measurement of our share began, zero: not begun
	full  bool      // the server's bucket was full then
	taken int       // requests of ours that were accepted since
	last  time.Time // last admission
	clock time.Time // the latest time seen
}

func newBucket(limit Limit) *bucket {
	if !(limit.Rate > 0) || math.IsInf(limit.Rate, 0) {
		return nil
	}
	b := &bucket{rate: limit.Rate, burst: max(limit.Burst, 1), share: 1, climb: shareRise}
	b.horizon = max(seconds(float64(b.burst)/b.rate), limit.Horizon)
	if limit.Horizon > 0 {
		b.covers = true
		b.climb = coverRise
	}
	b.room = rate.NewLimiter(rate.Limit(b.rate), b.burst)
	return b
}

// ready counts requests in flight and queued ones as taken.
func (b *bucket) ready(now time.Time, inflight, queued int) (bool, time.Duration) {
	b.tick(now)
	lack := float64(queued+1) - b.free(now, inflight)
	switch {
	case lack <= 0:
		return true, 0
	case queued == 0 && inflight >= b.burst:
		return false, 0
	}
	return false, seconds(lack / (b.rate * b.share))
}

// sent notes an admission. When the bucket may have run empty, the measurement
// is void.
func (b *bucket) sent(now time.Time, inflight int) {
	void := b.free(now, inflight) >= float64(b.burst-b.reserve())
	if b.covers {
		void = now.Sub(b.last) > b.horizon
	}
	if void {
		b.since, b.full, b.taken = now, false, 0
	}
	b.last = now
}

func (b *bucket) settle(now time.Time, o outcome) {
	switch o.fate {
	case unknown, passed:
		b.answered(now)
	case refused:
		b.refused(now)
	}
}

// answered notes a request that the server let in. The level stops at what a
// refusal sets it to: the server's cannot be higher.
func (b *bucket) answered(now time.Time) {
	b.taken++
	if b.room.TokensAt(now) >= float64(1-b.reserve()) {
		b.room.ReserveN(now, 1)
	}
}

// refused notes that the server's bucket is full. The level is set to the
// capacity and a reserve, so that sending resumes only when the server's bucket
// has room for the reserve. No throughput is lost as long as that bucket does
// not run empty.
func (b *bucket) refused(now time.Time) {
	b.learn(now)
	b.room = rate.NewLimiter(rate.Limit(b.rate*b.share), b.burst)
	b.room.ReserveN(now, b.burst)
	b.room.ReserveN(now, b.reserve())
}

// learn measures our share. Between two moments at which it was full, the
// server's bucket drained rate × time, and what of that was not ours was taken
// by others.
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

// tick lets the share grow slowly back to the whole, for the others may have
// gone. When the clock has gone back, the room stays as it is and fills up from
// now on.
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
	gone := max(now.Sub(b.risen), 0)
	b.setShare(now, min(b.share+b.climb*float64(gone)/float64(b.horizon), 1))
}

func (b *bucket) setShare(now time.Time, share float64) {
	b.share = share
	b.risen = now
	b.room.SetLimitAt(now, rate.Limit(b.rate*share))
}

func (b *bucket) reserve() int { return b.burst / 2 }

// free returns how many requests have room. It is negative after a refusal.
func (b *bucket) free(now time.Time, inflight int) float64 {
	return b.room.TokensAt(now) - float64(inflight)
}

func (b *bucket) fill(now time.Time, inflight int, _ Answer) float64 {
	return 1 - b.free(now, inflight)/float64(b.burst)
}

func (b *bucket) quota(now time.Time, inflight int) Quota {
	b.tick(now)
	free := b.free(now, inflight)
	q := Quota{Limit: b.burst, Remaining: int(max(free, 0))}
	if lack := float64(b.burst) - free; lack > 0 {
		q.Reset = now.Add(seconds(lack / (b.rate * b.share)))
	}
	return q
}

func (b *bucket) fresh(now time.Time) bool {
	b.tick(now)
	return b.share == 1 && b.room.TokensAt(now) >= float64(b.burst)
}
