package fleet_test

import (
	"context"
	"net"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
)

// quiet keeps go-redis from writing about servers that a test has stopped.
type quiet struct{}

func (quiet) Printf(context.Context, string, ...any) {}

// server is a redis-server of one test.
type server struct {
	program, socket string
	arguments       []string
	command         *exec.Cmd
}

// startRedis starts a redis-server that ends with the test.
func startRedis(t *testing.T, arguments ...string) *server {
	t.Helper()
	program, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("NOT RUN: there is no redis-server on this machine")
	}
	dir := t.TempDir()
	s := &server{program: program, socket: filepath.Join(dir, "s")}
	s.arguments = append([]string{"--port", "0", "--unixsocket", s.socket, "--dir", dir, "--save", ""}, arguments...)
	s.start(t)
	t.Cleanup(s.stop)
	return s
}

func (s *server) start(t *testing.T) {
	t.Helper()
	s.command = exec.Command(s.program, s.arguments...)
	require.NoError(t, s.command.Start())
	require.Eventually(t, func() bool {
		conn, err := net.Dial("unix", s.socket)
		if err == nil {
			err = conn.Close()
		}
		return err == nil
	}, time.Minute, 5*time.Millisecond, "redis-server does not start")
}

func (s *server) stop() {
	_ = s.command.Process.Kill()
	_ = s.command.Wait()
}

// client returns a client as another process would have it.
func (s *server) client(t *testing.T) *redis.Client {
	t.Helper()
	client := redis.NewClient(&redis.Options{Network: "unix", Addr: s.socket, MaxRetries: -1, ContextTimeoutEnabled: true})
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// connect starts a redis-server and returns a client of it.
func connect(t *testing.T) (*server, *redis.Client) {
	t.Helper()
	s := startRedis(t)
	return s, s.client(t)
}

// within returns a context that ends long after the test should have.
func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}
