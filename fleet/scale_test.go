package fleet_test

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/fleet"
	"github.com/souk-go/souk/shopline"
)

var scale = flag.Int("scale", 0, "how many stores TestScale measures with, a hundred to a worker; docs/scale.md has its figures")

// TestScale measures what a store costs in Redis and in a process. It asserts nothing.
func TestScale(t *testing.T) {
	if *scale == 0 {
		t.Skip("see -scale")
	}
	s := startRedis(t, "--appendonly", "yes")
	m := &measured{T: t, server: s, admin: s.client(t), workers: max(1, *scale/100)}
	for range m.workers {
		m.clients = append(m.clients, s.client(t))
	}
	m.say("%d stores, %d workers with a connection each, on %d processors", *scale, m.workers, runtime.NumCPU())
	wide := fleet.Limit{Requests: 1000, Per: time.Second, Burst: 1 << 20}
	limiters := make([]*fleet.Limiter, *scale)
	m.each("turn of a limit", "souk:limit:{shopline:my-app:store-7}", func(i int, client *redis.Client) error {
		var err error
		limiters[i], err = fleet.NewLimiter(client, "shopline:my-app:store-"+strconv.Itoa(i), wide, fleet.LimiterOptions{})
		if err == nil {
			_, err = fleet.ReserveForTest(t.Context(), limiters[i], "id")
		}
		return err
	})
	m.each("turn of a limit, again", "", func(i int, _ *redis.Client) error {
		_, err := fleet.ReserveForTest(t.Context(), limiters[i], "id")
		return err
	})
	token := &oauth2.Token{AccessToken: strings.Repeat("a", 90), RefreshToken: strings.Repeat("r", 90), Expiry: time.Now().Add(time.Hour)}
	m.each("token saved", "souk:token:{shopline.my-app.store-7}", func(i int, client *redis.Client) error {
		return tokens(t, client, keys).Update(t.Context(), "shopline.my-app.store-"+strconv.Itoa(i), saving(token))
	})
	m.each("token read", "", func(i int, client *redis.Client) error {
		_, err := tokens(t, client, keys).Load(t.Context(), "shopline.my-app.store-"+strconv.Itoa(i))
		return err
	})
	leases := make([]*fleet.Lease, *scale)
	m.each("walk taken", "souk:walk:{customers:shopline:store-7}:lease", func(i int, client *redis.Client) error {
		positions, err := fleet.NewPositions(client)
		if err == nil {
			leases[i], err = positions.Take(t.Context(), "customers:shopline:store-"+strconv.Itoa(i), time.Hour)
		}
		return err
	})
	position := strings.Repeat("p", 1024)
	m.each("position saved", "souk:walk:{customers:shopline:store-7}", func(i int, _ *redis.Client) error { return leases[i].Save(t.Context(), position) })
	m.each("delivery claimed and done", "souk:seen:shopline:my-app:{0197f1e2-3a4b-7c5d-8e6f-000000000007}", func(i int, client *redis.Client) error {
		seen, err := fleet.NewSeen(client, "shopline:my-app")
		if err != nil {
			return err
		}
		id := fmt.Sprintf("0197f1e2-3a4b-7c5d-8e6f-%012d", i)
		if _, err := seen.Claim(t.Context(), id, time.Minute); err != nil {
			return err
		}
		return seen.Done(t.Context(), id)
	})
	m.say("all of it: %d keys, %.1f MiB in Redis", m.admin.DBSize(t.Context()).Val(), float64(m.info("used_memory"))/(1<<20))
	m.heap(limiters)
}

type measured struct {
	*testing.T
	server  *server
	admin   *redis.Client
	clients []*redis.Client
	workers int
}

func (m *measured) say(format string, a ...any) { m.Helper(); m.Logf(format, a...) }

// each does something for every store, with all workers at once, and says what it cost,
// and what the key takes that stays.
func (m *measured) each(what, key string, do func(int, *redis.Client) error) {
	m.Helper()
	cpu, began := m.cpu(), time.Now()
	var next atomic.Int64
	var workers sync.WaitGroup
	for _, client := range m.clients {
		workers.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= *scale {
					return
				}
				if err := do(i, client); err != nil {
					m.Error(err)
					return
				}
			}
		})
	}
	workers.Wait()
	took, n := time.Since(began), float64(*scale)
	line := fmt.Sprintf("%-26s %7.0f a second, %5.1f µs of Redis's processor", what, n/took.Seconds(), 1e6*(m.cpu()-cpu)/n)
	if key != "" {
		line += fmt.Sprintf(", a key of %d bytes", m.admin.MemoryUsage(m.Context(), key).Val())
	}
	m.say("%s", line)
}

func (m *measured) values() map[string]string {
	text, err := m.admin.Info(m.Context(), "all").Result()
	require.NoError(m, err)
	values := map[string]string{}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			values[name] = value
		}
	}
	return values
}

func (m *measured) info(name string) int64 {
	n, _ := strconv.ParseInt(m.values()[name], 10, 64)
	return n
}

// cpu returns the seconds of processor time that Redis has used.
func (m *measured) cpu() float64 {
	values := m.values()
	user, _ := strconv.ParseFloat(values["used_cpu_user"], 64)
	system, _ := strconv.ParseFloat(values["used_cpu_sys"], 64)
	return user + system
}

// heap says what a store costs in a process: a client, and its quota.
func (m *measured) heap(limiters []*fleet.Limiter) {
	m.Helper()
	store := tokens(m.T, m.admin, keys)
	clients := make([]*shopline.Client, len(limiters))
	before := heapNow()
	for i, limiter := range limiters {
		handle := "store-" + strconv.Itoa(i)
		source, err := shopline.OAuth{ClientID: "my-app", ClientSecret: "secret"}.TokenSource(handle, store)
		require.NoError(m, err)
		clients[i], err = shopline.NewClient(shopline.Config{Handle: handle, TokenSource: source, Options: souk.Options{Limiter: limiter, HTTPClient: &http.Client{Transport: counts{}}}})
		require.NoError(m, err)
		_, err = clients[i].Customers.Count(m.Context())
		require.NoError(m, err)
	}
	m.say("a client with its token source that has made a call: %.1f KiB of a process", float64(heapNow()-before)/float64(len(limiters))/1024)
	runtime.KeepAlive(clients)
}

// counts answers as a store without customers does.
type counts struct{}

func (counts) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(`{"count":0}`)), Request: r}, nil
}

func heapNow() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
