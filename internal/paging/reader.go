package paging

import (
	"context"
	"hash/maphash"
	"slices"
)

// reader reads one page after the other and sees to it that no row is lost and
// none comes twice.
type reader[T, Q any] struct {
	walk    Walk[T, Q]
	cursors cursors
	known   window
	total   int // of the page accepted last
	idle    int // pages in a row without a new row
}

func newReader[T, Q any](w Walk[T, Q]) *reader[T, Q] {
	return &reader[T, Q]{
		walk:    w,
		cursors: cursors{seed: maphash.MakeSeed(), used: make(map[uint64]struct{})},
		known:   window{ids: make(map[string]struct{})},
	}
}

// read fetches the page that q asks for, or an earlier one if rows have moved
// there, and returns it with its new rows only.
func (r *reader[T, Q]) read(ctx context.Context, q Q) (Page[T, Q], error) {
	if r.walk.Cursor != nil && !r.cursors.use(r.walk.Cursor(q)) {
		return Page[T, Q]{}, &Error{Problem: CursorLoop}
	}
	page, err := r.fetch(ctx, q)
	if err != nil {
		return Page[T, Q]{}, err
	}
	if r.shrunk(page) {
		page, err = r.stepBack(ctx, q, page)
		if err != nil {
			return Page[T, Q]{}, err
		}
	}
	return r.accept(page)
}

func (r *reader[T, Q]) fetch(ctx context.Context, q Q) (Page[T, Q], error) {
	if err := ctx.Err(); err != nil {
		return Page[T, Q]{}, err
	}
	return r.walk.Fetch(ctx, q)
}

// shrunk reports whether rows may have moved from this page to an earlier one.
// New rows come in at the front, so as long as the total has not fallen since
// the last page, at least as many rows were added there as were deleted. An
// empty page without a total may lie behind the end of a list that has shrunk.
func (r *reader[T, Q]) shrunk(page Page[T, Q]) bool {
	if r.walk.Previous == nil || r.walk.ID == nil || r.walk.Cursor != nil || r.total <= 0 {
		return false
	}
	if page.Total <= 0 {
		return len(page.Items) == 0
	}
	return page.Total < r.total
}

// stepBack fetches the pages before q until one joins on to the rows that came
// already. It does if it shows one of them, or if it begins as many rows before
// q as the total has fallen, since no row has moved up by more. The first page
// always does.
func (r *reader[T, Q]) stepBack(ctx context.Context, q Q, page Page[T, Q]) (Page[T, Q], error) {
	rows := 0 // between the beginning of page and that of q, at least
	for r.total-page.Total > rows && !slices.ContainsFunc(page.Items, r.cameBefore) {
		previous, ok := r.walk.Previous(q)
		if !ok {
			break
		}
		var err error
		page, err = r.fetch(ctx, previous)
		if err != nil {
			return Page[T, Q]{}, err
		}
		rows += len(page.Items)
		q = previous
	}
	return page, nil
}

func (r *reader[T, Q]) cameBefore(item T) bool {
	return r.known.has(r.walk.ID(item))
}

// accept keeps the new rows of page and notes that they came.
func (r *reader[T, Q]) accept(page Page[T, Q]) (Page[T, Q], error) {
	rows := len(page.Items)
	if r.walk.ID != nil {
		page.Items = r.fresh(page.Items)
	}
	grew := r.total > 0 && page.Total > r.total
	r.total = page.Total

	switch {
	case len(page.Items) > 0:
		r.idle = 0
	case rows > 0 && !grew, rows == 0 && r.walk.Cursor == nil:
		r.idle++
	}
	if page.More && r.idle > remembered {
		return Page[T, Q]{}, &Error{Problem: NoProgress}
	}
	return page, nil
}

func (r *reader[T, Q]) fresh(items []T) []T {
	fresh := make([]T, 0, len(items))
	for _, item := range items {
		if r.known.add(r.walk.ID(item)) {
			fresh = append(fresh, item)
		}
	}
	r.known.keep(remembered * len(items))
	return fresh
}
