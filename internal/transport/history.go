package transport

import (
	"time"

	"github.com/souk-go/souk"
)

// history is what the attempts of a call leave behind. It is only added to.
type history struct {
	attempts  int           // that were sent, or that no connection could be had for
	waited    time.Duration // for quota and between attempts
	previous  *souk.Error   // what the last failure but the present one said
	maybeDone bool          // some attempt may have been carried out
	renewed   bool          // the token was replaced after a 401
	expired   string        // that token
}

// note adds an attempt that has ended.
func (h *history) note(a *attempt) {
	h.maybeDone = h.maybeDone || a.open()
}

// counted is the number of attempts that count against MaxAttempts: the one with
// the expired token does not.
func (h *history) counted() int {
	if h.renewed {
		return h.attempts - 1
	}
	return h.attempts
}

// failed gives e its classes, ErrOutcomeUnknown among them where the call may
// have been carried out.
func (h *history) failed(e *souk.Error, class error, repeat Repeat) *souk.Error {
	var unknown error
	if h.maybeDone && repeat != Safe {
		unknown = souk.ErrOutcomeUnknown
	}
	e.Err = joinClasses(class, unknown, e.Err)
	return e
}
