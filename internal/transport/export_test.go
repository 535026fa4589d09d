package transport

import (
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// The times after which a connection of HTTP/2 is given up that does not answer.
const (
	PingAfter   = pingAfter
	PingTimeout = pingTimeout
)

// RefusedByProxy is what the shared transports do with a proxy's answer.
var RefusedByProxy = refusedByProxy

// Apart returns the vendor with connections of its own, which idle for idle, and
// transports that change has changed.
func (v *Vendor) Apart(idle time.Duration, change func(*http.Transport)) *Vendor {
	own := *v
	own.Idle = idle + time.Duration(apart.Add(1)) // as no other vendor's do
	for _, once := range []bool{false, true} {
		change(own.transport(once))
	}
	return &own
}

var apart atomic.Int64

// Ping returns when the vendor's connections of HTTP/2 are asked whether they live, and
// how long they may take to answer.
func (v *Vendor) Ping() (after, timeout time.Duration) {
	config := v.transport(false).HTTP2
	return config.SendPingTimeout, config.PingTimeout
}

// Host returns the host that the client speaks to.
func (c *Client) Host() string { return c.host }

// String returns the problems in the order in which they were found.
func (p *Problems) String() string {
	var texts []string
	for _, field := range p.order {
		texts = append(texts, field+": "+strings.Join(p.fields[field], ", "))
	}
	return strings.Join(texts, "; ")
}
