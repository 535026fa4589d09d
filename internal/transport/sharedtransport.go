package transport

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// defaultIdle is how long an idle connection is kept, unless the vendor's servers close
// it sooner.
const defaultIdle = 90 * time.Second

// shared holds the transports of all clients without an HTTP client of the user: one,
// and another for each vendor with its own idle time. Each has a second one whose
// connections are used only once.
var shared struct {
	mu sync.Mutex
	by map[manner]*http.Transport
}

// manner says how a transport keeps its connections.
type manner struct {
	idle time.Duration
	once bool
}

// transport returns the one for the vendor's calls. With once set, the request gets
// a connection of its own: net/http puts all requests of HTTP/2 on the same
// connection until a ping has shown that it is dead.
func (v *Vendor) transport(once bool) *http.Transport {
	how := manner{orDefault(v.Idle, defaultIdle), once}
	shared.mu.Lock()
	defer shared.mu.Unlock()
	t := shared.by[how]
	if t == nil {
		if shared.by == nil {
			shared.by = make(map[manner]*http.Transport)
		}
		t = newTransport(how)
		shared.by[how] = t
	}
	return t
}

const (
	maxConnsPerHost = 64
	// An HTTP/2 connection that is silent for this long is pinged, and given up if it
	// does not answer.
	pingAfter   = 10 * time.Second
	pingTimeout = 5 * time.Second
)

// newTransport keeps as many connections per host as it opens, so that a burst
// reuses them, and never more than maxConnsPerHost.
func newTransport(how manner) *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		OnProxyConnectResponse: refusedByProxy,
		ForceAttemptHTTP2:      true,
		HTTP2:                  &http.HTTP2Config{SendPingTimeout: pingAfter, PingTimeout: pingTimeout},
		MaxIdleConns:           1024,
		MaxIdleConnsPerHost:    maxConnsPerHost,
		MaxConnsPerHost:        maxConnsPerHost,
		IdleConnTimeout:        how.idle,
		DisableKeepAlives:      how.once,
		TLSHandshakeTimeout:    10 * time.Second,
		ExpectContinueTimeout:  time.Second,
		ReadBufferSize:         16 << 10,
	}
}

// refusedByProxy returns an error if a proxy refused the connection to the server.
func refusedByProxy(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
	if answer.StatusCode == http.StatusOK {
		return nil
	}
	return proxyError{answer.StatusCode}
}

// proxyError is the status of a proxy that refused the connection. Nothing has reached
// the server.
type proxyError struct{ status int }

func (e proxyError) Error() string {
	text := "the proxy refused the connection to the server"
	if e.status == http.StatusProxyAuthRequired {
		return text + ": it requires credentials; put them into the proxy's URL"
	}
	return text
}

// namedProxyError returns the error of a proxy that refused the connection of a user's
// transport: net/http reports no more of it than the words of the status.
func namedProxyError(err error) error {
	for status := http.StatusMultipleChoices; status <= http.StatusNetworkAuthenticationRequired; status++ {
		if words := http.StatusText(status); words != "" && strings.EqualFold(words, err.Error()) {
			return proxyError{status}
		}
	}
	return err
}

// wantsCredentials reports whether a proxy requires credentials.
func wantsCredentials(err error) bool {
	proxy, _ := errors.AsType[proxyError](err)
	return proxy.status == http.StatusProxyAuthRequired
}

func isProxyError(err error) bool {
	_, ok := errors.AsType[proxyError](err)
	return ok
}
