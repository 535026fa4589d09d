package transport_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/souk-go/souk/internal/transport"
)

// pipes are a network in memory. In a bubble, time stands still while anything on
// it is under way, however slow the machine.
type pipes struct {
	accepts chan net.Conn
	closed  chan struct{}
	close   func()
}

func newPipes() *pipes {
	p := &pipes{accepts: make(chan net.Conn), closed: make(chan struct{})}
	p.close = sync.OnceFunc(func() { close(p.closed) })
	return p
}

// dial is for a transport's DialContext.
func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case p.accepts <- there:
		return here, nil
	case <-p.closed:
		return nil, &net.OpError{Op: "dial", Err: errors.New("refused")}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Accept implements [net.Listener].
func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.accepts:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// Close implements [net.Listener].
func (p *pipes) Close() error {
	p.close()
	return nil
}

// Addr implements [net.Listener].
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

// over returns acme with connections of its own, which dial makes and which idle for
// idle, until t ends.
func over(t *testing.T, dial func(ctx context.Context, network, addr string) (net.Conn, error), idle time.Duration) *transport.Vendor {
	t.Helper()
	var all []*http.Transport
	vendor := acme.Apart(idle, func(t *http.Transport) {
		t.DialContext, t.Proxy = dial, nil
		t.TLSClientConfig = testTLS().client.Clone()
		all = append(all, t)
	})
	t.Cleanup(func() {
		for _, t := range all {
			t.CloseIdleConnections()
		}
	})
	return vendor
}

// serve lets server take the connections of pipes until t ends. With a TLSConfig, it
// speaks TLS.
func (p *pipes) serve(t *testing.T, server *http.Server) {
	t.Helper()
	server.ErrorLog = quiet
	var listener net.Listener = p
	go func() {
		if server.TLSConfig != nil {
			_ = server.ServeTLS(listener, "", "")
			return
		}
		_ = server.Serve(listener)
	}()
	t.Cleanup(func() { _ = server.Close() })
}

// protocol is HTTP/2 or HTTP/1, and no other.
func protocol(http2 bool) *http.Protocols {
	p := new(http.Protocols)
	p.SetHTTP1(!http2)
	p.SetHTTP2(http2)
	return p
}

// serverTLS is for a server that [over] trusts, as example.com.
func serverTLS() *tls.Config { return testTLS().server.Clone() }
