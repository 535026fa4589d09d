package transport_test

import (
	"io"
	"net"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// cable is a way to a server that can be cut: what is under way on it goes nowhere
// from then on, and nobody is told. New connections work.
type cable struct {
	addr     string
	server   string
	listener net.Listener

	mu      sync.Mutex
	strands map[*strand]bool
	opened  int
	most    int // at once
}

// strand is one connection.
type strand struct {
	near, far net.Conn
	cut       chan struct{}
}

func newCable(t *testing.T, server string) *cable {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	c := &cable{addr: listener.Addr().String(), server: server, listener: listener, strands: map[*strand]bool{}}
	go c.accept()
	t.Cleanup(func() {
		_ = listener.Close()
		c.mu.Lock()
		defer c.mu.Unlock()
		for s := range c.strands {
			_ = s.near.Close()
			_ = s.far.Close()
		}
	})
	return c
}

func (c *cable) accept() {
	for {
		near, err := c.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", c.server)
		if err != nil {
			_ = near.Close()
			continue
		}
		s := &strand{near, far, make(chan struct{})}
		c.mu.Lock()
		c.strands[s] = true
		c.opened++
		c.most = max(c.most, len(c.strands))
		c.mu.Unlock()
		go s.carry(far, near)
		go func() {
			s.carry(near, far)
			c.mu.Lock()
			defer c.mu.Unlock()
			delete(c.strands, s)
		}()
	}
}

// carry passes on what comes, until one side closes. Of a cut strand nothing is
// passed on, not even that.
func (s *strand) carry(to, from net.Conn) {
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
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

// counts returns how many connections were opened, and how many there were at once.
func (c *cable) counts() (opened, most int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.opened, c.most
}
