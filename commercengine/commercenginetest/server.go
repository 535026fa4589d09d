package commercenginetest

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/internal/standin"
	"github.com/souk-go/souk/souktest"
)

// Server is a running stand-in of one store. It is safe for concurrent use. It
// also is an [http.Handler], for programs that bring a transport of their own.
type Server struct {
	// URL is the base URL, such as "http://127.0.0.1:40213", without a slash at
	// the end.
	URL string

	// StoreID and APIKey are those of the store. They are set by NewServer;
	// changing them has no effect on the server.
	StoreID, APIKey string

	// OTP is every one-time password.
	OTP string

	server *souktest.Server
	prefix string

	mu    sync.Mutex // guards what follows
	store *store
	clock func() time.Time
}

// NewServer starts a stand-in with no users on a free port of the loopback
// interface. The caller ends it with Close. It panics when the machine lets it
// listen on no port.
func NewServer() *Server {
	s := &Server{
		StoreID: "x2yh61zw4k",
		APIKey:  "storefront-key",
		OTP:     "123456",
		prefix:  "/api/v1/x2yh61zw4k/storefront",
		clock:   time.Now,
		store:   newStore(),
	}
	s.server = souktest.New(standin.Options{
		Name:        "commercenginetest",
		Answer:      s.answer,
		Credentials: []string{"Authorization", "X-Api-Key"},
		Secret: func(r *http.Request) bool {
			return strings.Contains(r.URL.Path, "/auth/") && !strings.Contains(r.URL.Path, "/auth/user/")
		},
	})
	s.URL = s.server.URL()
	return s
}

// Close ends the server: it cuts all connections, also those of requests that
// are being answered, and returns when nothing of the server runs any more.
func (s *Server) Close() { s.server.Close() }

// ServeHTTP answers a request as the vendor would, unless a Fault is waiting for
// it. It records the request first.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.server.ServeHTTP(w, r) }

// Config returns the configuration of a client of this server, which begins
// anonymous.
func (s *Server) Config() commercengine.Config {
	return commercengine.Config{BaseURL: s.URL, StoreID: "x2yh61zw4k", APIKey: "storefront-key"}
}

// SetClock replaces the clock, which is time.Now. The time decides when tokens
// run out and stands in created_at and modified_at. The function is called under
// a lock of the server and must not call its methods.
func (s *Server) SetClock(now func() time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock = now
}

// SetTokenLifetimes sets how long tokens are good for that are issued from now
// on. At first an access token lives for an hour and a refresh token for 30 days.
// Tokens carry whole seconds.
func (s *Server) SetTokenLifetimes(access, refresh time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.store.tokens.access, s.store.tokens.refresh = access, refresh
}

// RevokeTokens makes all tokens worthless that were issued so far, refresh tokens
// included.
func (s *Server) RevokeTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.store.tokens.revoke()
}

// ExpireAccessTokens lets the server refuse all access tokens that were issued
// so far, whatever they say of themselves.
func (s *Server) ExpireAccessTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.store.tokens.expire()
}
