package paging_test

import (
	"context"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/internal/paging"
)

// While a page is decoded the next one has been asked for, and has begun to arrive, but
// its body waits: no two pages are held as they came.
func TestNamedWaitsUntilThePageBeforeIsRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const pages, latency, decoding = 10, 25 * time.Millisecond, 40 * time.Millisecond
		var bodies, most atomic.Int32
		list := paging.Cursor[string]{ID: func(s *string) string { return *s }, Fetch: func(_ context.Context, cursor string, named func(string)) (paging.Batch[string], error) {
			number, _ := strconv.Atoi(cursor)
			b := paging.Batch[string]{Rows: []string{"row " + cursor}, Total: -1}
			if number+1 < pages {
				b.Next = strconv.Itoa(number + 1)
			}
			time.Sleep(latency)
			named(b.Next)
			if b.Next != "" {
				most.Store(max(most.Load(), bodies.Add(1)))
				defer bodies.Add(-1)
			}
			time.Sleep(decoding)
			return b, nil
		}}
		began, rows := time.Now(), 0

		for _, err := range newWalker(list, "").All(t.Context()) {
			require.NoError(t, err)
			rows++
		}

		assert.Equal(t, pages, rows)
		assert.Equal(t, int32(1), most.Load(), "bodies at a time")
		assert.Equal(t, (pages-1)*decoding+2*latency, time.Since(began), "the last page, which names none, waits for nothing")
	})
}
