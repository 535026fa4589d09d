package shoplazzatest

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/standin"
	"github.com/souk-go/souk/shoplazza"
	"github.com/souk-go/souk/souktest"
)

// Server is a stand-in of one store, demo.myshoplaza.com. It is safe for concurrent
// use.
type Server struct {
	// Server is what all stand-ins share: faults, the record of requests, Client and
	// URL.
	*souktest.Server

	// Shop is the name of the store in its domain.
	Shop string

	// Token is the access token of a private app. ClientID and ClientSecret identify a
	// public app, for OAuth and for the signatures of callbacks and deliveries. Every
	// server has its own Token and ClientID, so that a client whose server got the port
	// of an earlier one does not inherit its limit. Changing them has no effect.
	Token                  string
	ClientID, ClientSecret string

	mu     sync.Mutex // guards all below
	clock  func() time.Time
	grants grants
	limits *limits
	store  store
}

// shop is the store's part of its domain.
const shop = "demo"

// NewServer returns a stand-in without customers. The caller must call Close.
func NewServer() *Server {
	s := &Server{
		Shop:         shop,
		Token:        "private-app-" + rand.Text(),
		ClientID:     "public-app-" + rand.Text(),
		ClientSecret: "hush",
		clock:        time.Now,
	}
	s.grants = newGrants(s.Token)
	s.Server = souktest.New(souktest.Vendor{
		Name:        "shoplazzatest",
		Answer:      s.answer,
		Operations:  append(routes.Operations(), strings.Fields(tokenOperation)...),
		Operation:   operation,
		Credentials: []string{"Access-Token", "Authorization"},
		Secret:      func(r *http.Request) bool { return r.URL.Path == tokenPath },
	})
	return s
}

// Config returns the configuration of a client of this server, as the private
// app. Its calls are not paced, unless EnforceLimits was called.
func (s *Server) Config() shoplazza.Config {
	s.mu.Lock()
	defer s.mu.Unlock()
	config := shoplazza.Config{
		Shop: s.Shop, BaseURL: s.BaseURL(), Token: s.Token,
		Options: souk.Options{HTTPClient: s.Client()},
	}
	if s.limits == nil {
		config.Limiter = standin.Unpaced{}
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
		BaseURL:      s.BaseURL(),
		Options:      souk.Options{HTTPClient: s.Client()},
	}
}

// SetClock replaces the clock, by default time.Now. It determines when tokens expire,
// how limits drain, and the values of created_at and updated_at, in whole seconds. The
// function is called under a lock of the server and must not call its methods.
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

type handler func(*store, *call) (any, error)

// The paths are those below the version.
var routes = standin.Routes[handler]{
	{Operation: "Customers.List", Method: http.MethodGet, Pattern: "customers", Handle: (*store).listCustomers},
	{Operation: "Customers.Count", Method: http.MethodGet, Pattern: "customers/count", Handle: (*store).countCustomers},
	{Operation: "Customers.Create", Method: http.MethodPost, Pattern: "customers", Handle: (*store).createCustomer},
	{Operation: "Customers.Get", Method: http.MethodGet, Pattern: "customers/*", Handle: (*store).getCustomer},
	{Operation: "Customers.Update", Method: http.MethodPut, Pattern: "customers/*", Handle: (*store).updateCustomer},
	{Operation: "Addresses.List", Method: http.MethodGet, Pattern: "customers/*/addresses", Handle: (*store).listAddresses},
	{Operation: "Addresses.Create", Method: http.MethodPost, Pattern: "customers/*/addresses", Handle: (*store).createAddress},
	{Operation: "Addresses.Get", Method: http.MethodGet, Pattern: "customers/*/addresses/*", Handle: (*store).getAddress},
	{Operation: "Addresses.Update", Method: http.MethodPut, Pattern: "customers/*/addresses/*", Handle: (*store).updateAddress},
	{Operation: "Addresses.Delete", Method: http.MethodDelete, Pattern: "customers/*/addresses/*", Handle: (*store).deleteAddress},
	{Operation: "Addresses.SetDefault", Method: http.MethodPut, Pattern: "customers/*/addresses/*/default", Handle: (*store).setDefault},
	{Operation: "Webhooks.Create", Method: http.MethodPost, Pattern: "webhooks", Handle: (*store).createWebhook},
	{Operation: "Webhooks.List", Method: http.MethodGet, Pattern: "webhooks", Handle: (*store).listWebhooks},
	{Operation: "Webhooks.Count", Method: http.MethodGet, Pattern: "webhooks/count", Handle: (*store).countWebhooks},
	{Operation: "Webhooks.Get", Method: http.MethodGet, Pattern: "webhooks/*", Handle: (*store).getWebhook},
	{Operation: "Webhooks.Update", Method: http.MethodPut, Pattern: "webhooks/*", Handle: (*store).updateWebhook},
	{Operation: "Webhooks.Delete", Method: http.MethodDelete, Pattern: "webhooks/*", Handle: (*store).deleteWebhook},
}

// operation names what a request asks for, in every version.
func operation(r *http.Request) string {
	if isTokenRequest(r) {
		return tokenOperation
	}
	_, path := split(r.URL.Path)
	return routes.Operation(r.Method, path)
}

// split returns version and rest of /openapi/{version}/{rest}, "" for other paths.
func split(path string) (version, rest string) {
	path, ok := strings.CutPrefix(path, "/openapi/")
	if !ok {
		return "", ""
	}
	version, rest, _ = strings.Cut(path, "/")
	return version, rest
}

func (s *Server) answer(r *http.Request, body []byte) souktest.Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock().UTC()
	if isTokenRequest(r) {
		return s.tokenAnswer(body, now)
	}
	version, path := split(r.URL.Path)
	if !known(version) {
		return pageNotFound().answer()
	}
	c := &call{classic: version == shoplazza.Version202201, now: now.Truncate(time.Second), query: r.URL.Query(), body: body}
	app, ok := s.grants.app(r.Header.Get("Access-Token"), now)
	if !ok {
		return c.unauthorized().answer()
	}
	if s.limits != nil && !s.limits.admit(app, now) {
		return refusal{http.StatusTooManyRequests, object{"errors": []string{"Too Many Requests"}}}.answer()
	}
	route, ids, _ := routes.Find(r.Method, path, nil)
	if route == nil {
		return pageNotFound().answer()
	}
	c.ids = ids
	return c.answer(route.Handle(&s.store, c))
}

func known(version string) bool {
	return version == shoplazza.Version202201 || len(version) == len(shoplazza.Version202201) && version >= shoplazza.Version202506
}
