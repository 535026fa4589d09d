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

// BenchmarkParallel creates customers from 64 goroutines with one client. The
// rate-ratio is that of the requests per second.
func BenchmarkParallel(b *testing.B) {
	souk, twin := startServer(b), startServer(b)
	p := pair{souk: inParallel(b, creatingWith(b, souk)), twin: inParallel(b, creatingWithTwin(b, twin))}
	b.ReportMetric(1/p.compare(b, 1), "rate-ratio")
	b.ReportMetric(float64(connections(b, souk)), "souk-connections")
	b.ReportMetric(float64(connections(b, twin)), "twin-connections")
}

func TestManyGoroutinesShareFewConnections(t *testing.T) {
	t.Parallel()
	server := startServer(t)
	work := inParallel(t, creatingWith(t, server))

	for range 10 {
		assert.NoError(t, work())
	}

	assert.LessOrEqual(t, connections(t, server), 80)
}

// inParallel returns a function that makes the calls of all callers. They are
// goroutines that live as long as the test, as those of a server do.
func inParallel(tb testing.TB, call func() error) func() error {
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
