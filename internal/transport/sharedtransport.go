package transport

import (
	"net"
	"net/http"
	"time"
)

// sharedTransport serves all clients whose users bring no HTTP client of their
// own. It keeps as many connections per host as it opens, so that a burst
// reuses them, and never more than maxConnsPerHost.
var sharedTransport = newTransport()

const maxConnsPerHost = 64

func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          1024,
		MaxIdleConnsPerHost:   maxConnsPerHost,
		MaxConnsPerHost:       maxConnsPerHost,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
		ReadBufferSize:        16 << 10,
	}
}
