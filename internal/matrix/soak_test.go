//go:build soak

package matrix

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/souk-go/souk"
)

var soakTime = flag.Duration("soak", 10*time.Minute, "how long the soak test lasts")

const soakers = 64

// TestSoak lets 64 goroutines work at the stores of all vendors over TCP, while answers
// get lost, come from proxies, are late or refused, and callers lose their patience.
// Afterwards what stands in each store is compared with what the callers were told.
func TestSoak(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	ctx, cancel := context.WithTimeout(context.Background(), *soakTime)
	defer cancel()
	var all []*soaked
	var group sync.WaitGroup
	for i, v := range vendors {
		s := newSoaked(t, v)
		defer s.close()
		all = append(all, s)
		for n := range soakers / len(vendors) {
			group.Go(func() { s.work(ctx, rand.New(rand.NewPCG(uint64(i), uint64(n)))) })
		}
	}
	early := make(chan uint64, 1)
	time.AfterFunc(*soakTime/4, func() { early <- heap() })
	group.Wait()
	late := heap()

	for _, s := range all {
		s.judge(t)
	}
	t.Logf("heap after a quarter of the time %.1f MiB, at the end %.1f MiB, with the stand-ins", mib(<-early), mib(late))
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func mib(n uint64) float64 { return float64(n) / (1 << 20) }

// soaked is a store that is worked at.
type soaked struct {
	v      *vendor
	store  *store
	front  *httptest.Server
	client shop
	calm   atomic.Bool
	open   atomic.Int64 // connections
	most   atomic.Int64

	calls, faults, unknown atomic.Int64

	mu     sync.Mutex
	ledger map[string]fate  // by key
	seen   map[string]*told // the last answer of each kind of request
	wrong  map[string]bool  // what callers were told of somebody else
}

// told is an answer that can be given to somebody else.
type told = httptest.ResponseRecorder

// fate is what a caller was told of the person with a key.
type fate int

const (
	isThere fate = iota + 1
	isGone
	isUnknown
)

func newSoaked(t *testing.T, v *vendor) *soaked {
	t.Helper()
	s := &soaked{v: v, store: v.start(t), ledger: map[string]fate{}, seen: map[string]*told{}, wrong: map[string]bool{}}
	s.front = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	s.front.Config.ConnState = s.count
	s.front.Start()
	s.client = s.store.through(t, s.front.URL, souk.Options{MaxRetryWait: 20 * time.Second, AttemptTimeout: 5 * time.Second})
	return s
}

func (s *soaked) close() {
	s.front.CloseClientConnections()
	s.front.Close()
	s.store.server.Close()
}

func (s *soaked) count(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		now := s.open.Add(1)
		for most := s.most.Load(); now > most && !s.most.CompareAndSwap(most, now); most = s.most.Load() {
		}
	case http.StateClosed, http.StateHijacked:
		s.open.Add(-1)
	}
}

// serve passes a request on, or does what networks, proxies and servers do.
func (s *soaked) serve(w http.ResponseWriter, r *http.Request) {
	handler := s.store.server.(http.Handler)
	if s.calm.Load() {
		handler.ServeHTTP(w, r)
		return
	}
	dice := rand.IntN(1000)
	if dice < 185 {
		s.faults.Add(1)
	}
	switch {
	case dice < 30: // lost before
		hangUp(w)
	case dice < 60: // lost after
		handler.ServeHTTP(httptest.NewRecorder(), r)
		hangUp(w)
	case dice < 80: // a proxy before
		webPage(w, http.StatusBadGateway)
	case dice < 100: // a proxy after
		handler.ServeHTTP(httptest.NewRecorder(), r)
		webPage(w, http.StatusGatewayTimeout)
	case dice < 115:
		w.Header().Set("Retry-After", oddRetryAfter[rand.IntN(len(oddRetryAfter))])
		webPage(w, http.StatusTooManyRequests)
	case dice < 125: // a proxy that knows no such path
		webPage(w, http.StatusNotFound)
	case dice < 135: // cut off
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, r)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", fmt.Sprint(answer.Body.Len()+1))
		w.WriteHeader(answer.Code)
		_, _ = w.Write(bytes.TrimSuffix(answer.Body.Bytes(), []byte("}")))
	case dice < 150: // late
		time.Sleep(time.Duration(rand.IntN(100)) * time.Millisecond)
		handler.ServeHTTP(w, r)
	case dice < 160: // the vendor refuses
		refusal := s.v.refusals[rand.IntN(len(s.v.refusals))]
		if r.Method == http.MethodDelete { // what an earlier attempt has deleted would be refused, too
			refusal = s.v.refusals[0]
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(refusal.status)
		_, _ = io.WriteString(w, refusal.body)
	case dice < 170: // somebody else's answer, before
		s.swap(w, r, nil)
	case dice < 180: // and after
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, r)
		s.swap(w, r, answer)
	case dice < 185: // an answer comes twice on the connection
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, r)
		twice(w, answer)
	default:
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, r)
		s.keep(r, answer)
		relay(w, answer)
	}
}

// oddRetryAfter are waits that no server should ask for, but for short ones.
var oddRetryAfter = []string{"0", "-1", "abc", "0.5", "", "Thu, 01 Jan 1970 00:00:00 GMT", "1,2", "\u0661"}

// kindOf is what requests have in common whose answers could be mistaken for one another.
func kindOf(r *http.Request) string {
	return r.Method + " " + ids.ReplaceAllString(r.URL.Path, "*")
}

var ids = regexp.MustCompile(`[^/]*[0-9][^/]*`)

func (s *soaked) keep(r *http.Request, answer *told) {
	if answer.Code > 299 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen[kindOf(r)] = answer
}

