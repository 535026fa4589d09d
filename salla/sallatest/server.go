package sallatest

import (
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// Server is a running stand-in. It is safe for concurrent use. It also is an
// [http.Handler], for programs that bring a transport of their own.
type Server struct {
	// URL is the base URL, such as "http://127.0.0.1:40213", without a slash at
	// the end. It stands for both of Salla's hosts.
	URL string

	// Token is an access token with all scopes. It is set by NewServer; changing
	// it has no effect.
	Token string

	// Merchant is the id of the store.
	Merchant int64

	// ClientID, ClientSecret and RedirectURL are those of the app.
	ClientID, ClientSecret, RedirectURL string

	http   *http.Server
	served chan struct{}
	conns  connections
	closed chan struct{}
	once   sync.Once

	log    requestLog
	faults faults

	mu    sync.Mutex // guards what follows
	store *store
	auth  *authority
	limit planLimit
	clock func() time.Time
}

// NewServer starts a stand-in with no customers on a free port of the loopback
// interface. The caller ends it with Close. It panics when the machine lets it
// listen on no port.
func NewServer() *Server {
	listener, err := listen()
	if err != nil {
		panic(fmt.Sprintf("sallatest: listen on loopback: %v", err))
	}
	s := &Server{
		URL:          "http://" + listener.Addr().String(),
		Merchant:     1803665367,
		ClientID:     "app-1",
		ClientSecret: "app-secret",
		RedirectURL:  "https://app.example/callback",
		served:       make(chan struct{}),
		closed:       make(chan struct{}),
		store:        newStore(),
		auth:         newAuthority(),
		limit:        planLimit{perMinute: unlimited},
		clock:        time.Now,
	}
	s.Token = s.auth.issue(s.now(), allScopes).access
	s.http = &http.Server{Handler: s, ConnState: s.conns.track, ReadHeaderTimeout: time.Minute}
	go func() {
		defer close(s.served)
		_ = s.http.Serve(listener) // always ErrServerClosed, after Close
	}()
	return s
}

// Close ends the server: it cuts all connections, also those of requests that
// are being answered, and returns when nothing of the server runs any more.
func (s *Server) Close() {
	s.once.Do(func() {
		close(s.closed)
		_ = s.http.Close()
	})
	<-s.served
	s.conns.wait()
}

// SetClock replaces the clock, which is time.Now. The time decides when tokens
// run out and minutes end, and stands in created_at and updated_at. The function
// is called under a lock of the server and must not call its methods.
func (s *Server) SetClock(now func() time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock = now
}

// now is called with mu held, or before anybody knows the server.
func (s *Server) now() time.Time { return s.clock().In(riyadh) }

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

func (c *connections) track(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.init()
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
	c.init()
	for len(c.open) > 0 {
		c.cond.Wait()
	}
}

func (c *connections) init() {
	if c.open == nil {
		c.cond = sync.NewCond(&c.mu)
		c.open = make(map[net.Conn]bool)
	}
}
