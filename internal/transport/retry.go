package transport

import (
	"context"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/souk-go/souk"
)

// firstBackoff is the upper bound of the first wait; it doubles from there.
const firstBackoff = 500 * time.Millisecond

// checkRetry decides whether the call is sent again. It never returns an
// error: the last answer is what the caller gets.
func (x *exchange) checkRetry(context.Context, *http.Response, error) (bool, error) {
	if x.ctx.Err() != nil {
		return false, nil
	}
	if x.renewToken() {
		x.delay = 0
		return true, nil
	}
	if x.exhausted(orDefault(x.asked.MaxAttempts, x.client.maxAttempts)) || !x.repeatable(x.call.Repeat) {
		return false, nil
	}
	x.delay = x.nextDelay()
	if x.delay > x.patience() || x.tooLate(time.Now().Add(x.delay)) {
		return false, nil
	}
	if x.delay > 0 {
		x.waits(souk.WaitRetry, x.delay)
		x.pause(x.delay)
	}
	return true, nil
}

// pause notes that the wait for the next attempt begins, which will last d.
func (x *exchange) pause(d time.Duration) {
	x.paused = time.Now()
	x.penalty += d
}

// resume notes that this wait is over, even if the context has ended it.
func (x *exchange) resume() {
	if !x.paused.IsZero() {
		x.waited += time.Since(x.paused)
		x.paused = time.Time{}
	}
}

// backoff returns the wait that checkRetry chose.
func (x *exchange) backoff(_, _ time.Duration, _ int, _ *http.Response) time.Duration {
	return x.delay
}

// renewToken reports whether the server called the token expired and another one may be
// obtained. It does so once per call.
func (x *exchange) renewToken() bool {
	if !x.verdict.Expired || x.renewed || x.authorizer == nil {
		return false
	}
	x.renewed = x.authorizer.Expired(x.token)
	if x.token != nil {
		x.expired = x.token.AccessToken
	}
	return x.renewed
}

// nextDelay returns the wait that the server asked for, or else a random part of a
// doubling one. After a 429 it is zero: the governor's gate makes the next attempt
// wait, like every other call of the store.
func (x *exchange) nextDelay() time.Duration {
	if x.kind == limited && len(x.client.quotas) > 0 {
		return 0
	}
	if wait, told := x.retryAfter(); told {
		return wait
	}
	ceiling := min(firstBackoff<<min(x.attempts-1, 16), x.client.maxRetryWait)
	return min(rand.N(ceiling), x.patience())
}

// patience returns what is left of MaxRetryWait for waits that refusals and failures
// cause. Waits for a known pace do not count.
func (x *exchange) patience() time.Duration { return x.client.maxRetryWait - x.penalty }

// tooLate reports whether the caller's deadline comes first, so that waiting would be
// useless.
func (x *exchange) tooLate(next time.Time) bool {
	deadline, ok := x.ctx.Deadline()
	return ok && next.After(deadline)
}
