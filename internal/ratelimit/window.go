package ratelimit

import (
	"math"
	"net/http"
	"strconv"
	"time"
)

const (
	doubt        = 3 * time.Second // after the expected end of a window, the server's must have ended too
	grain        = time.Second     // X-RateLimit-Reset counts whole seconds
	forget       = 10 * time.Minute
	enoughTrips  = 8
	mostTrips    = 10_000
	mostRequests = 1_000_000
	longestShy   = 64
)

// window models a quota that is granted anew every period. Until a header says more, it begins with the first answer
// after the last one ended, which is never too early.
type window struct {
	published Window
	headers   bool

	requests int       // granted per period
	granted  int       // requests less those answered in this period
	left     int       // the least that the headers said was left, less the answers without headers
	ends     time.Time // zero: not begun
	reset    int64     // the server's name for the window, zero: never told

	free        time.Time     // before this the overflow takes no request
	shortest    time.Duration // round trip
	longestTrip time.Duration
	trips       int

	others  int  // requests in this window that were not ours
	refused bool // a 429 came in this window
	shy     int  // windows to leave the overflow alone after a 429 in it
	shyLeft int
}

func newWindow(limit Limit) *window {
	published := limit.Window
	if published.Requests <= 0 || published.Period <= 0 {
		return nil
	}
	return &window{
		published: published,
		headers:   limit.ReadHeaders,
		requests:  published.Requests,
		granted:   published.Requests,
		left:      published.Requests,
	}
}

// wait returns whether a request may leave now and, if not, how long it takes at least. Before it come those in flight
// and those that are queued.
func (w *window) wait(now time.Time, inflight, queued int) (bool, time.Duration) {
	w.roll(now)
	over := inflight + queued - min(w.left, w.granted)
	if over < 0 {
		return true, 0
	}
	if w.ends.IsZero() {
		return false, 0
	}
	if queued > 0 {
		return false, w.estimate(now, over)
	}
	at := w.over()
	switch {
	case w.overflows() && w.free.Before(at):
		at = w.free
	case w.reset != 0 && !w.overflows():
		at = w.ends.Add(grain)
	}
	if at.After(now) {
		return false, at.Sub(now)
	}
	return inflight == 0, 0
}

// estimate returns how long it takes at least until over requests fit beside the one that asks.
func (w *window) estimate(now time.Time, over int) time.Duration {
	toEnd := max(w.ends.Sub(now), 0)
	perSecond := 0.0
	if w.overflows() {
		perSecond = w.published.Overflow
	}
	slots := toEnd.Seconds() * perSecond
	if float64(over) < slots {
		return seconds(float64(over) / perSecond)
	}
	perWindow := float64(w.requests) + w.published.Period.Seconds()*w.published.Overflow
	windows := int((float64(over) - slots) / perWindow)
	return min(toEnd+seconds(float64(windows)*w.published.Period.Seconds()), longest)
}

// overflows reports whether requests may leave at the slow pace when the window is used up. Where others use the store
// too, their requests and ours would collide.
func (w *window) overflows() bool {
	return w.published.Overflow > 0 && w.others < 2 && !w.refused && w.shyLeft == 0
}

// answered notes the answer to a request sent at sent. inflight counts the request itself.
func (w *window) answered(now, sent time.Time, a Answer, inflight int, refused bool) {
	w.roll(now)
	if a.Status != 0 {
		w.measure(now, sent)
	}
	if !w.correct(now, a.Header, inflight) {
		w.left--
		w.granted--
	}
	if w.ends.IsZero() {
		w.ends = now.Add(w.published.Period)
	}
	if refused {
		w.refuse()
	}
}

// measure finds the moment from which the overflow takes another request: one gap after the latest moment at which
// this one can have arrived, less the shortest way there. Of the sum of both ways we know the shortest seen; the true
// one may be shorter, by less the more were seen.
func (w *window) measure(now, sent time.Time) {
	if w.published.Overflow <= 0 {
		return
	}
	trip := max(now.Sub(sent), 0)
	if w.trips == 0 {
		w.shortest = trip
	}
	w.shortest, w.longestTrip = min(w.shortest, trip), max(w.longestTrip, trip)
	w.trips = min(w.trips+1, mostTrips)
	late := trip
	if w.trips >= enoughTrips {
		unseen := float64(w.longestTrip-w.shortest) / math.Sqrt(float64(w.trips))
		late -= max(w.shortest-time.Duration(unseen), 0)
	}
	free := sent.Add(late + seconds(1/w.published.Overflow))
	if free.After(w.free) {
		w.free = free
	}
}

