package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// startRedis starts a redis-server, as one for tokens must be set up, and returns its URL.
func startRedis(ctx context.Context) (url string, stop func(), err error) {
	program, err := exec.LookPath("redis-server")
	if err != nil {
		return "", nil, errors.New("there is no redis-server to start: install it, or name one with -redis")
	}
	dir, err := os.MkdirTemp("", "fleet")
	if err != nil {
		return "", nil, err
	}
	socket := filepath.Join(dir, "redis")
	command := exec.Command(program, "--port", "0", "--unixsocket", socket, "--dir", dir,
		"--save", "", "--appendonly", "yes", "--maxmemory-policy", "noeviction")
	if err := command.Start(); err != nil {
		_ = os.RemoveAll(dir)
		return "", nil, err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = command.Wait()
	}()
	stop = func() {
		_ = command.Process.Kill()
		<-ended
		_ = os.RemoveAll(dir)
	}
	for !listens(ctx, socket) {
		select {
		case <-time.After(10 * time.Millisecond):
		case <-ended:
			stop()
			return "", nil, fmt.Errorf("redis-server ended with %s", command.ProcessState)
		case <-ctx.Done():
			stop()
			return "", nil, ctx.Err()
		}
	}
	return "unix://" + socket, stop, nil
}

func listens(ctx context.Context, socket string) bool {
	conn, err := new(net.Dialer).DialContext(ctx, "unix", socket)
	if err == nil {
		_ = conn.Close()
	}
	return err == nil
}
