package bench

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/souk-go/souk/xclade"
)

// BenchmarkPage reads a page of 100 customers.
func BenchmarkPage(b *testing.B) {
	p := paging(b, 0)
	p.compare(b, 20)
	p.reportCosts(b)
}

// BenchmarkPageWithRoom lets the twin set room aside for the rows that it asks
// for, as the SDK does.
func BenchmarkPageWithRoom(b *testing.B) {
	p := paging(b, 100)
	p.compare(b, 20)
	p.reportCosts(b)
}

// pagesOfTurn makes a turn long enough that it does not matter that the other
// process has had the caches before.
const pagesOfTurn = 300

// BenchmarkPageJSONv2 reads a page of 100 customers with a build of each
// encoding/json, in turn. The time-ratio is that of the new one to the old one.
func BenchmarkPageJSONv2(b *testing.B) {
	base := shop(startServer(b), 100, 0)
	v1 := start(b, build(b, "nojsonv2"), "pages", base)
	v2 := start(b, build(b, "jsonv2"), "pages", base)
	pages := func(p *process) func() error {
		return func() error {
			p.ask(b, strconv.Itoa(pagesOfTurn))
			return nil
		}
	}
	newTimes, oldTimes := pair{pages(v2), pages(v1)}.times(b, 1)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(medianRatio(newTimes, oldTimes), "time-ratio")
	b.ReportMetric(median(newTimes)/1e3/pagesOfTurn, "v2-µs")
	b.ReportMetric(median(oldTimes)/1e3/pagesOfTurn, "v1-µs")
}

func TestPageTakesAtMostATwentiethMoreMemoryThanTheTwin(t *testing.T) { //nolint:paralleltest // counts the allocations of the process
	skipUnderRace(t)

	souk, twin := paging(t, 0).costs(t)

	t.Logf("souk %.0f allocations, %.0f bytes; twin %.0f, %.0f", souk.allocs, souk.bytes, twin.allocs, twin.bytes)
	assert.LessOrEqual(t, souk.bytes, 1.05*twin.bytes)
}

func paging(tb testing.TB, room int) pair {
	tb.Helper()
	base := shop(startServer(tb), 100, 0)
	client, twin := newClient(tb, base), newTwin(base)
	twin.room = room
	return pair{
		souk: func() error {
			_, err := client.Customers.List(tb.Context(), xclade.ListCustomersRequest{Limit: 100})
			return err
		},
		twin: func() error {
			_, err := twin.list(tb.Context(), 100, "")
			return err
		},
	}
}

// build builds these tests with an experiment of the toolchain.
func build(b *testing.B, experiment string) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), experiment)
	command := exec.Command("go", "test", "-c", "-o", path, ".")
	command.Env = append(os.Environ(), "GOEXPERIMENT="+experiment)
	output, err := command.CombinedOutput()
	require.NoError(b, err, "%s", output)
	return path
}

// workPages is the process that reads as many pages as each line asks for.
func workPages() {
	client := must(xclade.NewClient(xclade.Config{BaseURL: os.Args[1], Token: "token"}))
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		for range must(strconv.Atoi(lines.Text())) {
			must(client.Customers.List(context.Background(), xclade.ListCustomersRequest{Limit: 100}))
		}
		fmt.Println("done")
	}
}
