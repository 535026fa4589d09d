package paging

import "context"

// List is a list that is paged in one of the ways of this package.
type List[T any] interface {
	// open returns a source that reads the list after m, and false if m is of a list
	// that is paged in another way. The zero mark is the beginning.
	open(h hasher, m mark) (source[T], bool)
}

// source reads a list step by step.
type source[T any] interface {
	// read returns the next rows. When free is closed, the following page may be
	// requested as soon as its name is known, before read returns.
	read(ctx context.Context, free <-chan struct{}) (step[T], error)
	// close waits for what read has begun. Its context has ended by then.
	close()
}

// step is what one read brings.
type step[T any] struct {
	rows  []row[T] // those that have not come before
	more  bool     // there is something left to read, be it an error
	total int      // of the list, less than zero where that is unknown
	// behind returns the place after the first n rows; n is at least 1.
	behind func(n int) mark
}
