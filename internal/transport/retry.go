package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/souk-go/souk"
)

// firstBackoff is the upper end of the first wait; it doubles from there.
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
	if x.counted() >= orDefault(x.asked.MaxAttempts, x.client.maxAttempts) || !x.repeatable(x.call.Repeat) {
		return false, nil
	}
	x.delay = x.nextDelay()
	if x.delay > x.client.maxRetryWait || x.tooLate(time.Now().Add(x.delay)) {
		return false, nil
	}
	x.waits(souk.WaitRetry, x.delay)
	return true, nil
}

// backoff returns the wait that checkRetry chose. That for a 429 is not in it: the
// governor's gate makes the next attempt wait, like every other call of the store.
func (x *exchange) backoff(_, _ time.Duration, _ int, _ *http.Response) time.Duration {
	return x.delay
}

// renewToken reports that the server found the token expired and that another
// can be had. It does so once in a call.
func (x *exchange) renewToken() bool {
	if !x.verdict.Expired || x.renewed || x.authorizer() == nil {
		return false
	}
	x.renewed = x.authorizer().Expired(x.token)
	if x.token != nil {
		x.expired = x.token.AccessToken
	}
	return x.renewed
}

// permanent reports failures that the next attempt would meet again.
func permanent(err error) bool {
	if errors.Is(err, errTooLarge) || uploadText(err) != "" {
		return true
	}
	_, certificate := errors.AsType[*tls.CertificateVerificationError](err)
	_, authority := errors.AsType[x509.UnknownAuthorityError](err)
	_, record := errors.AsType[tls.RecordHeaderError](err)
	return certificate || authority || record
}

// nextDelay is the time that the server named, or a random part of a doubling
// wait. After a 429 the quota's gate keeps the time.
func (x *exchange) nextDelay() time.Duration {
	if x.gated() {
		return 0
	}
	if wait, told := x.retryAfter(); told {
		return wait
	}
	ceiling := x.client.maxRetryWait
	if shift := x.attempts - 1; shift < 16 {
		ceiling = min(ceiling, firstBackoff<<shift)
	}
	return rand.N(ceiling)
}

// gated reports that a quota's gate has closed over the last answer.
func (x *exchange) gated() bool {
	return x.stage == stageAnswered && len(x.client.quotas) > 0 && x.answer.StatusCode == http.StatusTooManyRequests
}

// tooLate reports that the caller's deadline comes first, so that waiting
// would be for nothing.
func (x *exchange) tooLate(next time.Time) bool {
	deadline, ok := x.ctx.Deadline()
	return ok && next.After(deadline)
}
