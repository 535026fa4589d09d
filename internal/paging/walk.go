package paging

import (
	"context"
	"iter"
)

// Page is one fetched page of a list of T, asked for with a request Q.
type Page[T, Q any] struct {
	// Items holds the rows in the vendor's order. It may be empty.
	Items []T
	// Next is the request of the following page. It counts only while More
	// is true.
	Next Q
	// More tells that another page follows. It is false at the vendor's end
	// mark, and only there.
	More bool
	// Total is the number of rows in the whole list as the server tells it
	// with this page. Zero or less: the server does not tell.
	Total int
}

// Walk describes how a list is read. Only Fetch is required.
type Walk[T, Q any] struct {
	// Fetch reads one page. It returns soon after ctx ends, since the walk
	// waits for it. It is never called twice at the same time.
	Fetch func(ctx context.Context, q Q) (Page[T, Q], error)

	// ID names a row. It is set where rows can move from page to page while
	// the list is read (page numbers, offsets), and makes the walk drop
	// repeats. A row whose id is empty is never taken for a repeat.
	ID func(T) string

	// Cursor returns what names the page in a request, empty for the first
	// page. It is set where the server hands out cursors, and makes a cursor
	// that comes a second time an error.
	Cursor func(Q) string

	// Previous returns the request of the page before the one q asks for, and
	// false if q asks for the first. It is set, together with ID, where pages
	// are numbered and Total is told. It must not be set where Total counts
	// the rows that are left (keysets), and is ignored where Cursor is set.
	Previous func(q Q) (Q, bool)
}

// All returns the rows of the list that begins at first, in the vendor's order.
//
// The first page is fetched in the caller's goroutine. From then on page n+1 is
// being fetched while the rows of page n are yielded, and page n+2 is not asked
// for before page n is used up. When the loop ends, for whatever reason, the
// fetch under way is cancelled and waited for.
//
// An error comes last and once, after all rows fetched before it. It is the
// error of Fetch, the error of ctx, or an [*Error]. If Fetch panics or calls
// runtime.Goexit, so does the loop.
//
// Every range over the sequence reads the list from first on.
func All[T, Q any](ctx context.Context, first Q, w Walk[T, Q]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		var next ahead[Page[T, Q]]
		defer func() {
			cancel()
			next.drop()
		}()

		r := newReader(w)
		page, err := r.read(ctx, first)
		for err == nil {
			if page.More {
				next = readAhead(func() (Page[T, Q], error) { return r.read(ctx, page.Next) })
			}
			for _, item := range page.Items {
				if !yield(item, nil) {
					return
				}
			}
			if !page.More {
				return
			}
			page, err = next.wait()
		}

		var none T
		yield(none, err)
	}
}
