package transport

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/hashicorp/go-retryablehttp"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/percall"
	"github.com/souk-go/souk/internal/ratelimit"
)

// exchange is a call under way. It is the HTTP transport below the retry
// engine, so that every attempt pays for quota and carries a fresh token, and
// it holds the engine's policies, which see the whole call through it.
type exchange struct {
	client *Client
	call   *Call
	ctx    context.Context
	asked  percall.Options // of the caller, for this call

	engine retryablehttp.Client
	http   http.Client
	req    retryablehttp.Request

	target      url.URL
	contentType []string
	attempts    int
	renewed     bool          // the token was replaced after a 401
	expired     string        // that token
	delay       time.Duration // before the next attempt

	stage     stage // where the last attempt ended
	answer    Answer
	buf       *bytes.Buffer
	capped    io.LimitedReader // reads the answer's body into buf
	err       error            // why the last attempt has no answer
	verdict   Verdict
	failure   *souk.Error // what the last answer says, if it is a failure
	previous  *souk.Error // what the answer before said
	token     *oauth2.Token
	maybeDone bool // some attempt may have been processed
	trace     trace
	response  Response // what a successful call returns
	started   time.Time
	waited    time.Duration
}

// stage says how far an attempt got.
type stage int

const (
	stageNone     stage = iota // no attempt was made
	stageRefused               // quota or credential did not let it leave
	stageUnsent                // it failed before anything reached the server
	stageLost                  // it left, and no answer came back whole
	stageAnswered              // the server answered
)

func newExchange(ctx context.Context, c *Client, call *Call, target url.URL, body any, contentType []string) *exchange {
	x := &exchange{client: c, call: call, ctx: ctx, target: target, contentType: contentType}
	x.http.Transport = x
	x.http.CheckRedirect = x.checkRedirect
	if c.httpClient != nil {
		x.http.Jar = c.httpClient.Jar
	}
	x.engine.HTTPClient = &x.http
	x.engine.CheckRetry = x.checkRetry
	x.engine.Backoff = x.backoff
	x.engine.RetryMax = maxSends
	x.req.Request = (&http.Request{
		Method: call.Method,
		URL:    &x.target,
		Host:   target.Host,
		Header: make(http.Header),
	}).WithContext(x.traced(ctx))
	if body != nil {
		x.err = x.req.SetBody(body)
	}
	return x
}

// maxSends ends the engine's loop should the policy ever fail to.
const maxSends = 1 << 20

// run carries out the attempts and decodes the answer.
func (x *exchange) run() (*Response, *souk.Error) {
	defer x.release()
	if x.err != nil {
		return nil, x.sendingFailure()
	}
	// The engine's response and error say less than what RoundTrip has noted.
	_, err := x.engine.Do(&x.req) //nolint:bodyclose // the body is read and closed in RoundTrip
	if failure := x.outcome(err); failure != nil {
		failure.Attempts = x.attempts
		return nil, failure
	}
	x.response = Response{
		StatusCode: x.answer.StatusCode,
		Header:     x.answer.Header,
		RequestID:  x.requestID(),
		Attempts:   x.attempts,
	}
	if failure := x.decode(); failure != nil {
		failure.Attempts = x.attempts
		return nil, failure
	}
	return &x.response, nil
}

// RoundTrip makes one attempt: quota, then the credential, then the network,
// then the log. It reads the answer to its end, so that a cut-off answer counts
// as lost and the connection is free again.
func (x *exchange) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Response == nil { // not a redirect's next hop
		x.attempts++
	}
	x.begin()
	ctx := req.Context()
	tickets, err := x.admit(ctx)
	if err != nil {
		return nil, x.refuse(err)
	}
	header := x.header(req)
	if err := x.authorize(ctx, header); err != nil {
		tickets.cancel()
		return nil, x.refuse(err)
	}
	started := time.Now()
	resp, err := x.send(req, header)
	if err != nil {
		x.fault(err)
	} else {
		x.read()
	}
	x.settle(&tickets)
	x.log(ctx, started)
	x.observeAttempt(ctx, started)
	return resp, err
}

// release tells the caller of the last answer and gives the buffer back.
func (x *exchange) release() {
	if done := x.asked.Done; done != nil {
		done(percall.Answer{
			StatusCode: x.answer.StatusCode,
			Header:     x.answer.Header,
			RequestID:  x.requestID(),
			Attempts:   x.attempts,
			Waited:     x.waited,
			Body:       x.answer.Body,
		})
	}
	releaseBuffer(x.buf)
}

// begin forgets the attempt before.
func (x *exchange) begin() {
	x.previous, x.failure = x.failure, nil
	x.stage, x.err, x.token = stageNone, nil, nil
	x.answer, x.verdict = Answer{}, Verdict{}
	x.trace.getConn, x.trace.gotConn = false, false
	if x.buf != nil {
		x.buf.Reset()
	}
}

func (x *exchange) refuse(err error) error {
	x.stage, x.err = stageRefused, err
	x.attempts--
	return err
}

// settle tells the quotas what became of the attempt.
func (x *exchange) settle(t *tickets) {
	if x.stage == stageUnsent {
		t.cancel()
		return
	}
	ratelimit.DoneAll(ratelimit.Answer{Status: x.answer.StatusCode, Header: x.answer.Header}, t.held[:t.n]...)
}

// fault notes an attempt without an answer.
func (x *exchange) fault(err error) {
	x.err = err
	x.stage = stageLost
	if x.trace.unsent() || neverSent(err) {
		x.stage = stageUnsent
		return
	}
	x.maybeDone = true
}

// read notes what the answer means.
func (x *exchange) read() {
	x.stage = stageAnswered
	a := &x.answer
	if !x.isFailure() {
		return
	}
	x.failure = &souk.Error{StatusCode: a.StatusCode, RequestID: x.requestID(), Body: bytes.Clone(a.Body)}
	x.verdict = x.client.vendor.Read(a, x.failure)
	if !x.processedNothing() {
		x.maybeDone = true
	}
}

func (x *exchange) isFailure() bool {
	a := &x.answer
	if a.StatusCode < 200 || a.StatusCode > 299 {
		return true
	}
	refused := x.client.vendor.Refused
	return refused != nil && refused(a)
}

// processedNothing reports that the server certainly did nothing: it refused
// the request, for whatever reason. A 408 and a 5xx leave it open.
func (x *exchange) processedNothing() bool {
	status := x.answer.StatusCode
	switch {
	case x.verdict.Refused, x.verdict.Expired:
		return true
	case status == http.StatusServiceUnavailable:
		_, told := ratelimit.RetryAfter(x.answer.Header, time.Now())
		return told
	}
	return status < 500 && status != http.StatusRequestTimeout
}

func (x *exchange) requestID() string {
	name := x.client.vendor.RequestID
	if name == "" {
		return ""
	}
	return x.answer.Header.Get(name)
}
