package transport_test

import (
	"context"
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

// cable is a way to a server that can be cut: what is under way on it goes nowhere
// from then on, and nobody is told. New connections work.
type cable struct {
	server *pipes
	way    time.Duration // how long what is sent is under way

	mu      sync.Mutex
	strands map[*strand]bool
}

// strand is one connection.
type strand struct {
	near, far net.Conn
	way       time.Duration
	cut       chan struct{}
}

func newCable(t *testing.T, server *pipes) *cable {
	t.Helper()
	c := &cable{server: server, strands: map[*strand]bool{}}
	t.Cleanup(func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		for s := range c.strands {
			_ = s.near.Close()
			_ = s.far.Close()
		}
	})
	return c
}

// dial is for a transport's DialContext.
func (c *cable) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	far, err := c.server.dial(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	here, near := net.Pipe()
	s := &strand{near, far, c.way, make(chan struct{})}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.strands[s] = true
	go s.carry(far, near)
	go func() {
		s.carry(near, far)
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.strands, s)
	}()
	return here, nil
}

// carry passes on what comes, until one side closes. Of a cut strand nothing is
// passed on, not even that.
func (s *strand) carry(to, from net.Conn) {
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		time.Sleep(s.way)
		select {
		case <-s.cut:
			_, _ = io.Copy(io.Discard, from)
			return
		default:
		}
		if err != nil {
			_ = to.Close()
			return
		}
		_, _ = to.Write(buf[:n])
	}
}

// cutAll cuts the present connections, and returns how many they were.
func (c *cable) cutAll() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := len(c.strands)
	for s := range c.strands {
		close(s.cut)
		delete(c.strands, s)
	}
	return n
}
