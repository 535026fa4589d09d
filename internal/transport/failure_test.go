package transport_test

import (
	"context"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/loopback"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/internal/transport"
)

// A record of an attempt that failed says why in a word. The servers of this test
// are real: the errors are those of net and net/http.
func TestWhyAnAttemptFailed(t *testing.T) {
	t.Parallel()
	untrusted := testkit.Unstarted(t, http.NotFoundHandler())
	untrusted.Config.ErrorLog = quiet
	untrusted.StartTLS()
	t.Cleanup(untrusted.Close)
	plain := testkit.Unstarted(t, http.NotFoundHandler())
	plain.Start()
	t.Cleanup(plain.Close)
	refusing := testkit.Unstarted(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }))
	refusing.Start()
	t.Cleanup(refusing.Close)
	serve := func(step testkit.Step) string {
		server := testkit.NewServer(t)
		server.Otherwise(step)
		return server.URL
	}
	through := func(proxy string) *http.Client {
		u, err := url.Parse(proxy)
		require.NoError(t, err)
		return &http.Client{Transport: &http.Transport{
			Proxy: http.ProxyURL(u), OnProxyConnectResponse: transport.RefusedByProxy,
		}}
	}
	for name, tt := range map[string]struct {
		url     string
		client  *http.Client
		timeout time.Duration
		want    string
	}{
		"nobody listens":                     {url: nobody, want: "dial"},
		"no such host":                       {url: "https://shop.example", client: nameless(), want: "dial"},
		"untrusted":                          {url: untrusted.URL, want: "tls"},
		"http on that port":                  {url: strings.Replace(plain.URL, "http:", "https:", 1), want: "tls"},
		"closed":                             {url: serve(testkit.Drop()), want: "reset"},
		"cut off":                            {url: serve(testkit.Truncate(200, `{"name":"x"}`, 4)), want: "cut"},
		"no answer":                          {url: serve(testkit.Hang()), timeout: 50 * time.Millisecond, want: "timeout"},
		"no end":                             {url: serve(testkit.Handle(drips)), timeout: 50 * time.Millisecond, want: "timeout"},
		"no answer for the user's transport": {url: serve(testkit.Hang()), client: &http.Client{Transport: &http.Transport{ResponseHeaderTimeout: time.Millisecond}}, want: "timeout"},
		"too large":                          {url: serve(testkit.Handle(floods)), want: "size"},
		"no proxy":                           {url: "https://shop.example", client: through(nobody), want: "dial"},
		"refused by proxy":                   {url: "https://shop.example", client: through(refusing.URL), want: "proxy"},
		"refused by proxy, not said":         {url: "https://shop.example", client: behind(t, refusing.URL), want: "proxy"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log testkit.Log
			client := newClient(t, transport.Config{BaseURL: tt.url, Options: souk.Options{
				HTTPClient: tt.client, Logger: log.Logger(), MaxAttempts: 1, AttemptTimeout: tt.timeout,
			}})

			err := client.Do(t.Context(), classCall(transport.Safe))

			require.ErrorIs(t, err, souk.ErrUnavailable)
			require.Len(t, log.Records(), 1)
			assert.Equal(t, tt.want, log.Records()[0]["failure"])
			assert.Equal(t, "WARN", log.Records()[0]["level"])
		})
	}
}

// nobody is where nobody listens: a port that no system gives to another test.
const nobody = "http://127.0.0.1:1"

// nameless returns a client that learns no address, and asks nobody outside for it.
func nameless() *http.Client {
	resolver := &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) { return nil, io.ErrClosedPipe }}
	return &http.Client{Transport: &http.Transport{DialContext: (&net.Dialer{Resolver: resolver}).DialContext}}
}

// drips begins an answer and stops.
func drips(w http.ResponseWriter, r *http.Request) {
	_, _ = io.WriteString(w, "{")
	_ = http.NewResponseController(w).Flush()
	<-r.Context().Done()
}

// floods sends more than anybody wants.
func floods(w http.ResponseWriter, _ *http.Request) {
	_, _ = io.Copy(w, io.LimitReader(blanks{}, 40<<20))
}

type blanks struct{}

func (blanks) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestWhyAnAttemptOfTheCallersFailed(t *testing.T) {
	t.Parallel()
	var log testkit.Log
	ctx, cancel := context.WithCancel(t.Context())
	client := newClient(t, transport.Config{Options: souk.Options{
		Logger: log.Logger(),
		HTTPClient: &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			cancel()
			return nil, r.Context().Err()
		})},
	}})

	err := client.Do(ctx, classCall(transport.Safe))

	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, "canceled", log.Records()[0]["failure"])

	broken := newClient(t, transport.Config{BaseURL: nobody, Options: souk.Options{Logger: log.Logger(), HTTPClient: &http.Client{Transport: reads{}}}})
	err = broken.Do(t.Context(), upload(transport.File{Reader: iotest.ErrReader(io.ErrUnexpectedEOF)}))
	require.ErrorIs(t, err, souk.ErrInvalid)
	assert.Equal(t, "upload", log.Records()[1]["failure"])
}

