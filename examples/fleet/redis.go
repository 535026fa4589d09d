package main

import (
	"context"
	"errors"
	"fmt"
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
	stop = func() {
		_ = command.Process.Kill()
		_ = command.Wait()
		_ = os.RemoveAll(dir)
	}
	if err := command.Start(); err != nil {
		_ = os.RemoveAll(dir)
		return "", nil, err
	}
	for range 200 {
		if _, err := os.Stat(socket); err == nil {
			return "unix://" + socket, stop, nil
		}
		pause(ctx, 50*time.Millisecond)
	}
	stop()
	return "", nil, fmt.Errorf("redis-server does not listen at %s", socket)
}
