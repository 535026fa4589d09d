package paging

import (
	"context"
	"runtime"
)

// ahead is a page being read in a goroutine of its own.
type ahead[T, Q any] struct {
	done <-chan outcome[T, Q]
}

// outcome is what became of a read. None is sent if it ended in Goexit.
type outcome[T, Q any] struct {
	page     Page[T, Q]
	err      error
	panicked any
}

func readAhead[T, Q any](ctx context.Context, r *reader[T, Q], q Q) ahead[T, Q] {
	done := make(chan outcome[T, Q], 1)
	go func() {
		defer close(done)
		defer func() {
			if v := recover(); v != nil {
				done <- outcome[T, Q]{panicked: v}
			}
		}()
		page, err := r.read(ctx, q)
		done <- outcome[T, Q]{page: page, err: err}
	}()
	return ahead[T, Q]{done: done}
}

// wait returns the page, and ends the caller the way the read ended.
func (a ahead[T, Q]) wait() (Page[T, Q], error) {
	got, ok := <-a.done
	if !ok {
		runtime.Goexit()
	}
	if got.panicked != nil {
		panic(got.panicked)
	}
	return got.page, got.err
}

// drop waits for the end of a read whose page nobody wants any more. A panic
// is not swallowed, though.
func (a ahead[T, Q]) drop() {
	if a.done == nil {
		return
	}
	for got := range a.done {
		if got.panicked != nil {
			panic(got.panicked)
		}
	}
}
