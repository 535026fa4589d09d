package sallatest

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"sync"
)

// Request is a request as the server received it.
type Request struct {
	// Method is the HTTP method in capital letters.
	Method string

	// Path is the path as it was sent, percent-encoding included, without the
	// query.
	Path string

	// Query holds the decoded query parameters by their literal names, such as
	// "page" or "fields[]".
	Query url.Values

	// Header holds the headers without credentials: Authorization and Cookie are
	// left out.
	Header http.Header

	// Body is the body, at most the first MiB of it. It is empty for the token end
	// point, whose body holds secrets.
	Body []byte
}

// Requests returns what the server received so far, in order of arrival,
// requests that met a Fault included.
func (s *Server) Requests() []Request {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return slices.Clone(s.log.requests)
}

type requestLog struct {
	mu       sync.Mutex
	requests []Request
}

func (l *requestLog) add(r *http.Request, body []byte) {
	header := r.Header.Clone()
	for _, name := range []string{"Authorization", "Cookie"} {
		header.Del(name)
	}
	path := r.URL.EscapedPath()
	if path == tokenPath {
		body = nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.requests = append(l.requests, Request{
		Method: r.Method,
		Path:   path,
		Query:  r.URL.Query(),
		Header: header,
		Body:   bytes.Clone(body),
	})
}
