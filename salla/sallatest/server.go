package sallatest

import (
	"crypto/rand"
	"net/http"
	"sync"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/standin"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/souktest"
)

// Server is a stand-in of one store, and of both of Salla's hosts. It is safe for
// concurrent use.
type Server struct {
	*souktest.Server

	// Token is an access token with all scopes. It is set by NewServer; changing
	// it has no effect.
	Token string

	// Merchant is the id of the store.
	Merchant string

	// ClientID and ClientSecret identify the app. Every server has its own ClientID, so
	// that one token store can hold the tokens of two servers.
	ClientID, ClientSecret string

	secret string // of the webhook

	mu    sync.Mutex // guards what follows
	store *store
	auth  *authority
	limit *planLimit // nil: not enforced
	clock func() time.Time
}

// redirectURL is the app's callback.
const redirectURL = "https://app.example/callback"

// NewServer returns a stand-in without customers. The caller must call Close.
func NewServer() *Server {
	s := &Server{
		Merchant:     "1803665367",
		ClientID:     "app-" + rand.Text(),
		ClientSecret: "app-secret",
		secret:       "webhook-" + rand.Text(),
		store:        newStore(),
		auth:         newAuthority(),
		clock:        time.Now,
	}
	s.Token = s.auth.issue(s.now(), allScopes).access
	s.Server = souktest.New(souktest.Vendor{
		Name:        "sallatest",
		Answer:      s.answer,
		Operations:  routes.Operations(),
		Operation:   routes.OperationOf(func(path string) string { return path }),
		Credentials: []string{"Authorization"},
		Secret:      func(r *http.Request) bool { return r.URL.Path == tokenPath },
	})
	return s
}

// Config returns the configuration of a client of this server. Its calls are not
// paced, unless EnforceLimits was called.
func (s *Server) Config() salla.Config {
	s.mu.Lock()
	defer s.mu.Unlock()
	config := salla.Config{
		BaseURL: s.BaseURL(), Token: s.Token, Merchant: s.Merchant,
		Options: souk.Options{HTTPClient: s.Client()},
	}
	if s.limit == nil {
		config.Limiter = standin.Unpaced{}
	} else {
		config.Plan = s.limit.plan
	}
	return config
}

// OAuth returns the configuration of the app that this server knows.
func (s *Server) OAuth() salla.OAuth {
	return salla.OAuth{
		ClientID:     s.ClientID,
		ClientSecret: s.ClientSecret,
		RedirectURL:  redirectURL,
		Scopes:       []string{"customers.read_write", "webhooks.read_write"},
		BaseURL:      s.BaseURL(),
		Options:      souk.Options{HTTPClient: s.Client()},
	}
}

// SetClock replaces the clock, by default time.Now. It determines when tokens expire
// and minutes end, and the values of created_at and updated_at. The function is called
// under a lock of the server and must not call its methods.
func (s *Server) SetClock(now func() time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock = now
}

// now is called with mu held, or before anybody knows the server.
func (s *Server) now() time.Time { return s.clock().In(riyadh) }
