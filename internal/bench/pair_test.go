package bench

import (
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// pair is the same work done by the SDK and by the twin.
type pair struct {
	souk, twin func() error
}

// times are the nanoseconds of one and of the other, measured over so many runs in
// turn, each first every other time, for about so long and at least so many turns.
func (p pair) times(tb testing.TB, runs int, atLeast time.Duration, turns int) (souk, twin []float64) {
	tb.Helper()
	sample := func(work func() error) float64 {
		started := time.Now()
		for range runs {
			require.NoError(tb, work())
		}
		return float64(time.Since(started).Nanoseconds()) / float64(runs)
	}
	for end := time.Now().Add(atLeast); len(souk) < turns || time.Now().Before(end); {
		if len(souk)%2 == 0 {
			souk = append(souk, sample(p.souk))
			twin = append(twin, sample(p.twin))
		} else {
			twin = append(twin, sample(p.twin))
			souk = append(souk, sample(p.souk))
		}
	}
	return souk, twin
}

// warm opens the connections and fills the pools.
func (p pair) warm(tb testing.TB) {
	tb.Helper()
	for range 20 {
		require.NoError(tb, p.souk())
		require.NoError(tb, p.twin())
	}
}

// cost is what one run of some work allocates.
type cost struct {
	allocs, bytes float64
}

// costs are medians of the costs of the one and the other, taken in turn.
func (p pair) costs(tb testing.TB) (souk, twin cost) {
	tb.Helper()
	p.warm(tb)
	var allocs, bytes [2][]float64
	for range 15 {
		for i, work := range []func() error{p.souk, p.twin} {
			c := costOf(tb, work)
			allocs[i], bytes[i] = append(allocs[i], c.allocs), append(bytes[i], c.bytes)
		}
	}
	return cost{median(allocs[0]), median(bytes[0])}, cost{median(allocs[1]), median(bytes[1])}
}

// costOf counts all allocations of the process, those of the HTTP transport's
// goroutines among them.
func costOf(tb testing.TB, work func() error) cost {
	tb.Helper()
	const runs = 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range runs {
		require.NoError(tb, work())
	}
	runtime.ReadMemStats(&after)
	return cost{
		allocs: float64(after.Mallocs-before.Mallocs) / runs,
		bytes:  float64(after.TotalAlloc-before.TotalAlloc) / runs,
	}
}

func medianRatio(a, b []float64) float64 {
	ratios := make([]float64, len(a))
	for i := range ratios {
		ratios[i] = a[i] / b[i]
	}
	return median(ratios)
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	if n == 0 {
		return 0
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

func skipUnderRace(t *testing.T) {
	t.Helper()
	if underRace {
		t.Skip("the race detector allocates, and empties pools at random")
	}
}
