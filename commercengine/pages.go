package commercengine

import (
	"context"
	"iter"
	"net/http"
	"slices"

	"github.com/souk-go/souk"
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

// lacks names what keeps a page, with this number and so many rows, from saying
// whether another follows, "" for nothing. What contradicts itself says nothing.
func (p *Pagination) lacks(page, rows int) string {
	page = max(page, 1)
	switch next, more := p.next(); {
	case p == nil:
		return "pagination"
	case more && next != page+1, !more && page < p.TotalPages:
		return "a pagination that goes on"
	case rows == 0 && (more || page == p.TotalPages && p.TotalRecords > 0):
		return "the rows of the page"
	case rows > 0 && !more && p.TotalPages < 1, rows == 0 && p.Limit < 1:
		return "pagination.total_pages"
	}
	return ""
}

// next returns the number of the page that follows, false at the end.
func (p *Pagination) next() (page int, ok bool) {
	if p == nil || p.NextPage == nil || *p.NextPage < 1 {
		return 0, false
	}
	return *p.NextPage, true
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
	ctx context.Context, client *transport.Client, route string, first int, id func(*T) string,
	fetch func(ctx context.Context, page int) ([]T, *Pagination, error),
) iter.Seq2[*T, error] {
	first = max(first, 1)
	return transport.All(ctx, client, route, first, paging.Walk[*T, int]{
		ID:       id,
		Previous: func(page int) (int, bool) { return page - 1, page > first },
		Fetch: func(ctx context.Context, page int) (paging.Page[*T, int], error) {
			rows, p, err := fetch(ctx, page)
			if err != nil {
				return paging.Page[*T, int]{}, err
			}
			next, more := p.next()
			return paging.Page[*T, int]{Items: pointers(rows), Next: next, More: more, Total: p.TotalRecords}, nil
		},
	})
}

// walkPlain does the same for a list whose rows have no ids and whose pages do
// not say what follows. It ends with an empty page. A server that sends the same
// page for the third time does not look at the number.
func walkPlain[T comparable](
	ctx context.Context, client *transport.Client, route string, first int,
	fetch func(ctx context.Context, page int) ([]T, error),
) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		var last []T
		times := 0
		rows := transport.All(ctx, client, route, max(first, 1), paging.Walk[*T, int]{
			Fetch: func(ctx context.Context, page int) (paging.Page[*T, int], error) {
				rows, err := fetch(ctx, page)
				if err != nil || len(rows) == 0 {
					return paging.Page[*T, int]{}, err
				}
				if !slices.Equal(rows, last) {
					last, times = rows, 0
				}
				if times++; times > 2 {
					return paging.Page[*T, int]{}, errSamePage(route)
				}
				return paging.Page[*T, int]{Items: pointers(slices.Clone(rows)), Next: page + 1, More: true}, nil
			},
		})
		rows(yield)
	}
}

func errSamePage(route string) error {
	return newError(&souk.Error{
		Message: "the list does not end: the server sent the same page three times",
		Method:  http.MethodGet,
		Route:   route,
		Err:     souk.ErrUnavailable,
	})
}

func pointers[T any](values []T) []*T {
	list := make([]*T, len(values))
	for i := range values {
		list[i] = &values[i]
	}
	return list
}
