package transport_test

import (
	"context"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/ratelimit"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/internal/transport"
)

// The tests of this file speak over TCP: connections are what they are about.

// 64 goroutines on one client reuse their connections.
func TestConnectionsOfManyGoroutines(t *testing.T) {
	t.Parallel()
	server := testkit.NewServer(t)
	server.Otherwise(testkit.Answer(200, "{}"))
	client := newClient(t, transport.Config{BaseURL: server.URL})

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

	assert.Len(t, server.Requests(), 64*20)
	assert.LessOrEqual(t, server.Connections(), 80)
}

// A thousand goroutines of three stores open 64 connections to their common host.
func TestConnectionsPerHost(t *testing.T) {
	t.Parallel()
	server := testkit.NewServer(t)
	server.Otherwise(testkit.Answer(200, "{}"))
	cable := newCable(t, strings.TrimPrefix(server.URL, "http://"))
	var clients []*transport.Client
	for _, app := range []string{"a", "b", "c"} {
		clients = append(clients, newClient(t, transport.Config{BaseURL: "http://" + cable.addr, Quotas: unpublished, App: app}))
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

	assert.Len(t, server.Requests(), 2000)
	_, most := cable.counts()
	assert.LessOrEqual(t, most, 64+4) // net/http no longer counts those that it is about to close
}

var unpublished = []transport.Quota{{Limit: &ratelimit.Limit{}, ByApp: true}}

// A store whose calls all stall leaves connections to the others on its host.
func TestStalledCallsOfAStoreLeaveOthersAlone(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	arrived := make(chan struct{}, 64)
	server := testkit.NewServer(t)
	server.Otherwise(testkit.Handle(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/stalled/") {
			arrived <- struct{}{}
			<-release
		}
		_, _ = io.WriteString(w, "{}")
	}))
	stalled := newClient(t, transport.Config{BaseURL: server.URL + "/stalled", Quotas: unpublished, App: "a"})
	other := newClient(t, transport.Config{BaseURL: server.URL + "/other", Quotas: unpublished, App: "a"})
	sameStore := newClient(t, transport.Config{BaseURL: server.URL, Quotas: unpublished, App: "b"})
	var callers sync.WaitGroup
	for range 64 {
		callers.Go(func() {
			err := stalled.Do(t.Context(), classCall(transport.Write))
			assert.NoError(t, err)
		})
	}
	for range 48 {
		<-arrived
	}
	require.Eventually(t, func() bool { return stalled.Quota().Queue == 16 }, 10*time.Second, time.Millisecond)

	for range 20 {
		for _, client := range []*transport.Client{other, sameStore} {
			ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
			err := client.Do(ctx, classCall(transport.Write))
			stop()
			require.NoError(t, err)
		}
	}

	close(release)
	callers.Wait()
}

// A server that closes connections when they have idled for a while meets no write
// on them, because here they idle for less.
func TestWritesOnConnectionsThatTheServerCloses(t *testing.T) {
	t.Parallel()
	const closes = time.Second
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(time.Millisecond)
		_, _ = io.WriteString(w, "{}")
	}))
	server.Config.IdleTimeout = closes
	server.Start()
	t.Cleanup(server.Close)
	vendor := acme.Apart(closes/2, func(*http.Transport) {})
	client := newClientOf(t, vendor, transport.Config{BaseURL: server.URL})

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
}

// What fails before a connection exists was never processed: even a write is
// sent again.
func TestWriteIsRepeatedAfterAFailedDial(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	client := newClient(t, transport.Config{BaseURL: "http://" + listener.Addr().String(), Options: souk.Options{MaxAttempts: 2}})

	err = client.Do(t.Context(), classCall(transport.Write))

	e := requireError(t, err)
	assert.ErrorIs(t, err, souk.ErrUnavailable)
	assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown)
	assert.Equal(t, 2, e.Attempts)
	assert.Equal(t, "no connection to the server", e.Message)
}

func TestWriteIsRepeatedAfterAFailedHandshake(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
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
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
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