// swap gives the answer that somebody else has had, or else answer, or none.
func (s *soaked) swap(w http.ResponseWriter, r *http.Request, answer *told) {
	s.mu.Lock()
	other := s.seen[kindOf(r)]
	s.mu.Unlock()
	if r.Method == http.MethodDelete || r.Method == http.MethodPost { // nothing in it says whose it is
		other = answer
	}
	if other == nil || strings.Contains(r.URL.RawQuery, "limit") || strings.Contains(r.URL.RawQuery, "page") { // a list is nobody's
		other = answer
	}
	if other == nil {
		hangUp(w)
		return
	}
	relay(w, other)
}

func relay(w http.ResponseWriter, answer *told) {
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}

func twice(w http.ResponseWriter, answer *told) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	var one bytes.Buffer
	resp := answer.Result()
	resp.ContentLength = int64(answer.Body.Len())
	_ = resp.Write(&one)
	_, _ = conn.Write(bytes.Repeat(one.Bytes(), 2))
	time.Sleep(time.Millisecond)
}

func webPage(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(status)
	_, _ = w.Write([]byte("<html><body>sorry</body></html>"))
}

func hangUp(w http.ResponseWriter) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}

// work leads one person after the other through a life.
func (s *soaked) work(ctx context.Context, random *rand.Rand) {
	for n := 0; ctx.Err() == nil; n++ {
		key := fmt.Sprintf("soak%d-%d@example.test", random.Uint64(), n)
		s.life(ctx, random, key)
	}
}

// patience returns a context that now and then ends in the middle.
func patience(ctx context.Context, random *rand.Rand) (context.Context, context.CancelFunc) {
	ctx = context.WithoutCancel(ctx) // lives are ended, not cut off
	if random.IntN(10) > 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, time.Duration(1+random.IntN(30))*time.Millisecond)
}

func (s *soaked) life(ctx context.Context, random *rand.Rand, key string) {
	call := func(f func(ctx context.Context) error) error {
		ctx, cancel := patience(ctx, random)
		defer cancel()
		s.calls.Add(1)
		err := f(ctx)
		if errors.Is(err, souk.ErrOutcomeUnknown) {
			s.unknown.Add(1)
		}
		return err
	}
	var p person
	err := call(func(ctx context.Context) (err error) { p, err = s.client.create(ctx, key); return err })
	late := errors.Is(err, souk.ErrOutcomeUnknown) // it may still arrive, even when somebody was deleted
	if late && s.v.has(ensures) {
		s.note(key, isUnknown)
		err = call(func(ctx context.Context) (err error) { p, _, err = s.client.ensure(ctx, key); return err })
		if err != nil {
			return // it is as unknown as before
		}
	}
	switch {
	case err == nil && p.key != key:
		s.blame("a creation")
		return
	case err == nil:
		s.note(key, isThere)
	case errors.Is(err, souk.ErrOutcomeUnknown):
		s.note(key, isUnknown)
		return
	default:
		s.note(key, isGone)
		return
	}
	_ = call(func(ctx context.Context) error {
		got, err := s.client.update(ctx, p, newName)
		s.compare("an update", p, got, err)
		return err
	})
	_ = call(func(ctx context.Context) error {
		got, err := s.client.get(ctx, p)
		s.compare("a read", p, got, err)
		return err
	})
	if s.v.has(finds) {
		_ = call(func(ctx context.Context) error {
			got, err := s.client.byEmail(ctx, key)
			s.compare("a search", p, got, err)
			return err
		})
	}
	if random.IntN(20) == 0 {
		_ = call(func(ctx context.Context) error { _, err := s.client.list(ctx); return err })
	}
	if !s.v.has(deletes) || random.IntN(200) == 0 {
		return // stays
	}
	err = call(func(ctx context.Context) error { return s.client.delete(ctx, p) })
	switch {
	case err == nil && !late:
		s.note(key, isGone)
	case err == nil, errors.Is(err, souk.ErrOutcomeUnknown):
		s.note(key, isUnknown)
	}
}

// compare notes a result that is somebody else's.
func (s *soaked) compare(what string, want, got person, err error) {
	if err == nil && (got.id != want.id || got.key != want.key) {
		s.blame(what)
	}
}

func (s *soaked) blame(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wrong[what] = true
}

func (s *soaked) note(key string, f fate) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f == isGone {
		delete(s.ledger, key)
		return
	}
	s.ledger[key] = f
}

// judge compares the ledger with the store.
func (s *soaked) judge(t *testing.T) {
	t.Helper()
	s.calm.Store(true)
	for what := range s.wrong {
		t.Errorf("%s: %s is told of somebody else", s.v.name, what)
	}
	now, err := s.store.directly(t).all(t.Context(), 50) // there are thousands
	if err != nil {
		t.Errorf("%s: %v", s.v.name, err)
	}
	found := map[string]int{}
	for _, p := range now {
		found[p.key]++
	}
	for key, n := range found {
		if len(key) < 4 || key[:4] != "soak" {
			continue
		}
		if n > 1 {
			t.Errorf("%s: %d twins of one person", s.v.name, n)
		}
		if s.ledger[key] == 0 {
			t.Errorf("%s: somebody is there of whom the caller was told that they are not", s.v.name)
		}
	}
	for key, f := range s.ledger {
		if f == isThere && found[key] == 0 {
			t.Errorf("%s: somebody is not there of whom the caller was told that they are", s.v.name)
		}
	}
	t.Logf("%-28s %7d calls, %6d faults, %5d outcomes unknown, %5d stand in the store, at most %d connections",
		s.v.name, s.calls.Load(), s.faults.Load(), s.unknown.Load(), len(now), s.most.Load())
	if s.most.Load() > 64 {
		t.Errorf("%s: %d connections", s.v.name, s.most.Load())
	}
}
