package xcladetest

import (
	"crypto/rand"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/souk-go/souk/internal/standin"
)

// Server is a running stand-in. It is safe for concurrent use. It also is an
// [http.Handler], for programs that bring a transport of their own.
type Server struct {
	// URL is the base URL, such as "http://127.0.0.1:40213", without a slash at
	// the end.
	URL string

	// Email and Password are the credentials of the only admin. They are set by
	// NewServer; changing them has no effect.
	Email, Password string

	server *standin.Server
	auth   *authority

	mu    sync.Mutex // guards store and clock
	store *store
	clock func() time.Time
}

// NewServer starts a stand-in with no customers on a free port of the loopback
// interface. The caller ends it with Close. It panics when the machine lets it
// listen on no port.
func NewServer() *Server {
	s := &Server{
		Email:    "admin." + strings.ToLower(rand.Text()) + "@example.test", // a limit of its own in the SDK
		Password: "supersecret",
		clock:    time.Now,
	}
	s.store = newStore(s.now)
	s.auth = newAuthority(s.Email, s.Password, s.store.ids)
	s.server = standin.Start(standin.Options{
		Name:        "xcladetest",
		Answer:      s.answer,
		Refuse:      refuseHead,
		Credentials: []string{"Authorization", "X-Api-Key"},
		Secret:      isLogin,
		Header:      baseHeader(),
	})
	s.URL = s.server.URL
	return s
}

// Close ends the server: it cuts all connections, also those of requests that
// are being answered, and returns when nothing of the server runs any more.
func (s *Server) Close() { s.server.Close() }

// ServeHTTP answers a request as the vendor would, unless a Fault is waiting
// for it. It records the request first.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.server.ServeHTTP(w, r) }

// SetClock replaces the clock, which is time.Now. The time decides when tokens
// run out and stands in created_at and updated_at, cut to milliseconds. The
// function is called under a lock of the server and must not call its methods.
func (s *Server) SetClock(now func() time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock = now
}

// now is called with mu held.
func (s *Server) now() time.Time {
	return s.clock().UTC().Truncate(time.Millisecond)
}

func isLogin(r *http.Request) bool {
	return segments(r.URL)[0] == "auth"
}
