package paging

import (
	"context"
	"slices"
	"time"
)

// join returns a page that shows one of the rows that came last. It looks at the
// page where that was, then where the total points, then eight pages on. Without
// such a page the list starts again.
func (s *numbers[T]) join(ctx context.Context, m mark) (sheet[T], error) {
	if !m.time.IsZero() && s.list.Until != nil {
		s.until = m.time
		s.fetch = func(ctx context.Context, page int) (Batch[T], error) { return s.list.Until(ctx, page, m.time) }
	}
	there, err := s.get(ctx, max(m.number, 1))
	if err != nil || s.shows(there) {
		return there, err
	}
	from := there.points(m)
	last := from + remembered
	if !there.More {
		last = min(last, there.number)
	}
	for number := from; number <= last; number++ {
		if number == there.number {
			continue
		}
		p, err := s.get(ctx, number)
		if err != nil || s.shows(p) {
			return p, err
		}
		if !p.More {
			break
		}
	}
	if there.number == 1 && s.until.IsZero() {
		return there, nil
	}
	s.fetch, s.until = s.list.Fetch, time.Time{}
	return s.get(ctx, 1)
}

func (s *numbers[T]) shows(p sheet[T]) bool {
	return slices.ContainsFunc(p.rows, func(r row[T]) bool { return s.known.anchored(r.sum) })
}

// points returns the page before the first one that can show the last row that
// came: at least as many rows were added in front of it as the list grew by.
func (p sheet[T]) points(m mark) int {
	size := p.Size
	if size <= 0 {
		size = max(len(p.Rows), m.size, 1)
	}
	place := int64(max(m.number, 1)-1)*int64(m.size) + int64(m.count)
	if m.total >= 0 && p.Total >= 0 {
		place += int64(p.Total) - int64(m.total)
	}
	return int(max(1, min((place-1)/int64(size), maxNumber-remembered)))
}

// again returns the page that was being read, without the rows that came of it if
// it still begins with them.
func (s *numbers[T]) again(ctx context.Context, m mark) (sheet[T], error) {
	p, err := s.get(ctx, max(m.number, 1))
	if err == nil && m.count <= len(p.rows) && digest(s.h, p.rows[:m.count]) == m.digest {
		p.begun = m.count
	}
	return p, err
}
