package paging_test

import (
	"context"
	"iter"
	"runtime"
	"strconv"
	"testing"

	"github.com/souk-go/souk/internal/paging"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type customer struct {
	id string
	_  [120]byte
}

// million lists a million rows in pages of 250.
func million(ctx context.Context) iter.Seq2[*customer, error] {
	const rows, size = 1_000_000, 250
	return paging.All(ctx, 0, paging.Walk[*customer, int]{
		Fetch: func(_ context.Context, offset int) (paging.Page[*customer, int], error) {
			items := make([]*customer, size)
			for i := range items {
				items[i] = &customer{id: strconv.Itoa(offset + i)}
			}
			next := offset + size
			return paging.Page[*customer, int]{Items: items, Next: next, More: next < rows, Total: rows}, nil
		},
		ID:     func(c *customer) string { return c.id },
		Cursor: strconv.Itoa,
	})
}

// It is not parallel, because it measures the heap of the process: parallel
// tests wait until the others are through.
func TestAllHoldsTwoPagesOfAMillionRows(t *testing.T) { //nolint:paralleltest // see above
	heap := func() uint64 {
		runtime.GC()
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return stats.HeapAlloc
	}
	before, peak, rows := heap(), uint64(0), 0

	for _, err := range million(t.Context()) {
		require.NoError(t, err)
		rows++
		if rows%50_000 == 0 {
			peak = max(peak, heap())
		}
	}

	assert.Equal(t, 1_000_000, rows)
	t.Logf("peak of the live heap: %d KiB above the start", (int64(peak)-int64(before))/1024)
	// Two pages take 72 KiB, the ids of eight 128 KiB, 4000 cursors 64 KiB.
	assert.Less(t, int64(peak)-int64(before), int64(768<<10))
}

func BenchmarkAllMillionRows(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		rows := 0
		for _, err := range million(b.Context()) {
			if err != nil {
				b.Fatal(err)
			}
			rows++
		}
		if rows != 1_000_000 {
			b.Fatalf("%d rows", rows)
		}
	}
}
