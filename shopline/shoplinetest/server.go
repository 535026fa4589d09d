package shoplinetest

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/souktest"
)

// Server is a stand-in of one store, demo.myshopline.com. It is safe for concurrent
// use. The embedded [souktest.Server] fails on demand and records requests.
type Server struct {
	*souktest.Server

	// Handle is the handle of the store.
	Handle string

	// Token is the access token of a private app. ClientID and ClientSecret are those
	// of a public app, for OAuth and for the signatures of callbacks and deliveries.
	// Every server has its own, so that a client whose server listens on the port of an
	// earlier one does not inherit its limit. Changing them has no effect.
	Token                  string
	ClientID, ClientSecret string

	mu     sync.Mutex // guards all below
	clock  func() time.Time
	grants grants
	limits limits
	store  store
}

// handle is the store's part of its domain.
const handle = "demo"

// NewServer returns a stand-in without customers. The caller must call Close.
func NewServer() *Server {
	s := &Server{
		Handle:       handle,
		Token:        "private-" + traceID(),
		ClientID:     traceID(),
		ClientSecret: "secret-" + traceID(),
		clock:        time.Now,
		store:        newStore(),
	}
	s.grants = newGrants(s)
	s.Server = souktest.New(souktest.Vendor{
		Name:        "shoplinetest",
		Answer:      s.answer,
		Operations:  append(tokenRoutes.Operations(), routes.Operations()...),
		Operation:   operation,
		Credentials: []string{"Authorization", "Sign"},
		Secret:      func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, tokenPath) },
		Header:      func() http.Header { return http.Header{"Traceid": {traceID()}} },
	})
	return s
}

// Config returns the configuration of a client that reaches this server in memory,
// as the private app. Its calls are not paced, unless EnforceLimits was called. For
// a client over TCP set BaseURL to URL() and HTTPClient to nil.
func (s *Server) Config() shopline.Config {
	s.mu.Lock()
	defer s.mu.Unlock()
	return shopline.Config{
		Handle: s.Handle, BaseURL: s.BaseURL(), Token: s.Token, Enterprise: s.limits == nil,
		Options: souk.Options{HTTPClient: s.Client()},
	}
}

// OAuth returns the configuration of the public app, which reaches this server in
// memory.
func (s *Server) OAuth() shopline.OAuth {
	return shopline.OAuth{
		ClientID:     s.ClientID,
		ClientSecret: s.ClientSecret,
		RedirectURL:  "https://app.example/callback",
		Scopes:       []string{"read_customers", "write_customers"},
		BaseURL:      s.BaseURL(),
		Options:      souk.Options{HTTPClient: s.Client()},
	}
}

// SetClock replaces the clock, by default time.Now. It determines when tokens expire,
// how the limit drains, and the values of created_at and updated_at, in whole seconds.
// The function is called under a lock of the server and must not call its methods.
func (s *Server) SetClock(now func() time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock = now
}

// EnforceLimits makes the server answer 429 beyond the vendor's limit: 40
// requests at once and 4 per second of an app.
func (s *Server) EnforceLimits() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limits = make(limits)
}

// call is a request on its way through a handler, which holds the lock of the
// server.
type call struct {
	now   time.Time
	path  string // below the version
	base  string // scheme, host and version in links
	ids   []string
	query url.Values
	body  []byte
	links []string // for the Link header
}

func (s *Server) answer(r *http.Request, body []byte) souktest.Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock()
	if action, ok := strings.CutPrefix(r.URL.Path, tokenPath); ok {
		return s.grants.answer(r, action, body, now)
	}
	version, path, ok := cutVersion(r.URL.Path)
	if !ok {
		return notFound("Not Found").answer()
	}
	app, ok := s.grants.app(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), now)
	if !ok {
		return refusal{http.StatusUnauthorized, "Invalid or expired access token"}.answer()
	}
	if s.limits != nil && !s.limits.admit(app, now) {
		return refusal{http.StatusTooManyRequests, "Too many request"}.answer()
	}
	route, ids, _ := routes.Find(r.Method, path, nil)
	if route == nil {
		return notFound("Not Found").answer()
	}
	c := &call{
		now:   now.Truncate(time.Second),
		path:  path,
		base:  "https://" + handle + ".myshopline.com/admin/openapi/" + version + "/",
		ids:   ids,
		query: r.URL.Query(),
		body:  body,
	}
	return c.answer(route.Handle(&s.store, c))
}

// cutVersion splits the path of a call, /admin/openapi/v20260601/customers.json.
func cutVersion(path string) (version, rest string, ok bool) {
	rest, ok = strings.CutPrefix(path, "/admin/openapi/")
	if !ok {
		return "", "", false
	}
	version, rest, ok = strings.Cut(rest, "/")
	return version, rest, ok && len(version) == len(shopline.DefaultVersion) && version[0] == 'v'
}
