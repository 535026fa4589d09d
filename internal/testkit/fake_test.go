package testkit_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// fakeT is a test that may fail.
type fakeT struct {
	testing.TB
	mu       sync.Mutex
	errors   []string
	logs     []string
	cleanups []func()
}

func (f *fakeT) Helper() {}

func (f *fakeT) Errorf(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.errors = append(f.errors, fmt.Sprintf(format, args...))
}

func (f *fakeT) Logf(format string, args ...any) {
	f.logs = append(f.logs, fmt.Sprintf(format, args...))
}

type fatal string

func (f *fakeT) Fatalf(format string, args ...any) { panic(fatal(fmt.Sprintf(format, args...))) }

func (f *fakeT) Cleanup(c func()) { f.cleanups = append(f.cleanups, c) }

// text is everything that failed, those of Cleanup included when end is true.
func (f *fakeT) text(end bool) string {
	if end {
		for _, c := range f.cleanups {
			c()
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return strings.Join(f.errors, "\n")
}

// fatally is the text of the Fatalf in f.
func fatally(f func()) (text string) {
	defer func() {
		if r, ok := recover().(fatal); ok {
			text = string(r)
		}
	}()
	f()
	return ""
}
