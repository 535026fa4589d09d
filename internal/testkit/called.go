package testkit

import (
	"context"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/souk-go/souk"
)

// Called notes which operations a contract suite has carried out.
type Called struct {
	mu        sync.Mutex
	succeeded []string
}

// Observer returns what notes the calls of a client.
func (c *Called) Observer() *souk.Observer {
	return &souk.Observer{CallEnd: func(_ context.Context, call souk.Call, err error) {
		if err != nil {
			return
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		if operation := call.Method + " " + call.Route; !slices.Contains(c.succeeded, operation) {
			c.succeeded = append(c.succeeded, operation)
		}
	}}
}

// RequireAll fails the test, at its end, for each operation in dir's operations.txt
// that did not succeed once. except names operations that cannot, and why: it is an
// error if one did, or is not in the list.
func (c *Called) RequireAll(t testing.TB, dir string, except map[string]string) {
	t.Helper()
	listed, err := listedOperations(filepath.Join(dir, "operations.txt"), "")
	if err != nil {
		t.Fatalf("testkit: %v", err)
	}
	t.Cleanup(func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		covered := 0
		for _, operation := range listed {
			switch done, excepted := slices.Contains(c.succeeded, operation), except[operation] != ""; {
			case done && excepted:
				t.Errorf("%s succeeded, and is an exception: %s", operation, except[operation])
			case !done && !excepted:
				t.Errorf("%s did not succeed once", operation)
			case done:
				covered++
			}
		}
		for operation := range except {
			if !slices.Contains(listed, operation) {
				t.Errorf("%s is an exception, but not in operations.txt", operation)
			}
		}
		t.Logf("the contract suite carries out %d of %d operations", covered, len(listed))
	})
}
