package transport

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/souk-go/souk/internal/loosejson"
	"github.com/souk-go/souk/internal/percall"
)

// errNoResponse is the error of a user's transport without a result.
var errNoResponse = errors.New("the HTTP client's transport returned neither a response nor an error")

// header returns the attempt's headers. The map is new for every attempt, because the
// HTTP transport may still be writing the previous one.
func (x *exchange) header(req *http.Request) http.Header {
	header := make(http.Header, 8)
	for name, values := range req.Header { // cookies of the user's jar
		header[name] = values
	}
	header.Del("Referer")
	header["Accept"] = typeJSON
	header["User-Agent"] = agentOf(x.client.userAgent)
	if x.contentType != nil {
		header["Content-Type"] = x.contentType
	}
	for name, values := range x.client.header {
		header[name] = values
	}
	for name, values := range x.call.Header {
		header[name] = values
	}
	for name, values := range x.asked.Header {
		header[name] = values
	}
	return header
}

// typeJSON is a header's value. All requests share it: nobody writes to it.
var typeJSON = []string{"application/json"}

// defaultAgent is another.
var defaultAgent = []string{DefaultUserAgent}

func agentOf(name string) []string {
	if name == DefaultUserAgent {
		return defaultAgent
	}
	return []string{name}
}

func (x *exchange) authorize(ctx context.Context, header http.Header) error {
	if x.authorizer == nil {
		return nil
	}
	own := percall.Without(ctx)
	var note *percall.Note
	if o := x.client.observer; o != nil && o.TokenRefresh != nil {
		note = new(percall.Note)
		own = percall.WithNote(own, note)
	}
	token, err := x.authorizer.Authorize(own, header)
	if note != nil {
		x.observeRenewal(ctx, note)
	}
	if token != nil && token.AccessToken != "" && token.AccessToken == x.expired {
		return errSameToken
	}
	x.token = token
	return err
}

// authorizerFor returns the credential of a call's attempts, nil for none.
func (c *Client) authorizerFor(ctx context.Context, call *Call) Authorizer {
	a := c.authorizerOf(call)
	if s, ok := a.(Starter); ok {
		return s.Start(percall.Without(ctx))
	}
	return a
}

func (c *Client) authorizerOf(call *Call) Authorizer {
	switch {
	case call.Anonymous:
		return nil
	case call.Credential != nil:
		return call.Credential
	}
	return c.authorizer
}

// errSameToken ends a call whose token has expired if no other can be obtained.
var errSameToken = errors.New("the token has expired")

// send makes the request and reads the answer within the attempt's timeout.
func (x *exchange) send(req *http.Request, header http.Header) (*http.Response, error) {
	x.headers, x.hidden = append(x.headers, header), nil
	ctx, w := watch(req.Context(), x.timeout(), x.client.httpClient == nil)
	defer w.end()
	out := req.WithContext(ctx)
	out.Header = header
	out.GetBody = nil // or else net/http sends a write again on its own

	// Whoever was asked or told before may have ended the context: nothing is sent then.
	if ctx.Err() != nil {
		x.noConn = true
		return nil, x.cause(ctx, ctx.Err())
	}
	resp, err := x.deliver(out, w)
	x.noConn, x.wrote, x.overHTTP2 = w.unsent(), w.sent.Load(), w.http2
	switch {
	case err != nil && x.noConn:
		return nil, x.cause(ctx, namedProxyError(err))
	case err != nil:
		return nil, x.cause(ctx, err)
	case resp == nil:
		return nil, errNoResponse
	}
	if err := x.receive(resp); err != nil {
		return nil, x.cause(ctx, err)
	}
	return resp, nil
}

// deliver passes the request to the HTTP transport. The file of an upload is not read
// after the attempt has ended.
func (x *exchange) deliver(req *http.Request, w *wire) (*http.Response, error) {
	upload, ok := x.call.Body.(*Upload)
	if !ok {
		return x.transport().RoundTrip(req)
	}
	body := upload.body
	req.Body = moving{body, w}
	context.AfterFunc(req.Context(), func() { _ = body.Close() }) // w.end ends it, too
	resp, err := x.transport().RoundTrip(req)
	x.stuck = body.reading.Load()
	if p := body.panicked.Load(); p != nil {
		panic(*p) // in the goroutine of the call, where it can be recovered from
	}
	return resp, err
}

// receive reads the answer to its end and leaves resp without a body.
func (x *exchange) receive(resp *http.Response) error {
	if resp.Body == nil { // as net/http's own client, and stubs of tests rely on that
		resp.Body = http.NoBody
	}
	defer resp.Body.Close()
	x.answer = Answer{StatusCode: resp.StatusCode, Header: resp.Header}
	if begun := x.call.Begun; begun != nil && x.answer.IsSuccess() {
		begun(resp.Header)
	}
	if x.buf == nil {
		x.buf = takeBuffer()
	}
	x.buf.Reset()
	if resp.StatusCode != http.StatusSwitchingProtocols { // whose body is the connection, and has no end
		if err := x.readBody(resp); err != nil {
			return err
		}
		x.answer.Body = loosejson.TrimMark(x.buf.Bytes())
	}
	resp.Body = http.NoBody
	return nil
}

// cause distinguishes the end of the attempt from the end of the caller's context.
func (x *exchange) cause(ctx context.Context, err error) error {
	if x.ctx.Err() != nil {
		return x.ctx.Err()
	}
	cause := context.Cause(ctx)
	if errors.Is(cause, errAttemptTimeout) && x.stuck {
		return errUploadStuck
	}
	if errors.Is(cause, errAttemptTimeout) && x.client.httpClient == nil {
		// The connection may have died silently, and others with it.
		x.client.vendor.transport(false).CloseIdleConnections()
	}
	if cause != nil {
		return cause
	}
	return err
}

func (x *exchange) timeout() time.Duration {
	timeout := orDefault(x.asked.AttemptTimeout, x.client.attemptTimeout)
	if h := x.client.httpClient; h != nil && h.Timeout > 0 {
		return min(timeout, h.Timeout)
	}
	return timeout
}

func (x *exchange) transport() http.RoundTripper {
	if h := x.client.httpClient; h != nil {
		if h.Transport != nil {
			return h.Transport
		}
		return http.DefaultTransport
	}
	return x.client.vendor.transport(x.alone)
}
