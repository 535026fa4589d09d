package shopline

import (
	"context"
	"net/http"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/paging"
	"github.com/souk-go/souk/internal/transport"
)

// page is one page of a list. It comes together with an error if rows of it cannot be
// read.
type page[T any] struct {
	rows []T
	links
}

// walked is a list to walk through.
type walked[T, Q any] struct {
	listing transport.Listing // without Filter
	request Q                 // for the page to begin with
	// place returns the part of a request that selects a page.
	place func(*Q) (cursor *string, limit *int)
	id    func(*T) string
	// read reads a page. It calls named with the next cursor as soon as that is known.
	read func(ctx context.Context, request Q, named func(next string)) (*page[T], error)
}

// walk returns a walk through the list after position.
func (l walked[T, Q]) walk(c *transport.Client, position string) *souk.Walk[T] {
	l.request = transport.Own(l.request)
	filter := l.request
	cursor, limit := l.place(&filter)
	*cursor, *limit = "", 0
	l.listing.Filter = filter
	return transport.Walk(c, l.listing, paging.Cursor[T]{ID: l.id, Fetch: l.batch}, position)
}

// batch reads a page. Rows that cannot be read keep their places in it.
func (l walked[T, Q]) batch(ctx context.Context, cursor string, named func(string)) (paging.Batch[T], error) {
	if first, _ := l.place(&l.request); cursor != "" {
		*first = cursor
	}
	p, err := l.read(ctx, l.request, named)
	if p == nil {
		return paging.Batch[T]{}, err
	}
	b := transport.Batch(p.rows, transport.RowErrors(err))
	b.Next = p.next
	return b, nil
}

// onNext returns a function that calls named with the cursor of the following page if
// the headers of an answer have one. It returns nil if named is nil.
func onNext(named func(next string)) func(http.Header) {
	if named == nil {
		return nil
	}
	return func(header http.Header) {
		var l links
		if l.Head(header); l.next != "" {
			named(l.next)
		}
	}
}

// The largest pages that SHOPLINE serves.
const (
	maxLimit       = 250
	maxOrdersLimit = 100
)

func checkLimit(problems *transport.Problems, limit, largest int) {
	problems.Require(limit >= 0 && limit <= largest, "Limit", "must be between 1 and %d; 0 means SHOPLINE's default, 50", largest)
}
