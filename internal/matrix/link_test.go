package matrix

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
)

// script says which requests are answered otherwise.
type script struct {
	// about reports whether a request is one of those that the script counts. Nil
	// means all.
	about func(*http.Request) bool
	// pick returns what the n-th of them is answered, from 0. Nil means by the
	// stand-in.
	pick func(n int) *answer
	// done says that the stand-in does what it is asked before that.
	done bool
}

// link stands between a client and a stand-in, as a proxy does.
type link struct {
	store     http.RoundTripper
	script    script
	mu        sync.Mutex
	met       []string // the requests that the script is about
	creations int      // requests that create
}

// begin lets the link follow another script.
func (l *link) begin(s script) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.script, l.met, l.creations = s, nil, 0
}

// counts returns how many requests the script was about, and how many created.
func (l *link) counts() (met, creations int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.met), l.creations
}

// alike returns how many requests were the same as the n-th that the script was about.
func (l *link) alike(n int) (times int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, request := range l.met {
		if n < len(l.met) && request == l.met[n] {
			times++
		}
	}
	return times
}

// next counts a request and returns what it is answered.
func (l *link) next(r *http.Request) *answer {
	l.mu.Lock()
	defer l.mu.Unlock()
	if isCreation(r) {
		l.creations++
	}
	if l.script.about != nil && !l.script.about(r) {
		return nil
	}
	l.met = append(l.met, r.URL.RequestURI())
	if l.script.pick == nil {
		return nil
	}
	return l.script.pick(len(l.met) - 1)
}

// RoundTrip is the link in memory.
func (l *link) RoundTrip(r *http.Request) (*http.Response, error) {
	a := l.next(r)
	if a == nil {
		return l.store.RoundTrip(r)
	}
	switch a.wire {
	case noPort:
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	case noName:
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "x", IsNotFound: true}}
	}
	given, err := l.given(r, a)
	if err != nil {
		return nil, err
	}
	switch a.wire {
	case isLost:
		return nil, io.ErrUnexpectedEOF
	case isReset:
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	case badVersion:
		return nil, errors.New("net/http: HTTP/1.x transport connection broken: malformed HTTP response")
	case isStalled:
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	return given.response(r, a.wire == isCut), nil
}

// given is what the client is to get.
type given struct {
	status int
	header http.Header
	body   []byte
}

// sameStatus is that of the stand-in.
const sameStatus = -1

// given returns the answer to a request, of which the stand-in has done what it asks
// if that is what the script says.
func (l *link) given(r *http.Request, a *answer) (*given, error) {
	g := &given{a.status, http.Header{"Content-Type": {contentType(a.body)}}, []byte(fill(a.body, r))}
	for name := range a.header {
		g.header.Set(name, fill(a.header.Get(name), r))
	}
	if !l.script.done && !a.own {
		if r.Body != nil {
			_, _ = io.Copy(io.Discard, r.Body)
		}
		return g, nil
	}
	resp, err := l.store.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if a.own || a.wire != intact {
		g.header, g.body = resp.Header.Clone(), body
	}
	if g.status == sameStatus || a.wire == isCut {
		g.status = resp.StatusCode
	}
	if a.change != nil {
		a.change(g)
	}
	return g, err
}

// response makes the answer one of net/http, whose body breaks off if cut.
func (g *given) response(r *http.Request, cut bool) *http.Response {
	var body io.Reader = bytes.NewReader(g.body)
	if cut {
		body = io.MultiReader(bytes.NewReader(g.body[:len(g.body)/2]), brokenOff{})
	}
	return &http.Response{
		StatusCode: g.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, ContentLength: -1,
		Header: g.header, Body: io.NopCloser(body), Request: r,
	}
}

type brokenOff struct{}

func (brokenOff) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// fill puts the request into an answer that repeats it.
func fill(body string, r *http.Request) string {
	if !strings.Contains(body, "{") {
		return body
	}
	page := cmp.Or(r.URL.Query().Get("page"), "1")
	return strings.NewReplacer("{method}", r.Method, "{path}", r.URL.EscapedPath(), "{uri}", r.URL.RequestURI(), "{page}", page, echoing, credentialOf(r)).Replace(body)
}

func contentType(body string) string {
	switch {
	case strings.HasPrefix(body, "{"), strings.HasPrefix(body, "["):
		return "application/json"
	case strings.HasPrefix(body, "<"):
		return "text/html; charset=utf-8"
	}
	return "text/plain; charset=utf-8"
}
