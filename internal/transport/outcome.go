package transport

import (
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/ratelimit"
)

// outcome returns why the call failed, nil if it did not. err is what the
// engine says; it matters only where no attempt has left a trace of its own.
func (x *exchange) outcome(err error) *souk.Error {
	if ctxErr := x.ctx.Err(); ctxErr != nil && !x.final(x.call.Repeat) {
		return x.failWith(&souk.Error{}, ctxErr)
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

// heldFailure is the error of an attempt that quota or credential held
// back. What the server said before it is kept.
func (x *exchange) heldFailure() *souk.Error {
	e := x.previous
	if e == nil {
		e = &souk.Error{}
	}
	if errors.Is(x.err, errSameToken) {
		return x.failWith(e, souk.ErrUnauthorized)
	}
	if errors.Is(x.err, errTokenText) {
		return x.failWith(&souk.Error{Message: errTokenText.Error()}, souk.ErrUnauthorized)
	}
	limit, ok := errors.AsType[*ratelimit.Error](x.err)
	if !ok {
		return x.failWith(&souk.Error{Message: "no credential could be had", Err: credentialCause(x.err)}, nil)
	}
	e.RetryAfter = max(0, time.Until(limit.Until))
	e.Message = orDefault(e.Message, limit.Reason)
	e.Err = hidden{limit}
	return x.failWith(e, souk.ErrRateLimited)
}

// credentialCause hides the text of errors that are not the SDK's own: token
// end points like to repeat in them what they were sent.
func credentialCause(err error) error {
	var own slog.LogValuer
	if errors.As(err, &own) {
		return err
	}
	return hidden{err}
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

// answeredFailure is the error of an answer that says no.
func (x *exchange) answeredFailure() *souk.Error {
	e := x.failure
	if e == nil || x.goneAlready() {
		return nil
	}
	class := x.verdict.Class
	switch {
	case class != nil:
	case e.StatusCode >= 400:
		class = ClassOf(e.StatusCode)
	case e.StatusCode >= 300:
		class = souk.ErrUnavailable
		e.Message = "a redirect was not followed: it leads to another host, or would repeat a write"
	default:
		class = souk.ErrInvalid
	}
	if wait, told := x.retryAfter(); told {
		e.RetryAfter = wait
	}
	return x.failWith(e, class)
}

// goneAlready reports a 404 to the repeat of a delete whose first answer was
// lost: the first one has done it.
func (x *exchange) goneAlready() bool {
	return x.answer.StatusCode == http.StatusNotFound && x.call.Method == http.MethodDelete &&
		x.call.Repeat == Idempotent && x.maybeDone
}

// decode fills Out from the body.
func (x *exchange) decode() *souk.Error {
	if x.call.Out == nil || x.failure != nil {
		return nil
	}
	body := x.answer.Body
	if len(body) == 0 && (x.call.EmptyOK || x.answer.StatusCode == http.StatusNoContent) {
		return nil
	}
	err := decode(body, x.call.Out)
	if err == nil {
		return nil
	}
	x.maybeDone = true
	return x.failWith(&souk.Error{
		StatusCode: x.answer.StatusCode,
		RequestID:  x.requestID(),
		Message:    describeDecode(body, x.answer.Header, err),
		Body:       append([]byte(nil), body[:min(len(body), maxErrorBody)]...),
	}, errUnreadable)
}

// errUnreadable is the class of an answer that is a success by its status and
// cannot be read. It belongs to no class that callers act on.
var errUnreadable = errors.New("unreadable answer")

// networkText describes a failure below HTTP without addresses of any kind.
func networkText(err error) string {
	switch {
	case errors.Is(err, errAttemptTimeout), errors.Is(err, errTooLarge):
		return err.Error()
	case permanent(err):
		return "no trusted TLS connection to the server"
	case neverSent(err):
		return "no connection to the server"
	}
	return "the connection broke before the answer was complete"
}

// uploadText describes a failure of the file that was being sent, "" for any
// other. The server got no complete request then.
func uploadText(err error) string {
	for _, cause := range []error{errUploadShort, errUploadLong, errUploadFailed, errNotSeekable} {
		if errors.Is(err, cause) {
			return cause.Error()
		}
	}
	return ""
}

// hidden lets errors.Is and errors.As find a cause whose text may hold a URL or
// a secret.
type hidden struct{ cause error }

func (hidden) Error() string   { return "" }
func (h hidden) Unwrap() error { return h.cause }
