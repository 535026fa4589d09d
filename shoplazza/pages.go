package shoplazza

import (
	"context"
	"iter"

	"github.com/souk-go/souk/internal/paging"
	"github.com/souk-go/souk/internal/transport"
)

// position is what of a request says which page it asks for.
type position struct {
	limit, page int
	cursor      string
}

// maxLimit is the size of the largest page.
const maxLimit = 250

func (p position) check(s *service, problems *transport.Problems) {
	problems.Require(p.limit >= 0 && p.limit <= maxLimit,
		"Limit", "must be between 1 and %d, or 0 for the server's default", maxLimit)
	problems.Require(p.page >= 0, "Page", "must not be negative; the first page is 1")
	problems.Require(p.page == 0 || s.classic, "Page", "is for version 2022-01 only; later versions are paged with Cursor")
	problems.Require(p.cursor == "" || !s.classic, "Cursor", "is for versions from 2025-06 on; 2022-01 is paged with Page")
}

// pageQuery holds the names that both generations have for a page.
type pageQuery struct {
	Limit    int    `url:"limit,omitempty"`
	Page     int    `url:"page,omitempty"`
	PageSize int    `url:"page_size,omitempty"`
	Cursor   string `url:"cursor,omitempty"`
}

func (p position) query(s *service) pageQuery {
	if s.classic {
		return pageQuery{Limit: p.limit, Page: p.page}
	}
	return pageQuery{PageSize: p.limit, Cursor: p.cursor}
}

// next returns the position after a page of so many rows, false at the end.
// Version 2022-01 has no end mark: only an empty page proves that none follows.
func (p position) next(s *service, rows int, found *answer) (position, bool) {
	if s.classic {
		p.page = max(p.page, 1) + 1
		return p, rows > 0
	}
	p.cursor = found.Cursor
	return p, found.HasMore != nil && *found.HasMore
}

// walk returns the rows of all pages from first on. Rows that come again
// because others were added meanwhile are dropped where pages are numbered.
func walk[T, Q any](
	ctx context.Context, s *service, route string, first Q,
	id func(*T) string, cursor func(Q) string,
	read func(context.Context, Q) (rows []T, next Q, more bool, err error),
) iter.Seq2[*T, error] {
	w := paging.Walk[*T, Q]{
		Fetch: func(ctx context.Context, q Q) (paging.Page[*T, Q], error) {
			rows, next, more, err := read(ctx, q)
			return paging.Page[*T, Q]{Items: pointers(rows), Next: next, More: more}, err
		},
	}
	if s.classic {
		w.ID = id
	} else {
		w.Cursor = cursor
	}
	return transport.All(ctx, s.transport, route, first, w)
}

func pointers[T any](values []T) []*T {
	list := make([]*T, len(values))
	for i := range values {
		list[i] = &values[i]
	}
	return list
}
