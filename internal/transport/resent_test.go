package transport_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/testkit"
	"github.com/souk-go/souk/internal/transport"
)

// The tests of this file speak over TCP: what net/http sends a second time shows
// nowhere else.

// net/http repeats requests on its own, over HTTP/2 also writes, up to a hundred
// times within one attempt. Here each attempt is one request at the server.
func TestEachAttemptIsOneRequest(t *testing.T) {
	t.Parallel()
	ends := map[string]func(c *framedConn, stream uint32){
		"PROTOCOL_ERROR":    func(c *framedConn, stream uint32) { c.reset(stream, protocolError) },
		"REFUSED_STREAM":    func(c *framedConn, stream uint32) { c.reset(stream, refusedStream) },
		"INTERNAL_ERROR":    func(c *framedConn, stream uint32) { c.reset(stream, internalError) },
		"ENHANCE_YOUR_CALM": func(c *framedConn, stream uint32) { c.reset(stream, enhanceYouCalm) },
		"connection closed": func(c *framedConn, _ uint32) { _ = c.Close() },
		"GOAWAY that says that it was not looked at": func(c *framedConn, stream uint32) {
			c.goAway(stream-1, noError)
		},
		"GOAWAY after it": func(c *framedConn, stream uint32) {
			c.goAway(stream, noError)
			c.reset(stream, protocolError)
		},
		"PROTOCOL_ERROR after a hint": func(c *framedConn, stream uint32) {
			c.send(frameHeaders, flagEndHeaders, stream, hint)
			c.reset(stream, protocolError)
		},
		"GOAWAY after it, and the connection closed": func(c *framedConn, stream uint32) {
			c.goAway(stream, protocolError)
			_ = c.Close()
		},
	}
	body := map[string]string{"name": "x"}
	calls := map[string]transport.Call{
		"GET":                 {Method: http.MethodGet, Repeat: transport.Safe},
		"POST":                {Method: http.MethodPost, Body: body},
		"POST without a body": {Method: http.MethodPost},
		"POST of a file":      {Method: http.MethodPost, Body: "file"},
		"POST that is a read": {Method: http.MethodPost, Body: body, Repeat: transport.Safe},
		"PUT":                 {Method: http.MethodPut, Body: body, Repeat: transport.Idempotent},
		"PUT without a body":  {Method: http.MethodPut, Repeat: transport.Idempotent},
		"PUT that is a write": {Method: http.MethodPut},
		"DELETE":              {Method: http.MethodDelete, Repeat: transport.Idempotent, Deletes: true},
		"DELETE with a body":  {Method: http.MethodDelete, Body: body, Repeat: transport.Idempotent},
	}
	for what, end := range ends {
		for name, call := range calls {
			t.Run(what+"/"+name, func(t *testing.T) {
				t.Parallel()
				want := 3
				if call.Repeat == transport.Write {
					want = 1
				}
				ctx, stop := context.WithCancel(t.Context())
				defer stop()
				server := newFramed(t, func(c *framedConn, stream uint32) {
					if c.server.requests.Load() > int64(want) {
						stop() // or else it may go on without end
					}
					end(c, stream)
				})
				client := newClientOf(t, acmeTrusting(), transport.Config{
					BaseURL: server.URL, Options: souk.Options{MaxAttempts: 3, MaxRetryWait: time.Millisecond},
				})
				call.Route = "/things"
				if call.Body == "file" {
					call.Body = upload(transport.File{Reader: strings.NewReader("content")}).Body
				}

				err := client.Do(ctx, &call)

				e := requireError(t, err)
				assert.Equal(t, want, e.Attempts)
				assert.EqualValues(t, want, server.requests.Load())
				assert.ErrorIs(t, err, souk.ErrUnavailable)
				assert.Equal(t, call.Repeat != transport.Safe, errors.Is(err, souk.ErrOutcomeUnknown))
			})
		}
	}
}

// A transport of the user's may send more than the request, such as one that logs in
// when it is asked to.
func TestTransportOfTheUserMaySendMore(t *testing.T) {
	t.Parallel()
	server := testkit.NewServer(t, testkit.Answer(401, "{}"), testkit.Answer(200, `{"token":"t"}`), testkit.Answer(200, "{}"))
	plain := &http.Transport{}
	client := newClient(t, transport.Config{BaseURL: server.URL, Options: souk.Options{
		HTTPClient: &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			for _, path := range []string{"", "/login"} {
				first := r.Clone(r.Context())
				first.URL.Path += path
				resp, err := plain.RoundTrip(first)
				if err != nil {
					return nil, err
				}
				_, _ = io.Copy(io.Discard, resp.Body)
				_ = resp.Body.Close()
			}
			return plain.RoundTrip(r)
		})},
	}})

	response, err := responseOf(t.Context(), client, &transport.Call{Method: http.MethodPost, Route: "/things"})

	require.NoError(t, err)
	assert.Equal(t, 1, response.Attempts)
}

// What such a transport has sent was sent, although it can send no more.
func TestTransportOfTheUserThatSendsAgain(t *testing.T) {
	t.Parallel()
	server := testkit.NewServer(t, testkit.Handle(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Connection", "close")
		w.WriteHeader(http.StatusInternalServerError)
	}))
	dials := 0
	plain := &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		if dials++; dials > 1 {
			return nil, &net.OpError{Op: "dial", Err: errors.New("refused")}
		}
		return (&net.Dialer{}).DialContext(ctx, network, addr)
	}}
	client := newClient(t, transport.Config{BaseURL: server.URL, Options: souk.Options{
		HTTPClient: &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			if resp, err := plain.RoundTrip(r); err == nil {
				_ = resp.Body.Close()
			}
			return plain.RoundTrip(r)
		})},
	}})

	err := client.Do(t.Context(), &transport.Call{Method: http.MethodPost, Route: "/things"})

	assert.ErrorIs(t, err, souk.ErrOutcomeUnknown)
	assert.Equal(t, 1, requireError(t, err).Attempts)
}

// What was sent before was sent, although there is no connection to send it again.
func TestWriteThatCannotBeSentAgainWasSent(t *testing.T) {
	t.Parallel()
	server := newFramed(t, nil)
	server.end = func(c *framedConn, stream uint32) {
		_ = server.listener.Close()
		c.goAway(stream, noError)
		c.reset(stream, protocolError)
	}
	client := newClientOf(t, acmeTrusting(), transport.Config{BaseURL: server.URL})

	err := client.Do(t.Context(), &transport.Call{Method: http.MethodPost, Route: "/things"})

	assert.ErrorIs(t, err, souk.ErrOutcomeUnknown)
	assert.Equal(t, 1, requireError(t, err).Attempts)
	assert.EqualValues(t, 1, server.requests.Load())
}

// Whatever transport a user has, it cannot send a body a second time.
func TestNoTransportCanSendABodyAgain(t *testing.T) {
	t.Parallel()
	for _, class := range []transport.Repeat{transport.Safe, transport.Idempotent, transport.Write} {
		client := newClient(t, transport.Config{Options: souk.Options{HTTPClient: &http.Client{
			Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				assert.NotNil(t, r.Body)
				assert.Nil(t, r.GetBody)
				return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader("{}")), Request: r}, nil
			}),
		}}})

		err := client.Do(t.Context(), &transport.Call{Method: http.MethodPost, Route: "/things", Body: map[string]string{"name": "x"}, Repeat: class})

		require.NoError(t, err)
	}
}
