package souktest

import (
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

// Fault says how the server fails, and for which requests. A zero field has no effect:
// an empty Fault changes nothing.
type Fault struct {
	// Times is the number of requests that meet the fault. 0 means one; a negative
	// number means all.
	Times int

	// Operation restricts the fault to the requests of one method of the SDK, such as
	// "Customers.Create": see Server.Operations. A method that calls others, such as
	// All or Ensure, is not one: name List or Create. Empty means any.
	Operation string

	// Method restricts the fault to one HTTP method. Empty means any.
	Method string

	// Path restricts the fault to paths that match this pattern of [path.Match], in
	// which * stands for one segment: "/admin/customers/*". It is compared with the
	// path as sent. Empty means any.
	Path string

	// Delay is how long to wait before the request is processed. The wait ends early if
	// the client gives up or Close is called.
	Delay time.Duration

	// Processed says that the request takes effect, although Drop or Status withholds
	// its answer from the client.
	Processed bool

	// Drop ends the connection without an answer: before the request took effect or,
	// with Processed, after it. Note that net/http itself repeats a GET if that happens
	// on a reused connection.
	Drop bool

	// Status is the HTTP status to answer in place of the server's own: 101, or at
	// least 200. 0 means the server's own answer.
	Status int

	// Header is added to an answer with Status, for example Retry-After. The default
	// Content-Type is JSON.
	Header http.Header

	// Body is the body of an answer with Status.
	Body string

	// Truncate ends the connection after this many bytes of the answer's body, although
	// Content-Length announces all of it. 0 sends the whole answer, as does a number
	// not below its length.
	Truncate int
}

// Inject makes requests fail as described by f. Faults apply in the order of injection;
// a request meets the first that matches it, and no other. Inject panics if the
// Operation or Status does not exist, or the pattern of Path is malformed: such a fault
// could never apply.
func (s *Server) Inject(f Fault) {
	if wrong := f.wrong(s.vendor.Operations); wrong != "" {
		panic(s.vendor.Name + ": Fault." + wrong)
	}
	if f.Times == 0 {
		f.Times = 1
	}
	f.Header = f.Header.Clone()
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.waiting = append(s.faults.waiting, &f)
}

// ClearFaults removes the remaining faults, such as one with Times -1, to end an
// outage.
func (s *Server) ClearFaults() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.waiting = nil
}

// Operations returns the valid values of a Fault's Operation.
func (s *Server) Operations() []string { return slices.Clone(s.vendor.Operations) }

// Fail answers the next n requests with a status and a body, without processing them.
func (s *Server) Fail(n, status int, body string) {
	if n > 0 {
		s.Inject(Fault{Times: n, Status: status, Body: body})
	}
}

// wrong says why no request can ever meet the fault, "" if one can.
func (f *Fault) wrong(operations []string) string {
	if f.Operation != "" && !slices.Contains(operations, f.Operation) {
		return fmt.Sprintf("Operation %q is none of %s", f.Operation, strings.Join(operations, ", "))
	}
	if _, err := path.Match(f.Path, ""); err != nil {
		return fmt.Sprintf("Path %q is malformed", f.Path)
	}
	if f.Status != 0 && f.Status != http.StatusSwitchingProtocols && (f.Status < 200 || f.Status > 999) {
		return fmt.Sprintf("Status %d cannot be that of an answer", f.Status)
	}
	return ""
}

type faults struct {
	mu      sync.Mutex
	waiting []*Fault
}

// next returns the fault that the request meets and counts it.
func (f *faults) next(r *http.Request, operation string) Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, fault := range f.waiting {
		if !fault.meets(r, operation) {
			continue
		}
		if fault.Times > 0 {
			fault.Times--
		}
		if fault.Times == 0 {
			f.waiting = slices.Delete(f.waiting, i, i+1)
		}
		return *fault
	}
	return Fault{}
}

func (f *Fault) meets(r *http.Request, operation string) bool {
	if f.Operation != "" && !slices.Contains(strings.Fields(operation), f.Operation) {
		return false
	}
	if f.Method != "" && !strings.EqualFold(f.Method, r.Method) {
		return false
	}
	if f.Path == "" {
		return true
	}
	matched, _ := path.Match(f.Path, r.URL.EscapedPath())
	return matched
}

// serve answers a request under a fault. It panics with http.ErrAbortHandler to cut the
// connection, as net/http expects.
func (s *Server) serve(w http.ResponseWriter, f Fault, process func() Answer) {
	if f.Drop && !f.Processed {
		panic(http.ErrAbortHandler)
	}
	var reply Answer
	if f.Status == 0 || f.Processed {
		reply = process()
	}
	if f.Drop {
		panic(http.ErrAbortHandler)
	}
	if f.Status != 0 {
		reply = s.faultAnswer(f)
	}
	if f.Truncate > 0 && f.Truncate < len(reply.Body) {
		writeHead(w, reply)
		_, _ = w.Write(reply.Body[:f.Truncate])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	write(w, reply)
}

func (s *Server) faultAnswer(f Fault) Answer {
	header := http.Header{"Content-Type": {"application/json; charset=utf-8"}}
	var own http.Header
	if s.vendor.Header != nil {
		own = s.vendor.Header()
	}
	for _, more := range []http.Header{own, f.Header} {
		for name, values := range more {
			header[http.CanonicalHeaderKey(name)] = values
		}
	}
	return Answer{Status: f.Status, Header: header, Body: []byte(f.Body)}
}

// pause waits for the fault's delay and reports whether the client is still waiting.
func (s *Server) pause(r *http.Request, delay time.Duration) bool {
	if delay <= 0 {
		return true
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	case <-s.closed:
		return false
	}
}
