package standin

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"sync"
)

// Request is a request as the server received it. The vendor packages declare
// the same struct and document its fields.
type Request struct {
	Method string
	Path   string
	Query  url.Values
	Header http.Header
	Body   []byte
}

// Requests returns what the server received so far, in order of arrival.
func (s *Server) Requests() []Request {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return slices.Clone(s.log.requests)
}

type log struct {
	mu       sync.Mutex
	requests []Request
}

func (s *Server) record(r *http.Request, body []byte) {
	header := r.Header.Clone()
	for _, name := range append([]string{"Cookie"}, s.o.Credentials...) {
		header.Del(name)
	}
	if s.o.Secret != nil && s.o.Secret(r) {
		body = nil
	}
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	s.log.requests = append(s.log.requests, Request{
		Method: r.Method,
		Path:   r.URL.EscapedPath(),
		Query:  r.URL.Query(),
		Header: header,
		Body:   bytes.Clone(body),
	})
}
