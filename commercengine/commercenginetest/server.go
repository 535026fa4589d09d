package commercenginetest

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/commercengine"
	"github.com/souk-go/souk/souktest"
)

// Server is a stand-in of one store. It is safe for concurrent use.
type Server struct {
	// Server is what all stand-ins share: Client and URL, faults, the record of
	// requests, and Close.
	*souktest.Server

	// StoreID and APIKey identify the store. They are set by NewServer; changing them
	// has no effect on the server.
	StoreID, APIKey string

	// OTP is every one-time password.
	OTP string

	mu     sync.Mutex // guards what follows
	store  *store
	clock  func() time.Time
	seeded int
}

// prefix is what all paths begin with.
const prefix = "/api/v1/x2yh61zw4k/storefront/"

// NewServer returns a stand-in without users. The caller must call Close.
func NewServer() *Server {
	s := &Server{
		StoreID: "x2yh61zw4k",
		APIKey:  "storefront-key",
		OTP:     "123456",
		clock:   time.Now,
		store:   newStore(),
	}
	s.Server = souktest.New(souktest.Vendor{
		Name:        "commercenginetest",
		Answer:      s.answer,
		Operations:  routes.Operations(),
		Operation:   operationOf,
		Credentials: []string{"Authorization", "X-Api-Key"},
		Secret: func(r *http.Request) bool {
			return strings.Contains(r.URL.Path, "/auth/") && !strings.Contains(r.URL.Path, "/auth/user/")
		},
	})
	return s
}

// Config returns the configuration of a client of this server, whose session begins
// anonymous. Its calls stay in memory.
func (s *Server) Config() commercengine.Config {
	return commercengine.Config{
		BaseURL: s.BaseURL(), StoreID: "x2yh61zw4k", APIKey: "storefront-key",
		Options: souk.Options{HTTPClient: s.Client()},
	}
}

// SetClock replaces the clock, by default time.Now. It determines when tokens expire,
// and the values of created_at and modified_at. The function is called under a lock of
// the server and must not call its methods.
func (s *Server) SetClock(now func() time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock = now
}

// SetTokenLife sets the lifetime of access tokens issued from now on, in whole seconds.
// The default is an hour.
func (s *Server) SetTokenLife(life time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.store.tokens.access = life
}

// SetRefreshTokenLife sets the lifetime of refresh tokens issued from now on, in whole
// seconds. The default is 30 days.
func (s *Server) SetRefreshTokenLife(life time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.store.tokens.refresh = life
}

// ExpireTokens makes all access tokens issued so far expire, whatever their claims say.
// Their refresh tokens stay valid.
func (s *Server) ExpireTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.store.tokens.expire()
}

// RevokeTokens revokes all access and refresh tokens issued so far.
func (s *Server) RevokeTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.store.tokens.revoke()
}

// ReusedRefreshTokens returns how often a used refresh token was sent again. Each time
// it was refused, without any other effect.
func (s *Server) ReusedRefreshTokens() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.store.tokens.reused
}
