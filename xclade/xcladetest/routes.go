package xcladetest

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/souk-go/souk/internal/standin"
	"github.com/souk-go/souk/souktest"
)

// call is a request on its way through a handler, which holds the lock of the
// server.
type call struct {
	request *http.Request
	now     time.Time
	actor   string   // who asks; the created_by of what is made
	ids     []string // those in the path
	body    any      // object, or what else the body holds
	query   object
}

// handler carries an operation out.
type handler func(*Server, *call) (any, error)

var routes = standin.Routes[handler]{
	{Operation: "Auth.Refresh", Method: http.MethodPost, Pattern: "auth/token/refresh", Handle: refresh},
	{Operation: "Auth.Login", Method: http.MethodPost, Pattern: "auth/*/*", Handle: login},
	{Operation: "Customers.List", Method: http.MethodGet, Pattern: "admin/customers", Handle: listCustomers},
	{Operation: "Customers.Create", Method: http.MethodPost, Pattern: "admin/customers", Handle: createCustomer},
	{Operation: "Customers.Get", Method: http.MethodGet, Pattern: "admin/customers/*", Handle: getCustomer},
	{Operation: "Customers.Update", Method: http.MethodPost, Pattern: "admin/customers/*", Handle: updateCustomer},
	{Operation: "Customers.Delete", Method: http.MethodDelete, Pattern: "admin/customers/*", Handle: deleteCustomer},
	{Operation: "Addresses.List", Method: http.MethodGet, Pattern: "admin/customers/*/addresses", Handle: listAddresses},
	{Operation: "Addresses.Create", Method: http.MethodPost, Pattern: "admin/customers/*/addresses", Handle: createAddress},
	{Operation: "Addresses.Get", Method: http.MethodGet, Pattern: "admin/customers/*/addresses/*", Handle: getAddress},
	{Operation: "Addresses.Update", Method: http.MethodPost, Pattern: "admin/customers/*/addresses/*", Handle: updateAddress},
	{Operation: "Addresses.Delete", Method: http.MethodDelete, Pattern: "admin/customers/*/addresses/*", Handle: deleteAddress},
	{Operation: "Customers.UpdateGroups", Method: http.MethodPost, Pattern: "admin/customers/*/customer-groups", Handle: linkGroups},
	{Operation: "CustomerGroups.List", Method: http.MethodGet, Pattern: "admin/customer-groups", Handle: listGroups},
	{Operation: "CustomerGroups.Create", Method: http.MethodPost, Pattern: "admin/customer-groups", Handle: createGroup},
	{Operation: "CustomerGroups.Get", Method: http.MethodGet, Pattern: "admin/customer-groups/*", Handle: getGroup},
	{Operation: "CustomerGroups.Update", Method: http.MethodPost, Pattern: "admin/customer-groups/*", Handle: updateGroup},
	{Operation: "CustomerGroups.Delete", Method: http.MethodDelete, Pattern: "admin/customer-groups/*", Handle: deleteGroup},
	{Operation: "CustomerGroups.UpdateCustomers", Method: http.MethodPost, Pattern: "admin/customer-groups/*/customers", Handle: linkCustomers},
}

// answer does what the request asks. As in the real server the body is read
// first, then the credentials, and only then the path.
func (s *Server) answer(r *http.Request, body []byte) souktest.Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &call{request: r, now: s.now()}
	if err := c.parse(body); err != nil {
		return jsonAnswer(r, nil, err)
	}
	if area(r.URL) == "admin" {
		actor, err := s.auth.actor(r, c.now)
		if err != nil {
			return jsonAnswer(r, nil, err)
		}
		c.actor = actor
	}
	route, ids := find(r)
	if route == nil {
		return noRoute(r)
	}
	c.ids = ids
	result, err := c.run(s, route.Handle)
	return jsonAnswer(r, result, err)
}

func (c *call) parse(body []byte) error {
	parsed, err := parseBody(c.request.Header.Get("Content-Type"), body)
	if err != nil {
		return err
	}
	c.body = parsed
	c.query = parseQuery(c.request.URL.RawQuery)
	return nil
}

// run calls the handler. An id with a NUL is more than the database can take.
func (c *call) run(s *Server, handle handler) (any, error) {
	for _, id := range c.ids {
		if strings.ContainsRune(id, 0) {
			return nil, crash()
		}
	}
	return handle(s, c)
}

// find returns the route of a request and the ids in its path. Nil means that there
// is none. HEAD counts as GET.
func find(r *http.Request) (*standin.Route[handler], []string) {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	route, ids, _ := routes.Find(method, path(r.URL), sameSegment)
	for i, id := range ids {
		ids[i] = unescaped(id)
	}
	return route, ids
}

// operation names what a request asks for.
func operation(r *http.Request) string {
	route, _ := find(r)
	if route == nil {
		return ""
	}
	return route.Operation
}

// path is escaped, as slashes within a segment are no ends of it. One slash at the
// end means nothing.
func path(u *url.URL) string {
	return strings.TrimSuffix(strings.TrimPrefix(u.EscapedPath(), "/"), "/")
}

// area is the first segment of a path, in small letters.
func area(u *url.URL) string {
	first, _, _ := strings.Cut(path(u), "/")
	return strings.ToLower(unescaped(first))
}

// sameSegment compares a fixed segment with one as it was sent. Letter case means
// nothing.
func sameSegment(fixed, sent string) bool { return strings.EqualFold(fixed, unescaped(sent)) }

func unescaped(segment string) string {
	if text, err := url.PathUnescape(segment); err == nil {
		return text
	}
	return segment
}
