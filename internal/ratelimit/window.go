package ratelimit

import (
	"net/http"
	"time"
)

const (
	doubt        = 3 * time.Second // by which the server's window may end later than expected
	grain        = time.Second     // X-RateLimit-Reset counts whole seconds
	forgetWindow = 10 * time.Minute
)

// window models a quota that is granted anew every period. Until a header says
// more, it begins with the first answer after the last one ended. A server's
// window cannot begin later than that, so nothing is sent into a window that it
// has not opened.
type window struct {
	published Window
	headers   bool

	requests int       // granted per period
	granted  int       // requests less those answered in this period
	left     int       // the least that the headers said was left, less the answers without headers
	ends     time.Time // zero: not begun
	ended    time.Time // when the last one had ended
	reset    int64     // the server's name for the window, zero: never told

	again    time.Time // when one request may leave because a 429 said so, zero: none
	overflow overflow
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
		overflow:  overflow{rate: published.Overflow},
	}
}

// ready counts requests in flight and queued ones as taken.
func (w *window) ready(now time.Time, inflight, queued int) (bool, time.Duration) {
	w.roll(now)
	over := inflight + queued - w.free()
	if over < 0 {
		return true, 0
	}
	if w.ends.IsZero() {
		return false, 0
	}
	if queued > 0 {
		return false, w.estimate(now, over)
	}
	if at := w.single(); at.After(now) {
		return false, at.Sub(now)
	}
	return inflight == 0, 0
}

// free returns how many requests the window still grants, less than none if
// others used it too.
func (w *window) free() int { return min(w.left, w.granted) }

// single returns when one request may leave although the window is used up.
func (w *window) single() time.Time {
	at := w.over()
	open := w.overflow.open()
	if w.reset != 0 && !open {
		at = w.ends.Add(grain)
	}
	if open && w.overflow.free.Before(at) {
		at = w.overflow.free
	}
	if !w.again.IsZero() && w.again.Before(at) {
		at = w.again
	}
	return at
}

// estimate returns how long it takes at least until over requests fit beside the
// one that asks.
func (w *window) estimate(now time.Time, over int) time.Duration {
	toEnd := max(w.ends.Sub(now), 0)
	perSecond := 0.0
	if w.overflow.open() {
		perSecond = w.overflow.rate
	}
	slots := toEnd.Seconds() * perSecond
	if float64(over) < slots {
		return seconds(float64(over) / perSecond)
	}
	perWindow := float64(w.requests) + w.published.Period.Seconds()*w.overflow.rate
	windows := int((float64(over) - slots) / perWindow)
	return min(toEnd+seconds(float64(windows)*w.published.Period.Seconds()), longest)
}

func (w *window) sent(time.Time, int) { w.again = time.Time{} }

func (w *window) settle(now time.Time, o outcome) {
	if o.fate == unsent {
		return
	}
	w.roll(now)
	if o.Status != 0 {
		w.overflow.measure(now, o.sent)
	}
	if !w.correct(now, o.Header, o.inflight) {
		w.left--
		w.granted--
	}
	if w.ends.IsZero() {
		w.ends = now.Add(w.published.Period)
	}
	if o.fate == refused || o.fate == late {
		w.refuse(now, o.asked)
	}
}

// refuse notes a 429. Nothing is left of the window; if the request was one of
// the overflow, that pauses for some windows. Where the server says when it takes
// another one, one leaves then, and the overflow goes on.
func (w *window) refuse(now time.Time, asked time.Duration) {
	used := w.left <= 0
	w.left = 0
	if asked > 0 {
		w.again = now.Add(asked)
		return
	}
	w.overflow.refuse(used)
}

// correct takes over what the headers say. It reports whether they said how much
// is left.
func (w *window) correct(now time.Time, h http.Header, inflight int) bool {
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
			w.overflow.begin()
		}
		w.reset, w.ends, w.left, w.granted = r.reset, r.ends, r.remaining, w.requests-1
		return true
	default:
		w.reset, w.ends = r.reset, r.ends
	}
	w.overflow.others += max(w.left-inflight-r.remaining, 0)
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

// roll begins a new window when the last one is surely over. Where headers tell
// of new windows, that is only needed when nothing was sent for a while.
func (w *window) roll(now time.Time) {
	defer w.forget(now)
	if w.ends.IsZero() {
		return
	}
	if w.ends.Sub(now) > w.published.Period+doubt { // the clock has gone back
		w.ends = now.Add(w.published.Period)
	}
	if now.Before(w.over()) {
		return
	}
	w.overflow.begin()
	w.ended, w.ends = w.ends, time.Time{}
	w.left, w.granted = w.requests, w.requests
}

// forget forgets what was learned of the store when nothing has been sent for a while.
func (w *window) forget(now time.Time) {
	if w.ends.IsZero() && now.Sub(w.ended) > forgetWindow {
		w.resize(w.published.Requests)
		w.overflow.pauseLeft = 0
	}
}

// over returns when the window is surely over.
func (w *window) over() time.Time {
	if w.reset == 0 {
		return w.ends
	}
	return w.ends.Add(doubt)
}

func (w *window) fill(now time.Time, inflight int, a Answer) float64 {
	if r, ok := w.read(now, a.Header); ok {
		if r.remaining == 0 {
			return 1
		}
		return 0
	}
	return 1 - float64(w.free()-inflight)/float64(w.requests)
}

func (w *window) quota(now time.Time, inflight int) Quota {
	w.roll(now)
	return Quota{Limit: w.requests, Remaining: max(w.free()-inflight, 0), Reset: w.ends}
}

func (w *window) fresh(now time.Time) bool {
	w.roll(now)
	return w.ends.IsZero() && w.requests == w.published.Requests && w.overflow.fresh()
}
