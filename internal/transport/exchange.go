package transport

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"sync"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/percall"
)

// exchange is one call from first attempt to outcome. It plays three parts for
// the retry engine: its HTTP transport, its CheckRetry and its Backoff, so that
// all three see the same state. One turn of the engine:
//
//	engine.Do
//	   │
//	   ├─► RoundTrip    a new attempt: credential, quota, send, read
//	   │
//	   ├─► CheckRetry   done? the last attempt is the outcome
//	   │
//	   └─► Backoff      otherwise wait, and turn again
//
// The state of the call is here, the state of the last attempt in attempt, and what
// earlier attempts leave behind in history.
//
// An exchange is used for one call after the other. What it hands to others, who may keep
// it, is new for every call: the request, its URL and headers.
type exchange struct {
	engine retryablehttp.Client
	http   http.Client
	spare  reflect.Value // zero, for what a call decodes into; see copied
	turn                 // of the present call
}

// turn is what an exchange holds of one call.
type turn struct {
	client *Client
	call   *Call
	ctx    context.Context
	asked  *percall.Options // of the caller, for this call; never nil
	panics *percall.Panics  // where those of observer and logger are kept; nil: they end the call
	req    retryablehttp.Request

	authorizer  Authorizer // nil for none
	target      *url.URL
	contentType []string
	encoded     []byte        // the body, unless it is streamed
	pristine    reflect.Value // Out before the first answer, unless it was zero
	decoded     bool          // an answer was decoded into Out
	delay       time.Duration // what checkRetry decided, for backoff
	paused      time.Time     // since when the next attempt is waited for; zero: it is not
	sentBack    bool          // the last attempt was answered 429
	started     time.Time     // for the observer
	longWait    bool          // the present wait was recorded

	attempt
	history

	// Parts that would otherwise be allocated one by one.
	buf    *bytes.Buffer    // holds the answer's body
	body   Guarded          // is where it comes from
	capped io.LimitedReader // reads it
	names  Names
	room   [2]http.Header // for those of the attempts
}

// exchanges holds those that are between two calls.
var exchanges = sync.Pool{New: func() any {
	x := new(exchange)
	x.http.Transport = x
	x.http.CheckRedirect = x.checkRedirect
	x.engine.HTTPClient = &x.http
	x.engine.CheckRetry = x.checkRetry
	x.engine.Backoff = x.backoff
	x.engine.RetryMax = maxSends
	return x
}}

func newExchange(ctx context.Context, c *Client, call *Call, target url.URL, body any, contentType []string) *exchange {
	x := exchanges.Get().(*exchange)
	x.turn = turn{client: c, call: call, ctx: ctx, asked: percall.From(ctx), panics: percall.PanicsOf(ctx), contentType: contentType}
	x.authorizer = c.authorizerFor(ctx, call)
	x.headers = x.room[:0]
	x.http.Jar = nil // that of another client
	if c.httpClient != nil {
		x.http.Jar = c.httpClient.Jar
	}
	x.req.Request, _ = http.NewRequestWithContext(ctx, call.Method, "", nil) // which fails for odd methods only
	x.target, x.req.Host = x.req.URL, target.Host
	*x.target = target
	if body != nil {
		x.err = x.req.SetBody(x.opener(body))
	}
	return x
}

// recycle keeps the exchange for another call.
func (x *exchange) recycle() {
	if x.pristine.IsValid() {
		x.keepSpare()
	}
	x.turn = turn{}
	exchanges.Put(x)
}

// opener returns the function that opens the body of each attempt.
func (x *exchange) opener(body any) any {
	upload, ok := body.(*Upload)
	if !ok {
		return body
	}
	return retryablehttp.ReaderFunc(func() (io.Reader, error) { return upload.open(x.ctx, x.timeout()) })
}

// maxSends ends the engine's loop should the policy ever fail to.
const maxSends = 1 << 20

