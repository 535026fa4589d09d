package ratelimit

import (
	"net/http"
	"time"
)

// model is what is known about a quota. It says when the next request may be sent.
type model interface {
	// ready reports whether a request with queued others before it may be sent now. If
	// not, it returns the shortest possible wait, or zero if only an answer can decide.
	ready(now time.Time, inflight, queued int) (bool, time.Duration)

	// sent notes that a request leaves. inflight does not count it.
	sent(now time.Time, inflight int)

	// settle notes the outcome of a request.
	settle(now time.Time, o outcome)

	// fill returns how far the quota is used up, 1 for wholly, with a as the
	// latest answer.
	fill(now time.Time, inflight int, a Answer) float64

	// quota returns what Quota says of the model.
	quota(now time.Time, inflight int) Quota

	// fresh reports whether the model is as good as new.
	fresh(now time.Time) bool
}

// Answer is the answer to a request. The zero Answer means that no answer came and the
// request may have arrived.
type Answer struct {
	// Status is the HTTP status, zero if no answer came.
	Status int

	// Header is the answer's header. It may be nil.
	Header http.Header
}

// outcome is the outcome of a request, as gate and models see it.
type outcome struct {
	Answer

	fate     fate
	asked    time.Duration // the Retry-After of a refusal, zero for none
	sent     time.Time
	inflight int  // with this request
	waiting  bool // others wait for the pace
	opened   bool // the gate opened with this answer
}

// fate says what an outcome means for the quota.
type fate int

const (
	unsent  fate = iota // the request never left
	unknown             // no answer came, or another quota refused it
	passed              // the server let it in
	refused             // a 429
	late                // a 429 to a request that left before the gate closed
)
