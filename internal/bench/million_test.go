package bench

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/metrics"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// heapLimit is how large the heap of a process may become that walks through a list of
// any length, without garbage. xclade's pages have 1,000 rows.
func (v vendor) heapLimit() float64 {
	if v.name == xcladeShop.name {
		return 4 << 20
	}
	return 3 << 20
}

// heapOfWalk walks through so many rows in a process of its own, and returns the largest
// heap that was seen there. With as "walk tidily", that is without garbage.
func heapOfWalk(tb testing.TB, v vendor, server string, rows int, as string) float64 {
	tb.Helper()
	report := start(tb, self(tb), as, v.name, v.shop(server, rows, 0)).read(tb)
	var read int
	var peak float64
	_, err := fmt.Sscan(report, &read, &peak)
	require.NoError(tb, err, report)
	require.NoError(tb, complete(read, rows), v.name)
	return peak
}

// walkAlone is the process that reads a whole list, and answers with the number
// of its rows and the largest heap. It looks at each so many rows, and collects the
// garbage before if it is tidy.
func walkAlone(each int, tidy bool) {
	v := vendors[slices.IndexFunc(vendors, func(v vendor) bool { return v.name == os.Args[1] })]
	rows, peak := 0, uint64(0)
	err := v.souk(new(testing.T), os.Args[2], nil).all(context.Background(), 0, func() {
		rows++
		if rows%each == 0 {
			if tidy {
				runtime.GC()
			}
			peak = max(peak, heap())
		}
	})
	must(rows, err)
	fmt.Println(rows, peak)
}

// heap is the memory of all objects, dead ones that are not yet swept among them.
func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

func TestWalkHoldsAFewPages(t *testing.T) {
	t.Parallel()
	skipUnderRace(t)
	server := startServer(t)
	for _, v := range vendors {
		peak := heapOfWalk(t, v, server, 30_000, "walk tidily") // or else the collector is late on a busy machine

		t.Logf("%s: %.1f MiB", v.name, peak/(1<<20))
		assert.LessOrEqual(t, peak, v.heapLimit(), v.name)
	}
}

func complete(got, want int) error {
	if got != want {
		return fmt.Errorf("%d rows of %d", got, want)
	}
	return nil
}
