package bench

import (
	"cmp"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// startServer starts the API in a process of its own and returns its URL.
func startServer(tb testing.TB) string {
	tb.Helper()
	return start(tb, self(tb), "server").read(tb)
}

// shop is the base URL of a shop with so many customers, whose lists take
// so long.
func shop(server string, rows int, delay time.Duration) string {
	return fmt.Sprintf("%s/%d/%s", server, rows, delay)
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
	mux.HandleFunc("POST /{rows}/{delay}/admin/customers", createCustomer)
	mux.HandleFunc("GET /{rows}/{delay}/admin/customers", new(lists).list)
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

func createCustomer(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	answer(w, append(appendCustomer([]byte(`{"customer":`), 1), '}'))
}

// lists writes pages, and keeps the one that begins the list asked for last: a
// benchmark that reads one page again and again is not to wait for it to be
// written anew.
type lists struct {
	mu          sync.Mutex
	rows, limit int
	first       []byte
}

func (l *lists) page(rows, limit, after int) []byte {
	if after > 0 {
		return newPage(rows, limit, after)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.rows != rows || l.limit != limit {
		l.rows, l.limit, l.first = rows, limit, newPage(rows, limit, 0)
	}
	return l.first
}

// list lists by id, as the API does: limit rows after id[$gt], and the number
// of all that come after it.
func (l *lists) list(w http.ResponseWriter, r *http.Request) {
	asked := time.Now()
	rows, _ := strconv.Atoi(r.PathValue("rows"))
	delay, _ := time.ParseDuration(r.PathValue("delay"))
	query := r.URL.Query()
	limit, _ := strconv.Atoi(cmp.Or(query.Get("limit"), "50"))
	after, _ := strconv.Atoi(strings.TrimPrefix(query.Get("id[$gt]"), "cus_"))

	body := l.page(rows, limit, after)
	sleepUntil(asked.Add(delay))
	answer(w, body)
}

func newPage(rows, limit, after int) []byte {
	body := make([]byte, 0, 64+limit*512)
	body = append(body, `{"customers":[`...)
	for id := after + 1; id <= min(rows, after+limit); id++ {
		if id > after+1 {
			body = append(body, ',')
		}
		body = appendCustomer(body, id)
	}
	return fmt.Appendf(body, `],"count":%d,"offset":0,"limit":%d}`, rows-after, limit)
}

// sleepUntil is more exact than time.Sleep, which may sleep a millisecond longer.
func sleepUntil(moment time.Time) {
	time.Sleep(time.Until(moment) - 2*time.Millisecond)
	for time.Now().Before(moment) {
		runtime.Gosched()
	}
}

func answer(w http.ResponseWriter, body []byte) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body)
}

// appendCustomer appends a customer as a server of Medusa v2 sends it. Every
// third has metadata, as in the recorded answers.
func appendCustomer(body []byte, id int) []byte {
	metadata := "null"
	if id%3 == 1 {
		metadata = `{"tier":"gold","newsletter":true}`
	}
	return fmt.Appendf(body, `{"id":"cus_%010d","company_name":"Acme GmbH","first_name":"Ada","last_name":"Lovelace",`+
		`"email":"ada.%010d@example.test","phone":"+49 30 123456","metadata":%s,"has_account":false,`+
		`"created_by":"user_01M80X74HS4460S0YD4K125HT5","created_at":"2026-11-22T05:56:17.965Z",`+
		`"updated_at":"2026-11-22T05:56:17.965Z","deleted_at":null}`, id, id, metadata)
}
