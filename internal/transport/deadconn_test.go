package transport_test

import (
	"flag"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

// The tests of this file speak over TCP, and take seconds: how net/http
// finds out that a connection is dead shows nowhere else. With -defaults they take
// the times that users get, which are minutes.
var defaults = flag.Bool("defaults", false, "test dead connections with the default timeouts")

// rig is a server behind a cable.
type rig struct {
	cable  *cable
	client *transport.Client
	served atomic.Int64

	attempt, ping, pong time.Duration // how long they may take
}

func newRig(t *testing.T, http2 bool, attempt, ping, pong time.Duration) *rig {
	t.Helper()
	r := &rig{attempt: attempt, ping: ping, pong: pong}
	maxRetryWait := 10 * time.Millisecond
	if *defaults {
		r.attempt, r.ping, r.pong = transport.DefaultAttemptTimeout, transport.PingAfter, transport.PingTimeout
		maxRetryWait = transport.DefaultMaxRetryWait
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		r.served.Add(1)
		time.Sleep(time.Millisecond) // so that calls at the same time need connections each
		_, _ = w.Write([]byte("{}"))
	}))
	server.Config.ErrorLog = quiet
	server.EnableHTTP2 = http2
	server.StartTLS()
	t.Cleanup(server.Close)
	r.cable = newCable(t, server.Listener.Addr().String())
	vendor := acmeTrusting(r.ping, r.pong)
	r.client = newClientOf(t, vendor, transport.Config{
		BaseURL: "https://" + r.cable.addr, Options: souk.Options{AttemptTimeout: r.attempt, MaxRetryWait: maxRetryWait},
	})
	return r
}

// results are what became of calls at the same time.
type results struct {
	took     time.Duration // the longest
	attempts int           // the most
	failed   []error
}

func (r *rig) calls(t *testing.T, n int, class transport.Repeat) (all results) {
	t.Helper()
	var mu sync.Mutex
	var callers sync.WaitGroup
	for range n {
		callers.Go(func() {
			began := time.Now()
			response, err := responseOf(t.Context(), r.client, classCall(class))
			mu.Lock()
			defer mu.Unlock()
			all.took = max(all.took, time.Since(began))
			if err != nil {
				all.failed = append(all.failed, err)
				return
			}
			all.attempts = max(all.attempts, response.Attempts)
		})
	}
	callers.Wait()
	return all
}

// requireFine lets calls of all kinds follow that must notice nothing.
func (r *rig) requireFine(t *testing.T) {
	t.Helper()
	before := r.served.Load()
	for _, class := range []transport.Repeat{transport.Safe, transport.Idempotent, transport.Write} {
		for range 10 {
			got := r.calls(t, 1, class)
			require.Empty(t, got.failed)
			require.Equal(t, 1, got.attempts)
		}
	}
	require.EqualValues(t, 30, r.served.Load()-before)
}

// A read on a connection that has died, and eight others with it, costs one timeout.
func TestDeadConnectionsOfHTTP1CostOneTimeout(t *testing.T) {
	t.Parallel()
	r := newRig(t, false, 2*time.Second, time.Minute, time.Minute)
	require.Empty(t, r.calls(t, 8, transport.Safe).failed)
	dead := r.cable.cutAll()
	require.Greater(t, dead, 1)

	got := r.calls(t, 1, transport.Safe)

	t.Logf("%d dead connections: a read took %s and %d attempts", dead, got.took, got.attempts)
	assert.Empty(t, got.failed)
	assert.Equal(t, 2, got.attempts)
	assert.Less(t, got.took, 3*r.attempt)
	r.requireFine(t)
}

// Writes at the same time meet a dead connection each, and those that come later none.
func TestDeadConnectionsOfHTTP1CostOneWriteEach(t *testing.T) {
	t.Parallel()
	r := newRig(t, false, 2*time.Second, time.Minute, time.Minute)
	require.Empty(t, r.calls(t, 8, transport.Write).failed)
	dead := r.cable.cutAll()
	require.Greater(t, dead, 1)

	got := r.calls(t, 2*dead, transport.Write)

	t.Logf("%d dead connections: %d of %d writes failed after %s", dead, len(got.failed), 2*dead, got.took)
	assert.LessOrEqual(t, len(got.failed), dead)
	for _, err := range got.failed {
		assert.ErrorIs(t, err, souk.ErrOutcomeUnknown)
	}
	assert.Less(t, got.took, 3*r.attempt)
	r.requireFine(t)
}

// Over HTTP/2 all calls are on one connection. Those that were sent before its ping
// failed are lost, which reads do not show; later ones get another connection.
func TestDeadConnectionOfHTTP2CostsThePing(t *testing.T) {
	t.Parallel()
	for _, class := range []transport.Repeat{transport.Safe, transport.Idempotent, transport.Write} {
		t.Run("class "+strconv.Itoa(int(class)), func(t *testing.T) {
			t.Parallel()
			r := newRig(t, true, time.Minute, 500*time.Millisecond, time.Second)
			require.Empty(t, r.calls(t, 1, class).failed)
			require.Equal(t, 1, r.cable.cutAll())

			got := r.calls(t, 8, class)

			t.Logf("%d of 8 failed after %s and %d attempts", len(got.failed), got.took, got.attempts)
			if class != transport.Write {
				assert.Empty(t, got.failed)
				assert.Equal(t, 2, got.attempts)
			}
			for _, err := range got.failed {
				assert.ErrorIs(t, err, souk.ErrOutcomeUnknown)
				assert.NotContains(t, err.Error(), "timeout")
			}
			assert.Less(t, got.took, 3*(r.ping+r.pong))
			r.requireFine(t)
		})
	}
}

// Where an attempt's time is over before the ping has shown that the connection is
// dead, the next attempt is not on it.
func TestDeadConnectionOfHTTP2CostsOneTimeoutThatIsShorterThanThePing(t *testing.T) {
	t.Parallel()
	if *defaults {
		t.Skip("the default timeout is longer")
	}
	r := newRig(t, true, 2*time.Second, time.Minute, time.Minute)
	require.Empty(t, r.calls(t, 1, transport.Safe).failed)
	require.Equal(t, 1, r.cable.cutAll())

	for range 2 {
		got := r.calls(t, 8, transport.Safe)

		assert.Empty(t, got.failed)
		assert.LessOrEqual(t, got.attempts, 2)
		assert.Less(t, got.took, 3*r.attempt)
	}
}

// A connection that dies while nobody uses it is given up before anybody does.
func TestIdleConnectionOfHTTP2ThatDiesIsGivenUp(t *testing.T) {
	t.Parallel()
	r := newRig(t, true, time.Minute, 500*time.Millisecond, time.Second)
	require.Empty(t, r.calls(t, 1, transport.Write).failed)
	require.Equal(t, 1, r.cable.cutAll())

	time.Sleep(3 * (r.ping + r.pong) / 2)

	r.requireFine(t)
}

// What the tests above set for themselves is what users get.
func TestConnectionsArePinged(t *testing.T) {
	t.Parallel()
	after, timeout := acme.Ping()
	assert.Equal(t, []time.Duration{transport.PingAfter, transport.PingTimeout}, []time.Duration{after, timeout})
	assert.LessOrEqual(t, after+timeout, 20*time.Second)
}
