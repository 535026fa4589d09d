package sallatest

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/souk-go/souk/internal/standin"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/souktest"
)

// Server is a running stand-in of one store. It is safe for concurrent use. It
// also is an [http.Handler], for programs that bring a transport of their own.
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

	server *souktest.Server

	mu    sync.Mutex // guards what follows
	store *store
	auth  *authority
	limit *planLimit // nil: not enforced
	clock func() time.Time
}

// NewServer starts a stand-in with no customers on a free port of the loopback
// interface. The caller ends it with Close. It panics when the machine lets it
// listen on no port.
func NewServer() *Server {
	s := &Server{
		Merchant:     1803665367,
		ClientID:     "app-1",
		ClientSecret: "app-secret",
		RedirectURL:  "https://app.example/callback",
		store:        newStore(),
		auth:         newAuthority(),
		clock:        time.Now,
	}
	s.Token = s.auth.issue(s.now(), allScopes).access
	s.server = souktest.New(standin.Options{
		Name:        "sallatest",
		Answer:      s.answer,
		Credentials: []string{"Authorization"},
		Secret:      func(r *http.Request) bool { return r.URL.Path == tokenPath },
	})
	s.URL = s.server.URL()
	return s
}

// Close ends the server: it cuts all connections, also those of requests that
// are being answered, and returns when nothing of the server runs any more.
func (s *Server) Close() { s.server.Close() }

// ServeHTTP answers a request as Salla would, unless a Fault is waiting for it.
// It records the request first.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.server.ServeHTTP(w, r) }

// Config returns the configuration of a client of this server. Its calls are not
// paced, unless EnforceLimits was called.
func (s *Server) Config() salla.Config {
	s.mu.Lock()
	defer s.mu.Unlock()
	config := salla.Config{BaseURL: s.URL, Token: s.Token, Merchant: s.Merchant}
	if s.limit == nil {
		config.Limiter = unpaced{}
	} else {
		config.Plan = s.limit.plan
	}
	return config
}

// OAuth returns the app that this server knows.
func (s *Server) OAuth() salla.OAuth {
	return salla.OAuth{
		ClientID:     s.ClientID,
		ClientSecret: s.ClientSecret,
		RedirectURL:  s.RedirectURL,
		Scopes:       []string{"customers.read_write", "webhooks.read_write"},
		BaseURL:      s.URL,
	}
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

// unpaced is a limiter that lets everything pass.
type unpaced struct{}

func (unpaced) Wait(ctx context.Context) error { return ctx.Err() }
