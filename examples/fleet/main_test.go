package main

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// TestMain makes workers of this program, too.
func TestMain(m *testing.M) {
	redis.SetLogger(quiet{})
	if worksHere() {
		os.Exit(work(os.Stdin, os.Stdout, os.Stderr))
	}
	m.Run()
}

func needsRedis(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Skip("NOT RUN: there is no redis-server on this machine")
	}
}

// Its processes, sockets and clock are real. Workers are killed in the middle of their work,
// however long it takes.
func TestAFleetKeepsItsPromisesWhenWorkersAreKilled(t *testing.T) {
	needsRedis(t)
	const workers, stores, customers, kills = 4, 12, 100, 8
	m, err := begin(t.Context(), flags{workers: workers, stores: stores, customers: customers, work: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.end)
	page, err := m.serveMetrics(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	missing := []string{
		`http_client_request_duration_seconds_count{`, `http_response_status_code="200"`, `souk_call_duration_seconds_sum{`,
		`souk_wait_duration_seconds_count{souk_vendor="salla",souk_wait_reason="pace",worker="`,
	}
	look := func() { // a worker that is killed takes its figures with it
		metrics := get(t, page)
		missing = slices.DeleteFunc(missing, func(want string) bool { return strings.Contains(metrics, want) })
	}
	var display bytes.Buffer
	watched := make(chan error, 1)
	go func() { watched <- m.watch(m.ctx, &display) }()
	killAtWork(t, m, kills, look)
	if err := <-watched; err != nil {
		t.Fatal(err)
	}
	look()
	m.workers.end()
	r, err := m.report(t.Context())
	if err != nil {
		t.Fatal(err)
	}

	t.Logf("\n%s", r)
	if err := r.err(); err != nil {
		t.Error(err)
	}
	if r.customers != stores*customers || r.tokens != stores/2 {
		t.Errorf("%d customers and %d tokens were looked at", r.customers, r.tokens)
	}
	if r.killed == 0 || r.resumed == 0 {
		t.Errorf("%d workers were killed, %d walks went on in another one", r.killed, r.resumed)
	}
	if !strings.Contains(display.String(), "(1200/1200") {
		t.Errorf("the display ends with %q", display.String()[max(0, display.Len()-200):])
	}
	for _, want := range missing {
		t.Errorf("the page for Prometheus lacks %s", want)
	}
}

// killAtWork kills all workers in the middle of a walk whose position is saved, until there
// were so many kills and a walk has gone on from there. It looks at the metrics before.
func killAtWork(t *testing.T, m *manager, kills int, look func()) {
	t.Helper()
	for killed := 0; ; killed += len(m.workers.all) {
		look()
		if !inTheMiddle(m, func() bool { return killed >= kills && resumed(m) > 0 }) {
			return
		}
		for i := range m.workers.all {
			m.workers.kill(i)
		}
	}
}

// inTheMiddle waits until a walk has saved its position and has half of its way before it.
// It reports false if that is enough, or if the run is over.
func inTheMiddle(m *manager, enough func() bool) bool {
	last, grown := map[string]int64{}, map[string]int{}
	for _, done, err := m.progress(m.ctx); !enough() && !done && err == nil; _, done, err = m.progress(m.ctx) {
		for _, s := range m.standIns {
			size := m.redis.SCard(m.ctx, m.customers(s.Name)).Val()
			if was, known := last[s.Name]; known && size > was {
				grown[s.Name]++ // a position is saved between two steps
			}
			last[s.Name] = size
			if grown[s.Name] > 1 && int(size) <= len(s.customers)/2 {
				return true
			}
		}
		pause(m.ctx, 10*time.Millisecond)
	}
	return false
}

func resumed(m *manager) int {
	n, _ := m.redis.HGet(m.ctx, m.counts(), "resumed").Int()
	return n
}

func TestSallasLimitPerAddressIsKeptByTheStandIns(t *testing.T) {
	limit, now := new(perIP), time.Now()
	for range 500 {
		if !limit.take(now) {
			t.Fatal("one of the first 500 is refused")
		}
	}
	if limit.take(now.Add(9 * time.Minute)) {
		t.Error("the 501st is taken")
	}
	if !limit.take(now.Add(10 * time.Minute)) {
		t.Error("ten minutes later it is refused")
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A report that could not say that something is wrong would prove nothing.
func TestBrokenPromisesAreSaid(t *testing.T) {
	for want, r := range map[string]report{
		"1 customers were left out":        {missing: []string{"salla-1 7"}},
		"2 are of no store":                {foreign: 2},
		"shopline refused 3 requests":      {refused: map[string]int64{"shopline": 3}},
		"1 refresh tokens came twice":      {reused: 1},
		"lost are: salla-1: gone":          {lost: []string{"salla-1: gone"}},
		"more stores were installed again": {installed: 2, killed: 1},
	} {
		if err := r.err(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q in it", err, want)
		}
	}
	if err := new(report).err(); err != nil {
		t.Error(err)
	}
}

func TestAnotherRedisIsUsedAndLeftAsItWas(t *testing.T) {
	needsRedis(t)
	url, stop, err := startRedis(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	var out bytes.Buffer

	err = run(t.Context(), []string{"-redis", url, "-workers", "2", "-stores", "2", "-customers", "5"}, &out, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "10 customers of 2 stores in ") {
		t.Errorf("it says %s", out.String())
	}
	client := redis.NewClient(&redis.Options{Network: "unix", Addr: strings.TrimPrefix(url, "unix://")})
	defer client.Close()
	for _, key := range client.Keys(t.Context(), "*").Val() {
		if client.TTL(t.Context(), key).Val() == -1 { // others end by themselves
			t.Errorf("left behind: %s", key)
		}
	}
}

func TestWhatIsWrongIsSaid(t *testing.T) {
	for _, c := range []struct {
		arguments []string
		want      string
	}{
		{[]string{"-workers", "0"}, "must be at least 1"},
		{[]string{"-kill", "-1s"}, "-work and -kill must not be negative"},
		{[]string{"more"}, `unknown argument "more"`},
		{[]string{"-redis", "http://localhost"}, "-redis: redis: invalid URL scheme"},
		{[]string{"-redis", "unix://" + filepath.Join(t.TempDir(), "none")}, "redis.Options.Addr"},
	} {
		err := run(t.Context(), c.arguments, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v, want %q in it", c.arguments, err, c.want)
		}
	}
}

func TestAWorkerThatEndsByItselfEndsTheRun(t *testing.T) {
	failed := make(chan error, 1)
	w := &workers{failed: func(err error) { failed <- err }, settings: settings{Redis: "http://nowhere"}}
	if err := w.start(1); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.end)

	if err := <-failed; !strings.Contains(err.Error(), "a worker ended by itself: redis: invalid URL scheme") {
		t.Error(err)
	}
}

func TestAWorkerEndsWithTheFirstProcess(t *testing.T) {
	needsRedis(t)
	m, err := begin(t.Context(), flags{workers: 1, stores: 1, customers: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.end)
	m.workers.mu.Lock()
	m.workers.ending = true
	p := m.workers.all[0]
	m.workers.mu.Unlock()

	_ = p.input.Close() // as the system does when it ends

	m.workers.running.Wait() // or else it works on
}
