package shoplazzatest

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/souk-go/souk/internal/standin"
	"github.com/souk-go/souk/shoplazza"
	"github.com/souk-go/souk/souktest"
)

// Server is a running stand-in of one store, demo.myshoplaza.com. It is safe for
// concurrent use. It also is an [http.Handler], for programs that bring a
// transport of their own.
type Server struct {
	// URL is the base URL, such as "http://127.0.0.1:40213", without a slash at
	// the end.
	URL string

	// Token is the access token of a private app. It is set by NewServer;
	// changing it has no effect.
	Token string

	// ClientID and ClientSecret are those of a public app, for OAuth and for the
	// signatures of callbacks and deliveries. Changing them has no effect.
	ClientID, ClientSecret string

	server *souktest.Server

	mu     sync.Mutex // guards all below
	clock  func() time.Time
	grants grants
	limits *limits
	store  store
}

// shop is the store's part of its domain.
const shop = "demo"

// NewServer starts a stand-in with no customers on a free port of the loopback
// interface. The caller ends it with Close. It panics when the machine lets it
// listen on no port.
func NewServer() *Server {
	s := &Server{
		Token:        "private-app-" + rand.Text(), // a limit of its own in the SDK
		ClientID:     "public-app",
		ClientSecret: "hush",
		clock:        time.Now,
	}
	s.grants = newGrants(s.Token)
	s.server = souktest.New(standin.Options{
		Name:        "shoplazzatest",
		Answer:      s.answer,
		Credentials: []string{"Access-Token", "Authorization"},
		Secret:      func(r *http.Request) bool { return r.URL.Path == tokenPath },
	})
	s.URL = s.server.URL()
	return s
}

// Close ends the server: it cuts all connections, also those of requests that
// are being answered, and returns when nothing of the server runs any more.
func (s *Server) Close() { s.server.Close() }

// ServeHTTP answers a request as the vendor would, unless a Fault is waiting
// for it. It records the request first.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.server.ServeHTTP(w, r) }

// Config returns the configuration of a client of this server, as the private
// app. Its calls are not paced, unless EnforceLimits was called.
func (s *Server) Config() shoplazza.Config {
	s.mu.Lock()
	defer s.mu.Unlock()
	config := shoplazza.Config{Shop: shop, BaseURL: s.URL, Token: s.Token}
	if s.limits == nil {
		config.Limiter = unpaced{}
	}
	return config
}

// OAuth returns the configuration of the public app.
func (s *Server) OAuth() shoplazza.OAuth {
	return shoplazza.OAuth{
		ClientID:     s.ClientID,
		ClientSecret: s.ClientSecret,
		RedirectURL:  "https://app.example/callback",
		Scopes:       []string{"read_customer", "write_customer"},
		BaseURL:      s.URL,
	}
}

// SetClock replaces the clock, which is time.Now. The time decides when tokens
// run out and how limits drain, and stands in created_at and updated_at, cut to
// seconds. The function is called under a lock of the server and must not call
// its methods.
func (s *Server) SetClock(now func() time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock = now
}

// EnforceLimits makes the server answer 429 beyond the vendor's limits: 40
// requests at once and 2 per second of an app, 80 and 20 of all apps.
func (s *Server) EnforceLimits() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limits = newLimits()
}

// call is a request on its way through a handler, which holds the lock of the
// server.
type call struct {
	classic bool
	now     time.Time
	ids     []string
	query   url.Values
	body    []byte
}

type route struct {
	method  string
	pattern string // a * stands for one segment
	handle  func(*store, *call) (any, error)
}

var routes = []route{
	{http.MethodGet, "customers", (*store).listCustomers},
	{http.MethodGet, "customers/count", (*store).countCustomers},
	{http.MethodPost, "customers", (*store).createCustomer},
	{http.MethodGet, "customers/*", (*store).getCustomer},
	{http.MethodPut, "customers/*", (*store).updateCustomer},
	{http.MethodGet, "customers/*/addresses", (*store).listAddresses},
	{http.MethodPost, "customers/*/addresses", (*store).createAddress},
	{http.MethodGet, "customers/*/addresses/*", (*store).getAddress},
	{http.MethodPut, "customers/*/addresses/*", (*store).updateAddress},
	{http.MethodDelete, "customers/*/addresses/*", (*store).deleteAddress},
	{http.MethodPut, "customers/*/addresses/*/default", (*store).setDefault},
	{http.MethodPost, "webhooks", (*store).createWebhook},
	{http.MethodGet, "webhooks", (*store).listWebhooks},
	{http.MethodGet, "webhooks/count", (*store).countWebhooks},
	{http.MethodGet, "webhooks/*", (*store).getWebhook},
	{http.MethodPut, "webhooks/*", (*store).updateWebhook},
	{http.MethodDelete, "webhooks/*", (*store).deleteWebhook},
}

func (s *Server) answer(r *http.Request, body []byte) standin.Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock().UTC()
	if r.URL.Path == tokenPath && r.Method == http.MethodPost {
		return s.tokenAnswer(body, now)
	}
	segments := strings.Split(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if len(segments) < 3 || segments[0] != "openapi" || !known(segments[1]) {
		return refusal{http.StatusNotFound, object{"error": "page not found"}}.answer()
	}
	c := &call{classic: segments[1] == shoplazza.Version202201, now: now.Truncate(time.Second), query: r.URL.Query(), body: body}
	app, ok := s.grants.app(r.Header.Get("Access-Token"), now)
	if !ok {
		return c.unauthorized().answer()
	}
	if s.limits != nil && !s.limits.admit(app, now) {
		return refusal{http.StatusTooManyRequests, object{"errors": []string{"Too Many Requests"}}}.answer()
	}
	for _, route := range routes {
		if c.take(r.Method, route, segments[2:]) {
			result, err := route.handle(&s.store, c)
			return c.answer(result, err)
		}
	}
	return refusal{http.StatusNotFound, object{"error": "page not found"}}.answer()
}

func known(version string) bool {
	return version == shoplazza.Version202201 || len(version) == len(shoplazza.Version202201) && version >= shoplazza.Version202506
}

// take reports whether the route is meant, and takes the ids from the path.
func (c *call) take(method string, route route, segments []string) bool {
	pattern := strings.Split(route.pattern, "/")
	if method != route.method || len(pattern) != len(segments) {
		return false
	}
	c.ids = nil
	for i, part := range pattern {
		switch {
		case part == "*" && segments[i] != "":
			c.ids = append(c.ids, segments[i])
		case part != segments[i]:
			return false
		}
	}
	return true
}
