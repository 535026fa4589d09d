package testkit

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/souk-go/souk/internal/loopback"
)

// Server answers requests over TCP, each with the next step of a script. It is
// for what only a real connection shows; everything else uses [Gock].
//
// A request beyond the script fails the test and is answered with status 500.
// A step that got no request fails the test at its end.
type Server struct {
	// URL is scheme, host and port.
	URL string

	t        testing.TB
	listener *CountingListener

	mu        sync.Mutex
	steps     []Step
	otherwise *Step
	requests  []Recorded
}

// Step is how a [Server] treats one request.
type Step struct {
	unread bool // the body is left on the connection
	serve  http.HandlerFunc
}

// NewServer starts a server on loopback that is closed when t ends.
func NewServer(t testing.TB, steps ...Step) *Server {
	t.Helper()
	s := &Server{t: t, steps: slices.Clone(steps)}
	server := Unstarted(t, http.HandlerFunc(s.serve))
	s.listener = NewCountingListener(server.Listener)
	server.Listener = s.listener
	ctx, stop := context.WithCancel(context.Background())
	server.Config.BaseContext = func(net.Listener) context.Context { return ctx }
	server.Start()
	s.URL = server.URL
	t.Cleanup(func() {
		stop() // frees those who hang
		server.Close()
		s.mu.Lock()
		defer s.mu.Unlock()
		if len(s.steps) > 0 {
			t.Errorf("%d steps of the server's script were not requested", len(s.steps))
		}
	})
	return s
}

// Unstarted is [httptest.NewUnstartedServer] with a port that no other server of the
// process had: no client has a gate or a connection of another one's.
func Unstarted(t testing.TB, handler http.Handler) *httptest.Server {
	t.Helper()
	listener, err := loopback.Listen()
	if err != nil {
		t.Fatalf("listen on loopback: %v", err)
	}
	return &httptest.Server{Listener: listener, Config: &http.Server{Handler: handler}} //nolint:gosec // its clients are tests
}

// Otherwise sets the step of all requests beyond the script.
func (s *Server) Otherwise(step Step) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.otherwise = &step
}

// Requests returns all requests so far, each from the moment that its step
// begins. Their URLs have no scheme and no host.
func (s *Server) Requests() []Recorded {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// Connections returns how many connections were opened so far.
func (s *Server) Connections() int { return s.listener.Accepted() }

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	step := s.next()
	got := Recorded{Method: r.Method, URL: new(*r.URL), Header: r.Header.Clone()}
	if !step.unread {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the client has left
		}
		if len(body) > 0 {
			got.Body = body
		}
	}
	s.mu.Lock()
	s.requests = append(s.requests, got)
	s.mu.Unlock()
	step.serve(w, r)
}

func (s *Server) next() Step {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.steps) > 0 {
		step := s.steps[0]
		s.steps = s.steps[1:]
		return step
	}
	if s.otherwise != nil {
		return *s.otherwise
	}
	s.t.Errorf("a request beyond the server's script")
	return Answer(http.StatusInternalServerError, "")
}

// Answer answers with a status and a body, as JSON.
func Answer(status int, body string) Step {
	return Handle(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
}

// Handle does whatever serve does. The body has been read by then.
func Handle(serve http.HandlerFunc) Step { return Step{serve: serve} }

// Drop reads the request and closes the connection without an answer.
func Drop() Step {
	return Handle(func(w http.ResponseWriter, _ *http.Request) { closeConn(w) })
}

// DropUnread closes the connection as soon as the headers came.
func DropUnread() Step {
	return Step{unread: true, serve: func(w http.ResponseWriter, _ *http.Request) { closeConn(w) }}
}

// Truncate announces the whole body, sends its first n bytes and closes the
// connection.
func Truncate(status int, body string, n int) Step {
	return Handle(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body[:n])
		_ = http.NewResponseController(w).Flush()
		closeConn(w)
	})
}

// Hang gives no answer until the client leaves or the server closes.
func Hang() Step {
	return Handle(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
}

func closeConn(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}

// CountingListener counts the connections that it accepts.
type CountingListener struct {
	net.Listener
	accepted atomic.Int64
}

// NewCountingListener counts the connections of l.
func NewCountingListener(l net.Listener) *CountingListener {
	return &CountingListener{Listener: l}
}

// Accept implements [net.Listener].
func (l *CountingListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err == nil {
		l.accepted.Add(1)
	}
	return conn, err
}

// Accepted returns how many connections were accepted so far.
func (l *CountingListener) Accepted() int { return int(l.accepted.Load()) }
