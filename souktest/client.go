package souktest

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
)

// Client returns an HTTP client whose requests to BaseURL the server answers in memory,
// without a socket. It works in a testing/synctest bubble if the server was created in
// the same bubble. Requests to other hosts fail like a failed DNS lookup.
func (s *Server) Client() *http.Client { return &http.Client{Transport: inMemory{s}} }

type inMemory struct{ server *Server }

// RoundTrip answers a request as the server on loopback would.
func (m inMemory) RoundTrip(req *http.Request) (*http.Response, error) {
	if !strings.EqualFold(req.URL.Host, m.server.host) {
		drain(req)
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: req.URL.Hostname(), IsNotFound: true}}
	}
	if err := req.Context().Err(); err != nil { // or else it would be chance that decides
		drain(req)
		return nil, err
	}
	r, err := received(req)
	if err != nil {
		return nil, err
	}
	if !m.server.enter() {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	}
	w := &recorder{header: make(http.Header)}
	done := make(chan struct{})
	go func() {
		defer m.server.calls.Done()
		defer close(done)
		defer w.finish()
		m.server.ServeHTTP(w, r)
	}()
	select {
	case <-done:
		return w.response(req)
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
}

// enter reports whether the server accepts another request.
func (s *Server) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.ended {
		s.calls.Add(1)
	}
	return !s.ended
}

func drain(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
}

// received returns the request as a server sees it.
func received(req *http.Request) (*http.Request, error) {
	body, err := readBody(req)
	if err != nil {
		return nil, err
	}
	r := req.Clone(req.Context())
	r.URL.Scheme, r.URL.Host = "", ""
	r.RequestURI = req.URL.RequestURI()
	r.RemoteAddr = "127.0.0.1:1"
	r.Proto, r.ProtoMajor, r.ProtoMinor = "HTTP/1.1", 1, 1
	if r.Host == "" {
		r.Host = req.URL.Host
	}
	r.Body, r.ContentLength = http.NoBody, int64(len(body))
	if len(body) > 0 {
		r.Body = io.NopCloser(bytes.NewReader(body))
		r.Header.Set("Content-Length", strconv.Itoa(len(body)))
	}
	return r, nil
}

// readBody reads the body of a request until the end of its context.
func readBody(req *http.Request) ([]byte, error) {
	if req.Body == nil || req.Body == http.NoBody {
		return nil, nil
	}
	type whole struct {
		body []byte
		err  error
	}
	read := make(chan whole, 1)
	go func() {
		body, err := io.ReadAll(req.Body)
		_ = req.Body.Close()
		read <- whole{body, err}
	}()
	select {
	case w := <-read:
		return w.body, w.err
	case <-req.Context().Done():
		go drain(req) // which may wait for the reading
		return nil, req.Context().Err()
	}
}

// recorder keeps what the handler writes.
type recorder struct {
	header http.Header
	sent   http.Header
	status int
	body   bytes.Buffer
	cut    bool
}

func (w *recorder) Header() http.Header { return w.header }

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status, w.sent = status, w.header.Clone()
	}
}

func (w *recorder) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(p)
}

// finish turns the panic by which a handler cuts the connection into a cut connection.
func (w *recorder) finish() {
	switch p := recover(); p {
	case nil:
		w.WriteHeader(http.StatusOK)
	case http.ErrAbortHandler:
		w.cut = true
	default:
		panic(p)
	}
}

func (w *recorder) response(req *http.Request) (*http.Response, error) {
	if w.cut && w.status == 0 {
		return nil, io.ErrUnexpectedEOF
	}
	length, err := strconv.ParseInt(w.sent.Get("Content-Length"), 10, 64)
	if err != nil {
		length = -1
	}
	var body io.Reader = &w.body
	switch {
	case !hasBody(w.status):
		body, length = http.NoBody, 0
	case req.Method == http.MethodHead:
		body = http.NoBody
	case w.cut:
		body = io.MultiReader(&w.body, cutOff{})
	}
	return &http.Response{
		Status:        strconv.Itoa(w.status) + " " + http.StatusText(w.status),
		StatusCode:    w.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        w.sent,
		Body:          io.NopCloser(body),
		ContentLength: length,
		Request:       req,
	}, nil
}

type cutOff struct{}

func (cutOff) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
