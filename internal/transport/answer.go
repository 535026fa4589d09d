package transport

import "net/http"

// kind is what an answer proves. A status alone proves nothing, because proxies
// send statuses, too: what counts is the form that the vendor gives its answers.
type kind int

const (
	noAnswer   kind = iota
	success         // the operation's own
	refused         // the vendor said no, and did nothing
	limited         // 429, whoever said so: nothing was done
	troubled        // the vendor's own trouble, or a 408 or 503 of anybody: it may have been done
	foreign         // not the vendor's, and perhaps in place of what it said: it may have been done
	turnedAway      // not the vendor's, by somebody who did not pass the request on
)

// kindOf returns what an answer proves if it is not the success of its call.
func kindOf(status int, v Verdict) kind {
	switch {
	case status == http.StatusTooManyRequests:
		return limited
	case status == http.StatusRequestTimeout, status == http.StatusServiceUnavailable && !v.refused(), v.Own && v.Trouble:
		return troubled
	case v.refused(), v.Own && status < 500:
		return refused
	case v.Own:
		return troubled
	case mayHidePassedOn(status):
		return foreign
	}
	return turnedAway
}

func (v Verdict) refused() bool { return v.Own && v.Refused }

// mayHidePassedOn reports whether a proxy may also send the status for a request that it
// has passed on, or no server should send it.
func mayHidePassedOn(status int) bool {
	switch status {
	case http.StatusNotFound, http.StatusConflict, http.StatusGone:
		return true
	}
	return status < http.StatusNotModified || status >= 500
}

// leavesOpen reports whether the call may have been carried out.
func (k kind) leavesOpen() bool { return k == troubled || k == foreign }
