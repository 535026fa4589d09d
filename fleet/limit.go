package fleet

import (
	"errors"
	"fmt"
	"time"
)

// Limit is a vendor's limit as it is shared: a bucket that takes Burst requests at
// once and lets Requests through in each Per.
type Limit struct {
	// Requests is how many may be sent in each Per in the long run; at least 1.
	Requests int
	// Per is their period; at least a millisecond for each request, at most 24 hours.
	Per time.Duration
	// Burst is how many may be sent at once; at least 1. Where the vendor counts in
	// fixed windows, Requests and Burst together must not exceed what a window takes.
	Burst int
}

// The limits that the vendors publish, for one app at one store. The bursts are a
// tenth below the vendors', since requests that leave in order do not always arrive in
// order.
var (
	// SHOPLINE lets 4 requests through per second, and 40 at once.
	SHOPLINE = Limit{Requests: 4, Per: time.Second, Burst: 36}
	// Shoplazza lets 2 requests through per second, and 40 at once.
	Shoplazza = Limit{Requests: 2, Per: time.Second, Burst: 36}
	// SallaPlus, SallaPro and SallaSpecial are those of Salla's plans: 120, 360 and 720
	// requests per minute.
	SallaPlus    = Limit{Requests: 117, Per: time.Minute, Burst: 3}
	SallaPro     = Limit{Requests: 351, Per: time.Minute, Burst: 9}
	SallaSpecial = Limit{Requests: 702, Per: time.Minute, Burst: 18}
	// SallaIP is Salla's limit for /customers of all stores together, for one IP
	// address: 500 per 10 minutes. It is for salla.Config.IPLimiter.
	SallaIP = Limit{Requests: 497, Per: 10 * time.Minute, Burst: 3}
)

// maxPer and maxShare keep what is computed of them within what Go and Redis can count.
const (
	maxPer   = 24 * time.Hour
	maxShare = 10_000
)

// interval is the time that one request takes of the pace.
func (l Limit) interval() time.Duration { return l.Per / time.Duration(l.Requests) }

// text is what the scripts read.
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
