package shoplazza

import (
	"cmp"
	"context"
	"time"

	"github.com/souk-go/souk"
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

// reading is how a list of T is read: the rows of one page, and whether more follow.
type reading[T any] func(ctx context.Context, at position) (rows []T, next position, more bool, err error)

// batch reads a page for a walk. Rows that cannot be read keep their places in it.
func (read reading[T]) batch(ctx context.Context, at position) (paging.Batch[T], error) {
	rows, next, more, err := read(ctx, at)
	unread := transport.RowErrors(err)
	if err != nil && unread == nil {
		return paging.Batch[T]{}, err
	}
	b := transport.Batch(rows, unread)
	if b.More = more; more {
		b.Next = next.cursor
	}
	return b, nil
}

// walk returns the walk through a list from the page at on, or behind where. Version
// 2022-01 has numbered pages, and the later ones cursors. created and until, which may
// be nil, are for lists that can be asked for what was created until some time.
func walk[T any](
	s *service, list transport.Listing, where string, at position, id func(*T) string, read reading[T],
	created func(*T) time.Time, until func(time.Time) reading[T],
) *souk.Walk[T] {
	if !s.classic {
		return transport.Walk(s.transport, list, paging.Cursor[T]{
			ID: id,
			Fetch: func(ctx context.Context, cursor string, _ func(string)) (paging.Batch[T], error) {
				return read.batch(ctx, position{limit: at.limit, page: at.page, cursor: cmp.Or(cursor, at.cursor)})
			},
		}, where)
	}
	numbered := func(page int) position {
		if page == 1 {
			return at
		}
		return position{limit: at.limit, page: max(at.page, 1) - 1 + page, cursor: at.cursor}
	}
	numbers := paging.Numbers[T]{ID: id, Created: created, Fetch: func(ctx context.Context, page int) (paging.Batch[T], error) {
		return read.batch(ctx, numbered(page))
	}}
	if until != nil {
		numbers.Until = func(ctx context.Context, page int, t time.Time) (paging.Batch[T], error) {
			return until(t).batch(ctx, numbered(page))
		}
	}
	return transport.Walk(s.transport, list, numbers, where)
}
