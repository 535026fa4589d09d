package paging

import (
	"cmp"
	"context"
	"strings"
)

// Keyset is a list in the order of its ids, of which the server can be asked for
// the rows behind an id. It neither loses nor repeats a row, also after a resume. The
// server decides which id is behind another; some databases ignore letter case.
type Keyset[T any] struct {
	// Fetch reads the first page of the rows whose id is greater than after. The
	// empty id is before all others.
	Fetch func(ctx context.Context, after string) (Batch[T], error)
	// ID returns the id of a row.
	ID func(*T) string
}

func (l Keyset[T]) open(h hasher, m mark) (source[T], bool) {
	return &keyset[T]{list: l, h: h, after: m.key, came: m.count, known: newKnown(nil)}, m.way == 0 || m.way == byID
}

type keyset[T any] struct {
	list  Keyset[T]
	h     hasher
	after string
	came  int // rows up to after
	known *known
	progress
}

func (s *keyset[T]) close() {}

func (s *keyset[T]) read(ctx context.Context, _ <-chan struct{}) (step[T], error) {
	b, err := complete(
		func() (Batch[T], error) { return s.list.Fetch(ctx, s.after) },
		func(b Batch[T]) *Error {
			if b.More && b.Next == "" && len(b.Rows) < max(b.Size, 1) {
				return shortPage(len(b.Rows))
			}
			return nil
		},
	)
	if err != nil {
		return step[T]{}, err
	}
	all := rowsOf(s.h, s.list.ID, b)
	if b.Next == "" && !ascending(all, strings.Compare) && !ascending(all, compareFolded) {
		return step[T]{}, &Error{Problem: Disorder}
	}
	rows := fresh(s.known, all)
	if e := s.note(lapOf(all), len(all), len(rows), false); e != nil {
		return step[T]{}, e
	}
	if b.Next == "" && goesBack(s.after, rows) {
		return step[T]{}, &Error{Problem: Disorder}
	}
	after, came := s.after, s.came
	s.after, s.came = cmp.Or(b.Next, lastID(all, after)), came+len(rows)
	total := -1
	if b.Total >= 0 {
		total = came + b.Total
	}
	return step[T]{rows: rows, more: b.More, total: total, behind: func(n int) mark {
		return mark{way: byID, key: lastID(rows[:n], after), count: came + n}
	}}, nil
}

// goesBack reports whether the new rows of a page begin before the id that they must
// follow. Such a list would begin again and again.
func goesBack[T any](after string, rows []row[T]) bool {
	for _, r := range rows {
		if r.id != "" {
			return strings.Compare(r.id, after) < 0 && compareFolded(r.id, after) < 0
		}
	}
	return false
}

// compareFolded compares ids in any letter case.
func compareFolded(a, b string) int {
	return cmp.Or(strings.Compare(strings.ToLower(a), strings.ToLower(b)), strings.Compare(a, b))
}
