package souktest

import (
	"context"
	"fmt"
)

// TestingT is the part of *testing.T that the tests of this package use.
type TestingT interface {
	Helper()
	Errorf(format string, args ...any)
	Cleanup(f func())
	Context() context.Context
}

// part is a part of a test. Its name is put before its messages. If one part cannot go
// on, the next one still runs.
type part struct {
	TestingT
	name string
}

// givenUp is the panic that ends a part.
type givenUp struct{}

func runPart(t TestingT, name string, test func(t part)) {
	t.Helper()
	defer func() {
		if p := recover(); p != nil && p != (givenUp{}) {
			panic(p)
		}
	}()
	test(part{t, name})
}

func (p part) Errorf(format string, args ...any) {
	p.Helper()
	p.TestingT.Errorf("%s: %s", p.name, fmt.Sprintf(format, args...))
}

func (p part) Error(text string) {
	p.Helper()
	p.TestingT.Errorf("%s: %s", p.name, text)
}

// Fatalf ends the part. It is for the goroutine of the test.
func (p part) Fatalf(format string, args ...any) {
	p.Helper()
	p.Errorf(format, args...)
	panic(givenUp{})
}
