package xcladetest

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/souk-go/souk/internal/standin"
)

// call is a request on its way through a handler, which holds the lock of the
// server.
type call struct {
	request *http.Request
	now     time.Time
	actor   string   // who asks; the created_by of what is made
	ids     []string // the variable segments of the path
	body    any      // object, or what else the body holds
	query   object
}

type route struct {
	method  string
	pattern string // a * stands for one segment
	handle  func(*Server, *call) (any, error)
}

var routes = []route{
	{http.MethodPost, "auth/token/refresh", refresh},
	{http.MethodPost, "auth/*/*", login},
	{http.MethodGet, "admin/customers", listCustomers},
	{http.MethodPost, "admin/customers", createCustomer},
	{http.MethodGet, "admin/customers/*", getCustomer},
	{http.MethodPost, "admin/customers/*", updateCustomer},
	{http.MethodDelete, "admin/customers/*", deleteCustomer},
	{http.MethodGet, "admin/customers/*/addresses", listAddresses},
	{http.MethodPost, "admin/customers/*/addresses", createAddress},
	{http.MethodGet, "admin/customers/*/addresses/*", getAddress},
	{http.MethodPost, "admin/customers/*/addresses/*", updateAddress},
	{http.MethodDelete, "admin/customers/*/addresses/*", deleteAddress},
	{http.MethodPost, "admin/customers/*/customer-groups", linkGroups},
	{http.MethodGet, "admin/customer-groups", listGroups},
	{http.MethodPost, "admin/customer-groups", createGroup},
	{http.MethodGet, "admin/customer-groups/*", getGroup},
	{http.MethodPost, "admin/customer-groups/*", updateGroup},
	{http.MethodDelete, "admin/customer-groups/*", deleteGroup},
	{http.MethodPost, "admin/customer-groups/*/customers", linkCustomers},
}

// answer does what the request asks. As in the real server the body is read
// first, then the credentials, and only then the path.
func (s *Server) answer(r *http.Request, body []byte) standin.Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &call{request: r, now: s.now()}
	segments := segments(r.URL)
	if err := c.parse(body); err != nil {
		return jsonAnswer(r, nil, err)
	}
	if segments[0] == "admin" {
		actor, err := s.auth.actor(r, c.now)
		if err != nil {
			return jsonAnswer(r, nil, err)
		}
		c.actor = actor
	}
	for _, route := range routes {
		if c.take(route, segments) {
			result, err := route.run(s, c)
			return jsonAnswer(r, result, err)
		}
	}
	return noRoute(r)
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

// take reports whether the route is meant, and takes the ids from the path.
func (c *call) take(route route, segments []string) bool {
	if c.request.Method != route.method && (c.request.Method != http.MethodHead || route.method != http.MethodGet) {
		return false
	}
	pattern := strings.Split(route.pattern, "/")
	if len(pattern) != len(segments) {
		return false
	}
	var ids []string
	for i, part := range pattern {
		switch {
		case part == "*" && segments[i] != "":
			ids = append(ids, segments[i])
		case part == "*" || !strings.EqualFold(part, segments[i]):
			return false
		}
	}
	c.ids = ids
	return true
}

// run calls the handler. An id with a NUL is more than the database can take.
func (route route) run(s *Server, c *call) (any, error) {
	for _, id := range c.ids {
		if strings.ContainsRune(id, 0) {
			return nil, crash()
		}
	}
	return route.handle(s, c)
}

// segments splits a path where it has slashes of its own, not escaped ones. The
// first segment comes in small letters. One slash at the end means nothing.
func segments(u *url.URL) []string {
	path := strings.TrimPrefix(u.EscapedPath(), "/")
	parts := strings.Split(strings.TrimSuffix(path, "/"), "/")
	for i, part := range parts {
		if decoded, err := url.PathUnescape(part); err == nil {
			parts[i] = decoded
		}
	}
	parts[0] = strings.ToLower(parts[0])
	return parts
}
