package transport_test

import (
	"crypto/tls"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/internal/loopback"
	"github.com/souk-go/souk/internal/transport"
)

// framed is a server of HTTP/2 that net/http's cannot be: it takes each request
// whole, and then does with its stream what end does.
type framed struct {
	URL      string
	listener net.Listener
	requests atomic.Int64
	end      func(c *framedConn, stream uint32)

	mu    sync.Mutex
	conns []net.Conn
}

type framedConn struct {
	net.Conn
	server *framed
}

// The types, flags and error codes of RFC 9113 that are used here.
const (
	frameData      = 0x0
	frameHeaders   = 0x1
	frameRSTStream = 0x3
	frameSettings  = 0x4
	framePing      = 0x6
	frameGoAway    = 0x7

	flagAck       = 0x1
	flagEndStream = 0x1

	flagEndHeaders = 0x4

	noError        = 0x0
	protocolError  = 0x1
	internalError  = 0x2
	refusedStream  = 0x7
	enhanceYouCalm = 0xb
)

// hint is ":status: 103" as HPACK spells it: the name by its index, the value as text.
var hint = []byte("\x08\x03103")

func newFramed(t *testing.T, end func(c *framedConn, stream uint32)) *framed {
	t.Helper()
	listener, err := loopback.Listen()
	require.NoError(t, err)
	cfg := testTLS().server.Clone()
	cfg.NextProtos = []string{"h2"}
	s := &framed{URL: "https://" + listener.Addr().String(), listener: tls.NewListener(listener, cfg), end: end}
	go s.accept()
	t.Cleanup(func() {
		_ = listener.Close()
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, conn := range s.conns {
			_ = conn.Close()
		}
	})
	return s
}

func (s *framed) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.conns = append(s.conns, conn)
		s.mu.Unlock()
		go (&framedConn{conn, s}).serve()
	}
}

func (c *framedConn) serve() {
	defer c.Close()
	preface := make([]byte, len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))
	if _, err := io.ReadFull(c, preface); err != nil {
		return
	}
	c.send(frameSettings, 0, 0, nil)
	for {
		head := make([]byte, 9)
		if _, err := io.ReadFull(c, head); err != nil {
			return
		}
		payload := make([]byte, binary.BigEndian.Uint32(head)>>8)
		if _, err := io.ReadFull(c, payload); err != nil {
			return
		}
		c.take(head[3], head[4], binary.BigEndian.Uint32(head[5:]), payload)
	}
}

func (c *framedConn) take(kind, flags byte, stream uint32, payload []byte) {
	switch kind {
	case frameSettings:
		if flags&flagAck == 0 {
			c.send(frameSettings, flagAck, 0, nil)
		}
	case framePing:
		if flags&flagAck == 0 {
			c.send(framePing, flagAck, 0, payload)
		}
	case frameHeaders, frameData:
		if flags&flagEndStream != 0 {
			c.server.requests.Add(1)
			c.server.end(c, stream)
		}
	}
}

func (c *framedConn) send(kind, flags byte, stream uint32, payload []byte) {
	frame := binary.BigEndian.AppendUint32(nil, uint32(len(payload))<<8|uint32(kind))
	frame = append(frame, flags)
	frame = binary.BigEndian.AppendUint32(frame, stream)
	_, _ = c.Write(append(frame, payload...))
}

func (c *framedConn) reset(stream, code uint32) {
	c.send(frameRSTStream, 0, stream, binary.BigEndian.AppendUint32(nil, code))
}

// goAway says that no stream beyond last was looked at, and that the connection
// ends.
func (c *framedConn) goAway(last, code uint32) {
	c.send(frameGoAway, 0, 0, binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, last), code))
}

// testTLS is that of net/http's own test server, and what trusts it.
var testTLS = sync.OnceValue(func() (t struct{ server, client *tls.Config }) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.StartTLS()
	defer server.Close()
	t.server = &tls.Config{Certificates: server.TLS.Certificates, MinVersion: tls.VersionTLS12}
	t.client = server.Client().Transport.(*http.Transport).TLSClientConfig
	return t
})

// acmeTrusting returns acme with connections of its own that trust test servers.
func acmeTrusting() *transport.Vendor {
	return acme.Apart(time.Minute, func(t *http.Transport) {
		t.TLSClientConfig = testTLS().client.Clone()
		t.TLSHandshakeTimeout = 0
		t.HTTP2.SendPingTimeout = 0
	})
}
