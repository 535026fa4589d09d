// Package matrix gives every operation of every vendor every kind of answer, in
// memory and over TCP, and compares what the caller was told with what stands in
// the store afterwards. It holds nothing but tests, and writes docs/faults.md:
//
//	go test ./internal/matrix -update
package matrix
