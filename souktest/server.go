package souktest

import (
	"crypto/rand"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// Server is what the stand-ins of all vendors share: it records requests, fails on
// demand, and answers in memory or, once URL was called, on loopback. It is safe for
// concurrent use and is an [http.Handler].
type Server struct {
	vendor Vendor
	host   string
	closed chan struct{}
	log    log
	faults faults
	mu     sync.Mutex // guards what follows
	ended  bool
	calls  sync.WaitGroup
	socket *socket
}

// New returns the server of a stand-in: one of this module, or one of your own for
// another service.
func New(v Vendor) *Server {
	return &Server{vendor: v, host: strings.ToLower(rand.Text()) + ".test", closed: make(chan struct{})}
}

// BaseURL returns the URL at which Client reaches the server. It exists nowhere else.
func (s *Server) BaseURL() string { return "https://" + s.host }

// URL returns scheme, host and port of the server on loopback, such as
// "http://127.0.0.1:40213", for other processes and for tests with real connections:
// set it as BaseURL in a Config without HTTPClient. The server starts to listen at the
// first call of URL, which panics if it cannot listen. Do not use it in
// testing/synctest.
func (s *Server) URL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.socket == nil {
		s.socket = listenOn(s.vendor.Name, s)
		if s.ended {
			s.socket.close()
		}
	}
	return s.socket.url
}

// Close stops the server: it cuts all connections, even of requests in progress, and
// returns when nothing of the server is running.
func (s *Server) Close() {
	s.mu.Lock()
	if !s.ended {
		s.ended = true
		close(s.closed)
	}
	socket := s.socket
	s.mu.Unlock()
	if socket != nil {
		socket.close()
	}
	s.calls.Wait()
}

// maxBody is how much is read of a request's body.
const maxBody = 1 << 20

// ServeHTTP records the request and answers it, under the fault that matches it, if
// any.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if refusal, refused := s.refuse(r); refused {
		s.record(r, nil)
		write(w, refusal)
		return
	}
	var body []byte
	if r.Body != nil { // as requests of clients have it that bring a transport of their own
		var err error
		if body, err = io.ReadAll(io.LimitReader(r.Body, maxBody)); err != nil {
			panic(http.ErrAbortHandler) // the client gave up
		}
		_, _ = io.Copy(io.Discard, r.Body)
	}
	s.record(r, body)
	fault := s.faults.next(r, s.operation(r))
	if !s.pause(r, fault.Delay) {
		panic(http.ErrAbortHandler)
	}
	s.serve(w, fault, func() Answer { return s.vendor.Answer(r, body) })
}

func (s *Server) operation(r *http.Request) string {
	if s.vendor.Operation == nil {
		return ""
	}
	return s.vendor.Operation(r)
}

func (s *Server) refuse(r *http.Request) (Answer, bool) {
	if s.vendor.Refuse == nil {
		return Answer{}, false
	}
	return s.vendor.Refuse(r)
}

func write(w http.ResponseWriter, a Answer) {
	writeHead(w, a)
	_, _ = w.Write(a.Body) // the client may be gone
}

func writeHead(w http.ResponseWriter, a Answer) {
	for name, values := range a.Header {
		w.Header()[http.CanonicalHeaderKey(name)] = values
	}
	if hasBody(a.Status) { // a 304 would speak of the body that it spares
		w.Header().Set("Content-Length", strconv.Itoa(len(a.Body)))
	}
	w.WriteHeader(a.Status)
}

// hasBody reports whether answers with this status have a body.
func hasBody(status int) bool {
	return status >= 200 && status != http.StatusNoContent && status != http.StatusNotModified
}
