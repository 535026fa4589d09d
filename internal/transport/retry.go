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
	"github.com/souk-go/souk/internal/ratelimit"
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
	if x.sent() >= orDefault(x.asked.MaxAttempts, x.client.maxAttempts) || !x.repeatable() {
		return false, nil
	}
	x.delay = x.nextDelay()
	if x.tooLate(time.Now().Add(x.delay)) {
		return false, nil
	}
	x.waits(souk.WaitRetry, x.delay)
	return true, nil
}

// backoff returns what checkRetry has decided. The wait for a limit is not part
// of it: the quota's gate holds the next attempt back with all others.
func (x *exchange) backoff(_, _ time.Duration, _ int, _ *http.Response) time.Duration {
	return x.delay
}

// sent is the number of attempts that count against MaxAttempts: the one with
// the expired token does not.
func (x *exchange) sent() int {
	if x.renewed {
		return x.attempts - 1
	}
	return x.attempts
}

// renewToken reports that the server found the token expired and that another
// can be had. It does so once in a call.
func (x *exchange) renewToken() bool {
	if !x.verdict.Expired || x.renewed || x.client.authorizer == nil || x.call.Anonymous {
		return false
	}
	x.renewed = x.client.authorizer.Expired(x.token)
	if x.token != nil {
		x.expired = x.token.AccessToken
	}
	return x.renewed
}

// repeatable reports whether what happened to the last attempt allows another.
func (x *exchange) repeatable() bool {
	switch x.stage {
	case stageUnsent:
		return !permanent(x.err)
	case stageLost:
		return x.call.Repeat != Write && !permanent(x.err)
	case stageAnswered:
		return x.failure != nil && x.repeatableAnswer()
	}
	return false
}

func (x *exchange) repeatableAnswer() bool {
	status := x.answer.StatusCode
	switch {
	case status == http.StatusTooManyRequests:
		return true
	case x.verdict.Refused, x.verdict.Class != nil && !errors.Is(x.verdict.Class, souk.ErrUnavailable):
		return false
	case status == http.StatusServiceUnavailable && x.processedNothing():
		return true
	case x.call.Repeat == Write:
		return false
	}
	switch status {
	case http.StatusRequestTimeout, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	case http.StatusInternalServerError:
		return x.verdict.Retry500
	}
	return false
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

// nextDelay is a random part of a doubling wait. Where the server named a time,
// the quota's gate keeps it.
func (x *exchange) nextDelay() time.Duration {
	if x.gated() {
		return 0
	}
	ceiling := x.client.maxRetryWait
	if shift := x.attempts - 1; shift < 16 {
		ceiling = min(ceiling, firstBackoff<<shift)
	}
	return rand.N(ceiling)
}

// gated reports that a quota's gate has closed over the last answer.
func (x *exchange) gated() bool {
	if x.stage != stageAnswered || len(x.client.quotas) == 0 {
		return false
	}
	_, told := x.retryAfter()
	return told || x.answer.StatusCode == http.StatusTooManyRequests
}

func (x *exchange) retryAfter() (time.Duration, bool) {
	return ratelimit.RetryAfter(x.answer.Header, time.Now())
}

// tooLate reports that the caller's deadline comes first, so that waiting
// would be for nothing.
func (x *exchange) tooLate(next time.Time) bool {
	deadline, ok := x.ctx.Deadline()
	return ok && next.After(deadline)
}
