package transport

import (
	"errors"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/ratelimit"
)

// attempt is the outcome of sending the request once.
type attempt struct {
	stage   stage
	answer  Answer
	err     error          // why there is no answer
	kind    kind           // what the answer proves
	verdict Verdict        // what the vendor makes of an answer that is no success
	failure *souk.Error    // what such an answer says
	lostRow *souk.RowError // the object of a success, which cannot be read
	token   *oauth2.Token  // that it was sent with

	// What is known about its connections.
	noConn    bool // net/http's transport could have none
	wrote     bool // a request was sent
	overHTTP2 bool
	stuck     bool // it ended while an upload waited for the user's Reader
}

// stage is how far an attempt got.
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
	if a.noConn || neverSent(err) && !a.wrote {
		a.stage = stageUnsent
	}
}

// timedOut reports whether no complete answer came in time.
func (a *attempt) timedOut() bool { return errors.Is(a.err, errAttemptTimeout) }

// leavesOpen reports whether the request may have been carried out without an answer
// that says so. A server that got only a part of a file has not carried it out.
func (a *attempt) leavesOpen() bool {
	return a.stage == stageLost && !a.stuck && uploadText(a.err) == "" || a.kind.leavesOpen()
}

// repeatable reports whether the attempt's outcome allows another attempt.
func (a *attempt) repeatable(repeat Repeat) bool {
	switch a.stage {
	case stageUnsent:
		return !permanent(a.err)
	case stageLost:
		return repeat != Write && !permanent(a.err)
	case stageAnswered:
		return a.kind == limited || a.kind.leavesOpen() && repeat != Write
	}
	return false
}

// final reports whether the answer counts even if the context has ended.
func (a *attempt) final(repeat Repeat) bool {
	return a.stage == stageAnswered && !a.repeatable(repeat)
}

func (a *attempt) retryAfter() (time.Duration, bool) {
	return ratelimit.RetryAfter(a.answer.Header, time.Now())
}
