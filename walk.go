package souk

import (
	"context"
	"iter"

	"github.com/souk-go/souk/internal/percall"
)

// Walk goes through a list row by row. It has a position, from which another walk can
// resume after an error or in another process. The Walk methods of the vendors'
// packages return one. No request is sent before All is called.
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
// A position is the place after a row. A row whose loop iteration did not end normally,
// because the loop was left or the process died, comes again. So a program that saves
// the position now and then, after it has processed the rows before it, misses none.
//
// Every row that was in the list all the time and kept its place in the order comes
// once within one loop, and at least once over all loops that resume from each other's
// positions. Which rows come again after a resume depends on the list:
//
//   - None if the server sorts by ascending ids, as xclade does by default.
//   - None if a cursor names the next page, unless the last 100 rows are gone.
//   - At most the rows of the last day if the list is read by days, as Salla's
//     customers are.
//   - Otherwise those of some pages, or all rows if none of the last 100 can be found.
//
// In a list of rows without ids, or in an order that changes, a position is the number
// of a page; a resume misses rows that moved to an earlier page. The comment of the
// Walk method says so.
//
// A position is opaque. It is valid for the same vendor, store, version, list and
// filter only; the page size may differ. It is at most 1 KiB long, or 4 KiB if the list
// has cursors. It holds times, ids, hashes of ids and the vendor's cursor, but no
// credential. A cursor may contain the filter, so a filter by e-mail address makes the
// position personal data.
type Walk[T any] struct {
	rows WalkRows[T]
}

// WalkRows is what a [Walk] goes through. Its methods are described at the methods of
// Walk. The context passed to its All holds no settings of a single call.
type WalkRows[T any] interface {
	All(ctx context.Context) iter.Seq2[*T, error]
	Position() string
	Total() int
}

// NewWalk returns a walk through rows. The vendors' packages use it; so can a test that
// needs a walk without a vendor.
func NewWalk[T any](rows WalkRows[T]) *Walk[T] { return &Walk[T]{rows: rows} }

// All returns the rows after the position, in the vendor's order. Only one loop may run
// at a time. A further call resumes at Position.
//
// A row that cannot be read is yielded as a [*RowError], and the loop goes on. Any
// other error is the last thing yielded: of a call, of ctx, or of a list that the
// server cut short. All can be called again after it.
//
// If the position was cut or changed, or is from another list, All yields [ErrInvalid]
// first. The same holds for a cursor that the vendor no longer accepts. Start again
// then, with an empty position.
//
// The next page is requested while the rows of the current one are yielded. When the
// loop ends, that request is cancelled, and nothing is left running. Settings that
// [WithHeader] and the like put into ctx do not apply to the calls of a walk.
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

// Position returns the place after the last row whose loop iteration ended normally.
// Inside the loop that is the row before the current one; after the loop, the last row
// that was not left by break or return. Before any such row it is the position that the
// walk began with. Position can be called at any time, from any goroutine.
func (w *Walk[T]) Position() string {
	if w == nil || w.rows == nil {
		return ""
	}
	return w.rows.Position()
}

// Total returns the number of rows in the whole list as the vendor last counted them,
// or -1 while that is unknown. Use it to show progress: rows may come and go meanwhile,
// and some vendors count up to a limit only. Total can be called at any time, from any
// goroutine.
func (w *Walk[T]) Total() int {
	if w == nil || w.rows == nil {
		return -1
	}
	return w.rows.Total()
}
