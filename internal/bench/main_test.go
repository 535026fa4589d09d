package bench

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// role is the environment variable that makes the test binary something else
// than a run of the tests.
const role = "SOUK_BENCH_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(role) {
	case "server":
		serve()
	case "walk":
		walkAlone(10, false)
	case "walk tidily":
		walkAlone(333, true)
	default:
		os.Exit(m.Run())
	}
}

// process is a child that answers with lines. It ends with its input.
type process struct {
	input  io.WriteCloser
	output *bufio.Reader
}

// start runs the test binary at path in another role until the test ends.
func start(tb testing.TB, path, as string, arguments ...string) *process {
	tb.Helper()
	command := exec.Command(path, arguments...)
	command.Env = append(os.Environ(), role+"="+as)
	command.Stderr = os.Stderr
	input, err := command.StdinPipe()
	require.NoError(tb, err)
	output, err := command.StdoutPipe()
	require.NoError(tb, err)
	require.NoError(tb, command.Start())
	tb.Cleanup(func() {
		_ = input.Close()
		_ = command.Wait()
	})
	return &process{input: input, output: bufio.NewReader(output)}
}

func (p *process) read(tb testing.TB) string {
	tb.Helper()
	line, err := p.output.ReadString('\n')
	require.NoError(tb, err)
	return strings.TrimSpace(line)
}

func self(tb testing.TB) string {
	tb.Helper()
	path, err := os.Executable()
	require.NoError(tb, err)
	return path
}

// must ends a child whose work fails: the other end sees the end of its output.
func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	return value
}
