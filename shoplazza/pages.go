package shoplazza

import (
	"cmp"
	"context"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/paging"
	"github.com/souk-go/souk/internal/transport"
)

// pageRef is the part of a request that selects a page.
type pageRef struct {
	limit, page int
	cursor      string
}

// maxLimit is the maximum size of a page.
const maxLimit = 250

func (p pageRef) check(s *service, problems *transport.Problems) {
	problems.Require(p.limit >= 0 && p.limit <= maxLimit,
		"Limit", "must be between 1 and %d, or 0 for the server's default", maxLimit)
	problems.Require(p.page >= 0, "Page", "must not be negative; the first page is 1")
	problems.Require(p.page == 0 || s.classic, "Page", "is for version 2022-01 only; later versions are paged with Cursor")
	problems.Require(p.cursor == "" || !s.classic, "Cursor", "is for versions from 2025-06 on; 2022-01 is paged with Page")
}

// pageQuery holds the parameters of both generations for a page.
type pageQuery struct {
	Limit    int    `url:"limit,omitempty"`
	Page     int    `url:"page,omitempty"`
	PageSize int    `url:"page_size,omitempty"`
	Cursor   string `url:"cursor,omitempty"`
}

func (p pageRef) query(s *service) pageQuery {
	if s.classic {
		return pageQuery{Limit: p.limit, Page: p.page}
	}
	return pageQuery{PageSize: p.limit, Cursor: p.cursor}
}

// next returns the page after one with so many rows, among them those that cannot be
// read, false at the end. In version 2022-01, only an empty page is the end.
func (p pageRef) next(s *service, rows int, found *contents) (pageRef, bool) {
	if s.classic {
		p.page = max(p.page, 1) + 1
		return p, rows > 0
	}
	p.cursor = found.Cursor
	return p, found.HasMore != nil && *found.HasMore
}

// page is one page of a list. It comes together with an error if rows of it cannot be
// read.
type page[T any] struct {
	rows   []T
	cursor string // of the next page
	more   bool
	next   pageRef
}

// walked is a list to walk through.
type walked[T any] struct {
	listing transport.Listing
	from    pageRef // the first page
	id      func(*T) string
	// read reads a page of the rows created until a time, or of all rows if until is
	// zero. For a list without created it is always zero.
	read    func(ctx context.Context, until time.Time, at pageRef) (*page[T], error)
	created func(*T) time.Time
}

// walk returns a walk through the list after position. Version 2022-01 has numbered
// pages, later versions have cursors.
func (l walked[T]) walk(s *service, position string) *souk.Walk[T] {
	var pages paging.List[T] = paging.Cursor[T]{ID: l.id, Fetch: func(ctx context.Context, cursor string, _ func(string)) (paging.Batch[T], error) {
		return l.batch(ctx, time.Time{}, pageRef{limit: l.from.limit, page: l.from.page, cursor: cmp.Or(cursor, l.from.cursor)})
	}}
	if s.classic {
		pages = l.numbered()
	}
	return transport.Walk(s.transport, l.listing, pages, position)
}

func (l walked[T]) numbered() paging.Numbers[T] {
	numbers := paging.Numbers[T]{ID: l.id, Created: l.created, Fetch: func(ctx context.Context, page int) (paging.Batch[T], error) {
		if page == 1 {
			return l.batch(ctx, time.Time{}, l.from)
		}
		return l.batch(ctx, time.Time{}, pageRef{limit: l.from.limit, page: max(l.from.page, 1) - 1 + page, cursor: l.from.cursor})
	}}
	if l.created != nil {
		numbers.Until = func(ctx context.Context, page int, t time.Time) (paging.Batch[T], error) {
			// The server may compare fractions of a second, which it does not show.
			return l.batch(ctx, t.Add(time.Second), pageRef{limit: l.from.limit, page: page})
		}
	}
	return numbers
}

// batch reads a page. Rows that cannot be read keep their places in it.
func (l walked[T]) batch(ctx context.Context, until time.Time, at pageRef) (paging.Batch[T], error) {
	p, err := l.read(ctx, until, at)
	if p == nil {
		return paging.Batch[T]{}, err
	}
	b := transport.Batch(p.rows, transport.RowErrors(err))
	if b.More = p.more; p.more {
		b.Next = p.cursor
	}
	return b, nil
}
