package bench

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// startServer starts the APIs in a process of its own and returns its URL.
func startServer(tb testing.TB) string {
	tb.Helper()
	return start(tb, self(tb), "server").read(tb)
}

// shop is the base URL of a vendor's shop with so many rows, whose lists take so long.
func (v vendor) shop(server string, rows int, delay time.Duration) string {
	return fmt.Sprintf("%s/%s/%d/%s", server, v.name, rows, delay)
}

// connections asks how many connections the server has accepted. Asking takes one.
func connections(tb testing.TB, server string) int {
	tb.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get(server + "/connections")
	require.NoError(tb, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(tb, err)
	count, err := strconv.Atoi(string(text))
	require.NoError(tb, err)
	return count
}

// serve is the server's process.
func serve() {
	var accepted atomic.Int64
	mux := http.NewServeMux()
	for _, v := range vendors {
		mux.Handle("/"+v.name+"/{rows}/{delay}/", &shopServer{vendor: v, sleep: sleepUntil})
	}
	mux.HandleFunc("GET /connections", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, accepted.Load())
	})
	server := httptest.NewUnstartedServer(mux)
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			accepted.Add(1)
		}
	}
	server.Start()
	fmt.Println(server.URL)
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// shopServer serves the API of one vendor. It keeps its last answer: a benchmark that
// reads one page again and again is not to wait for it to be written anew.
type shopServer struct {
	vendor vendor
	sleep  func(until time.Time)

	mu   sync.Mutex
	last string // the request
	kept answer
}

func (s *shopServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	asked := time.Now()
	rows, _ := strconv.Atoi(r.PathValue("rows"))
	delay, _ := time.ParseDuration(r.PathValue("delay"))
	_, _ = io.Copy(io.Discard, r.Body)
	a := s.answer(r, stock{rows})
	if r.Method == http.MethodGet {
		s.sleep(asked.Add(delay))
	}
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	_, _ = w.Write(a.body)
}

func (s *shopServer) answer(r *http.Request, of stock) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if asked := r.Method + r.URL.String(); s.last != asked {
		s.last, s.kept = asked, s.vendor.serve(r, of)
	}
	return s.kept
}

// sleepUntil is more exact than time.Sleep, which may sleep a millisecond longer.
func sleepUntil(moment time.Time) {
	time.Sleep(time.Until(moment) - 2*time.Millisecond)
	for time.Now().Before(moment) {
		runtime.Gosched()
	}
}
