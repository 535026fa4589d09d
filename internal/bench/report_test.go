package bench

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var (
	reporting = flag.Bool("report", false, "measure, and print the tables of docs/performance.md; with -short a small part, to see that it works")
	callsOnly = flag.Bool("calls", false, "with -report: single calls only")
)

// TestReport measures the SDK beside the twin and prints the tables. Nothing is asserted
// of times.
func TestReport(t *testing.T) { //nolint:paralleltest // measures the process
	if !*reporting {
		t.Skip("for go test ./internal/bench -run Report -report")
	}
	size := whole
	if testing.Short() {
		size = small
	}
	server := startServer(t)
	if *callsOnly {
		size.callsTable(t, server)
		return
	}
	fmt.Printf("%s, %s/%s, %d processors, %s; load average %s\n\n",
		runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), processor(), load())
	size.callsTable(t, server)
	size.walksTable(t, server)
	if !testing.Short() {
		fmt.Printf("With `GOEXPERIMENT=jsonv2`, for the SDK and the twin:\n\n%s\n", strings.TrimSpace(otherBuild(t))+"\n")
	}
	fmt.Printf("Load average at the end: %s\n", load())
}

// extent is how much is measured.
type extent struct {
	each  time.Duration // for each pair of calls
	pages int           // of a listing
	rows  int           // of a long list
	turns int           // of the listings
}

var (
	whole = extent{each: 3 * time.Second, pages: 100, rows: 1_000_000, turns: 3}
	small = extent{each: 50 * time.Millisecond, pages: 5, rows: 2_000, turns: 1}
)

// callsTable measures single calls.
func (e extent) callsTable(t *testing.T, server string) {
	t.Helper()
	fmt.Println("| | create: time | allocations | page: time | bytes | 64 goroutines: calls per second | connections |")
	fmt.Println("| --- | --- | --- | --- | --- | --- | --- |")
	for _, v := range vendors {
		create, page := creating(t, v, server), paging(t, v, server)
		createCost, createTwin := create.costs(t)
		pageCost, pageTwin := page.costs(t)
		createTime := e.ratio(t, create, 20)
		pageTime := e.ratio(t, page, 5)
		ofSouk, ofTwin := startServer(t), startServer(t)
		rate := 1 / e.ratio(t, inParallel(t, v, ofSouk, ofTwin), 1)
		fmt.Printf("| `%s` | %.2f | %.2f | %.2f | %.2f | %.2f | %d |\n", v.name,
			createTime, createCost.allocs/createTwin.allocs, pageTime, pageCost.bytes/pageTwin.bytes, rate, connections(t, ofSouk)-1)
	}
	fmt.Println()
}

// ratio is the SDK's time by the twin's.
func (e extent) ratio(t *testing.T, p pair, runs int) float64 {
	t.Helper()
	return medianRatio(p.times(t, runs, e.each, 3))
}

// walksTable measures whole lists.
func (e extent) walksTable(t *testing.T, server string) {
	t.Helper()
	fmt.Printf("| | rows of a page, kB | %d pages by the best there is | the twin | heap of %d rows, MiB |\n", e.pages, e.rows)
	fmt.Println("| --- | --- | --- | --- | --- |")
	for _, v := range vendors {
		base := v.shop(server, e.pages*v.listed(), latency)
		p := pair{souk: listing(t, v.souk(t, base, nil), v, e.pages), twin: listing(t, v.twin(base, nil), v, e.pages)}
		souk, twin := p.times(t, 1, 0, e.turns)
		best := float64(bestListing(e.pages))
		kB := len(v.serve(pageRequest(v.listed()), stock{v.listed()}).body) / 1000
		fmt.Printf("| `%s` | %d, %d | %.3f | %.3f | %.1f |\n", v.name, v.listed(), kB,
			median(souk)/best, median(twin)/best, heapOfWalk(t, v, server, e.rows, "walk")/(1<<20))
	}
	fmt.Println()
}

// otherBuild returns the table of single calls of a build with the new encoding/json.
func otherBuild(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "jsonv2")
	command := exec.Command("go", "test", "-c", "-o", path, ".")
	command.Env = append(os.Environ(), "GOEXPERIMENT=jsonv2")
	output, err := command.CombinedOutput()
	require.NoError(t, err, "%s", output)
	output, err = exec.Command(path, "-test.run", "^TestReport$", "-report", "-calls").Output()
	require.NoError(t, err)
	table, _, _ := strings.Cut(string(output), "PASS")
	return table
}

// load is the load average of the machine, where it is known.
func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Join(strings.Fields(string(text))[:3], " ")
}

// processor is the name of the processor, where it is known.
func processor() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	_, name, _ := strings.Cut(string(text), "model name\t: ")
	name, _, _ = strings.Cut(name, "\n")
	return name
}
