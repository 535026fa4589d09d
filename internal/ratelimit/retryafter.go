package ratelimit

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// skew is how far two clocks may differ before the difference is taken
// seriously: the Date header counts whole seconds and the answer was on its way.
const skew = 2 * time.Second

// A larger number in Retry-After is a Unix time: in seconds, or in a thousandth,
// millionth or thousand-millionth of one.
const (
	leastUnixSeconds = 1e9
	leastUnixMillis  = 1e12
)

// RetryAfter returns how long the answer asks to wait: its Retry-After header as
// whole or decimal seconds, as a Unix time in seconds, milliseconds, microseconds or
// nanoseconds, or as one of the three HTTP dates. A moment is read by the server's own
// clock where a Date header shows that it differs from now; one that has passed is zero.
// RetryAfter reports false when there is no such header or when it is negative
// or makes no sense. The result is at most ten years.
func RetryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if value == "" {
		return 0, false
	}
	if strings.Trim(value, "0123456789.") != "" {
		at, err := http.ParseTime(value)
		if err != nil {
			return 0, false
		}
		return min(max(at.Sub(serverTime(h, now)), 0), longest), true
	}
	s, err := strconv.ParseFloat(value, 64)
	if err != nil && s == 0 {
		return 0, false
	}
	if s > leastUnixSeconds {
		s = unixSeconds(s) - unix(serverTime(h, now))
	}
	return seconds(s), true
}

// unixSeconds returns in seconds a Unix time of any unit down to nanoseconds.
func unixSeconds(s float64) float64 {
	for range 3 {
		if s > leastUnixMillis {
			s /= 1000
		}
	}
	return s
}

// unix returns t as a Unix time in seconds.
func unix(t time.Time) float64 {
	return float64(t.Unix()) + float64(t.Nanosecond())/1e9
}

// serverTime returns what the server's clock shows at now: the Date header when
// it is off by more than skew.
func serverTime(h http.Header, now time.Time) time.Time {
	value := h.Get("Date")
	if value == "" {
		return now
	}
	date, err := http.ParseTime(value)
	if err != nil || date.Sub(now).Abs() <= skew {
		return now
	}
	return date
}
