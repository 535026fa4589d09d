package commercengine

import (
	"context"
	"iter"
	"slices"

	"github.com/souk-go/souk/internal/paging"
	"github.com/souk-go/souk/internal/transport"
)

// Pagination says where in a list a page stands.
type Pagination struct {
	// TotalRecords and TotalPages count the whole list.
	TotalRecords int `json:"total_records"`
	TotalPages   int `json:"total_pages"`
	// PreviousPage is nil on the first page.
	PreviousPage *int `json:"previous_page"`
	// Limit is the size of a page.
	Limit int `json:"limit"`
	// NextPage is nil on the last page.
	NextPage *int `json:"next_page"`
}

// after returns the number of the page that follows the one numbered page, false
// at the end. A list without Pagination ends with its first empty page: one that
// is short may only show that the server allows no longer ones.
func (p *Pagination) after(page, rows int) (next int, ok bool) {
	switch {
	case p == nil:
		return max(page, 1) + 1, rows > 0
	case p.NextPage == nil || *p.NextPage < 1:
		return 0, false
	}
	return *p.NextPage, true
}

func (p *Pagination) total() int {
	if p == nil {
		return 0
	}
	return p.TotalRecords
}

// checkPage notes a page or a limit that cannot be.
func checkPage(problems *transport.Problems, page, limit int) {
	problems.Require(page >= 0, "Page", "must not be negative; the first page is 1")
	problems.Require(limit >= 0, "Limit", "must not be negative; 0 means the server's default")
}

// defaultLimit is the size of the pages that the All methods ask for. The
// vendor documents neither a default nor a maximum.
const defaultLimit = 100

// walk returns the rows of all pages of a list whose rows have ids, from the page
// first on.
func walk[T any](
	ctx context.Context, c caller, route string, first int, id func(*T) string,
	fetch func(ctx context.Context, page int) ([]T, *Pagination, error),
) iter.Seq2[*T, error] {
	first = max(first, 1)
	return transport.All(ctx, c.client, route, first, paging.Walk[*T, int]{
		ID:       id,
		Previous: func(page int) (int, bool) { return page - 1, page > first },
		Fetch: func(ctx context.Context, page int) (paging.Page[*T, int], error) {
			rows, p, err := fetch(ctx, page)
			if err != nil {
				return paging.Page[*T, int]{}, err
			}
			next, more := p.after(page, len(rows))
			return paging.Page[*T, int]{Items: pointers(rows), Next: next, More: more, Total: p.total()}, nil
		},
	})
}

// walkPlain does the same for a list whose rows have no ids and whose pages do
// not say what follows. It ends with an empty page, or with one that is the same
// as the page before, which a server sends that does not look at the number.
func walkPlain[T comparable](
	ctx context.Context, c caller, route string, first int,
	fetch func(ctx context.Context, page int) ([]T, error),
) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		var last []T
		rows := transport.All(ctx, c.client, route, max(first, 1), paging.Walk[*T, int]{
			Fetch: func(ctx context.Context, page int) (paging.Page[*T, int], error) {
				rows, err := fetch(ctx, page)
				if err != nil || len(rows) == 0 || slices.Equal(rows, last) {
					return paging.Page[*T, int]{}, err
				}
				last = rows
				return paging.Page[*T, int]{Items: pointers(slices.Clone(rows)), Next: page + 1, More: true}, nil
			},
		})
		rows(yield)
	}
}

func pointers[T any](values []T) []*T {
	list := make([]*T, len(values))
	for i := range values {
		list[i] = &values[i]
	}
	return list
}
