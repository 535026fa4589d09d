package sallatest

import (
	"net/http"
	"strconv"
	"time"

	"github.com/souk-go/souk/salla"
)

// unlimited is more requests per minute than a test makes.
const unlimited = 100_000

// planLimit is the limit of requests per minute: a window, and one request per
// second when it is used up, until it ends.
type planLimit struct {
	perMinute int
	used      int
	ends      time.Time
	over      time.Time // when the last request beyond the window was let through
}

// SetPlan limits the requests per minute to what Salla grants stores of a plan.
// A new server has no limit that a test would meet. Plans that Salla does not
// publish, "" among them, have none either.
func (s *Server) SetPlan(plan salla.Plan) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limit = planLimit{perMinute: perMinute(plan)}
}

func perMinute(plan salla.Plan) int {
	switch plan {
	case salla.PlanPlus:
		return 120
	case salla.PlanPro:
		return 360
	case salla.PlanSpecial:
		return 720
	}
	return unlimited
}

// take counts a request. It returns the refusal if there were too many.
func (l *planLimit) take(now time.Time) (reply answer, over bool) {
	if !now.Before(l.ends) {
		l.used, l.ends, l.over = 0, now.Add(time.Minute).Truncate(time.Second), time.Time{}
	}
	if l.used < l.perMinute {
		l.used++
		return answer{}, false
	}
	if now.Sub(l.over) >= time.Second {
		l.over = now
		return answer{}, false
	}
	reply = refusal(http.StatusTooManyRequests, "too_many_requests", "too many requests")
	l.note(reply.header, now)
	reply.header.Set("Retry-After", strconv.Itoa(max(1, int(l.ends.Sub(now)/time.Second))))
	return reply, true
}

// note adds what is left of the limit.
func (l *planLimit) note(header http.Header, now time.Time) {
	header.Set("Date", now.UTC().Format(http.TimeFormat))
	header.Set("X-RateLimit-Limit", strconv.Itoa(l.perMinute))
	header.Set("X-RateLimit-Remaining", strconv.Itoa(l.perMinute-l.used))
	header.Set("X-RateLimit-Reset", strconv.FormatInt(l.ends.Unix(), 10))
}
