package bench

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
)

const (
	callers       = 64
	callsOfCaller = 10
)

// inParallel returns the pair whose callers all work at once. Those of each have a
// server of their own, which counts its connections.
func inParallel(tb testing.TB, v vendor, ofSouk, ofTwin string) pair {
	tb.Helper()
	return pair{souk: together(tb, creating(tb, v, ofSouk).souk), twin: together(tb, creating(tb, v, ofTwin).twin)}
}

func TestManyGoroutinesShareFewConnections(t *testing.T) {
	t.Parallel()
	server := startServer(t)
	for _, v := range vendors {
		before := connections(t, server)
		work := together(t, creating(t, v, server).souk)

		for range 3 {
			assert.NoError(t, work())
		}

		assert.LessOrEqual(t, connections(t, server)-before-1, 3*callers*callsOfCaller/10, v.name) // some may have broken, or idled too long
	}
}

// together returns a function that makes the calls of all callers. They are
// goroutines that live as long as the test, as those of a server do.
func together(tb testing.TB, call func() error) func() error {
	tb.Helper()
	var busy sync.WaitGroup
	begin := make(chan struct{})
	tb.Cleanup(func() { close(begin) })
	for range callers {
		go func() {
			for range begin {
				for range callsOfCaller {
					assert.NoError(tb, call())
				}
				busy.Done()
			}
		}()
	}
	return func() error {
		busy.Add(callers)
		for range callers {
			begin <- struct{}{}
		}
		busy.Wait()
		return nil
	}
}
