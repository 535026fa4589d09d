package ratelimit

import (
	"net/http"
	"strconv"
	"time"
)

const mostRequests = 1_000_000

// reading is what the rate headers of one answer say. A zero limit or reset was
// not said.
type reading struct {
	limit, remaining int
	reset            int64
	ends             time.Time
}

// read returns what the headers say of the window. It reports false when they
// are not to be read, when there are none or when they make no sense.
func (w *window) read(now time.Time, h http.Header) (reading, bool) {
	var r reading
	var err error
	remaining := h.Get("X-Ratelimit-Remaining")
	if !w.headers || remaining == "" {
		return r, false
	}
	if r.remaining, err = strconv.Atoi(remaining); err != nil || r.remaining < 0 {
		return r, false
	}
	most := max(w.requests, w.published.Requests)
	if value := h.Get("X-Ratelimit-Limit"); value != "" {
		if r.limit, err = strconv.Atoi(value); err != nil || r.limit <= 0 || r.limit > mostRequests {
			return r, false
		}
		most = r.limit
	}
	if r.remaining > most {
		return r, false
	}
	if value := h.Get("X-Ratelimit-Reset"); value != "" {
		r.reset, _ = strconv.ParseInt(value, 10, 64) // 0, which is long over, where it is no number
		to := time.Unix(r.reset, 0).Sub(serverTime(h, now))
		if to <= -grain || to > w.published.Period+skew {
			return r, false
		}
		r.ends = now.Add(to)
	}
	return r, true
}
