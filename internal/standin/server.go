package standin

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Answer is a whole response.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Options say what is particular to a vendor.
type Options struct {
	// Name is that of the package, for the message of a panic.
	Name string
	// Answer does what a request asks for. It is called from many goroutines.
	Answer func(r *http.Request, body []byte) Answer
	// Refuse answers a request that the vendor turns away by its head: its body
	// is neither read nor recorded, and it meets no Fault. Without true the
	// request goes its way. Nil means that all do.
	Refuse func(r *http.Request) (Answer, bool)
	// Credentials names the headers that are not recorded.
	Credentials []string
	// Secret reports whether the body of a request holds secrets and is not
	// recorded. Nil means that none does.
	Secret func(r *http.Request) bool
	// Header is sent with the answer of a Fault.
	Header http.Header
}

// Server is a running stand-in and an [http.Handler].
type Server struct {
	// URL is scheme, host and port.
	URL string

	o      Options
	http   *http.Server
	served chan struct{}
	closed chan struct{}
	once   sync.Once
	conns  connections
	log    log
	faults faults
}

// Start starts a server on a free port of the loopback interface. It panics when
// the machine lets it listen on no port.
func Start(o Options) *Server {
	listener, err := listen()
	if err != nil {
		panic(fmt.Sprintf("%s: listen on loopback: %v", o.Name, err))
	}
	s := &Server{
		URL:    "http://" + listener.Addr().String(),
		o:      o,
		served: make(chan struct{}),
		closed: make(chan struct{}),
	}
	s.conns.init()
	s.http = &http.Server{Handler: s, ConnState: s.conns.track, ReadHeaderTimeout: time.Minute}
	go func() {
		defer close(s.served)
		_ = s.http.Serve(listener) // always ErrServerClosed, after Close
	}()
	return s
}

// Close cuts all connections, also those of requests that are being answered,
// and returns when nothing of the server runs any more.
func (s *Server) Close() {
	s.once.Do(func() {
		close(s.closed)
		_ = s.http.Close()
	})
	<-s.served
	s.conns.wait()
}

// maxBody is what is read of a request's body.
const maxBody = 1 << 20

// ServeHTTP records the request and answers it, under the fault that waits for
// it if there is one.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if refusal, refused := s.refuse(r); refused {
		s.record(r, nil)
		refusal.write(w)
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		panic(http.ErrAbortHandler) // the client gave up
	}
	_, _ = io.Copy(io.Discard, r.Body)
	s.record(r, body)
	fault := s.faults.next(r)
	if !s.pause(r, fault.Delay) {
		panic(http.ErrAbortHandler)
	}
	s.serve(w, fault, func() Answer { return s.o.Answer(r, body) })
}

func (s *Server) refuse(r *http.Request) (Answer, bool) {
	if s.o.Refuse == nil {
		return Answer{}, false
	}
	return s.o.Refuse(r)
}

func (a Answer) write(w http.ResponseWriter) {
	a.writeHead(w)
	_, _ = w.Write(a.Body) // the client may be gone
}

func (a Answer) writeHead(w http.ResponseWriter) {
	for name, values := range a.Header {
		w.Header()[http.CanonicalHeaderKey(name)] = values
	}
	if a.Status != http.StatusNotModified { // which would speak of the body that it spares
		w.Header().Set("Content-Length", strconv.Itoa(len(a.Body)))
	}
	w.WriteHeader(a.Status)
}

func listen() (net.Listener, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err == nil {
		return listener, nil
	}
	return net.Listen("tcp6", "[::1]:0")
}

// connections counts the open connections, so that Close can wait for the
// goroutines that serve them.
type connections struct {
	mu   sync.Mutex
	cond *sync.Cond
	open map[net.Conn]bool
}

func (c *connections) init() {
	c.cond = sync.NewCond(&c.mu)
	c.open = make(map[net.Conn]bool)
}

func (c *connections) track(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch state {
	case http.StateNew:
		c.open[conn] = true
	case http.StateClosed, http.StateHijacked:
		delete(c.open, conn)
		c.cond.Broadcast()
	}
}

func (c *connections) wait() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.open) > 0 {
		c.cond.Wait()
	}
}