// A certificate that the user's own check refuses is one that is not trusted.
func TestAUsersOwnCheckOfCertificates(t *testing.T) {
	t.Parallel()
	var log testkit.Log
	client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: scripted(fails(x509.UnknownAuthorityError{})), Logger: log.Logger()}})

	err := client.Do(t.Context(), classCall(transport.Safe))

	require.ErrorIs(t, err, souk.ErrUnavailable)
	assert.EqualError(t, err, "acme: GET /things: unavailable: no trusted TLS connection to the server")
	require.Len(t, log.Records(), 1, "it is final")
	assert.Equal(t, "tls", log.Records()[0]["failure"])
}

func TestAProxyThatWantsCredentialsSaysSo(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{
		407: "the proxy refused the connection to the server: it requires credentials; put them into the proxy's URL",
		403: "the proxy refused the connection to the server",
	} {
		assert.EqualError(t, transport.RefusedByProxy(t.Context(), nil, nil, &http.Response{StatusCode: status}), want)
	}
	assert.NoError(t, transport.RefusedByProxy(t.Context(), nil, nil, &http.Response{StatusCode: 200}))
}

// behind returns a client that goes through a proxy, as a user makes one.
func behind(t *testing.T, proxy string) *http.Client {
	t.Helper()
	u, err := url.Parse(proxy)
	require.NoError(t, err)
	own := &http.Transport{Proxy: http.ProxyURL(u)}
	t.Cleanup(own.CloseIdleConnections)
	return &http.Client{Transport: own}
}

// What never left is called so, whatever kept it from leaving, and a write is repeated.
func TestWhatNeverLeftIsCalledSo(t *testing.T) {
	t.Parallel()
	answering := func(answer string) string {
		listener, err := loopback.Listen()
		require.NoError(t, err)
		t.Cleanup(func() { _ = listener.Close() })
		go func() {
			for {
				conn, err := listener.Accept()
				if err != nil {
					return
				}
				_, _ = conn.Read(make([]byte, 1<<10))
				_, _ = io.WriteString(conn, answer)
				_ = conn.Close()
			}
		}()
		return listener.Addr().String()
	}
	for name, tt := range map[string]struct {
		base, proxy string
		want        string
		attempts    int
	}{
		"a handshake that breaks":              {"https://" + answering(""), "", "no connection to the server", 2},
		"a proxy that hangs up":                {"", "http://" + answering(""), "no connection to the server", 2},
		"a proxy that is none":                 {"", "http://" + answering("220 mail\r\n"), "no connection to the server", 2},
		"a proxy of another kind":              {"", "https://" + answering(""), "no connection to the server", 2},
		"a SOCKS proxy that refuses":           {"", "socks5://" + answering("\x05\xff"), "no connection to the server", 2},
		"a proxy that is not there":            {"", nobody, "no connection to the server", 2},
		"a proxy that refuses":                 {"", "http://" + answering("HTTP/1.1 403 Forbidden\r\n\r\n"), "the proxy refused the connection to the server", 2},
		"a proxy that wants to know who it is": {"", "http://" + answering("HTTP/1.1 407 Proxy authentication required\r\n\r\n"), "the proxy refused the connection to the server: it requires credentials; put them into the proxy's URL", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var httpClient *http.Client
			if tt.base == "" {
				tt.base, httpClient = "https://shop.example", behind(t, tt.proxy)
			}
			client := newClient(t, transport.Config{BaseURL: tt.base, Options: souk.Options{HTTPClient: httpClient, MaxAttempts: 2}})

			err := client.Do(t.Context(), classCall(transport.Write))

			e := requireError(t, err)
			assert.ErrorIs(t, err, souk.ErrUnavailable)
			assert.NotErrorIs(t, err, souk.ErrOutcomeUnknown)
			assert.Equal(t, tt.want, e.Message)
			assert.Equal(t, tt.attempts, e.Attempts)
		})
	}
}

// reads is a transport that reads the body and fails as it does.
type reads struct{}

func (reads) RoundTrip(r *http.Request) (*http.Response, error) {
	_, err := io.Copy(io.Discard, r.Body)
	return nil, err
}

// A wait of a length that is known is recorded when it begins, any other when it is
// over, and each once.
func TestRecordsOfWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var log testkit.Log
		refused := false
		client := newClient(t, transport.Config{Options: souk.Options{
			Logger: log.Logger(), AttemptTimeout: time.Hour,
			HTTPClient: &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
				if !refused {
					refused = true
					return &http.Response{StatusCode: 429, Header: http.Header{"Retry-After": {"20"}}, Body: http.NoBody}, nil
				}
				time.Sleep(30 * time.Second)
				return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("{}"))}, nil
			})},
		}})
		call := func() {
			err := client.Do(t.Context(), classCall(transport.Safe))
			assert.NoError(t, err)
		}
		waits := func() (all []float64) {
			for _, record := range log.Records() {
				if record["msg"] == "wait" {
					assert.Equal(t, "INFO", record["level"])
					assert.Equal(t, "held", record["reason"])
					all = append(all, record["duration"].(float64)/1e9)
				}
			}
			return all
		}

		go call() // waits for 20 s, and is the probe for the next 30
		time.Sleep(time.Second)
		assert.Equal(t, []float64{20}, waits())
		time.Sleep(24 * time.Second)
		go call() // does not know how long the probe takes, and is the next one after 15 s
		time.Sleep(9 * time.Second)
		assert.Len(t, waits(), 1)
		time.Sleep(2 * time.Second)
		assert.Equal(t, []float64{20, 10}, waits())
		assert.Equal(t, 36*time.Second, time.Since(began))
		time.Sleep(time.Minute)
	})
}
