package xcladetest

import (
	"crypto/rand"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/souk-go/souk/souktest"
)

// Server is a stand-in of one tenant. It is safe for concurrent use.
type Server struct {
	*souktest.Server

	// Email and Password are the credentials of the only admin. They are set by
	// NewServer; changing them has no effect.
	Email, Password string

	auth *authority

	mu     sync.Mutex // guards what follows
	store  *store
	clock  func() time.Time
	seeded int // the number of the last customer that Seed has made or left out
}

// NewServer returns a stand-in without customers. The caller must call Close.
func NewServer() *Server {
	s := &Server{
		Email:    "admin." + strings.ToLower(rand.Text()) + "@example.test", // a limit of its own in the SDK
		Password: "supersecret",
		clock:    time.Now,
	}
	s.store = newStore(s.now)
	s.auth = newAuthority(s.Email, s.Password, s.store.ids)
	s.Server = souktest.New(souktest.Vendor{
		Name:        "xcladetest",
		Answer:      s.answer,
		Refuse:      refuseHead,
		Operations:  routes.Operations(),
		Operation:   operation,
		Credentials: []string{"Authorization", "X-Api-Key"},
		Secret:      isLogin,
		Header:      baseHeader,
	})
	return s
}

// SetClock replaces the clock, by default time.Now. It determines when tokens expire,
// and the values of created_at and updated_at, in whole milliseconds. The function is
// called under a lock of the server and must not call its methods.
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
	return area(r.URL) == "auth"
}
