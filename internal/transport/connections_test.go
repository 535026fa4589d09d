package transport_test

import (
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/internal/transport"
)

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
				_, err := client.Do(t.Context(), classCall(transport.Safe))
				assert.NoError(t, err)
			}
		})
	}
	callers.Wait()

	assert.Len(t, server.Requests(), 64*20)
	assert.LessOrEqual(t, server.Connections(), 80)
}

// What fails before a connection exists was never processed: even a write is
// sent again.
func TestWriteIsRepeatedAfterAFailedDial(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	client := newClient(t, transport.Config{BaseURL: "http://" + listener.Addr().String(), Options: souk.Options{MaxAttempts: 2}})

	_, err = client.Do(t.Context(), classCall(transport.Write))

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

	_, err = client.Do(t.Context(), classCall(transport.Write))

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

	_, err := client.Do(t.Context(), classCall(transport.Write))

	e := requireError(t, err)
	assert.Equal(t, 1, e.Attempts)
	assert.Equal(t, "no trusted TLS connection to the server", e.Message)
	assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown)
}

var quiet = log.New(io.Discard, "", 0)
