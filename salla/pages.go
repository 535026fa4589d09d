package salla

import (
	"cmp"
	"context"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/loosejson"
	"github.com/souk-go/souk/internal/paging"
	"github.com/souk-go/souk/internal/transport"
)

// maxLimit is the largest page that Salla documents.
const maxLimit = 60

// Pagination is Salla's description of a page.
type Pagination struct {
	// Count is the number of rows on this page. It is not always right.
	Count int `json:"count"`
	// Total is the number of rows on all pages. For customers it is at most 10,000.
	Total int `json:"total"`
	// PerPage is the largest number of rows on a page.
	PerPage int `json:"perPage"`
	// CurrentPage is the number of this page, counted from 1; it may be 0 for an empty
	// list.
	CurrentPage int `json:"currentPage"`
	// TotalPages is the number of the last page.
	TotalPages int `json:"totalPages"`
	// Links are the addresses of the adjacent pages. The SDK does not follow them: they
	// are often missing, and some are plain http.
	Links PageLinks `json:"links"`
}

// pagination is a Pagination that knows which of its members Salla sent.
type pagination struct {
	Count       loosejson.Int  `json:"count"`
	Total       *loosejson.Int `json:"total"`
	PerPage     loosejson.Int  `json:"perPage"`
	CurrentPage *loosejson.Int `json:"currentPage"`
	TotalPages  *loosejson.Int `json:"totalPages"`
	Links       pageLinks      `json:"links"`
}

// lacks names what is missing to decide whether the list goes on after a page with so
// many rows, "" for nothing: a member, the rows of a page that is not past the last
// one, or a pagination of this very page. A pagination that contradicts itself decides
// nothing. The only page of an empty list has no rows.
func (p *pagination) lacks(page, rows int) string {
	switch {
	case p.CurrentPage == nil || *p.CurrentPage < 0:
		return "pagination.currentPage"
	case p.TotalPages == nil || *p.TotalPages < 0 || *p.TotalPages == 0 && rows > 0:
		return "pagination.totalPages"
	}
	plain := p.plain()
	switch {
	case rows == 0 && page <= plain.TotalPages && (plain.TotalPages > 1 || plain.Total > 0):
		return "the rows of the page"
	case rows > 0 && (page != plain.CurrentPage || page > plain.TotalPages):
		return "the page that was asked for"
	case p.Total != nil && rows > plain.Total, plain.PerPage < 0, plain.PerPage > 0 && rows > plain.PerPage:
		return "a pagination that holds its rows"
	case page >= plain.TotalPages && plain.Total < maxListed && plain.PerPage > 0 && (plain.Total-1)/plain.PerPage >= page:
		return "a pagination that goes on"
	}
	return ""
}

func (p *pagination) plain() Pagination {
	plain := Pagination{Count: int(p.Count), PerPage: int(p.PerPage), Links: PageLinks(p.Links)}
	if p.Total != nil {
		plain.Total = int(*p.Total)
	}
	if p.CurrentPage != nil {
		plain.CurrentPage = int(*p.CurrentPage)
	}
	if p.TotalPages != nil {
		plain.TotalPages = int(*p.TotalPages)
	}
	return plain
}

// PageLinks holds the addresses of the pages next to a page, empty if Salla sends none.
type PageLinks struct {
	Previous string `json:"previous,omitempty"`
	Next     string `json:"next,omitempty"`
}

// following returns the number of the page after the one that was asked for,
// and whether there is one.
func (p Pagination) following(page int) (int, bool) {
	page = max(page, 1)
	return page + 1, page < p.TotalPages
}

func checkPage(problems *transport.Problems, page, perPage int) {
	problems.Require(page >= 0, "Page", "must not be negative; pages are numbered from 1")
	problems.Require(perPage >= 0 && perPage <= maxLimit,
		"Limit", "must be 1 to %d; 0 means Salla's default", maxLimit)
}

// pageNumber returns the Page for a walk's request. A wrong one is kept, so that it is
// refused.
func pageNumber(given, number int) int {
	switch {
	case given < 0:
		return given
	case number == 1:
		return 0
	}
	return number
}

// batchOf returns a page for a walk, including rows that cannot be read.
func batchOf[T any](p *page[T], err error) (paging.Batch[T], error) {
	if p == nil {
		return paging.Batch[T]{}, err
	}
	b := transport.Batch(p.Data, p.Rows())
	b.More = p.number < int(*p.Pagination.TotalPages)
	b.Size = min(int(p.Pagination.PerPage), p.asked) // Salla's samples say 65 where no page has more than 60
	if total := p.Pagination.Total; total != nil {
		b.Total = int(*total)
	}
	return b, nil
}

// walked is a list with numbered pages to walk through.
type walked[T, Q any] struct {
	route   string
	request Q
	// place returns the part of a request that selects a page.
	place func(*Q) (page, limit *int)
	id    func(*T) string // nil where rows have none
	read  func(ctx context.Context, request Q) (*page[T], error)
}

// walk returns a walk through the list after position. A position of rows without ids
// is the number of a page, and means nothing for pages of another size.
func (l walked[T, Q]) walk(s *service, position string) *souk.Walk[T] {
	l.request = transport.Own(l.request)
	_, size := l.place(&l.request)
	*size = cmp.Or(*size, maxLimit)
	filter := l.request
	page, limit := l.place(&filter)
	if *page = 0; l.id != nil {
		*limit = 0
	}
	listing := transport.Listing{Route: l.route, Filter: filter, Store: s.store}
	return transport.Walk(s.transport, listing, paging.Numbers[T]{ID: l.id, Fetch: l.batch}, position)
}

func (l walked[T, Q]) batch(ctx context.Context, number int) (paging.Batch[T], error) {
	page, _ := l.place(&l.request)
	*page = pageNumber(*page, number)
	return batchOf(l.read(ctx, l.request))
}
