package paging

import (
	"context"
	"slices"
)

// shrunk reports whether rows may have moved from this page to an earlier one.
// New rows come in at the front, so as long as the total has not fallen since the
// page before, at least as many rows were added there as were deleted.
func (s *numbers[T]) shrunk(p sheet[T]) bool {
	return s.list.ID != nil && p.Total >= 0 && p.Total < s.total
}

// stepBack reads the pages before p until one joins on to the rows that came. It
// does if it shows one of them, or if it begins as many rows before p as the total
// has fallen, since no row has moved up by more. The first page always does.
func (s *numbers[T]) stepBack(ctx context.Context, p sheet[T]) (sheet[T], error) {
	rows := 0 // between the beginnings of p and of the page that was to come, at least
	for p.number > 1 && s.total-p.Total > rows && !slices.ContainsFunc(p.rows, s.came) {
		var err error
		p, err = s.get(ctx, p.number-1)
		if err != nil {
			return sheet[T]{}, err
		}
		rows += len(p.rows)
	}
	return p, nil
}

func (s *numbers[T]) came(r row[T]) bool { return s.known.has(r.sum) }
