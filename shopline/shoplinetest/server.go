package shoplinetest

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/standin"
	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/souktest"
)

// Server is a stand-in of one store, demo.myshopline.com. It is safe for concurrent
// use.
type Server struct {
	*souktest.Server

	// Handle is that of the store.
	Handle string

	// Token is the access token of a private app. AppKey and AppSecret are those
	// of a public app, for OAuth and for the signatures of callbacks and
	// deliveries. Every server has others, so that a client whose server got the
	// port of an earlier one does not inherit its limit. Changing them has no
	// effect.
	Token             string
	AppKey, AppSecret string

	mu     sync.Mutex // guards all below
	clock  func() time.Time
	grants grants
	limits *limits
	store  store
}

// handle is the store's part of its domain.
const handle = "demo"

// NewServer returns a stand-in with no customers. The caller ends it with Close.
func NewServer() *Server {
	s := &Server{
		Handle:    handle,
		Token:     "private-" + traceID(),
		AppKey:    traceID(),
		AppSecret: "secret-" + traceID(),
		clock:     time.Now,
		store:     newStore(),
	}
	s.grants = newGrants(s)
	s.Server = souktest.New(standin.Options{
		Name:        "shoplinetest",
		Answer:      s.answer,
		Credentials: []string{"Authorization", "Sign"},
		Secret:      func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, tokenPath) },
		Header:      http.Header{"Traceid": {traceID()}},
	})
	return s
}

// Config returns the configuration of a client of this server, as the private
// app. Its calls are not paced, unless EnforceLimits was called.
func (s *Server) Config() shopline.Config {
	s.mu.Lock()
	defer s.mu.Unlock()
	return shopline.Config{
		Handle: s.Handle, BaseURL: s.BaseURL(), Token: s.Token, Enterprise: s.limits == nil,
		Options: souk.Options{HTTPClient: s.Client()},
	}
}

// OAuth returns the configuration of the public app.
func (s *Server) OAuth() shopline.OAuth {
	return shopline.OAuth{
		AppKey:      s.AppKey,
		AppSecret:   s.AppSecret,
		RedirectURL: "https://app.example/callback",
		Scopes:      []string{"read_customers", "write_customers"},
		BaseURL:     s.BaseURL(),
		Options:     souk.Options{HTTPClient: s.Client()},
	}
}

// SetClock replaces the clock, which is time.Now. The time decides when tokens
// run out and how the limit drains, and stands in created_at and updated_at, cut
// to seconds. The function is called under a lock of the server and must not
// call its methods.
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
	s.limits = newLimits()
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

type route struct {
	method  string
	pattern string // a * stands for one id
	handle  func(*store, *call) (any, error)
}

// Fixed paths stand before those with an id in the same place.
var routes = []route{
	{http.MethodPost, "customers.json", (*store).createCustomer},
	{http.MethodGet, "v2/customers.json", (*store).listCustomers},
	{http.MethodGet, "customers/v2/search.json", (*store).searchCustomers},
	{http.MethodGet, "customers/v2/count.json", (*store).countCustomers},
	{http.MethodGet, "customers/v2/*.json", (*store).getCustomer},
	{http.MethodPost, "customers/query_user_by_email.json", (*store).getByEmail},
	{http.MethodPost, "customers/addresses/list.json", (*store).listAddresses},
	{http.MethodGet, "customers/subscribe.json", (*store).listSubscriptions},
	{http.MethodPost, "customers/add_blacklist.json", (*store).addToBlacklist},
	{http.MethodPost, "customers/remove_blacklist.json", (*store).removeFromBlacklist},
	{http.MethodPut, "customers/*.json", (*store).updateCustomer},
	{http.MethodDelete, "customers/*.json", (*store).deleteCustomer},
	{http.MethodGet, "customers/*/orders.json", (*store).listOrders},
	{http.MethodPost, "customers/*/send_invite.json", (*store).sendInvite},
	{http.MethodPost, "customers/*/account_activation_url.json", (*store).activationURL},
	{http.MethodPost, "customers/*/addresses.json", (*store).createAddress},
	{http.MethodPut, "customers/*/addresses/set.json", (*store).bulkAddresses},
	{http.MethodGet, "customers/*/addresses/*.json", (*store).getAddress},
	{http.MethodPut, "customers/*/addresses/*.json", (*store).updateAddress},
	{http.MethodDelete, "customers/*/addresses/*.json", (*store).deleteAddress},
	{http.MethodPut, "customers/*/addresses/*/default.json", (*store).setDefault},
	{http.MethodPost, "customer_tags_remove.json", (*store).removeTags},
	{http.MethodPost, "customer_saved_searches.json", (*store).createGroup},
	{http.MethodGet, "customer_saved_searches.json", (*store).listGroups},
	{http.MethodGet, "customer_saved_searches/count.json", (*store).countGroups},
	{http.MethodGet, "customer_saved_searches/*.json", (*store).getGroup},
	{http.MethodPut, "customer_saved_searches/*.json", (*store).updateGroup},
	{http.MethodDelete, "customer_saved_searches/*.json", (*store).deleteGroup},
	{http.MethodGet, "customer_saved_searches/*/customers.json", (*store).listMembers},
	{http.MethodGet, "customers_social_login.json", (*store).listSocialLogins},
	{http.MethodPost, "customers_social_login.json", (*store).setSocialLogin},
	{http.MethodDelete, "customers_social_login.json", (*store).deleteSocialLogin},
	{http.MethodPost, "webhooks.json", (*store).createWebhook},
	{http.MethodGet, "webhooks.json", (*store).listWebhooks},
	{http.MethodGet, "webhooks/count.json", (*store).countWebhooks},
	{http.MethodGet, "*/webhooks.json", (*store).getWebhook},
	{http.MethodPut, "*/webhooks.json", (*store).updateWebhook},
	{http.MethodDelete, "*/webhooks.json", (*store).deleteWebhook},
}

func (s *Server) answer(r *http.Request, body []byte) standin.Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock()
	if action, ok := strings.CutPrefix(r.URL.Path, tokenPath); ok && r.Method == http.MethodPost {
		return s.grants.answer(action, r.Header, body, now)
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
	c := &call{
		now:   now.Truncate(time.Second),
		path:  path,
		base:  "https://" + handle + ".myshopline.com/admin/openapi/" + version + "/",
		query: r.URL.Query(),
		body:  body,
	}
	for _, route := range routes {
		if c.take(r.Method, route) {
			result, err := route.handle(&s.store, c)
			return c.answer(result, err)
		}
	}
	return notFound("Not Found").answer()
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

// take reports whether the route is meant, and takes the ids from the path.
func (c *call) take(method string, route route) bool {
	pattern, segments := strings.Split(route.pattern, "/"), strings.Split(c.path, "/")
	if method != route.method || len(pattern) != len(segments) {
		return false
	}
	c.ids = nil
	for i, part := range pattern {
		suffix, isID := strings.CutPrefix(part, "*")
		id, ok := strings.CutSuffix(segments[i], suffix)
		switch {
		case isID && ok && id != "":
			c.ids = append(c.ids, id)
		case isID || part != segments[i]:
			return false
		}
	}
	return true
}
