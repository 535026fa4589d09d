package transport_test

import (
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

// The tests of this file are about net/http: how it finds out that a connection is
// dead. They take the times that users get, in a bubble.

// dies is the longest that a connection of HTTP/2 is dead before it is given up.
const dies = transport.PingAfter + transport.PingTimeout

// rig is a server behind a cable.
type rig struct {
	cable  *cable
	client *transport.Client
	served atomic.Int64
}

func newRig(t *testing.T, http2 bool, o souk.Options) *rig {
	t.Helper()
	r := &rig{}
	network := newPipes()
	network.serve(t, &http.Server{TLSConfig: serverTLS(), Protocols: protocol(http2), Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		r.served.Add(1)
		time.Sleep(time.Millisecond) // so that calls at the same time need connections each
		_, _ = w.Write([]byte("{}"))
	})})
	r.cable = newCable(t, network)
	r.client = newClientOf(t, over(t, r.cable.dial, time.Minute), transport.Config{BaseURL: "https://example.com", Options: o})
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
			require.Equal(t, time.Millisecond, got.took)
		}
	}
	require.EqualValues(t, 30, r.served.Load()-before)
}

// requireTook asserts that calls met what lasts for d, and that those that were sent
// again waited at most the first wait for that.
func requireTook(t *testing.T, d time.Duration, got results) {
	t.Helper()
	require.GreaterOrEqual(t, got.took, d)
	require.LessOrEqual(t, got.took, d+501*time.Millisecond)
}

// A read on a connection that has died, and eight others with it, costs one timeout.
func TestDeadConnectionsOfHTTP1CostOneTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, false, souk.Options{})
		require.Empty(t, r.calls(t, 8, transport.Safe).failed)
		require.Equal(t, 8, r.cable.cutAll())

		got := r.calls(t, 1, transport.Safe)

		assert.Empty(t, got.failed)
		assert.Equal(t, 2, got.attempts)
		requireTook(t, transport.DefaultAttemptTimeout, got)
		r.requireFine(t)
	})
}

// Writes at the same time meet a dead connection each, and those that come later none.
func TestDeadConnectionsOfHTTP1CostOneWriteEach(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, false, souk.Options{})
		require.Empty(t, r.calls(t, 8, transport.Write).failed)
		require.Equal(t, 8, r.cable.cutAll())

		got := r.calls(t, 16, transport.Write)

		assert.Len(t, got.failed, 8)
		for _, err := range got.failed {
			assert.ErrorIs(t, err, souk.ErrOutcomeUnknown)
		}
		requireTook(t, transport.DefaultAttemptTimeout, got)
		r.requireFine(t)
	})
}

// Over HTTP/2 all calls are on one connection. Those that were sent before its ping
// failed are lost, which reads do not show; later ones get another connection.
func TestDeadConnectionOfHTTP2CostsThePing(t *testing.T) {
	t.Parallel()
	for _, class := range []transport.Repeat{transport.Safe, transport.Idempotent, transport.Write} {
		t.Run("class "+strconv.Itoa(int(class)), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, true, souk.Options{})
				require.Empty(t, r.calls(t, 1, class).failed)
				require.Equal(t, 1, r.cable.cutAll())

				got := r.calls(t, 8, class)

				if class == transport.Write {
					assert.Len(t, got.failed, 8)
				} else {
					assert.Empty(t, got.failed)
					assert.Equal(t, 2, got.attempts)
				}
				for _, err := range got.failed {
					assert.ErrorIs(t, err, souk.ErrOutcomeUnknown)
					assert.NotContains(t, err.Error(), "timeout")
				}
				requireTook(t, dies, got)
				r.requireFine(t)
			})
		})
	}
}

// Where an attempt's time is over before the ping has shown that the connection is
// dead, the next attempt is not on it.
func TestDeadConnectionOfHTTP2CostsOneTimeoutThatIsShorterThanThePing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const attempt = dies / 3
		r := newRig(t, true, souk.Options{AttemptTimeout: attempt})
		require.Empty(t, r.calls(t, 1, transport.Safe).failed)
		require.Equal(t, 1, r.cable.cutAll())

		got := r.calls(t, 8, transport.Safe)

		assert.Empty(t, got.failed)
		assert.Equal(t, 2, got.attempts)
		requireTook(t, attempt, got)

		got = r.calls(t, 8, transport.Safe) // which it may have been given up for

		assert.Empty(t, got.failed)
		assert.LessOrEqual(t, got.attempts, 2)
		assert.LessOrEqual(t, got.took, attempt+501*time.Millisecond)
	})
}

// A connection that dies while nobody uses it is given up before anybody does.
func TestIdleConnectionOfHTTP2ThatDiesIsGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, true, souk.Options{})
		require.Empty(t, r.calls(t, 1, transport.Write).failed)
		require.Equal(t, 1, r.cable.cutAll())

		time.Sleep(dies + time.Millisecond)

		r.requireFine(t)
	})
}

// What the tests above rely on is short enough.
func TestConnectionsArePinged(t *testing.T) {
	t.Parallel()
	after, timeout := acme.Ping()
	assert.Equal(t, []time.Duration{transport.PingAfter, transport.PingTimeout}, []time.Duration{after, timeout})
	assert.LessOrEqual(t, after+timeout, 20*time.Second)
}
