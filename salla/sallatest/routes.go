package sallatest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/souk-go/souk/internal/standin"
)

// call is a request on its way through a handler, which holds the lock of the
// server.
type call struct {
	request *http.Request
	query   url.Values
	raw     []byte
	body    object // what of raw is a JSON object
	id      int64  // of the path, 0 if it has none
	now     time.Time
}

type route struct {
	method string
	path   string // a * stands for a number
	scope  string // that the token needs, "" for none
	handle func(*Server, *call) standin.Answer
}

const (
	apiPath   = "/admin/v2"
	tokenPath = "/oauth2/token"

	readCustomers  = "customers.read"
	writeCustomers = "customers.read_write"
	readWebhooks   = "webhooks.read"
	writeWebhooks  = "webhooks.read_write"
	readExports    = "exports.read"
	writeExports   = "exports.read_write"
	writeWallets   = "customer-wallets.read_write"
)

var allScopes = []string{writeCustomers, writeWebhooks, writeExports, writeWallets, "offline_access"}

// routes are tried in this order.
var routes = []route{
	{http.MethodPost, "/customers", writeCustomers, createCustomer},
	{http.MethodGet, "/customers", readCustomers, listCustomers},
	{http.MethodPost, "/customers/import", writeCustomers, importCustomers},
	{http.MethodPost, "/customers/groups", writeCustomers, createGroup},
	{http.MethodGet, "/customers/groups", readCustomers, listGroups},
	{http.MethodPost, "/customers/groups/add_customers", writeCustomers, addCustomers},
	{http.MethodPost, "/customers/groups/default", writeCustomers, updateDefaultGroup},
	{http.MethodPut, "/customers/groups/*", writeCustomers, updateGroup},
	{http.MethodDelete, "/customers/groups/*", writeCustomers, deleteGroup},
	{http.MethodGet, "/customers/loyalty/points", readCustomers, listPoints},
	{http.MethodPost, "/customers/loyalty/points", writeCustomers, updatePoints},
	{http.MethodPost, "/customers/wallets/deposit", writeWallets, deposit},
	{http.MethodPost, "/customers/wallets/withdraw", writeWallets, withdraw},
	{http.MethodPut, "/customers/blacklist/*", writeCustomers, ban},
	{http.MethodDelete, "/customers/blacklist/*", writeCustomers, unban},
	{http.MethodGet, "/customers/*", readCustomers, getCustomer},
	{http.MethodPut, "/customers/*", writeCustomers, updateCustomer},
	{http.MethodDelete, "/customers/*", writeCustomers, deleteCustomer},
	{http.MethodPost, "/exports/customers", writeExports, exportCustomers},
	{http.MethodGet, "/exports/logs", readExports, listExports},
	{http.MethodPost, "/webhooks/subscribe", writeWebhooks, subscribe},
	{http.MethodGet, "/webhooks", readWebhooks, listWebhooks},
	{http.MethodGet, "/webhooks/events", readWebhooks, listEvents},
	{http.MethodDelete, "/webhooks/unsubscribe", writeWebhooks, unsubscribe},
	{http.MethodPut, "/webhooks/*", writeWebhooks, updateWebhook},
	{http.MethodGet, "/oauth2/user/info", "", userInfo},
}

// answer does what the request asks for.
func (s *Server) answer(r *http.Request, body []byte) standin.Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &call{request: r, query: r.URL.Query(), raw: body, now: s.now()}
	switch r.URL.Path {
	case tokenPath:
		return s.token(c)
	case "/oauth2/auth":
		return s.authorize(c)
	case "/oauth2/user/info":
		return s.admitted(c, "", userInfo)
	}
	path, ok := strings.CutPrefix(r.URL.Path, apiPath)
	if !ok {
		return notFound()
	}
	if reply, over := s.limit.take(c.now); over {
		return reply
	}
	reply := s.dispatch(c, path)
	s.limit.note(reply.Header, c.now)
	return reply
}

func (s *Server) dispatch(c *call, path string) standin.Answer {
	known := false
	for _, route := range routes {
		id, ok := match(route.path, path)
		if !ok {
			continue
		}
		known = true
		if route.method == c.request.Method {
			c.id = id
			return s.admitted(c, route.scope, route.handle)
		}
	}
	if known {
		return refusal(http.StatusMethodNotAllowed, "method_not_allowed", "method not allowed")
	}
	return notFound()
}

// admitted carries out a call if its token allows it.
func (s *Server) admitted(c *call, scope string, handle func(*Server, *call) standin.Answer) standin.Answer {
	if reply, refused := s.auth.check(c, scope); refused {
		return reply
	}
	if isJSON(c.request) && len(c.raw) > 0 && json.Unmarshal(c.raw, &c.body) != nil {
		return refusal(http.StatusBadRequest, "bad_request", "the body is not a JSON object")
	}
	return handle(s, c)
}

func isJSON(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "application/json")
}

// match compares a path with that of a route.
func match(pattern, path string) (id int64, ok bool) {
	before, found := strings.CutSuffix(pattern, "*")
	if !found {
		return 0, pattern == path
	}
	text, ok := strings.CutPrefix(path, before)
	if !ok {
		return 0, false
	}
	id, err := strconv.ParseInt(text, 10, 64)
	return id, err == nil
}
