package shopline

import (
	"cmp"
	"context"
	"net/http"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/paging"
	"github.com/souk-go/souk/internal/transport"
)

// walk returns the walk through a list. fetch reads the page with a cursor, which is
// empty for the first, and returns its rows and the cursor of the next one, after it has
// called named with that; first is the cursor to begin with.
func walk[T any](
	c *transport.Client, list transport.Listing, position, first string, id func(*T) string,
	fetch func(ctx context.Context, cursor string, named func(next string)) (rows []T, next string, err error),
) *souk.Walk[T] {
	return transport.Walk(c, list, paging.Cursor[T]{
		ID: id,
		Fetch: func(ctx context.Context, cursor string, named func(string)) (paging.Batch[T], error) {
			rows, next, err := fetch(ctx, cmp.Or(cursor, first), named)
			unread := transport.RowErrors(err)
			if err != nil && unread == nil {
				return paging.Batch[T]{}, err
			}
			batch := transport.Batch(rows, unread)
			batch.Next = next
			return batch, nil
		},
	}, position)
}

// begun returns what calls named with the cursor of the following page, if the headers
// of an answer name one. It returns nil for nil.
func begun(named func(next string)) func(http.Header) {
	if named == nil {
		return nil
	}
	return func(header http.Header) {
		var l links
		if l.Head(header); l.next != "" && !l.broken {
			named(l.next)
		}
	}
}

// The largest pages that SHOPLINE serves.
const (
	maxPage       = 250
	maxOrdersPage = 100
)

func checkLimit(problems *transport.Problems, limit, largest int) {
	problems.Require(limit >= 0 && limit <= largest, "Limit", "must be between 1 and %d; 0 means SHOPLINE's default, 50", largest)
}
