package transport

import (
	"errors"
	"net/http"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/ratelimit"
)

// attempt is what one sending came to.
type attempt struct {
	stage    stage
	answer   Answer
	err      error         // why there is no answer
	verdict  Verdict       // what the vendor makes of an answer that is a failure
	failure  *souk.Error   // what such an answer says
	token    *oauth2.Token // that it was sent with
	wantConn bool          // net/http's transport asked for a connection
	gotConn  bool          // and had one
}

// stage says how far an attempt got.
type stage int

const (
	stageNone     stage = iota // no attempt was made
	stageHeld                  // quota or credential held it back
	stageUnsent                // it failed before anything reached the server
	stageLost                  // it left, and no answer came back whole
	stageAnswered              // the server answered
)

// hold notes that quota or credential keeps the attempt from leaving.
func (a *attempt) hold(err error) error {
	a.stage, a.err = stageHeld, err
	return err
}

// fail notes that no answer came.
func (a *attempt) fail(err error) {
	a.err = err
	a.stage = stageLost
	if a.wantConn && !a.gotConn || neverSent(err) {
		a.stage = stageUnsent
	}
}

// open reports that the server may have done what it was asked, and that no
// answer says so.
func (a *attempt) open() bool {
	return a.stage == stageLost || a.stage == stageAnswered && a.failure != nil && !a.notProcessed()
}

// notProcessed reports that the server certainly did nothing: it refused the
// request, for whatever reason. A 408 and a 5xx leave it open.
func (a *attempt) notProcessed() bool {
	status := a.answer.StatusCode
	switch {
	case a.verdict.NotProcessed, a.verdict.Expired:
		return true
	case status == http.StatusServiceUnavailable:
		_, told := a.retryAfter()
		return told
	}
	return status < 500 && status != http.StatusRequestTimeout
}

// repeatable reports whether what became of the attempt allows another.
func (a *attempt) repeatable(repeat Repeat) bool {
	switch a.stage {
	case stageUnsent:
		return !permanent(a.err)
	case stageLost:
		return repeat != Write && !permanent(a.err)
	case stageAnswered:
		return a.failure != nil && a.answerRepeatable(repeat)
	}
	return false
}

func (a *attempt) answerRepeatable(repeat Repeat) bool {
	status := a.answer.StatusCode
	switch {
	case status == http.StatusTooManyRequests:
		return true
	case a.verdict.NotProcessed, a.verdict.Class != nil && !errors.Is(a.verdict.Class, souk.ErrUnavailable):
		return false
	case status == http.StatusServiceUnavailable && a.notProcessed():
		return true
	case repeat == Write:
		return false
	}
	switch status {
	case http.StatusRequestTimeout, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	case http.StatusInternalServerError:
		return a.verdict.Retry500
	}
	return false
}

// final reports that the answer stands, whatever became of the context.
func (a *attempt) final(repeat Repeat) bool {
	return a.stage == stageAnswered && (a.failure == nil || !a.answerRepeatable(repeat))
}

func (a *attempt) retryAfter() (time.Duration, bool) {
	return ratelimit.RetryAfter(a.answer.Header, time.Now())
}
