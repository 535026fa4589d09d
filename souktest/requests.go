package souktest

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"sync"
)

// Request is a request as the server received it.
type Request struct {
	// Method is the HTTP method in upper case.
	Method string

	// Path is the path as sent, with percent-encoding and without the query.
	Path string

	// Query holds the decoded query parameters.
	Query url.Values

	// Header holds the headers without credentials and cookies.
	Header http.Header

	// Body is the body, at most the first MiB. It is empty for token requests and
	// log-ins, whose bodies hold secrets.
	Body []byte
}

// keptRequests is how many requests a server remembers.
const keptRequests = 10_000

// Requests returns the requests received so far, in order of arrival, including those
// that met a Fault. It keeps the last 10,000.
func (s *Server) Requests() []Request {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	last := s.log.requests[max(0, len(s.log.requests)-keptRequests):]
	all := make([]Request, len(last))
	for i := range all {
		all[i] = last[i].clone()
	}
	return all
}

// clone returns a copy that the caller may change.
func (r Request) clone() Request {
	r.Query = url.Values(http.Header(r.Query).Clone())
	r.Header = r.Header.Clone()
	r.Body = bytes.Clone(r.Body)
	return r
}

type log struct {
	mu       sync.Mutex
	requests []Request
}

func (s *Server) record(r *http.Request, body []byte) {
	header := r.Header.Clone()
	for _, name := range append([]string{"Cookie"}, s.vendor.Credentials...) {
		header.Del(name)
	}
	if s.vendor.Secret != nil && s.vendor.Secret(r) {
		body = nil
	}
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	if len(s.log.requests) >= 2*keptRequests {
		s.log.requests = slices.Clone(s.log.requests[keptRequests:])
	}
	s.log.requests = append(s.log.requests, Request{
		Method: r.Method,
		Path:   r.URL.EscapedPath(),
		Query:  r.URL.Query(),
		Header: header,
		Body:   bytes.Clone(body),
	})
}
