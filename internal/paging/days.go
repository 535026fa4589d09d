package paging

import (
	"context"
	"slices"
	"time"
)

// Days is a list of numbered pages, newest row first, of which the server lists at most
// a fixed number of rows, and that can be narrowed to a range of days. It is first read
// without dates. If it is too long, the range is halved until each part fits.
//
// Of a single day that is too long, all rows that the server lists are yielded. The
// walk goes on with the older days and ends with an error that names the day.
//
// A resume asks for the days up to the day of the last row.
type Days[T any] struct {
	// Fetch reads a page of the rows that were created on the days from first to
	// last, both inclusive, or of all rows if these are zero. Total is required.
	Fetch func(ctx context.Context, page int, first, last time.Time) (Batch[T], error)
	// ID returns the id of a row.
	ID func(*T) string
	// Day returns a time on the day on which a row was created, or on a later day if
	// that is in doubt, or the zero time if a row has none. Only its calendar date
	// counts.
	Day func(*T) time.Time
	// Cap is the largest number of rows that the server lists, and the highest total
	// that it states. Size is the size of the pages that Fetch asks for: a page that
	// reaches beyond Cap is not requested.
	Cap, Size int
	// First and Last are the days that hold the whole list, both inclusive.
	First, Last time.Time
}

func (l Days[T]) open(h hasher, m mark) (source[T], bool) {
	s := &days[T]{list: l, h: h, known: newKnown(m.last), full: m.full, resume: m, spans: []span{{}}}
	if !m.time.IsZero() {
		s.spans[0] = span{first: date(l.First), last: m.time}
	}
	return s, m.way == 0 || m.way == byDays
}

// span is a run of days, both inclusive, or the whole list if they are zero.
type span struct {
	first, last time.Time
	full        bool // it is a day that is too long
}

type days[T any] struct {
	list   Days[T]
	h      hasher
	spans  []span // to be read, the newest one last
	here   span   // the one that pages reads
	pages  *numbers[T]
	resume mark // where to go on in the first span
	full   []time.Time
	known  *known
}

func (s *days[T]) close() {}

func (s *days[T]) read(ctx context.Context, free <-chan struct{}) (step[T], error) {
	for s.pages == nil && len(s.spans) > 0 {
		if err := s.enter(ctx); err != nil {
			return step[T]{}, err
		}
	}
	switch {
	case s.pages != nil:
	case len(s.full) > 0:
		return step[T]{}, &Error{Problem: DayAtCap, Days: s.full, Cap: s.list.Cap}
	default:
		return step[T]{total: -1}, nil
	}
	got, err := s.pages.read(ctx, free)
	if err != nil {
		return step[T]{}, err
	}
	if !got.more {
		s.pages = nil
		got.more = true // older days, the error, or nothing
	}
	return s.dated(got), nil
}

// enter begins with the newest span, or halves it if it is too long.
func (s *days[T]) enter(ctx context.Context) error {
	here := s.spans[len(s.spans)-1]
	s.spans = s.spans[:len(s.spans)-1]
	b, err := s.fetch(ctx, here, 1)
	if err != nil {
		return err
	}
	if s.tooLong(b.Total) {
		if here.last.IsZero() {
			here.first, here.last = date(s.list.First), s.newest(b)
		}
		if here.first.Before(here.last) {
			s.halve(here)
			return nil
		}
		here.full = true
		if !slices.ContainsFunc(s.full, here.first.Equal) {
			s.full = append(slices.Clip(s.full), here.first)
		}
		if !s.dates(b) { // the server may not heed dates: then each day would be the whole list
			return &Error{Problem: DayAtCap, Days: s.full, Cap: s.list.Cap}
		}
	}
	if len(b.Rows) == 0 && !b.More {
		return nil
	}
	s.here, s.pages = here, s.pagesOf(here, b)
	return nil
}

func (s *days[T]) halve(p span) {
	nights := int(p.last.Sub(p.first) / (24 * time.Hour))
	middle := p.first.AddDate(0, 0, (nights+1)/2)
	s.spans = append(s.spans, span{first: p.first, last: middle.AddDate(0, 0, -1)}, span{first: middle, last: p.last})
}

// pagesOf returns what reads a span whose first page is there.
func (s *days[T]) pagesOf(here span, first Batch[T]) *numbers[T] {
	fetch := func(ctx context.Context, page int) (Batch[T], error) {
		b := first
		if page > 1 || len(first.Rows) == 0 {
			var err error
			if b, err = s.fetch(ctx, here, page); err != nil {
				return b, err
			}
		}
		first = Batch[T]{}
		return s.within(here, page, b)
	}
	pages := Numbers[T]{Fetch: fetch, ID: s.list.ID, Created: s.list.day}.source(s.h, s.known)
	pages.resume, s.resume = s.resume, mark{}
	pages.sorted = true
	return pages
}

// within checks a page of a span that fitted when it was entered.
func (s *days[T]) within(here span, page int, b Batch[T]) (Batch[T], error) {
	switch {
	case here.full:
		b.More = b.More && page < s.list.Cap/max(s.list.Size, 1)
		b.Total = -1 // it ends before that
	case s.tooLong(b.Total):
		return b, &Error{Problem: GrewToCap, First: here.first, Last: here.last, Cap: s.list.Cap}
	}
	return b, nil
}

// fetch reads a page of a span and checks that its rows are of these days. A day
// either way is left for differences of zones.
func (s *days[T]) fetch(ctx context.Context, here span, page int) (Batch[T], error) {
	b, err := s.list.Fetch(ctx, page, here.first, here.last)
	if err != nil || here.last.IsZero() {
		return b, err
	}
	for i := range b.Rows {
		day := s.list.day(&b.Rows[i])
		if !day.IsZero() && (day.Before(here.first.AddDate(0, 0, -1)) || day.After(here.last.AddDate(0, 0, 1))) {
			return b, &Error{Problem: OtherDays}
		}
	}
	return b, nil
}

// tooLong reports whether the server does not list so many rows whole.
func (s *days[T]) tooLong(total int) bool {
	size := max(s.list.Size, 1)
	return total >= s.list.Cap || (total+size-1)/size > s.list.Cap/size
}

// newest returns the last day of the list, of which b is the first page: Last, or a
// later day if there is such a row, because clocks differ.
func (s *days[T]) newest(b Batch[T]) time.Time {
	last := date(s.list.Last)
	for i := range b.Rows {
		if day := s.list.day(&b.Rows[i]); day.After(last) {
			last = day
		}
	}
	return last
}

// dates reports whether some row says when it was created.
func (s *days[T]) dates(b Batch[T]) bool {
	for i := range b.Rows {
		if !s.list.day(&b.Rows[i]).IsZero() {
			return true
		}
	}
	return false
}

// dated returns the step with places that hold a day.
func (s *days[T]) dated(got step[T]) step[T] {
	behind, here, full := got.behind, s.here, s.full
	if !here.last.IsZero() {
		got.total = -1
	}
	got.behind = func(n int) mark {
		m := behind(n)
		m.way, m.full = byDays, full
		if m.time.IsZero() && !here.last.IsZero() {
			m.time, m.total = here.last, -1
		}
		return m
	}
	return got
}

// day returns the day on which a row was created.
func (l Days[T]) day(row *T) time.Time { return date(l.Day(row)) }

// date returns the calendar date of t as midnight in UTC, and the zero time as it is.
func date(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	year, month, day := t.Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}
