package paging

import "context"

// List is a list that is paged in one of the ways of this package.
type List[T any] interface {
	// open returns what reads the list from behind m on, and false if m is of a
	// list that is paged in another way. The zero mark is the beginning.
	open(h hasher, m mark) (source[T], bool)
}

// source reads a list step by step.
type source[T any] interface {
	// read returns the rows that come next. When free is closed, the page behind
	// them may be asked for as soon as its name is known, before read returns.
	read(ctx context.Context, free <-chan struct{}) (step[T], error)
	// close waits for what read has begun. Its context has ended by then.
	close()
}

// step is what one read brings.
type step[T any] struct {
	rows  []row[T] // those that have not come before
	more  bool     // there is something left to read, be it an error
	total int      // of the list, less than zero where that is unknown
	// behind returns the place behind the first n rows, of which there are some.
	behind func(n int) mark
}
