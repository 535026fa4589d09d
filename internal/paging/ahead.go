package paging

import "runtime"

// ahead is something being read in a goroutine of its own.
type ahead[R any] struct {
	done <-chan outcome[R]
}

// outcome is what became of a read. None is sent if it ended in Goexit.
type outcome[R any] struct {
	result   R
	err      error
	panicked any
}

func readAhead[R any](read func() (R, error)) ahead[R] {
	done := make(chan outcome[R], 1)
	go func() {
		defer close(done)
		defer func() {
			if v := recover(); v != nil {
				done <- outcome[R]{panicked: v}
			}
		}()
		result, err := read()
		done <- outcome[R]{result: result, err: err}
	}()
	return ahead[R]{done: done}
}

// wait returns the result, and ends the caller in the way in which the read ended.
func (a ahead[R]) wait() (R, error) {
	got, ok := <-a.done
	return settle(got, ok)
}

// settle does that with what done has sent.
func settle[R any](got outcome[R], ok bool) (R, error) {
	if !ok {
		runtime.Goexit()
	}
	if got.panicked != nil {
		panic(got.panicked)
	}
	return got.result, got.err
}

// drop waits for the end of a read whose result is no longer wanted. A panic is not
// swallowed.
func (a ahead[R]) drop() {
	if a.done == nil {
		return
	}
	for got := range a.done {
		if got.panicked != nil {
			panic(got.panicked)
		}
	}
}
