package standin

import (
	"net/http"
	"strings"
)

// Route is an operation of a vendor and what carries it out.
type Route[H any] struct {
	// Operation is the SDK's method that makes the request: "Customers.Create".
	// Several methods that make the same request are separated by blanks.
	Operation string
	// Method is the HTTP method.
	Method string
	// Pattern is the path. A * stands for one id, alone in a segment or before
	// its fixed end: "customers/*.json".
	Pattern string
	// Handle carries the operation out.
	Handle H
}

// Routes are what a stand-in serves. The first that fits counts, so a fixed path stands
// before a path with an id in the same place.
type Routes[H any] []Route[H]

// Find returns the route of a request and the ids in its path. Nil means that
// there is none; known then reports whether there is one of another method.
// Fixed segments are compared by same, nil for letter by letter.
func (rs Routes[H]) Find(method, path string, same func(a, b string) bool) (route *Route[H], ids []string, known bool) {
	for i := range rs {
		ids, ok := match(rs[i].Pattern, path, same)
		if ok && rs[i].Method == method {
			return &rs[i], ids, true
		}
		known = known || ok
	}
	return nil, nil, known
}

// Operation returns the name of the request's operation, "" for none.
func (rs Routes[H]) Operation(method, path string) string {
	if route, _, _ := rs.Find(method, path, nil); route != nil {
		return route.Operation
	}
	return ""
}

// Operations returns the names of all operations.
func (rs Routes[H]) Operations() []string {
	var names []string
	for _, route := range rs {
		names = append(names, strings.Fields(route.Operation)...)
	}
	return names
}

func match(pattern, path string, same func(a, b string) bool) (ids []string, ok bool) {
	parts, segments := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(parts) != len(segments) {
		return nil, false
	}
	for i, part := range parts {
		end, isID := strings.CutPrefix(part, "*")
		if !isID {
			if part != segments[i] && (same == nil || !same(part, segments[i])) {
				return nil, false
			}
			continue
		}
		id, ok := strings.CutSuffix(segments[i], end)
		if !ok || id == "" {
			return nil, false
		}
		ids = append(ids, id)
	}
	return ids, true
}

// OperationOf returns a function for souktest.Vendor that finds the operation by the
// part of the path that below returns.
func (rs Routes[H]) OperationOf(below func(path string) string) func(*http.Request) string {
	return func(r *http.Request) string { return rs.Operation(r.Method, below(r.URL.EscapedPath())) }
}
