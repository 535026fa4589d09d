package transport

import (
	"errors"
	"time"

	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/ratelimit"
)

// attempt is what one sending came to.
type attempt struct {
	stage   stage
	answer  Answer
	err     error          // why there is no answer
	kind    kind           // what the answer proves
	verdict Verdict        // what the vendor makes of an answer that is no success
	failure *souk.Error    // what such an answer says
	lostRow *souk.RowError // the object of a success, which cannot be read
	token   *oauth2.Token  // that it was sent with

	// What was seen of its connections.
	noConn    bool // net/http's transport could have none
	wrote     bool // a request was sent
	overHTTP2 bool
	stuck     bool // it ended while an upload waited for the user's Reader
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
	if a.noConn || neverSent(err) && !a.wrote {
		a.stage = stageUnsent
	}
}

// timedOut reports that no complete answer came in time.
func (a *attempt) timedOut() bool { return errors.Is(a.err, errAttemptTimeout) }

// leavesOpen reports that the server may have done what it was asked, and that no
// answer says so. It has not if it got half a file.
func (a *attempt) leavesOpen() bool {
	return a.stage == stageLost && !a.stuck && uploadText(a.err) == "" || a.kind.leavesOpen()
}

// repeatable reports whether what became of the attempt allows another.
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

// final reports that the answer stands, whatever became of the context.
func (a *attempt) final(repeat Repeat) bool {
	return a.stage == stageAnswered && !a.repeatable(repeat)
}

func (a *attempt) retryAfter() (time.Duration, bool) {
	return ratelimit.RetryAfter(a.answer.Header, time.Now())
}
