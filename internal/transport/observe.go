package transport

import (
	"context"
	"net/http"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/percall"
	"github.com/souk-go/souk/internal/ratelimit"
)

// start informs the observer that the call begins.
func (x *exchange) start() {
	o := x.client.observer
	if o == nil {
		return
	}
	x.started = time.Now()
	if o.CallStart == nil {
		return
	}
	defer x.panics.Keep()
	if ctx := o.CallStart(x.ctx, x.info()); ctx != nil && ctx != x.ctx {
		x.ctx = ctx
		x.req.Request = x.req.Request.WithContext(ctx)
	}
}

// end informs the observer how the call ended.
func (x *exchange) end(err error) {
	o := x.client.observer
	if o == nil || o.CallEnd == nil {
		return
	}
	info := x.info()
	info.Attempts, info.Duration = x.attempts, time.Since(x.started)
	defer x.panics.Keep()
	o.CallEnd(x.ctx, info, err)
}

func (x *exchange) info() souk.Call {
	return souk.Call{Vendor: x.client.vendor.Name, Method: x.call.Method, Route: x.call.Route, Host: x.client.host}
}

// startAttempt informs the observer that an attempt is about to be sent, and takes over
// what the observer adds to it.
func (x *exchange) startAttempt(req *http.Request, header http.Header) (started *http.Request) {
	o := x.client.observer
	if o == nil || o.AttemptStart == nil {
		return req
	}
	started = req
	defer x.panics.Keep()
	extra := make(http.Header)
	ctx := o.AttemptStart(req.Context(), x.attemptInfo(req), extra)
	for name, values := range extra {
		var problems Problems
		checkHeader(name, values, x.authorizer, &problems)
		name = http.CanonicalHeaderKey(name)
		if _, taken := header[name]; !taken && problems.Empty() {
			header[name] = values
		}
	}
	if ctx == nil || ctx == req.Context() {
		return req
	}
	return req.WithContext(ctx)
}

func (x *exchange) observeAttempt(req *http.Request, started time.Time) {
	o := x.client.observer
	if o == nil || o.Attempt == nil {
		return
	}
	a := x.attemptInfo(req)
	a.StatusCode = x.answer.StatusCode
	a.RequestID = x.shownID(x.answer.Header)
	a.Duration = time.Since(started)
	a.Failure = x.failureWord()
	defer x.panics.Keep()
	o.Attempt(req.Context(), a)
}

func (x *exchange) attemptInfo(req *http.Request) souk.Attempt {
	return souk.Attempt{
		Vendor: x.client.vendor.Name,
		Method: x.call.Method,
		Route:  x.call.Route,
		Host:   req.URL.Host,
		Number: x.attempts,
	}
}

// waits informs the observer of a wait that begins, or that is over if it could not be
// known before.
func (x *exchange) waits(reason souk.WaitReason, d time.Duration) {
	x.logWait(x.ctx, reason, d)
	o := x.client.observer
	if o == nil || o.Wait == nil {
		return
	}
	defer x.panics.Keep()
	o.Wait(x.ctx, souk.Wait{
		Vendor: x.client.vendor.Name, Method: x.call.Method, Route: x.call.Route, Reason: reason, Duration: d,
	})
}

func (x *exchange) tellsWaits() bool {
	o := x.client.observer
	return x.client.logger != nil || o != nil && o.Wait != nil
}

// onWait is called by a quota's governor when a wait begins.
func (x *exchange) onWait(held bool, d time.Duration) {
	x.waits(reasonOf(held), d)
}

func reasonOf(held bool) souk.WaitReason {
	if held {
		return souk.WaitHeld
	}
	return souk.WaitPace
}

// waitedFor adds up how long the attempt waited for a quota.
func (x *exchange) waitedFor(q *Quota, t ratelimit.Ticket) {
	x.waited += t.Waited()
	x.penalty += t.Held()
	if limited := t.Waited() - t.Held(); x.client.limiterOf(q) != nil && limited >= time.Millisecond {
		x.waits(souk.WaitPace, limited) // the user's Limiter does not say so before
	}
	if !x.longWait { // nobody knew how long it would be
		x.logWait(x.ctx, reasonOf(t.Held() > 0), t.Waited())
	}
	x.longWait = false
}

// observeRenewal informs the observer of a token renewal that the attempt began. The
// renewal ran in another goroutine, in which a function of the user must not panic.
func (x *exchange) observeRenewal(ctx context.Context, note *percall.Note) {
	if r := note.Load(); r != nil {
		x.client.observer.TokenRefresh(ctx, souk.TokenRefresh{Vendor: x.client.vendor.Name, Duration: r.Duration, Err: r.Err})
	}
}
