// Package programs runs example programs in the tests, as processes of their own that
// can be killed.
package programs

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Build builds an example, and returns its program.
func Build(t *testing.T, name string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), name)
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, "github.com/souk-go/souk/examples/"+name)
	if text, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build %s: %v\n%s", name, err, text)
	}
	return program
}

// StandIn starts examples/standin, and returns the variables that lead a program to it.
func StandIn(t *testing.T, arguments ...string) []string {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	command := exec.CommandContext(ctx, Build(t, "standin"), arguments...)
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(); _ = command.Wait() })
	lines := bufio.NewScanner(out)
	var variables []string
	for lines.Scan() {
		line := lines.Text()
		if strings.HasPrefix(line, "READY") {
			go func() { // its log
				for lines.Scan() {
				}
			}()
			return variables
		}
		if strings.Contains(line, "=") {
			variables = append(variables, line)
		}
	}
	t.Fatal("the stand-in does not start")
	return nil
}

// Run runs a program to its end and returns what it printed.
func Run(t *testing.T, variables []string, program string, arguments ...string) (string, error) {
	t.Helper()
	command := exec.CommandContext(t.Context(), program, arguments...)
	command.Env = append(os.Environ(), variables...)
	text, err := command.CombinedOutput()
	return string(text), err
}

// Kill starts a program and kills it after a while. It reports whether it was still
// at work.
func Kill(t *testing.T, after time.Duration, variables []string, program string, arguments ...string) bool {
	t.Helper()
	command := exec.CommandContext(t.Context(), program, arguments...)
	command.Env = append(os.Environ(), variables...)
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(after) // the moment of the kill is of no consequence to the result
	_ = command.Process.Kill()
	return command.Wait() != nil
}
