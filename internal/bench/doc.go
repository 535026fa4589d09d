// Package bench measures the SDK beside hand-written clients of the same APIs, the
// twins: what a careful programmer writes for one program with net/http and
// encoding/json. It holds nothing but tests and benchmarks.
//
//	scripts/bench
//
// The tests assert what is the same in every run: allocations, bytes, connections,
// goroutines, and how long a walk takes on a clock that only the server and the
// caller's own work move. Times of the machine's clock are for the report and the
// benchmarks alone. The servers run in processes of their own, so that none of their
// work is counted.
package bench
