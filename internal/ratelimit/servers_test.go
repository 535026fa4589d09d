package ratelimit

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// tolerance is what the servers forgive for the rounding of floating point against their whole nanoseconds.
const tolerance = time.Microsecond

// server decides about a request at the moment of its arrival.
type server interface {
	serve() Answer
}

// leaky is a vendor's leaky bucket, exact to the nanosecond.
type leaky struct {
	burst    int
	interval time.Duration

	mu    sync.Mutex
	empty time.Time // when the bucket will be empty
}

func newLeaky(burst int, perSecond float64) *leaky {
	return &leaky{burst: burst, interval: time.Duration(float64(time.Second) / perSecond)}
}

func (s *leaky) serve() Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if s.empty.Before(now) {
		s.empty = now
	}
	if s.empty.Sub(now) > time.Duration(s.burst-1)*s.interval+tolerance {
		return Answer{Status: http.StatusTooManyRequests}
	}
	s.empty = s.empty.Add(s.interval)
	return Answer{Status: http.StatusOK}
}

// both refuses what one of two servers refuses. The first counts what the second refuses.
type both struct{ first, second server }

func (s both) serve() Answer {
	if a := s.first.serve(); a.Status != http.StatusOK {
		return a
	}
	return s.second.serve()
}

// sliding grants requests in any span of time.
type sliding struct {
	requests int
	span     time.Duration

	mu     sync.Mutex
	served []time.Time
}

func (s *sliding) serve() Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	for len(s.served) > 0 && now.Sub(s.served[0]) >= s.span {
		s.served = s.served[1:]
	}
	if len(s.served) >= s.requests {
		return Answer{Status: http.StatusTooManyRequests}
	}
	s.served = append(s.served, now)
	return Answer{Status: http.StatusOK}
}

// fixed grants requests in windows that follow one another, and perhaps a slow pace when they are used up.
type fixed struct {
	requests int
	period   time.Duration
	overflow time.Duration // between two requests of the slow pace, zero for none
	phase    time.Duration // of the windows against the clock
	headers  bool
	ahead    time.Duration // of the server's clock
	silent   bool          // no Date header

	mu   sync.Mutex
	ends time.Time
	used int
	last time.Time
}

func (s *fixed) serve() Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if !now.Before(s.ends) {
		s.ends = now.Add(-s.phase).Truncate(s.period).Add(s.phase + s.period)
		s.used = 0
	}
	status := http.StatusOK
	switch {
	case s.used < s.requests:
		s.used++
	case s.overflow > 0 && now.Sub(s.last) >= s.overflow-tolerance:
	default:
		status = http.StatusTooManyRequests
	}
	if status == http.StatusOK {
		s.last = now
	}
	return Answer{Status: status, Header: s.header(now)}
}

func (s *fixed) header(now time.Time) http.Header {
	h := http.Header{}
	if !s.headers {
		return h
	}
	h.Set("X-RateLimit-Limit", strconv.Itoa(s.requests))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(s.requests-s.used))
	h.Set("X-RateLimit-Reset", strconv.FormatInt(s.ends.Add(s.ahead).Unix(), 10))
	if !s.silent {
		h.Set("Date", now.Add(s.ahead).UTC().Format(http.TimeFormat))
	}
	return h
}
