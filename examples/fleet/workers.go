package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"
)

// workers are the processes, each of which is started again when it was killed.
type workers struct {
	settings settings
	failed   func(error) // is told of one that ended by itself

	mu       sync.Mutex
	all      []*process
	killed   int
	problems []string
	ending   bool
	running  sync.WaitGroup
}

// process is one that works.
type process struct {
	command *exec.Cmd
	input   io.Closer
	page    string // where its metrics are
	said    bytes.Buffer
}

func (w *workers) start(n int) error {
	w.all = make([]*process, n)
	for i := range n {
		p, err := w.spawn(i)
		if err != nil {
			return err
		}
		w.running.Go(func() { w.attend(i, p) })
	}
	return nil
}

// spawn starts this program as worker i.
func (w *workers) spawn(i int) (*process, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p := &process{command: exec.Command(program)}
	p.command.Env = append(os.Environ(), workerVariable+"=yes")
	p.command.Stderr = &p.said
	input, err := p.command.StdinPipe()
	if err != nil {
		return nil, err
	}
	p.input = input
	output, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	w.mu.Lock()
	w.all[i] = p
	if w.ending {
		_ = input.Close()
	}
	w.mu.Unlock()
	s := w.settings
	s.Worker = strconv.Itoa(i + 1)
	_ = json.NewEncoder(input).Encode(s) // one that was killed meanwhile reads nothing
	page, _ := bufio.NewReader(output).ReadString('\n')
	w.mu.Lock()
	p.page = strings.TrimSpace(page)
	w.mu.Unlock()
	return p, nil
}

// attend starts a worker again as often as it is killed.
func (w *workers) attend(i int, p *process) {
	for {
		_ = p.command.Wait()
		if w.ended(p) {
			return
		}
		var err error
		if p, err = w.spawn(i); err != nil {
			w.failed(err)
			return
		}
	}
}

// ended reports whether a worker that is no more is not to be started again.
func (w *workers) ended(p *process) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	_ = p.input.Close()
	w.problems = append(w.problems, strings.FieldsFunc(p.said.String(), func(r rune) bool { return r == '\n' })...)
	switch {
	case w.ending:
		return true
	case p.command.ProcessState.ExitCode() > 0: // not by a signal
		w.failed(fmt.Errorf("a worker ended by itself: %s", p.said.String()))
		return true
	}
	w.killed++
	return false
}

// kill ends a worker without giving it time for anything.
func (w *workers) kill(i int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if p := w.all[i]; p != nil {
		_ = p.command.Process.Kill()
	}
}

func (w *workers) killNowAndThen(ctx context.Context, every time.Duration) {
	for ctx.Err() == nil {
		pause(ctx, every)
		w.kill(rand.IntN(len(w.all)))
	}
}

// end ends all workers.
func (w *workers) end() {
	w.mu.Lock()
	w.ending = true
	for _, p := range w.all {
		if p != nil {
			_ = p.input.Close()
		}
	}
	w.mu.Unlock()
	patience := time.AfterFunc(5*time.Second, func() {
		for i := range w.all {
			w.kill(i)
		}
	})
	defer patience.Stop()
	w.running.Wait()
}

func (w *workers) pages() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var pages []string
	for _, p := range w.all {
		if p != nil && p.page != "" {
			pages = append(pages, p.page)
		}
	}
	return pages
}

// told returns how many were killed, and what workers said of failures.
func (w *workers) told() (killed int, problems []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.killed, w.problems
}

// String returns the numbers of the processes.
func (w *workers) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var numbers []string
	for _, p := range w.all {
		numbers = append(numbers, strconv.Itoa(p.command.Process.Pid))
	}
	return strings.Join(numbers, " ")
}
