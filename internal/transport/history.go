package transport

import (
	"net/http"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/mask"
)

// history is what the attempts of a call leave behind. It only grows.
type history struct {
	attempts  int           // that were sent, or failed to connect
	limited   int           // of them, were answered 429
	waited    time.Duration // for quota and between attempts
	penalty   time.Duration // the part of it that refusals and failures caused
	last      Answer        // that came; its body is in the buffer
	said      *souk.Error   // what it says, nil if it was cut off or led elsewhere
	alone     bool          // attempts get connections of their own: the shared one may be dead
	maybeDone bool          // some attempt may have been carried out
	renewed   bool          // the token was replaced after a 401
	expired   string        // that token
	headers   []http.Header // of the attempts
	hidden    *mask.Sent    // what was sent up to now, once somebody has asked
}

// note adds an attempt that has ended.
func (h *history) note(a *attempt) {
	h.maybeDone = h.maybeDone || a.leavesOpen()
	if a.kind == limited {
		h.limited++
	}
	h.alone = h.alone || a.overHTTP2 && a.timedOut()
	if a.answer.StatusCode != 0 {
		h.last, h.said = a.answer, a.failure
	}
}

// counted returns the number of attempts that count against MaxAttempts: all but one
// with an expired token and those answered with 429.
func (h *history) counted() int {
	n := h.attempts - h.limited
	if h.renewed {
		n--
	}
	return n
}

// exhausted reports whether no attempt is left of most. If most is 1, an attempt
// answered with 429 counts, too.
func (h *history) exhausted(most int) bool {
	return h.counted() >= most || most == 1 && h.attempts >= 1
}
