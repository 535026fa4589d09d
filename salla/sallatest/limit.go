package sallatest

import (
	"net/http"
	"strconv"
	"time"

	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/souktest"
)

// planLimit is the limit of requests per minute: a window, and one request per
// second when it is used up, until it ends.
type planLimit struct {
	plan      salla.Plan
	perMinute int
	used      int
	ends      time.Time
	over      time.Time // when the last request beyond the window was let through
}

// EnforceLimits makes the server count requests as Salla does for stores of a plan, or
// of PlanPlus for an unknown plan: every answer states what is left of the minute, and
// requests beyond the limit are answered with 429.
func (s *Server) EnforceLimits(plan salla.Plan) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limit = &planLimit{plan: plan, perMinute: perMinute(plan)}
}

func perMinute(plan salla.Plan) int {
	switch plan {
	case salla.PlanPro:
		return 360
	case salla.PlanSpecial:
		return 720
	}
	return 120
}

// take counts a request. It returns the refusal if there were too many.
func (l *planLimit) take(now time.Time) (reply souktest.Answer, over bool) {
	if l == nil {
		return souktest.Answer{}, false
	}
	if !now.Before(l.ends) {
		l.used, l.ends, l.over = 0, now.Add(time.Minute).Truncate(time.Second), time.Time{}
	}
	if l.used < l.perMinute {
		l.used++
		return souktest.Answer{}, false
	}
	if now.Sub(l.over) >= time.Second {
		l.over = now
		return souktest.Answer{}, false
	}
	reply = refusal(http.StatusTooManyRequests, "too_many_requests", "too many requests")
	l.note(reply.Header, now)
	reply.Header.Set("Retry-After", strconv.Itoa(max(1, int(l.ends.Sub(now)/time.Second))))
	return reply, true
}

// note adds what is left of the limit.
func (l *planLimit) note(header http.Header, now time.Time) {
	if l == nil {
		return
	}
	header.Set("Date", now.UTC().Format(http.TimeFormat))
	header.Set("X-RateLimit-Limit", strconv.Itoa(l.perMinute))
	header.Set("X-RateLimit-Remaining", strconv.Itoa(l.perMinute-l.used))
	header.Set("X-RateLimit-Reset", strconv.FormatInt(l.ends.Unix(), 10))
}
