package paging

import (
	"context"
	"iter"
	"time"
)

// Capped describes a list that the server cuts off after Cap rows, newest row
// first, and that can be narrowed to a run of days.
type Capped[T, Q any] struct {
	// Walk reads the list. Its pages must tell the total.
	Walk Walk[T, Q]
	// Cap is the highest total the server tells. A list whose total reaches
	// it is taken to be longer.
	Cap int
	// First and Last are the days that hold the whole list, both included.
	// Only their calendar dates count.
	First, Last time.Time
	// Within returns the request of the first page of the rows of these days,
	// both included, midnight UTC each.
	Within func(first, last time.Time) Q
}

// Bisect returns the rows of a list that may be longer than the server lists,
// newest first, as [All] does.
//
// The list is asked for with plain, without dates. Only if its total reaches
// the cap, the days are halved until each part fits. The page that shows that
// a part fits is the first page of the walk through it, so that each part that
// is too long costs one request and nothing else is asked for twice.
//
// One day at the cap is an [*Error] with [DayAtCap], after the rows of all
// later days. A part that reaches the cap while it is read ends the walk with
// [GrewToCap].
func Bisect[T, Q any](ctx context.Context, plain Q, c Capped[T, Q]) iter.Seq2[T, error] {
	walk := Walk[T, part[Q]]{Fetch: c.fetch, ID: c.Walk.ID}
	if c.Walk.Cursor != nil {
		walk.Cursor = func(p part[Q]) string {
			return p.first.String() + p.last.String() + c.Walk.Cursor(p.page)
		}
	}
	if c.Walk.Previous != nil {
		walk.Previous = func(p part[Q]) (part[Q], bool) {
			previous, ok := c.Walk.Previous(p.page)
			p.page, p.fits = previous, true
			return p, ok
		}
	}
	return All(ctx, part[Q]{page: plain}, walk)
}

// part asks for a page of the rows of some days, or of all rows if the days
// are zero.
type part[Q any] struct {
	page        Q
	first, last time.Time
	fits        bool     // the total is known to be below the cap
	older       *part[Q] // what to list afterwards
}

// fetch returns the page that p asks for, or, if it is the first of a part that
// is too long or empty, the first page of the next part that is neither.
func (c Capped[T, Q]) fetch(ctx context.Context, p part[Q]) (Page[T, part[Q]], error) {
	for {
		page, err := c.Walk.Fetch(ctx, p.page)
		if err != nil {
			return Page[T, part[Q]]{}, err
		}
		switch empty := len(page.Items) == 0 && !page.More; {
		case page.Total >= c.Cap && p.fits:
			return Page[T, part[Q]]{}, &Error{Problem: GrewToCap, First: p.first, Last: p.last, Cap: c.Cap}
		case page.Total >= c.Cap:
			p, err = c.halve(p)
			if err != nil {
				return Page[T, part[Q]]{}, err
			}
		case empty && !p.fits && p.older != nil:
			p = *p.older
		default:
			return inPart(p, page), nil
		}
	}
}

// inPart says of a page of p what follows it: the rest of the part, or the
// next one.
func inPart[T, Q any](p part[Q], page Page[T, Q]) Page[T, part[Q]] {
	whole := Page[T, part[Q]]{Items: page.Items, More: true, Total: page.Total}
	switch {
	case page.More:
		p.page, p.fits = page.Next, true
		whole.Next = p
	case p.older != nil:
		whole.Next = *p.older
	default:
		whole.More = false
	}
	return whole
}

// halve returns the newer half of p, with the older half to follow.
func (c Capped[T, Q]) halve(p part[Q]) (part[Q], error) {
	first, last := p.first, p.last
	if first.IsZero() {
		first, last = date(c.First), date(c.Last)
	}
	nights := int(last.Sub(first) / (24 * time.Hour))
	if nights < 1 {
		return part[Q]{}, &Error{Problem: DayAtCap, First: first, Last: last, Cap: c.Cap}
	}
	middle := first.AddDate(0, 0, (nights+1)/2)
	older := c.part(first, middle.AddDate(0, 0, -1), p.older)
	return c.part(middle, last, &older), nil
}

func (c Capped[T, Q]) part(first, last time.Time, older *part[Q]) part[Q] {
	return part[Q]{page: c.Within(first, last), first: first, last: last, older: older}
}
