package shoplazzatest

import (
	"net/http"
	"net/url"
	"time"

	"github.com/souk-go/souk/souktest"
)

// Fault says how the server fails, and for which requests. What is zero in it
// does not happen: an empty Fault changes nothing.
type Fault struct {
	// Times is the number of requests that meet the fault. 0 means one; below 0
	// means all that come.
	Times int

	// Method restricts the fault to one HTTP method. Empty means any.
	Method string

	// Path restricts the fault to paths that match this pattern of [path.Match],
	// in which * stands for one segment: "/openapi/*/customers/*". It is
	// compared with the path as sent. Empty means any; a malformed pattern
	// matches none.
	Path string

	// Delay is waited before the request is looked at. A client that leaves or
	// Close end the wait.
	Delay time.Duration

	// Processed says that the request takes effect although Drop or Status keep
	// its answer from the client.
	Processed bool

	// Drop ends the connection without an answer: before the request took
	// effect or, with Processed, after it. Of itself, net/http sends a GET again
	// when that happens on a connection that it used before.
	Drop bool

	// Status is the HTTP status answered in place of the server's own. 0 leaves
	// the server's answer.
	Status int

	// Header is added to an answer with Status, for example Retry-After. The
	// Content-Type is JSON unless it says otherwise.
	Header http.Header

	// Body is the body of an answer with Status.
	Body string

	// Truncate ends the connection after this many bytes of the answer's body,
	// although Content-Length announces all of it. 0 sends the whole answer.
	Truncate int
}

// Inject makes requests fail as f says. Faults wait in the order in which they
// were injected; a request meets the first that is meant for it, and no other.
func (s *Server) Inject(f Fault) { s.server.Inject(souktest.Fault(f)) }

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
