package souk

import (
	"context"
	"iter"

	"github.com/souk-go/souk/internal/percall"
)

// Walk goes through a list row by row, and says where it stands, so that another
// walk can go on from there: after an error, or in another process. The Walk methods
// of the vendors' packages make it. The first call of All sends the first request.
//
//	walk := client.Customers.Walk(shopline.ListCustomersRequest{}, saved) // "" is the beginning
//	for customer, err := range walk.All(ctx) {
//		if err != nil {
//			return err // start again later, from the position that was saved last
//		}
//		if err := export(customer); err != nil {
//			return err
//		}
//		save(walk.Position()) // now and then
//	}
//
// # Positions
//
// A position is the place behind a row. A row whose turn of the loop has not ended,
// because the loop was left in it or the process died, comes again. So a program
// that saves the position now and then, after it has dealt with the rows before it,
// misses none.
//
// Every row comes that was in the list all the time and kept its place in the order:
// once within one loop, and at least once in the loops that go on from one another's
// positions. Which rows come again there depends on the list:
//
//   - None where the server sorts by ids that ascend, as xclade does by default.
//   - None where a cursor names the next page, unless the last 100 rows have gone.
//   - Those of the last day, at most, where the list is narrowed to days, as Salla's
//     customers are.
//   - Elsewhere those of some pages, and all where none of the last 100 rows can be
//     found.
//
// Rows without ids, and rows in an order that changes, have nothing to be found by.
// A position in such a list is the number of a page; it misses rows that moved to an
// earlier page meanwhile. The comment of the Walk method says so.
//
// A position is opaque. It is for the same vendor, store, version, list and filter
// only; the size of the pages may be another. It is at most 1 KiB long, or 4 KiB
// where the list has cursors. It holds times, ids, hashes of ids and the vendor's
// cursor, and no credential. A cursor may hold the filter, so that a filter by e-mail
// address makes the position personal data.
type Walk[T any] struct {
	rows WalkRows[T]
}

// WalkRows are what a [Walk] goes through. Its methods do what those of Walk say; the
// context that All is given holds no settings of one call.
type WalkRows[T any] interface {
	All(ctx context.Context) iter.Seq2[*T, error]
	Position() string
	Total() int
}

// NewWalk returns a walk through rows. The vendors' packages make theirs with it, and
// a test can make one without a vendor.
func NewWalk[T any](rows WalkRows[T]) *Walk[T] { return &Walk[T]{rows: rows} }

// All returns the rows behind the position, in the vendor's order, for one loop at a
// time. A further call goes on from Position.
//
// A row that cannot be read comes as an error in place of the row, and the loop goes
// on. Any other error comes last: of a call, of ctx, or of a list that the server cut
// short. All can be called again after it.
//
// A position that was cut or changed, or is of another list, is the first thing that
// All yields, as [ErrInvalid], and so is a cursor in it that the vendor does not take
// any more. Begin anew then, with an empty position.
//
// The next page is requested while the rows of this one are yielded. When the loop
// ends, that request is cancelled, and nothing is left running. What [WithHeader] and
// its like put into ctx is for one call, and holds for none of a walk's.
func (w *Walk[T]) All(ctx context.Context) iter.Seq2[*T, error] {
	if w == nil || w.rows == nil {
		return func(yield func(*T, error) bool) {
			yield(nil, &Error{Err: ErrInvalid, Message: "the walk was not made by a Walk method"})
		}
	}
	if ctx != nil && percall.From(ctx).NilContext {
		ctx = nil // as the caller had it
	}
	if ctx != nil {
		ctx = percall.Without(ctx)
	}
	return w.rows.All(ctx)
}

// Position returns the place behind the last row whose turn of the loop has ended.
// In the loop that is the row before the present one, behind the loop the last row
// that was not left by break or return. Until such a row came it is the position that
// the walk began with. Position can be called at any time, from any goroutine.
func (w *Walk[T]) Position() string {
	if w == nil || w.rows == nil {
		return ""
	}
	return w.rows.Position()
}

// Total returns the number of rows in the whole list as the vendor counted them last,
// and -1 as long as that is unknown. It is for showing progress: rows may come and go
// meanwhile, and some vendors count to a limit. Total can be called at any time, from
// any goroutine.
func (w *Walk[T]) Total() int {
	if w == nil || w.rows == nil {
		return -1
	}
	return w.rows.Total()
}
