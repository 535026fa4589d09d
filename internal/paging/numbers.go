package paging

import (
	"context"
	"slices"
	"time"
)

// Numbers is a list of numbered pages. Rows that are added push others to later
// pages, where they are known and dropped. Rows that are deleted pull others to
// earlier pages, which have been read: a total that falls gives that away, and the
// page before is read again. This holds as long as new rows come in at the front.
// Without a total, rows that moved to an earlier page are missed.
type Numbers[T any] struct {
	// Fetch reads a page; the first one is 1. Where the server does not say
	// whether another page follows, More is true until a page is empty, and
	// Total is less than zero.
	Fetch func(ctx context.Context, page int) (Batch[T], error)
	// ID returns the id of a row. It is nil where rows have none; then nothing is
	// known of a row that moved, and a resume begins with the page that was being
	// read.
	ID func(*T) string
	// Moves says that rows change their order. Then a resume begins with the page
	// that was being read, too.
	Moves bool
	// Created and Until are set where the server can be asked for the rows that
	// were created at a time or before. Then a resume asks for those, if the rows
	// of every page came in falling order of their times, and so many fell that it
	// is no chance. Created returns the zero time where a row has none.
	Created func(*T) time.Time
	Until   func(ctx context.Context, page int, t time.Time) (Batch[T], error)
}

func (l Numbers[T]) open(h hasher, m mark) (source[T], bool) {
	s := l.source(h, newKnown(m.last))
	s.resume = m
	return s, m.way == 0 || m.way == s.way
}

func (l Numbers[T]) source(h hasher, k *known) *numbers[T] {
	s := &numbers[T]{list: l, h: h, way: byNumber, fetch: l.Fetch, page: 1, total: -1, calm: remembered, known: k}
	if l.ID == nil || l.Moves {
		s.way = byNumberOnly
	}
	return s
}

type numbers[T any] struct {
	list   Numbers[T]
	h      hasher
	way    way
	fetch  func(ctx context.Context, page int) (Batch[T], error)
	until  time.Time // fetch reads the rows up to then, or all if it is zero
	page   int       // the next one
	total  int       // with the page before, less than zero where that is unknown
	calm   int       // pages since the total changed
	resume mark      // where to go on, until that is found
	rising bool      // some page did not fall in time
	falls  int       // rows that are older than the one before
	sorted bool      // the server is known to sort by time, the youngest row first
	seen   []uint64  // digests of the last pages, where rows have no ids
	known  *known
	progress
}

// sheet is a page that was read.
type sheet[T any] struct {
	Batch[T]
	number int
	rows   []row[T]
	begun  int // rows that came in an earlier walk
}

func (s *numbers[T]) close() {}

func (s *numbers[T]) read(ctx context.Context, _ <-chan struct{}) (step[T], error) {
	p, err := s.next(ctx)
	if err != nil {
		return step[T]{}, err
	}
	return s.accept(p)
}

// next returns the page to go on with.
func (s *numbers[T]) next(ctx context.Context) (sheet[T], error) {
	m := s.resume
	s.resume = mark{}
	switch {
	case m.way == 0:
	case s.way == byNumberOnly:
		return s.again(ctx, m)
	default:
		return s.join(ctx, m)
	}
	p, err := s.get(ctx, s.page)
	if err != nil || !s.shrunk(p) {
		return p, err
	}
	return s.stepBack(ctx, p)
}

// get reads a page.
func (s *numbers[T]) get(ctx context.Context, number int) (sheet[T], error) {
	return complete(func() (sheet[T], error) {
		b, err := s.fetch(ctx, number)
		if err != nil {
			return sheet[T]{}, err
		}
		return sheet[T]{Batch: b, number: number, rows: rowsOf(s.h, s.list.ID, b)}, nil
	}, sheet[T].wrong)
}

// wrong returns what a page lacks that it promises.
func (p sheet[T]) wrong() *Error {
	n := len(p.Rows)
	switch {
	case p.More && n < max(p.Size, 1):
		return shortPage(n)
	case !p.More && p.Size > 0 && int64(p.number-1)*int64(p.Size)+int64(n) < int64(p.Total):
		return &Error{Problem: CutList}
	}
	return nil
}

// accept returns the new rows of a page.
func (s *numbers[T]) accept(p sheet[T]) (step[T], error) {
	resumed := s.known.resumed()
	rows := fresh(s.known, p.rows[p.begun:])
	came := len(rows)
	if s.list.ID == nil {
		came = s.unlike(p)
	}
	if s.calm++; s.total >= 0 && p.Total != s.total {
		s.calm = 0
	}
	if e := s.note(lapOf(p.rows), len(p.rows), came, resumed || s.calm < remembered); e != nil && p.More {
		return step[T]{}, e
	}
	s.page, s.total = p.number+1, p.Total
	s.compare(p)
	return step[T]{rows: rows, more: p.More, total: p.Total, behind: s.behind(p, rows)}, nil
}

// unlike returns how many rows of a page without ids are new as far as that can be
// known: all, or none if it is one of the last pages once more.
func (s *numbers[T]) unlike(p sheet[T]) int {
	d := digest(s.h, p.rows)
	if slices.Contains(s.seen, d) {
		return 0
	}
	s.seen = append(s.seen, d)
	s.seen = s.seen[max(0, len(s.seen)-remembered):]
	return len(p.rows)
}

// behind returns the places behind the new rows of a page.
func (s *numbers[T]) behind(p sheet[T], rows []row[T]) func(n int) mark {
	h, way, until, created := s.h, s.way, s.until, s.list.Created
	falling, window := !s.rising && s.falls >= enoughFalls, maxAnchors/2
	if s.sorted {
		falling, window = !s.rising, 1
	}
	return func(n int) mark {
		read := rows[n-1].index + 1 // of the page
		switch {
		case way == byNumberOnly && read == len(p.Rows) && p.More:
			return mark{way: way, number: p.number + 1}
		case way == byNumberOnly:
			return mark{way: way, number: p.number, count: read, digest: digest(h, p.rows[:read])}
		}
		if t := youngest(created, rows[:n], window); !t.IsZero() && falling {
			return mark{way: way, number: 1, size: len(p.Rows), total: -1, time: t}
		}
		return mark{way: way, number: p.number, count: read, size: len(p.Rows), total: p.Total, time: until}
	}
}

// enoughFalls is how many rows that are older than the one before show that the
// server sorts by their times, and not by something that agreed with them so far.
const enoughFalls = 10

// compare notes whether each row of a page is older than the one before, or younger.
func (s *numbers[T]) compare(p sheet[T]) {
	if s.list.Created == nil {
		return
	}
	var last time.Time
	for _, r := range p.rows {
		if r.item == nil {
			continue
		}
		t := s.list.Created(r.item)
		switch {
		case last.IsZero():
		case t.After(last):
			s.rising = true
		case t.Before(last):
			s.falls++
		}
		last = t
	}
}

// youngest returns when the youngest of the last rows was created that could be read, of
// so many of them, or the zero time. If one row is out of order, its time alone would
// leave out rows behind it.
func youngest[T any](created func(*T) time.Time, rows []row[T], window int) (last time.Time) {
	for i := len(rows) - 1; i >= 0 && window > 0 && created != nil; i-- {
		if rows[i].item == nil {
			continue
		}
		if t := created(rows[i].item); t.After(last) {
			last = t
		}
		window--
	}
	return last
}
