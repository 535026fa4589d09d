package transport_test

import (
	"context"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/loopback"
	"github.com/souk-go/souk/internal/ratelimit"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/internal/transport"
)

// 64 goroutines on one client reuse their connections.
func TestConnectionsOfManyGoroutines(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		network := newPipes()
		var served, opened atomic.Int64
		network.serve(t, &http.Server{
			Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				served.Add(1)
				time.Sleep(time.Millisecond) // so that calls at the same time need connections each
				_, _ = io.WriteString(w, "{}")
			}),
			ConnContext: func(ctx context.Context, _ net.Conn) context.Context {
				opened.Add(1)
				return ctx
			},
		})
		client := newClientOf(t, over(t, network.dial, time.Minute), transport.Config{BaseURL: "http://localhost"})

		var callers sync.WaitGroup
		for range 64 {
			callers.Go(func() {
				for range 20 {
					err := client.Do(t.Context(), classCall(transport.Safe))
					assert.NoError(t, err)
				}
			})
		}
		callers.Wait()

		assert.EqualValues(t, 64*20, served.Load())
		assert.EqualValues(t, 48, opened.Load())
	})
}

// A thousand goroutines of three stores open 64 connections to their common host.
func TestConnectionsPerHost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		network := newPipes()
		var served, opened atomic.Int64
		network.serve(t, &http.Server{
			Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				served.Add(1)
				time.Sleep(time.Millisecond)
				_, _ = io.WriteString(w, "{}")
			}),
			ConnContext: func(ctx context.Context, _ net.Conn) context.Context {
				opened.Add(1)
				return ctx
			},
		})
		vendor := over(t, network.dial, time.Minute)
		var clients []*transport.Client
		for _, app := range []string{"a", "b", "c"} {
			clients = append(clients, newClientOf(t, vendor, transport.Config{BaseURL: "http://localhost", Quotas: unpublished, App: baseURL(t) + app}))
		}

		var callers sync.WaitGroup
		for i := range 1000 {
			callers.Go(func() {
				for range 2 {
					err := clients[i%3].Do(t.Context(), classCall(transport.Write))
					assert.NoError(t, err)
				}
			})
		}
		callers.Wait()

		assert.EqualValues(t, 2000, served.Load())
		assert.EqualValues(t, 64, opened.Load())
	})
}

var unpublished = []transport.Quota{{Limit: &ratelimit.Limit{}, ByApp: true}}

// A store whose calls all stall leaves connections to the others on its host.
func TestStalledCallsOfAStoreLeaveOthersAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		var stand atomic.Int64
		network := newPipes()
		network.serve(t, &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/stalled/") {
				stand.Add(1)
				<-release
			}
			_, _ = io.WriteString(w, "{}")
		})})
		vendor, app := over(t, network.dial, time.Minute), baseURL(t)
		stalled := newClientOf(t, vendor, transport.Config{BaseURL: "http://localhost/stalled", Quotas: unpublished, App: app})
		other := newClientOf(t, vendor, transport.Config{BaseURL: "http://localhost/other", Quotas: unpublished, App: app})
		sameStore := newClientOf(t, vendor, transport.Config{BaseURL: "http://localhost", Quotas: unpublished, App: app + "b"})
		var callers sync.WaitGroup
		for range 64 {
			callers.Go(func() {
				err := stalled.Do(t.Context(), classCall(transport.Write))
				assert.NoError(t, err)
			})
		}
		synctest.Wait()
		require.EqualValues(t, 48, stand.Load())
		require.Equal(t, 16, stalled.Quota().Queue)

		for range 20 {
			for _, client := range []*transport.Client{other, sameStore} {
				err := client.Do(t.Context(), classCall(transport.Write))
				require.NoError(t, err)
			}
		}

		close(release)
		callers.Wait()
	})
}

// A server that closes connections when they have idled for a while meets no write
// on them, because here they idle for less.
func TestWritesOnConnectionsThatTheServerCloses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const closes = time.Second
		network := newPipes()
		network.serve(t, &http.Server{IdleTimeout: closes, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			time.Sleep(time.Millisecond)
			_, _ = io.WriteString(w, "{}")
		})})
		cable := newCable(t, network)
		cable.way = 2 * time.Millisecond
		client := newClientOf(t, over(t, cable.dial, closes/2), transport.Config{BaseURL: "http://localhost"})

		var callers sync.WaitGroup
		for i := range 40 {
			callers.Go(func() {
				for range 4 {
					err := client.Do(t.Context(), classCall(transport.Write))
					assert.NoError(t, err)
					time.Sleep(closes - 4*time.Millisecond + time.Duration(i)*200*time.Microsecond)
				}
			})
		}
		callers.Wait()
	})
}

// What fails before a connection exists was never processed: even a write is
// sent again.
func TestWriteIsRepeatedAfterAFailedDial(t *testing.T) {
	t.Parallel()
	client := newClient(t, transport.Config{BaseURL: nobody, Options: souk.Options{MaxAttempts: 2}})

	err := client.Do(t.Context(), classCall(transport.Write))

	e := requireError(t, err)
	assert.ErrorIs(t, err, souk.ErrUnavailable)
	assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown)
	assert.Equal(t, 2, e.Attempts)
	assert.Equal(t, "no connection to the server", e.Message)
}

func TestWriteIsRepeatedAfterAFailedHandshake(t *testing.T) {
	t.Parallel()
	listener, err := loopback.Listen()
	require.NoError(t, err)
	counting := testkit.NewCountingListener(listener)
	defer counting.Close()
	go func() {
		for {
			conn, err := counting.Accept()
			if err != nil {
				return
			}
			_ = conn.Close()
		}
	}()
	client := newClient(t, transport.Config{BaseURL: "https://" + listener.Addr().String(), Options: souk.Options{MaxAttempts: 2}})

	err = client.Do(t.Context(), classCall(transport.Write))

	assert.ErrorIs(t, err, souk.ErrUnavailable)
	assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown)
	assert.Equal(t, 2, requireError(t, err).Attempts)
	assert.Equal(t, 2, counting.Accepted())
}

// A certificate that nobody vouches for will not be better the next time.
func TestUntrustedCertificateIsFinal(t *testing.T) {
	t.Parallel()
	server := testkit.Unstarted(t, http.NotFoundHandler())
	server.Config.ErrorLog = quiet
	server.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	server.StartTLS()
	defer server.Close()
	client := newClient(t, transport.Config{BaseURL: server.URL})

	err := client.Do(t.Context(), classCall(transport.Write))

	e := requireError(t, err)
	assert.Equal(t, 1, e.Attempts)
	assert.Equal(t, "no trusted TLS connection to the server", e.Message)
	assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown)
}

var quiet = log.New(io.Discard, "", 0)
