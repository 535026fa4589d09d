package paging_test

import (
	"context"
	"runtime"
	"strconv"
	"testing"

	"github.com/souk-go/souk/internal/paging"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// large is a row of 256 bytes.
type large struct {
	id string
	_  [240]byte
}

func largeID(r *large) string { return r.id }

// millions are lists of a million rows in pages of 250.
func millions() map[string]paging.List[large] {
	const count, size = 1_000_000, 250
	from := func(offset int) paging.Batch[large] {
		b := paging.Batch[large]{Rows: make([]large, size), More: offset+size < count, Total: count}
		for i := range b.Rows {
			b.Rows[i].id = strconv.Itoa(1e9 + offset + i)
		}
		if b.More {
			b.Next = strconv.Itoa(offset + size)
		}
		return b
	}
	return map[string]paging.List[large]{
		"numbers": paging.Numbers[large]{ID: largeID, Fetch: func(_ context.Context, page int) (paging.Batch[large], error) {
			return from((page - 1) * size), nil
		}},
		"cursors": paging.Cursor[large]{ID: largeID, Fetch: func(_ context.Context, cursor string, named func(string)) (paging.Batch[large], error) {
			offset, _ := strconv.Atoi(cursor)
			if offset+size < count {
				named(strconv.Itoa(offset + size))
			}
			return from(offset), nil
		}},
	}
}

// It is not parallel, because it measures the heap of the process: parallel tests
// wait until the others are through.
func TestWalkerHoldsTwoPagesOfAMillionRows(t *testing.T) { //nolint:paralleltest // see above
	if testing.Short() {
		t.Skip("a million rows")
	}
	live := func() int64 {
		runtime.GC()
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return int64(stats.HeapAlloc)
	}
	for name, list := range millions() {
		before, peak, rows := live(), int64(0), 0
		w := newWalker(list, "")
		for _, err := range w.All(t.Context()) {
			require.NoError(t, err)
			if rows++; rows%50_000 == 7 {
				peak = max(peak, live())
			}
		}
		assert.Equal(t, 1_000_000, rows)
		t.Logf("%s: peak of the live heap: %d KiB above the start", name, (peak-before)/1024)
		// Two pages take 160 KiB, the rows that are remembered 130, 4000 cursors 64.
		assert.Less(t, peak-before, int64(768<<10), name)
		before = live()
		assert.NotEmpty(t, w.Position())
		assert.Less(t, live()-before, int64(64<<10))
	}
}

func BenchmarkWalkerMillionRows(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		rows := 0
		for _, err := range newWalker(millions()["numbers"], "").All(b.Context()) {
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

func BenchmarkPosition(b *testing.B) {
	b.ReportAllocs()
	w := newWalker(millions()["numbers"], "")
	rows := 0
	for range w.All(b.Context()) {
		if rows++; rows > 200 {
			break
		}
	}
	for b.Loop() {
		_ = w.Position()
	}
}
