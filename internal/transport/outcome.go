package transport

import (
	"errors"
	"strings"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/ratelimit"
)

// outcome returns why the call failed, nil if it did not. err is the engine's error,
// which matters only if no attempt has noted one.
func (x *exchange) outcome(err error) *souk.Error {
	if ctxErr := x.ctx.Err(); ctxErr != nil && !x.final(x.call.Repeat) && !x.heldPast(ctxErr) {
		return x.contextFailure(ctxErr)
	}
	switch x.stage {
	case stageHeld:
		return x.heldFailure()
	case stageUnsent, stageLost:
		return x.sendingFailure()
	case stageAnswered:
		return x.answeredFailure(uploadText(err))
	}
	return x.failWith(&souk.Error{Err: hidden{err}}, souk.ErrUnavailable)
}

// heldPast reports whether a limit held the attempt back until the context ended: the
// error then has the class of a limit, too.
func (x *exchange) heldPast(ctxErr error) bool {
	_, ok := errors.AsType[*ratelimit.Error](x.err)
	return x.stage == stageHeld && ok && errors.Is(x.err, ctxErr)
}

// failWith sets the classes of e, including ErrOutcomeUnknown if the call may have been
// carried out.
func (x *exchange) failWith(e *souk.Error, class error) *souk.Error {
	var unknown error
	if x.maybeDone && x.call.Repeat != Safe {
		unknown = souk.ErrOutcomeUnknown
	}
	e.Err = joinClasses(class, unknown, e.Err)
	return e
}

// lastSaid returns a new error with what is known about the last answer, if any.
func (x *exchange) lastSaid() *souk.Error {
	e := &souk.Error{}
	if x.said != nil {
		*e = *x.said
		e.Err = nil
	}
	e.StatusCode, e.RequestID = x.last.StatusCode, x.shownID(x.last.Header)
	return e
}

// also adds text to the message of e.
func also(e *souk.Error, text string) {
	if e.Message != "" {
		text = strings.TrimSuffix(e.Message, ".") + "; " + text
	}
	e.Message = text
}

// contextFailure returns the error of a call whose context has ended.
func (x *exchange) contextFailure(err error) *souk.Error {
	e := x.lastSaid()
	if e.StatusCode != 0 && x.unanswered() {
		also(e, "the last attempt got no answer")
	}
	return x.failWith(e, err)
}

// unanswered reports whether the last attempt got no answer at all.
func (x *exchange) unanswered() bool {
	return (x.stage == stageLost || x.stage == stageUnsent) && x.answer.StatusCode == 0
}

// heldFailure returns the error of an attempt that quota or credential held back.
func (x *exchange) heldFailure() *souk.Error {
	e := x.lastSaid()
	_, ofToken := errors.AsType[*souk.Error](x.err)
	limit, ok := errors.AsType[*ratelimit.Error](x.err)
	if said, ofLimiter := errors.AsType[*souk.Error](cause(limit)); ofLimiter {
		return x.limiterFailure(e, limit, said)
	}
	if ok && !ofToken {
		e.RetryAfter = max(0, time.Until(limit.Until)) // which may not be known
		also(e, limit.Reason)
		e.Err = hidden{limit}
		return x.failWith(e, souk.ErrRateLimited)
	}
	if errors.Is(x.err, errSameToken) {
		return x.failWith(e, souk.ErrUnauthorized)
	}
	text := "no credential could be obtained"
	switch cause, ok := errors.AsType[*souk.Error](x.err); {
	case ok:
		e.RetryAfter = cause.RetryAfter
		why := strings.TrimPrefix(cause.Error(), x.client.vendor.Name+": ")
		text += ": " + strings.TrimPrefix(why, credentialClass(x.err).Error()+": ") // which the call's own text begins with
	case isOwn(x.err):
		text += ": " + x.err.Error()
	}
	also(e, text)
	e.Err = credentialCause{x.err}
	return x.failWith(e, credentialClass(x.err))
}

// cause returns the cause of a limit's error, nil for none.
func cause(limit *ratelimit.Error) error {
	if limit == nil {
		return nil
	}
	return limit.Unwrap()
}

// limiterFailure returns the error of an attempt that the user's Limiter refused with a
// *souk.Error, whose message can be shown.
func (x *exchange) limiterFailure(e *souk.Error, limit *ratelimit.Error, said *souk.Error) *souk.Error {
	e.RetryAfter = said.RetryAfter
	also(e, limit.Reason+": "+said.Message)
	e.Err = hidden{limit}
	if errors.Is(said, souk.ErrUnavailable) {
		return x.failWith(e, souk.ErrUnavailable)
	}
	return x.failWith(e, souk.ErrRateLimited)
}

// sendingFailure returns the error of an attempt without a complete answer.
func (x *exchange) sendingFailure() *souk.Error {
	e := x.lastSaid()
	if text := uploadText(x.err); text != "" {
		also(e, text)
		e.Err = hidden{x.err}
		return x.failWith(e, souk.ErrInvalid)
	}
	text := x.networkText()
	if e.StatusCode != 0 && x.unanswered() {
		text = "the last attempt got no answer (" + text + ")"
	}
	also(e, text)
	e.Err = hidden{x.err}
	return x.failWith(e, souk.ErrUnavailable)
}

// answeredFailure returns the error of an answer that is not a success. unsent is why
// the file of an upload could not be sent again, "" otherwise.
func (x *exchange) answeredFailure(unsent string) *souk.Error {
	e := x.failure
	if e == nil || x.goneAlready() {
		return nil
	}
	if wait, told := x.retryAfter(); told {
		e.RetryAfter = wait
	}
	if unsent != "" {
		also(e, unsent)
	}
	return x.failWith(e, x.answeredClass())
}

func (x *exchange) answeredClass() error {
	status := x.answer.StatusCode
	byStatus := orDefault(ClassOf(status), souk.ErrUnavailable)
	switch x.kind {
	case refused:
		return x.refusedClass()
	case limited:
		return souk.ErrRateLimited
	case foreign:
		return joinClasses(souk.ErrUnavailable, souk.ErrUnreadable)
	case turnedAway:
		return joinClasses(byStatus, souk.ErrUnreadable)
	}
	return souk.ErrUnavailable
}

// refusedClass returns the class of a refusal. A refusal with a 2xx status only says
// that the request is wrong.
func (x *exchange) refusedClass() error {
	switch class := ClassOf(x.answer.StatusCode); {
	case x.verdict.Class != nil:
		return x.verdict.Class
	case class != nil:
		return class
	}
	return souk.ErrInvalid
}

// goneAlready reports whether the repeat of a delete found nothing because an earlier
// attempt has deleted it.
func (x *exchange) goneAlready() bool {
	return x.call.Deletes && x.maybeDone && x.kind == refused && !x.verdict.NoRoute && errors.Is(x.refusedClass(), souk.ErrNotFound)
}
