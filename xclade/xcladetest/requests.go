package xcladetest

import (
	"net/http"
	"net/url"
)

// Request is a request as the server received it.
type Request struct {
	// Method is the HTTP method in capital letters.
	Method string

	// Path is the path as it was sent, percent-encoding included, without the
	// query.
	Path string

	// Query holds the decoded query parameters by their literal names, such as
	// "email", "id[]" or "created_at[$gte]".
	Query url.Values

	// Header holds the headers without credentials: Authorization, Cookie and
	// X-Api-Key are left out.
	Header http.Header

	// Body is the body, at most the first MiB of it. It is empty for a login,
	// whose body holds a password.
	Body []byte
}

// Requests returns what the server received so far, in order of arrival,
// requests that met a Fault included.
func (s *Server) Requests() []Request {
	var requests []Request
	for _, r := range s.server.Requests() {
		requests = append(requests, Request(r))
	}
	return requests
}
