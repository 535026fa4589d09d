package shopline

import (
	"cmp"
	"context"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/paging"
	"github.com/souk-go/souk/internal/transport"
)

// walk returns the walk through a list. fetch reads the page with a cursor, which is
// empty for the first, and returns its rows and the cursor of the next one; first is
// the cursor to begin with.
func walk[T any](
	c *transport.Client, list transport.Listing, position, first string, id func(*T) string,
	fetch func(ctx context.Context, cursor string) (rows []T, next string, err error),
) *souk.Walk[T] {
	return transport.Walk(c, list, paging.Cursor[T]{
		ID: id,
		Fetch: func(ctx context.Context, cursor string, _ func(string)) (paging.Batch[T], error) {
			rows, next, err := fetch(ctx, cmp.Or(cursor, first))
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

// The largest pages that SHOPLINE serves.
const (
	maxPage       = 250
	maxOrdersPage = 100
)

func checkLimit(problems *transport.Problems, limit, largest int) {
	problems.Require(limit >= 0 && limit <= largest, "Limit", "must be between 1 and %d; 0 means SHOPLINE's default, 50", largest)
}
