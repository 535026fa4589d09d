package shopline

import (
	"context"
	"iter"

	"github.com/souk-go/souk/internal/paging"
	"github.com/souk-go/souk/internal/transport"
)

// walk returns the rows of a list, page by page. The cursor of a request tells
// pages apart; fetch returns the rows of a page and the request of the next one.
func walk[T, Q any](
	ctx context.Context, c *transport.Client, route string, first Q, cursor func(Q) string,
	fetch func(context.Context, Q) (rows []T, next Q, more bool, err error),
) iter.Seq2[*T, error] {
	return transport.All(ctx, c, route, first, paging.Walk[*T, Q]{
		Cursor: cursor,
		Fetch: func(ctx context.Context, q Q) (paging.Page[*T, Q], error) {
			rows, next, more, err := fetch(ctx, q)
			if err != nil {
				return paging.Page[*T, Q]{}, err
			}
			return paging.Page[*T, Q]{Items: pointers(rows), Next: next, More: more}, nil
		},
	})
}

func pointers[T any](values []T) []*T {
	list := make([]*T, len(values))
	for i := range values {
		list[i] = &values[i]
	}
	return list
}

// The largest pages that SHOPLINE serves.
const (
	maxPage       = 250
	maxOrdersPage = 100
)

func checkLimit(problems *transport.Problems, limit, largest int) {
	problems.Require(limit >= 0 && limit <= largest, "Limit", "must be between 1 and %d; 0 means SHOPLINE's default, 50", largest)
}
