package shoplazzatest

import (
	"net/http"
	"net/url"

	"github.com/souk-go/souk/souktest"
)

// Fault says how the server fails, and for which requests. What is zero in it
// does not happen: an empty Fault changes nothing.
type Fault = souktest.Fault

// Inject makes requests fail as f says. Faults wait in the order in which they
// were injected; a request meets the first that is meant for it, and no other.
func (s *Server) Inject(f Fault) { s.server.Inject(f) }

// Fail answers the next n requests with a status and a body, without doing what
// they ask.
func (s *Server) Fail(n, status int, body string) { s.server.Fail(n, status, body) }

// Request is a request as the server received it.
type Request struct {
	// Method is the HTTP method in capital letters.
	Method string

	// Path is the path as it was sent, percent-encoding included, without the
	// query.
	Path string

	// Query holds the decoded query parameters.
	Query url.Values

	// Header holds the headers without credentials: Access-Token, Authorization
	// and Cookie are left out.
	Header http.Header

	// Body is the body, at most the first MiB of it. It is empty for requests of
	// tokens, whose bodies hold secrets.
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
