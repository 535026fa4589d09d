package standin

import (
	"net/http"
	"path"
	"sync"
	"time"
)

// Fault says how the server fails, and for which requests. The vendor packages
// declare the same struct and document its fields.
type Fault struct {
	Times     int
	Method    string
	Path      string
	Delay     time.Duration
	Processed bool
	Drop      bool
	Status    int
	Header    http.Header
	Body      string
	Truncate  int
}

// Inject makes requests fail as f says. A request meets the first fault that is
// meant for it, and no other.
func (s *Server) Inject(f Fault) {
	if f.Times == 0 {
		f.Times = 1
	}
	f.Header = f.Header.Clone()
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.waiting = append(s.faults.waiting, &f)
}

// Fail answers the next n requests with a status and a body, without doing what
// they ask.
func (s *Server) Fail(n, status int, body string) {
	if n > 0 {
		s.Inject(Fault{Times: n, Status: status, Body: body})
	}
}

type faults struct {
	mu      sync.Mutex
	waiting []*Fault
}

// next returns the fault that the request meets and counts it.
func (f *faults) next(r *http.Request) Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, fault := range f.waiting {
		if !fault.meets(r) {
			continue
		}
		if fault.Times > 0 {
			fault.Times--
		}
		if fault.Times == 0 {
			f.waiting = append(f.waiting[:i:i], f.waiting[i+1:]...)
		}
		return *fault
	}
	return Fault{}
}

func (f *Fault) meets(r *http.Request) bool {
	if f.Method != "" && f.Method != r.Method {
		return false
	}
	if f.Path == "" {
		return true
	}
	matched, err := path.Match(f.Path, r.URL.EscapedPath())
	return err == nil && matched
}

// serve answers a request under a fault. It panics with http.ErrAbortHandler to
// cut the connection, which net/http takes as that and nothing else.
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
		reply.writeHead(w)
		_, _ = w.Write(reply.Body[:f.Truncate])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	reply.write(w)
}

func (s *Server) faultAnswer(f Fault) Answer {
	header := http.Header{"Content-Type": {"application/json; charset=utf-8"}}
	for _, more := range []http.Header{s.o.Header, f.Header} {
		for name, values := range more {
			header[http.CanonicalHeaderKey(name)] = values
		}
	}
	return Answer{Status: f.Status, Header: header, Body: []byte(f.Body)}
}

// pause waits for the fault's delay and reports whether the request is still
// wanted.
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
