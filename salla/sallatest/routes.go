package sallatest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/souk-go/souk/internal/standin"
	"github.com/souk-go/souk/souktest"
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

type handler func(*Server, *call) souktest.Answer

const (
	api       = "/admin/v2"
	tokenPath = "/oauth2/token"
	userPath  = "/oauth2/user/info"

	readCustomers  = "customers.read"
	writeCustomers = "customers.read_write"
	readWebhooks   = "webhooks.read"
	writeWebhooks  = "webhooks.read_write"
	readExports    = "exports.read"
	writeExports   = "exports.read_write"
	writeWallets   = "customer-wallets.read_write"
)

var allScopes = []string{writeCustomers, writeWebhooks, writeExports, writeWallets, "offline_access"}

// Fixed paths stand before those with an id in the same place. Routes that no
// method of the SDK asks for have no operation.
var routes = standin.Routes[handler]{
	{Operation: "Customers.Create", Method: http.MethodPost, Pattern: api + "/customers", Handle: needs(writeCustomers, createCustomer)},
	{Operation: "Customers.List", Method: http.MethodGet, Pattern: api + "/customers", Handle: needs(readCustomers, listCustomers)},
	{Operation: "Customers.Import", Method: http.MethodPost, Pattern: api + "/customers/import", Handle: needs(writeCustomers, importCustomers)},
	{Operation: "CustomerGroups.Create", Method: http.MethodPost, Pattern: api + "/customers/groups", Handle: needs(writeCustomers, createGroup)},
	{Operation: "CustomerGroups.List", Method: http.MethodGet, Pattern: api + "/customers/groups", Handle: needs(readCustomers, listGroups)},
	{Operation: "CustomerGroups.AddCustomers", Method: http.MethodPost, Pattern: api + "/customers/groups/add_customers", Handle: needs(writeCustomers, addCustomers)},
	{Operation: "CustomerGroups.UpdateDefault", Method: http.MethodPost, Pattern: api + "/customers/groups/default", Handle: needs(writeCustomers, updateDefaultGroup)},
	{Operation: "CustomerGroups.Update", Method: http.MethodPut, Pattern: api + "/customers/groups/*", Handle: needs(writeCustomers, updateGroup)},
	{Operation: "CustomerGroups.Delete", Method: http.MethodDelete, Pattern: api + "/customers/groups/*", Handle: needs(writeCustomers, deleteGroup)},
	{Operation: "LoyaltyPoints.List", Method: http.MethodGet, Pattern: api + "/customers/loyalty/points", Handle: needs(readCustomers, listPoints)},
	{Operation: "LoyaltyPoints.Update", Method: http.MethodPost, Pattern: api + "/customers/loyalty/points", Handle: needs(writeCustomers, updatePoints)},
	{Operation: "Wallets.Deposit", Method: http.MethodPost, Pattern: api + "/customers/wallets/deposit", Handle: needs(writeWallets, deposit)},
	{Operation: "Wallets.Withdraw", Method: http.MethodPost, Pattern: api + "/customers/wallets/withdraw", Handle: needs(writeWallets, withdraw)},
	{Operation: "Customers.Ban", Method: http.MethodPut, Pattern: api + "/customers/blacklist/*", Handle: needs(writeCustomers, ban)},
	{Operation: "Customers.Unban", Method: http.MethodDelete, Pattern: api + "/customers/blacklist/*", Handle: needs(writeCustomers, unban)},
	{Operation: "Customers.Get", Method: http.MethodGet, Pattern: api + "/customers/*", Handle: needs(readCustomers, getCustomer)},
	{Operation: "Customers.Update", Method: http.MethodPut, Pattern: api + "/customers/*", Handle: needs(writeCustomers, updateCustomer)},
	{Operation: "Customers.Delete", Method: http.MethodDelete, Pattern: api + "/customers/*", Handle: needs(writeCustomers, deleteCustomer)},
	{Operation: "Exports.Customers", Method: http.MethodPost, Pattern: api + "/exports/customers", Handle: needs(writeExports, exportCustomers)},
	{Operation: "Exports.Logs", Method: http.MethodGet, Pattern: api + "/exports/logs", Handle: needs(readExports, listExports)},
	{Operation: "Webhooks.Create", Method: http.MethodPost, Pattern: api + "/webhooks/subscribe", Handle: needs(writeWebhooks, subscribe)},
	{Operation: "Webhooks.List", Method: http.MethodGet, Pattern: api + "/webhooks", Handle: needs(readWebhooks, listWebhooks)},
	{Operation: "Webhooks.Events", Method: http.MethodGet, Pattern: api + "/webhooks/events", Handle: needs(readWebhooks, listEvents)},
	{Operation: "Webhooks.Delete Webhooks.DeleteByAddress", Method: http.MethodDelete, Pattern: api + "/webhooks/unsubscribe", Handle: needs(writeWebhooks, unsubscribe)},
	{Operation: "Webhooks.Update", Method: http.MethodPut, Pattern: api + "/webhooks/*", Handle: needs(writeWebhooks, updateWebhook)},
	{Operation: "Users.Info", Method: http.MethodGet, Pattern: userPath, Handle: needs("", userInfo)},
	{Operation: "", Method: http.MethodGet, Pattern: api + userPath, Handle: needs("", userInfo)},
	{Operation: "OAuth.Exchange OAuth.Refresh", Method: http.MethodPost, Pattern: tokenPath, Handle: (*Server).token},
	{Operation: "", Method: http.MethodGet, Pattern: "/oauth2/auth", Handle: (*Server).authorize},
}

// answer does what the request asks for.
func (s *Server) answer(r *http.Request, body []byte) souktest.Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &call{request: r, query: r.URL.Query(), raw: body, now: s.now()}
	if !strings.HasPrefix(r.URL.Path, api+"/") {
		return s.dispatch(c)
	}
	if reply, over := s.limit.take(c.now); over {
		return reply
	}
	reply := s.dispatch(c)
	s.limit.note(reply.Header, c.now)
	return reply
}

func (s *Server) dispatch(c *call) souktest.Answer {
	route, ids, known := routes.Find(c.request.Method, c.request.URL.Path, nil)
	if route == nil {
		if known {
			return refusal(http.StatusMethodNotAllowed, "method_not_allowed", "method not allowed")
		}
		return notFound()
	}
	for _, text := range ids {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return notFound()
		}
		c.id = id
	}
	return route.Handle(s, c)
}

// needs returns a handler of calls whose token has the scope, "" for any.
func needs(scope string, handle handler) handler {
	return func(s *Server, c *call) souktest.Answer {
		if reply, refused := s.auth.check(c, scope); refused {
			return reply
		}
		if isJSON(c.request) && len(c.raw) > 0 && json.Unmarshal(c.raw, &c.body) != nil {
			return refusal(http.StatusBadRequest, "bad_request", "the body is not a JSON object")
		}
		return handle(s, c)
	}
}

func isJSON(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "application/json")
}
