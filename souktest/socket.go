package souktest

import (
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/souk-go/souk/internal/loopback"
)

// socket is the server on loopback.
type socket struct {
	url    string
	http   *http.Server
	served chan struct{}
	once   sync.Once
	conns  connections
}

func listenOn(name string, handler http.Handler) *socket {
	listener, err := loopback.Listen()
	if err != nil {
		panic(fmt.Sprintf("%s: listen on loopback: %v", name, err))
	}
	s := &socket{url: "http://" + listener.Addr().String(), served: make(chan struct{})}
	s.conns.init()
	s.http = &http.Server{Handler: handler, ConnState: s.conns.track, ReadHeaderTimeout: time.Minute}
	go func() {
		defer close(s.served)
		_ = s.http.Serve(listener) // always ErrServerClosed, after close
	}()
	return s
}

func (s *socket) close() {
	s.once.Do(func() { _ = s.http.Close() })
	<-s.served
	s.conns.wait()
}

// connections counts the open connections, so that Close can wait for the
// goroutines that serve them.
type connections struct {
	mu   sync.Mutex
	cond *sync.Cond
	open map[net.Conn]bool
}

func (c *connections) init() {
	c.cond = sync.NewCond(&c.mu)
	c.open = make(map[net.Conn]bool)
}

func (c *connections) track(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch state {
	case http.StateNew:
		c.open[conn] = true
	case http.StateClosed:
		delete(c.open, conn)
		c.cond.Broadcast()
	}
}

func (c *connections) wait() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.open) > 0 {
		c.cond.Wait()
	}
}