// correct takes over what the headers say. It reports whether they said how much is left.
func (w *window) correct(now time.Time, h http.Header, inflight int) bool {
	if !w.headers {
		return false
	}
	r, ok := w.read(now, h)
	if !ok {
		return false
	}
	if r.limit > 0 {
		w.resize(r.limit)
	}
	half := int64(w.published.Period / time.Second / 2)
	switch {
	case r.reset == 0:
	case w.reset != 0 && r.reset < w.reset-half:
		return true // of a window that is over
	case w.reset != 0 && r.reset > w.reset+half:
		if !w.ends.IsZero() { // roll has not begun it
			w.begin()
		}
		w.reset, w.ends, w.left, w.granted = r.reset, r.ends, r.remaining, w.requests-1
		return true
	default:
		w.reset, w.ends = r.reset, r.ends
	}
	w.others += max(w.left-inflight-r.remaining, 0)
	w.left = min(w.left, r.remaining)
	w.granted--
	return true
}

// resize takes over how many requests a period grants, in the present one too.
func (w *window) resize(requests int) {
	grown := requests - w.requests
	w.requests += grown
	w.left += grown
	w.granted += grown
}

// reading is what the rate headers of one answer say. A zero limit or reset was not said.
type reading struct {
	limit, remaining int
	reset            int64
	ends             time.Time
}

// read returns the headers, or false when there are none or when they make no sense.
func (w *window) read(now time.Time, h http.Header) (reading, bool) {
	var r reading
	var err error
	remaining := h.Get("X-Ratelimit-Remaining")
	if remaining == "" {
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
		if r.reset, err = strconv.ParseInt(value, 10, 64); err != nil || r.reset <= 0 || r.reset > 1<<40 {
			return r, false
		}
		to := time.Unix(r.reset, 0).Sub(serverTime(h, now))
		if to <= -grain || to > w.published.Period+skew {
			return r, false
		}
		r.ends = now.Add(to)
	}
	return r, true
}

// refuse notes a 429: the window is used up, and where it was the overflow that refused, that is left alone for a while.
func (w *window) refuse() {
	if w.left <= 0 && w.overflows() {
		w.shy = min(max(2*w.shy, 1), longestShy)
		w.shyLeft = w.shy
	}
	w.refused = true
	w.left = 0
}

// roll begins a new window when the last one is surely over. Where headers tell of new windows, that is only needed
// when nothing was sent for a while.
func (w *window) roll(now time.Time) {
	if w.ends.IsZero() {
		return
	}
	if w.ends.Sub(now) > w.published.Period+doubt { // the clock has gone back
		w.ends = now.Add(w.published.Period)
	}
	if now.Before(w.over()) {
		return
	}
	if w.requests != w.published.Requests && now.Sub(w.ends) > forget {
		w.requests = w.published.Requests
	}
	w.begin()
	w.ends, w.left, w.granted = time.Time{}, w.requests, w.requests
}

// over returns when the window is surely over.
func (w *window) over() time.Time {
	if w.reset == 0 {
		return w.ends
	}
	return w.ends.Add(doubt)
}

// begin forgets what was of the last window alone.
func (w *window) begin() {
	switch {
	case w.refused:
	case w.shyLeft > 0:
		w.shyLeft--
	default:
		w.shy /= 2
	}
	w.others, w.refused = 0, false
}

// fill returns how far the window is used up, 1 for wholly.
func (w *window) fill(inflight int) float64 {
	return 1 - float64(min(w.left, w.granted)-inflight)/float64(w.requests)
}

// fresh reports whether the window is as good as new.
func (w *window) fresh(now time.Time) bool {
	w.roll(now)
	return w.ends.IsZero() && w.requests == w.published.Requests && w.granted == w.requests && w.shyLeft == 0
}
