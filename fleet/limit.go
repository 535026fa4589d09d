package fleet

import (
	"errors"
	"fmt"
	"time"
)

// Limit is a shared rate limit: a bucket that accepts Burst requests at once and lets
// Requests through per Per.
type Limit struct {
	// Requests is how many requests may be sent per Per in the long run, at least 1.
	Requests int
	// Per is the period of Requests, at least a millisecond for each request, at most
	// 24 hours.
	Per time.Duration
	// Burst is how many requests may be sent at once, at least 1. If the vendor counts
	// in fixed windows, Requests and Burst together must not exceed the limit of a
	// window.
	Burst int
}

// The limits that the vendors publish, for one app at one store. The bursts are a tenth
// smaller, since requests do not always arrive in the order in which they were sent.
var (
	// SHOPLINE accepts 4 requests per second, and 40 at once.
	SHOPLINE = Limit{Requests: 4, Per: time.Second, Burst: 36}
	// Shoplazza accepts 2 requests per second, and 40 at once.
	Shoplazza = Limit{Requests: 2, Per: time.Second, Burst: 36}
	// SallaPlus, SallaPro and SallaSpecial are the limits of Salla's plans: 120, 360
	// and 720 requests per minute.
	SallaPlus    = Limit{Requests: 117, Per: time.Minute, Burst: 3}
	SallaPro     = Limit{Requests: 351, Per: time.Minute, Burst: 9}
	SallaSpecial = Limit{Requests: 702, Per: time.Minute, Burst: 18}
	// SallaIP is Salla's limit for /customers of all stores together, for one IP
	// address: 500 per 10 minutes. It is for salla.Config.IPLimiter.
	SallaIP = Limit{Requests: 497, Per: 10 * time.Minute, Burst: 3}
)

// maxPer and maxShare keep computed values within the range of Go and Redis.
const (
	maxPer   = 24 * time.Hour
	maxShare = 10_000
)

// interval returns the time between two requests at the pace of Requests.
func (l Limit) interval() time.Duration { return l.Per / time.Duration(l.Requests) }

// text returns the form that the scripts read.
func (l Limit) text() string { return fmt.Sprintf("%d %d", l.interval().Microseconds(), l.Burst) }

func (l Limit) check() error {
	var problems []error
	if l.Requests < 1 {
		problems = append(problems, errors.New("fleet: Limit.Requests must be at least 1"))
	}
	if l.Burst < 1 {
		problems = append(problems, errors.New("fleet: Limit.Burst must be at least 1"))
	}
	if l.Requests > 0 && l.interval() < time.Millisecond {
		problems = append(problems, errors.New("fleet: Limit.Per must be at least a millisecond for each of Requests"))
	}
	if l.Per > maxPer {
		problems = append(problems, errors.New("fleet: Limit.Per must be at most 24 hours"))
	}
	return errors.Join(problems...)
}