// do carries out the call, and tells the observer.
func (x *exchange) do() error {
	x.start()
	err := x.run()
	x.end(err)
	return err
}

// run carries out the attempts and decodes the answer.
func (x *exchange) run() error {
	defer x.release()
	var failure *souk.Error
	if x.err != nil {
		failure = x.sendingFailure()
	} else {
		// The engine's response and error say less than what RoundTrip has noted.
		_, err := x.engine.Do(&x.req) //nolint:bodyclose // the body is read and closed in RoundTrip
		x.resume()
		if failure = x.outcome(err); failure != nil {
			failure.Attempts = x.attempts
		}
	}
	switch {
	case failure != nil:
		x.hide(failure)
		return x.client.fail(x.call, failure)
	case x.lostRow != nil:
		return x.lostRow
	}
	return nil
}

// RoundTrip makes one attempt: the credential, then quota, then the network, then the
// log. The credential comes first, since a log-in counts against the same quota and
// must not wait for the attempt that needs it. RoundTrip reads the answer to its end,
// so that a cut-off answer counts as lost and the connection can be reused.
func (x *exchange) RoundTrip(req *http.Request) (*http.Response, error) {
	x.begin(req.Response != nil)
	ctx := req.Context()
	header := x.header(req)
	if err := x.authorize(ctx, header); err != nil {
		return nil, x.hold(err)
	}
	var tickets tickets
	defer tickets.giveUp()
	if err := x.admit(ctx, &tickets); err != nil {
		return nil, x.hold(err)
	}
	if req.Response == nil { // not a redirect's next hop
		x.attempts++
	}
	req = x.startAttempt(req, header)
	started := time.Now()
	tickets.sending = true
	resp, err := x.send(req, header)
	if err != nil {
		x.attempt.fail(err)
	} else {
		x.read()
	}
	x.history.note(&x.attempt)
	tickets.settle(&x.attempt)
	x.log(req.Context(), started)
	x.observeAttempt(req, started)
	return resp, err
}

// begin replaces the last attempt with a new one. redirected says that the new attempt
// follows a redirect in the last answer, which is then not a failure.
func (x *exchange) begin(redirected bool) {
	if redirected {
		x.said = nil
	}
	x.resume()
	x.sentBack = x.kind == limited
	x.attempt = attempt{}
}

// read notes what the answer proves.
func (x *exchange) read() {
	x.stage = stageAnswered
	lack, checked := x.decode()
	if lack == "" && x.call.Out != nil {
		percall.Read(x.ctx, x.answer.Body, x.call.Out)
	}
	if lack == "" && checked {
		x.kind = success
		return
	}
	a := &x.answer
	a.Path = x.target.EscapedPath()
	e := &souk.Error{}
	v := x.client.vendor.Read(x.call, a, e)
	if lack == "" && !v.Own { // any JSON will do that is not a failure of the vendor's
		x.kind = success
		return
	}
	x.kind = kindOf(a.StatusCode, v)
	if !v.Own { // what it says is not what the vendor says
		v, e = Verdict{}, &souk.Error{Message: describeForeign(a, x.kind, lack)}
	}
	e.StatusCode, e.RequestID, e.Body = a.StatusCode, x.shownID(x.answer.Header), bytes.Clone(a.Body[:min(len(a.Body), maxErrorBody)])
	x.verdict, x.failure = v, e
}

func (c *Client) requestID(header http.Header) string {
	if c.vendor.RequestID == "" {
		return ""
	}
	return header.Get(c.vendor.RequestID)
}

// release passes the last answer to the caller who asked for it, and gives the buffer
// back.
func (x *exchange) release() {
	if done := x.asked.Done; done != nil {
		done(percall.Answer{
			StatusCode: x.last.StatusCode,
			Header:     x.last.Header,
			RequestID:  x.client.requestID(x.last.Header),
			Attempts:   x.attempts,
			Waited:     x.waited,
			Body:       x.last.Body,
		})
	}
	releaseBuffer(x.buf)
}
