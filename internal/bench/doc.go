// Package bench measures the SDK beside a hand-written client of the same API,
// the twin: what a careful programmer writes for one program with net/http and
// encoding/json. It holds nothing but tests and benchmarks.
//
//	go test -run '^$' -bench . -benchtime 10s ./internal/bench
//
// The tests assert what is the same in every run: allocations, bytes,
// connections, goroutines. Times are for the benchmarks alone. The server runs
// in a process of its own, so that none of its work is counted.
package bench
