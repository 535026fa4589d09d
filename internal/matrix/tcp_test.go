package matrix

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/loopback"
	"github.com/souk-go/souk/internal/testkit"
)

// front is a link on a socket: a proxy before the stand-in.
type front struct {
	*link
	store *url.URL // of the stand-in
}

// ServeHTTP passes a request on, or answers it as the script says.
func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	out := r.Clone(r.Context())
	out.RequestURI, out.URL.Scheme, out.URL.Host, out.Host = "", f.store.Scheme, f.store.Host, ""
	out.Body, out.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	a := f.next(out)
	if a == nil {
		f.pass(w, out)
		return
	}
	g, err := f.given(out, a)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	switch a.wire {
	case isLost:
		panic(http.ErrAbortHandler)
	case isStalled:
		<-r.Context().Done()
	case isReset:
		reset(w)
	case badVersion:
		raw(w, "220 mail.example.com ESMTP\r\n")
	case isCut:
		w.Header().Set("Content-Length", fmt.Sprint(len(g.body)))
		w.WriteHeader(g.status)
		_, _ = w.Write(g.body[:len(g.body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	default:
		g.write(w)
	}
}

func (f *front) pass(w http.ResponseWriter, r *http.Request) {
	resp, err := f.link.store.RoundTrip(r)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer resp.Body.Close()
	for name, values := range resp.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(resp.StatusCode)
	_, _ = io.Copy(w, resp.Body)
}

// write sends the answer past net/http, which would refuse some statuses.
func (g *given) write(w http.ResponseWriter) {
	var out bytes.Buffer
	fmt.Fprintf(&out, "HTTP/1.1 %03d Word\r\nConnection: close\r\n", g.status)
	g.header.Del("Content-Length")
	if g.status >= 200 && g.status != 204 && g.status != 304 {
		fmt.Fprintf(&out, "Content-Length: %d\r\n", len(g.body))
	}
	_ = g.header.Write(&out)
	out.WriteString("\r\n")
	out.Write(g.body)
	raw(w, out.String())
}

func raw(w http.ResponseWriter, text string) {
	if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
		_, _ = io.WriteString(conn, text)
		_ = conn.Close()
	}
}

func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// overTCP returns a place whose requests go over sockets. patience is had with a server
// that says nothing.
func (x *trial) overTCP(t testing.TB, patience time.Duration) (at *place, end func()) {
	t.Helper()
	s := x.v.start(t)
	base, err := url.Parse(s.server.BaseURL())
	if err != nil {
		t.Fatal(err)
	}
	upstream := s.server.Client().Transport
	at = &place{store: s, direct: s.directly(t), link: &link{store: upstream}}
	f := &front{link: at.link, store: base}
	o := souk.Options{MaxRetryWait: 20 * time.Millisecond}
	switch {
	case x.answer.wire == isStalled, x.odd:
		o.AttemptTimeout = patience
	case x.answer.proof == limit:
		o.MaxRetryWait = 700 * time.Millisecond
	}
	server := testkit.Unstarted(t, f)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	target := ""
	switch x.answer.wire {
	case noPort, noName, noShake:
		server.StartTLS()
		target = server.URL
		f.link = &link{store: upstream}
		o.HTTPClient = &http.Client{Transport: dialer(at.link, server)}
	case noTrust:
		server.StartTLS()
		target = server.URL
	case noTLS:
		server.Start()
		target = "https://" + server.Listener.Addr().String()
	default:
		server.Start()
		target = server.URL
	}
	at.client = s.through(t, target, o)
	x.furnish(t, at)
	return at, func() {
		server.CloseClientConnections()
		server.Close()
		s.server.Close()
	}
}

// dialing lets connections fail before they are there.
type dialing struct {
	link *link
	http *http.Transport
}

type wireKey struct{}

// dialer returns a way to a TLS server that is disturbed as the link says.
func dialer(l *link, server *httptest.Server) dialing {
	trusted := server.Client().Transport.(*http.Transport).TLSClientConfig
	return dialing{l, &http.Transport{
		TLSClientConfig:   &tls.Config{RootCAs: trusted.RootCAs, MinVersion: tls.VersionTLS12},
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			switch ctx.Value(wireKey{}) {
			case noPort:
				address = "127.0.0.1:1"
			case noName:
				return nil, &net.OpError{Op: "dial", Net: network, Err: &net.DNSError{Err: "no such host", Name: "x", IsNotFound: true}}
			case noShake:
				address = hangsUp()
			}
			return new(net.Dialer).DialContext(ctx, network, address)
		},
	}}
}

func (d dialing) RoundTrip(r *http.Request) (*http.Response, error) {
	if a := d.link.next(r); a != nil {
		r = r.WithContext(context.WithValue(r.Context(), wireKey{}, a.wire))
	}
	return d.http.RoundTrip(r)
}

// hangsUp returns the address of somebody who hangs up at once.
var hangsUp = sync.OnceValue(func() string {
	listener, err := loopback.Listen()
	if err != nil {
		panic(err)
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_ = conn.Close()
		}
	}()
	return listener.Addr().String()
})
