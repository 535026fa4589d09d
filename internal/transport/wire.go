package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http/httptrace"
	"net/textproto"
	"sync/atomic"
	"time"
)

// wire watches the connections of one attempt. Only net/http's transport reports them,
// so wanted says whether to rely on the report.
type wire struct {
	hooks  httptrace.ClientTrace
	cancel context.CancelCauseFunc
	clock  clock
	wanted bool
	had    bool
	http2  bool        // the connection's protocol
	wrote  atomic.Bool // the request's headers, and no answer came; told from another goroutine
	sent   atomic.Bool // something was, and perhaps answered
}

// watch returns a context for the attempt that ends after timeout, counted from when a
// connection was had or an upload moved. queued says that the wait for a connection does
// not count, since the transport limits connections itself.
func watch(ctx context.Context, timeout time.Duration, queued bool) (context.Context, *wire) {
	w := &wire{}
	ctx, w.cancel = context.WithCancelCause(ctx)
	w.clock.start(timeout, func() { w.cancel(errAttemptTimeout) })
	w.hooks.GetConn = func(string) { w.getConn(queued) }
	w.hooks.GotConn = w.gotConn
	w.hooks.WroteHeaders = func() {
		w.wrote.Store(true)
		w.sent.Store(true)
	}
	w.hooks.GotFirstResponseByte = func() { w.wrote.Store(false) } // what comes now is sent by the user's transport
	w.hooks.Got1xxResponse = func(int, textproto.MIMEHeader) error {
		w.wrote.Store(true) // that was no answer yet
		return nil
	}
	return httptrace.WithClientTrace(ctx, &w.hooks), w
}

// getConn ends an attempt that is about to be sent a second time. On its own and past
// the quota, net/http repeats requests that it considers idempotent, and over HTTP/2
// all requests without a body.
func (w *wire) getConn(queued bool) {
	if w.wrote.Load() {
		w.cancel(errSentAgain)
		return
	}
	w.wanted, w.had = true, false
	if queued {
		w.clock.pause()
	}
}

// gotConn closes an HTTP/1 connection that the attempt gets a second time: unlike
// HTTP/2, it would write the request even if the attempt has ended.
func (w *wire) gotConn(info httptrace.GotConnInfo) {
	w.had, w.http2 = true, isHTTP2(info.Conn)
	w.clock.restart()
	if w.wrote.Load() && !w.http2 {
		_ = info.Conn.Close()
	}
}

func isHTTP2(c net.Conn) bool {
	conn, ok := c.(*tls.Conn)
	return ok && conn.ConnectionState().NegotiatedProtocol == "h2"
}

// unsent reports whether no connection was made.
func (w *wire) unsent() bool { return w.wanted && !w.had && !w.sent.Load() }

func (w *wire) end() {
	w.clock.stop()
	w.cancel(nil)
}

// errAttemptTimeout is the cause of an attempt that took too long. It is not the
// caller's deadline, so the call may continue.
var errAttemptTimeout = errors.New("no complete answer within the attempt's timeout")

// errSentAgain is the cause of an attempt that the HTTP transport wanted to repeat.
var errSentAgain = errors.New("the connection broke before the answer was complete")
