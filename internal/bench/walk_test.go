package bench

import (
	"context"
	"fmt"
	"os"
	"runtime/metrics"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/xclade"
)

const (
	pageSize = 100
	latency  = 25 * time.Millisecond
	working  = 20 * time.Millisecond
)

// BenchmarkListing lists 100 pages that take 25 ms each, with 20 ms of work on
// each. Whoever is one page ahead waits for the server alone, so the best there
// is are 100 × 25 ms and the work on the last page.
func BenchmarkListing(b *testing.B) {
	const pages = 100
	const best = pages*latency + working
	base := shop(startServer(b), pages*pageSize, latency)
	client, twin := newClient(b, base), newTwin(base)
	p := pair{
		souk: func() error {
			rows := 0
			for _, err := range client.Customers.All(b.Context(), xclade.ListCustomersRequest{}) {
				if err != nil {
					return err
				}
				if rows%pageSize == 0 {
					time.Sleep(working)
				}
				rows++
			}
			return complete(rows, pages*pageSize)
		},
		twin: func() error {
			rows := 0
			err := twin.all(b.Context(), pageSize, func(page *twinPage) {
				time.Sleep(working)
				rows += len(page.Customers)
			})
			if err != nil {
				return err
			}
			return complete(rows, pages*pageSize)
		},
	}
	souk, byHand := p.times(b, 1)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(medianRatio(souk, byHand), "time-ratio")
	b.ReportMetric(median(souk)/float64(best.Nanoseconds()), "souk/best")
	b.ReportMetric(median(byHand)/float64(best.Nanoseconds()), "twin/best")
}

// BenchmarkMillion reads a million customers in a process of its own and reports
// the largest heap that was seen there, garbage and all.
func BenchmarkMillion(b *testing.B) {
	const rows = 1_000_000
	server := startServer(b)
	for b.Loop() {
		report := start(b, self(b), "walk", shop(server, rows, 0)).read(b)
		var read int
		var peak float64
		_, err := fmt.Sscan(report, &read, &peak)
		require.NoError(b, err, report)
		require.NoError(b, complete(read, rows))
		b.ReportMetric(peak/(1<<20), "peak-MiB")
	}
}

// workWalk is the process that reads a whole list, and answers with the number
// of its rows and the largest heap.
func workWalk() {
	client := must(xclade.NewClient(xclade.Config{BaseURL: os.Args[1], Token: "token"}))
	rows, peak := 0, uint64(0)
	for _, err := range client.Customers.All(context.Background(), xclade.ListCustomersRequest{}) {
		must(rows, err)
		rows++
		if rows%10 == 0 {
			peak = max(peak, heap())
		}
	}
	fmt.Println(rows, peak)
}

// heap is the memory of all objects, dead ones that are not yet swept among them.
func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

func TestWalkHoldsAFewPages(t *testing.T) { //nolint:paralleltest // measures the heap of the process
	const rows = 20_000
	client := newClient(t, shop(startServer(t), rows, 0))
	before, peak, read := live(), 0, 0

	for _, err := range client.Customers.All(t.Context(), xclade.ListCustomersRequest{}) {
		require.NoError(t, err)
		read++
		if read%1000 == 0 {
			peak = max(peak, live())
		}
	}

	assert.Equal(t, rows, read)
	t.Logf("%d KiB above the start", (peak-before)/1024)
	assert.Less(t, peak-before, 8<<20) // pages have 1,000 rows
}

func complete(got, want int) error {
	if got != want {
		return fmt.Errorf("%d rows of %d", got, want)
	}
	return nil
}
