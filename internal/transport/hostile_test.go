package transport_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/loopback"
	"github.com/souk-go/souk/internal/transport"
)

// The servers of this file are such as no library would be. They speak over TCP, but
// for those that take their time, which they do in a bubble.

// hostile answers the first request of each connection as it should, and each after
// that with what end writes.
type hostile struct {
	requests atomic.Int64 // those after the first of a connection
	first    atomic.Int64
}

func newHostile(t *testing.T, listener net.Listener, end func(c net.Conn)) *hostile {
	t.Helper()
	t.Cleanup(func() { _ = listener.Close() })
	h := &hostile{}
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			go h.serve(c, end)
		}
	}()
	return h
}

func (h *hostile) serve(c net.Conn, end func(net.Conn)) {
	defer func() { _ = c.Close() }()
	reader := bufio.NewReader(c)
	for n := 0; ; n++ {
		r, err := http.ReadRequest(reader)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		if n == 0 && h.first.Add(1) == 1 {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
			continue
		}
		h.requests.Add(1)
		end(c)
		return
	}
}

func zipped(n int) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(bytes.Repeat([]byte(" "), n))
	_ = w.Close()
	return b.Bytes()
}

// Whatever a server does on a connection that was used before, an attempt is one
// request, ends, and leaves a write unknown.
func TestHostileServers(t *testing.T) {
	t.Parallel()
	write := func(text string) func(net.Conn) {
		return func(c net.Conn) { _, _ = io.WriteString(c, text) }
	}
	for name, end := range map[string]func(net.Conn){
		"closes":                     func(net.Conn) {},
		"resets":                     func(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0) },
		"half a status line":         write("HTTP/1.1 2"),
		"no HTTP":                    write("SSH-2.0-OpenSSH_9.7\r\n"),
		"a status of four digits":    write("HTTP/1.1 2000 OK\r\n\r\n"),
		"headers without end":        write(ok + "X-A: " + strings.Repeat("a", 100)),
		"a header of 20 MiB":         write(ok + "X-A: " + strings.Repeat("a", 20<<20) + "\r\n\r\n"),
		"two lengths":                write(ok + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
		"a negative length":          write(ok + "Content-Length: -1\r\n\r\n{}"),
		"a length that is too great": write(ok + "Content-Length: 100\r\n\r\n{}"),
		"a chunk that is cut":        write(ok + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"),
		"a chunk without number":     write(ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"),
		"an unknown encoding":        write(ok + "Transfer-Encoding: rot13\r\n\r\n{}"),
		"no gzip":                    write(ok + last + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"),
		"gzip that is cut":           write(ok + last + "Content-Encoding: gzip\r\nContent-Length: 20\r\n\r\n" + string(zipped(1000)[:20])),
		"hints without end": func(c net.Conn) {
			for range 10000 {
				if _, err := io.WriteString(c, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"); err != nil {
					return
				}
			}
		},
	} {
		for _, call := range hostileCalls {
			t.Run(fmt.Sprintf("%s/%s %v", name, call.Method, call.Body != nil), func(t *testing.T) {
				t.Parallel()
				listener, err := loopback.Listen()
				require.NoError(t, err)
				server := newHostile(t, listener, end)
				client := newClient(t, transport.Config{BaseURL: "http://" + listener.Addr().String(), Options: souk.Options{
					MaxAttempts: 3, MaxRetryWait: time.Millisecond,
				}})

				server.requireUnknown(t, client, &call)
			})
		}
	}
}

// Such a server that takes its time costs the attempts' timeouts.
func TestHostileServersThatTakeTheirTime(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(net.Conn){
		"silence": func(c net.Conn) { _, _ = io.Copy(io.Discard, c) },
		"a byte now and then": func(c net.Conn) {
			for _, b := range []byte(ok + "Content-Length: 2\r\n\r\n{}") {
				if _, err := c.Write([]byte{b}); err != nil {
					return
				}
				time.Sleep(time.Second)
			}
		},
	} {
		for _, call := range hostileCalls {
			t.Run(fmt.Sprintf("%s/%s %v", name, call.Method, call.Body != nil), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					network := newPipes()
					server := newHostile(t, network, end)
					client := newClientOf(t, over(t, network.dial, time.Minute), transport.Config{BaseURL: "http://localhost", Options: souk.Options{
						MaxAttempts: 3, MaxRetryWait: time.Nanosecond,
					}})
					began := time.Now()

					attempts := server.requireUnknown(t, client, &call)

					assert.Equal(t, time.Duration(attempts)*transport.DefaultAttemptTimeout, time.Since(began))
					time.Sleep(time.Minute) // for the server to see it
				})
			})
		}
	}
}

const (
	ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	// last keeps a client from sending the next attempt on the connection of an answer that
	// is whole, which the server is about to close: that one would not be counted here.
	last = "Connection: close\r\n"
)

var hostileCalls = []transport.Call{
	{Method: http.MethodGet, Route: "/things", Repeat: transport.Safe},
	{Method: http.MethodPost, Route: "/things"},
	{Method: http.MethodPost, Route: "/things", Body: map[string]string{"name": "x"}},
	{Method: http.MethodDelete, Route: "/things", Repeat: transport.Idempotent, Deletes: true},
}

// requireUnknown makes the call that follows a good one, and returns how many attempts
// it took.
func (h *hostile) requireUnknown(t *testing.T, client *transport.Client, call *transport.Call) int {
	t.Helper()
	err := client.Do(t.Context(), classCall(transport.Safe))
	require.NoError(t, err)

	err = client.Do(t.Context(), call)

	e := requireError(t, err)
	want := 3
	if call.Repeat == transport.Write {
		want = 1
	}
	assert.Equal(t, want, e.Attempts)
	assert.EqualValues(t, want, h.requests.Load())
	assert.ErrorIs(t, err, souk.ErrUnavailable)
	assert.Equal(t, call.Repeat != transport.Safe, errors.Is(err, souk.ErrOutcomeUnknown))
	assert.Less(t, len(err.Error()), 8<<10)
	return e.Attempts
}
