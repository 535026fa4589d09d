package paging

import (
	"context"
	"slices"
	"strings"
)

// Offset is a list in the order of its ids, of which the server can be asked for
// the rows from an offset on. Each page begins one row before its place. If that
// is not a row that came, rows before it have gone, and an earlier page is read:
// so no row is lost, and none comes twice, also after a resume. The total says
// only where the list ends.
type Offset[T any] struct {
	// Fetch reads at most limit rows behind so many others. Total is required.
	Fetch func(ctx context.Context, offset, limit int) (Batch[T], error)
	// ID returns the id of a row. Ids are compared byte by byte.
	ID func(*T) string
	// Limit is the number of rows that Fetch is asked for, instead of 0 and 1 the
	// number 2, since one of them came before.
	Limit int
}

func (l Offset[T]) open(h hasher, m mark) (source[T], bool) {
	return &offset[T]{list: l, h: h, next: m.number, last: m.key, known: newKnown(nil)}, m.way == 0 || m.way == byOffset
}

type offset[T any] struct {
	list  Offset[T]
	h     hasher
	next  int    // the offset of the next row
	last  string // the id of the last one
	known *known
	progress
}

func (s *offset[T]) close() {}

func (s *offset[T]) read(ctx context.Context, _ <-chan struct{}) (step[T], error) {
	at, b, all, err := s.overlap(ctx)
	if err != nil {
		return step[T]{}, err
	}
	more := b.Total-at > len(all)
	if !ascending(all, strings.Compare) {
		return step[T]{}, &Error{Problem: Disorder}
	}
	last := s.last
	rows := fresh(s.known, all[s.behindLast(all):])
	if e := s.note(lapOf(all), len(all), len(rows), false); e != nil && more {
		return step[T]{}, e
	}
	s.next, s.last = at+len(all), lastID(rows, last)
	return step[T]{rows: rows, more: more, total: b.Total, behind: func(n int) mark {
		return mark{way: byOffset, number: at + rows[n-1].index + 1, key: lastID(rows[:n], last)}
	}}, nil
}

// overlap reads the page that begins one row before the next one, or an earlier
// one that begins at or before the last row.
func (s *offset[T]) overlap(ctx context.Context) (at int, b Batch[T], all []row[T], err error) {
	at = max(s.next-1, 0)
	limit := s.list.Limit
	if limit >= 0 {
		limit = max(limit, 2)
	}
	for {
		b, err = complete(
			func() (Batch[T], error) { return s.list.Fetch(ctx, at, limit) },
			func(b Batch[T]) *Error {
				if n := len(b.Rows); b.Total-at > n && n < max(b.Size, 1) {
					return shortPage(n)
				}
				return nil
			},
		)
		if err != nil {
			return 0, b, nil, err
		}
		all = rowsOf(s.h, s.list.ID, b)
		if at == 0 || s.joins(all) {
			return at, b, all, nil
		}
		size := max(b.Size, len(all), 2)
		at = max(min(at, max(b.Total, 0))-(size-1), 0)
	}
}

// joins reports whether a page begins with a row that came, or before it.
func (s *offset[T]) joins(all []row[T]) bool {
	if len(all) == 0 {
		return false
	}
	return s.known.has(all[0].sum) || all[0].id != "" && all[0].id <= s.last
}

// behindLast returns the index behind the rows of a page that are not greater
// than the last one.
func (s *offset[T]) behindLast(all []row[T]) int {
	for i, r := range slices.Backward(all) {
		if r.id != "" && r.id <= s.last {
			return i + 1
		}
	}
	return 0
}

// ascending reports whether the rows are in the order of their ids.
func ascending[T any](all []row[T], compare func(a, b string) int) bool {
	last := ""
	for _, r := range all {
		if r.id == "" {
			continue
		}
		if compare(r.id, last) <= 0 {
			return false
		}
		last = r.id
	}
	return true
}
