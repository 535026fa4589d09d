package transport

import (
	"errors"
	"strings"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/ratelimit"
)

// outcome returns why the call failed, nil if it did not. err is what the
// engine says; it matters only where no attempt has left a trace of its own.
func (x *exchange) outcome(err error) *souk.Error {
	if ctxErr := x.ctx.Err(); ctxErr != nil && !x.final(x.call.Repeat) {
		return x.failWith(x.lastSaid(), ctxErr)
	}
	switch x.stage {
	case stageHeld:
		return x.heldFailure()
	case stageUnsent, stageLost:
		return x.sendingFailure()
	case stageAnswered:
		return x.answeredFailure()
	}
	return x.failWith(&souk.Error{Err: hidden{err}}, souk.ErrUnavailable)
}

// failWith gives e its classes.
func (x *exchange) failWith(e *souk.Error, class error) *souk.Error {
	return x.history.failed(e, class, x.call.Repeat)
}

// heldFailure is the error of an attempt that quota or credential held back. What
// the server said before it is kept.
func (x *exchange) heldFailure() *souk.Error {
	e := x.lastSaid()
	_, ofToken := errors.AsType[*souk.Error](x.err)
	if limit, ok := errors.AsType[*ratelimit.Error](x.err); ok && !ofToken {
		if !limit.Until.IsZero() {
			e.RetryAfter = max(0, time.Until(limit.Until))
		}
		e.Message = orDefault(e.Message, limit.Reason)
		e.Err = hidden{limit}
		return x.failWith(e, souk.ErrRateLimited)
	}
	if errors.Is(x.err, errSameToken) {
		return x.failWith(e, souk.ErrUnauthorized)
	}
	e.Message = "no credential could be had"
	switch cause, ok := errors.AsType[*souk.Error](x.err); {
	case ok:
		e.RetryAfter = cause.RetryAfter
		e.Message += ": " + strings.TrimPrefix(cause.Error(), x.client.vendor.Name+": ")
	case isOwn(x.err):
		e.Message += ": " + x.err.Error()
	}
	e.Err = credentialCause{x.err}
	return x.failWith(e, credentialClass(x.err))
}

// lastSaid is a new error with what is known of the last answer that came.
func (x *exchange) lastSaid() *souk.Error {
	said := x.failure
	if said == nil {
		said = x.previous
	}
	if said == nil {
		return &souk.Error{}
	}
	e := *said
	e.Err = nil
	return &e
}

// sendingFailure is the error of an attempt without an answer.
func (x *exchange) sendingFailure() *souk.Error {
	if text := uploadText(x.err); text != "" {
		return &souk.Error{Message: text, Err: joinClasses(souk.ErrInvalid, hidden{x.err})}
	}
	return x.failWith(&souk.Error{
		StatusCode: x.answer.StatusCode,
		RequestID:  x.requestID(),
		Message:    networkText(x.err),
		Err:        hidden{x.err},
	}, souk.ErrUnavailable)
}

// answeredFailure is the error of an answer that is no success.
func (x *exchange) answeredFailure() *souk.Error {
	e := x.failure
	if e == nil || x.goneAlready() {
		return nil
	}
	if wait, told := x.retryAfter(); told {
		e.RetryAfter = wait
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

// refusedClass is the class of a refusal. One with a status of success says no
// more than that the request was not right.
func (x *exchange) refusedClass() error {
	switch class := ClassOf(x.answer.StatusCode); {
	case x.verdict.Class != nil:
		return x.verdict.Class
	case class != nil:
		return class
	}
	return souk.ErrInvalid
}

// goneAlready reports that the repeat of a delete found nothing, because an
// attempt before it has done it.
func (x *exchange) goneAlready() bool {
	return x.call.Deletes && x.maybeDone && x.kind == refused && !x.verdict.NoRoute && errors.Is(x.refusedClass(), souk.ErrNotFound)
}
