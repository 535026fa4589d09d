package testkit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	gock "gopkg.in/h2non/gock.v1"
)

// Gock answers requests from mocks that belong to one test. It switches on no
// interception, registers nothing globally and opens no socket, so that tests
// with mocks of their own run in parallel.
//
// A request that matches no mock fails the test and gets an error. A mock that
// got no request fails the test at its end.
type Gock struct {
	t testing.TB

	mu       sync.Mutex
	mocks    []*mock
	requests []Recorded
	ended    bool
}

// Recorded is a request as it was sent.
type Recorded struct {
	Method string
	URL    *url.URL
	Header http.Header
	Body   []byte // nil when there was none
}

// mock is one expectation: gock counts its uses and builds its answers.
type mock struct {
	gock.Mock
	want Request
	at   string // where the test expects it
}

// NewGock returns a Gock without mocks, checked when t ends.
func NewGock(t testing.TB) *Gock {
	g := &Gock{t: t}
	t.Cleanup(g.end)
	return g
}

// Client returns a client that sends everything to g. Its transport has no
// CloseIdleConnections, because it has no connections.
func (g *Gock) Client() *http.Client {
	return &http.Client{Transport: roundTripper{g}}
}

// Expect adds a mock for one request, which is answered with status 200 and
// no body unless the Reply says more. Of several mocks that match a request,
// the first one that is not used up answers it.
func (g *Gock) Expect(want Request) *Reply {
	g.t.Helper()
	if err := want.check(); err != nil {
		g.t.Fatalf("testkit: %v", err)
	}
	m := &mock{Mock: gock.NewMock(gock.NewRequest(), gock.NewResponse()), want: want, at: caller()}
	m.Response().Status(http.StatusOK)

	g.mu.Lock()
	defer g.mu.Unlock()
	g.mocks = append(g.mocks, m)
	return &Reply{t: g.t, mock: m}
}

// Requests returns everything that was sent so far, even if it matched nothing.
func (g *Gock) Requests() []Recorded {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.requests)
}

// roundTripper keeps Gock's own methods small and CloseIdleConnections away.
type roundTripper struct{ g *Gock }

func (rt roundTripper) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := readBody(req)
	if err != nil {
		return nil, err
	}
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	m := rt.g.match(req, Recorded{
		Method: req.Method, URL: new(*req.URL), Header: req.Header.Clone(), Body: body,
	})
	if m == nil {
		return nil, fmt.Errorf("testkit: no mock for %s %s", req.Method, req.URL.Path)
	}
	if !isDialError(m.Response().Error) {
		traceWritten(req)
	}
	return gock.Responder(req, m.Response(), nil)
}

// match records the request, finds its mock and uses that up.
func (g *Gock) match(req *http.Request, got Recorded) *mock {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.requests = append(g.requests, got)
	for _, m := range g.mocks {
		m.SetMatcher(exactly{&m.want, got})
		if ok, _ := m.Match(req); ok {
			return m
		}
	}
	if !g.ended { // a log after the test's end panics
		g.t.Errorf("%s", g.unmatched(got))
	}
	return nil
}

// exactly is a [gock.Matcher] with one rule. The matchers of gock search for the
// expected text as a regular expression anywhere in the request, and ignore what is not
// mentioned.
type exactly struct {
	want *Request
	got  Recorded
}

func (e exactly) Match(*http.Request, *gock.Request) (bool, error) {
	return len(e.want.differences(e.got)) == 0, nil
}
func (exactly) Get() []gock.MatchFunc { return nil }
func (exactly) Add(gock.MatchFunc)    {}
func (exactly) Set([]gock.MatchFunc)  {}
func (exactly) Flush()                {}

// unmatched describes a request that no mock wants, beside the nearest one.
func (g *Gock) unmatched(got Recorded) string {
	var text strings.Builder
	fmt.Fprintf(&text, "no mock for %s %s\n", got.Method, got.URL)
	var nearest *mock
	var fewest []string
	for _, m := range g.mocks {
		differences := m.want.differences(got)
		if nearest == nil || len(differences) < len(fewest) {
			nearest, fewest = m, differences
		}
	}
	switch {
	case nearest == nil:
		text.WriteString("nothing was expected")
	case len(fewest) == 0:
		fmt.Fprintf(&text, "the mock of %s is used up", nearest.at)
	default:
		fmt.Fprintf(&text, "the nearest is %s of %s, but\n%s", nearest.want, nearest.at, strings.Join(fewest, "\n"))
	}
	return text.String()
}

func (g *Gock) end() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.ended = true
	for _, m := range g.mocks {
		if !m.Done() {
			g.t.Errorf("not requested: %s of %s", m.want, m.at)
		}
	}
}

func readBody(req *http.Request) ([]byte, error) {
	if req.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(req.Body)
	err = errors.Join(err, req.Body.Close())
	if len(body) == 0 {
		return nil, err
	}
	return bytes.Clone(body), err
}

// traceWritten tells the observer that the request was written, as a transport does.
func traceWritten(req *http.Request) {
	trace := httptrace.ContextClientTrace(req.Context())
	if trace == nil {
		return
	}
	if trace.WroteHeaders != nil {
		trace.WroteHeaders()
	}
	if trace.WroteRequest != nil {
		trace.WroteRequest(httptrace.WroteRequestInfo{})
	}
}

func isDialError(err error) bool {
	e, ok := errors.AsType[*net.OpError](err)
	return ok && e.Op == "dial"
}

// caller returns the line of the test that called Expect.
func caller() string {
	_, file, line, _ := runtime.Caller(2)
	return fmt.Sprintf("%s:%d", filepath.Base(file), line)
}
