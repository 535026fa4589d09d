package commercengine

import (
	"cmp"
	"context"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/paging"
	"github.com/souk-go/souk/internal/transport"
)

// Pagination describes the place of a page in a list.
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

// pagination is a Pagination that knows which of its members the server sent. It is
// zero if the server sent none.
type pagination struct {
	TotalRecords *int `json:"total_records"`
	TotalPages   *int `json:"total_pages"`
	PreviousPage *int `json:"previous_page"`
	Limit        *int `json:"limit"`
	NextPage     *int `json:"next_page"`
}

func (p *pagination) plain() *Pagination {
	return &Pagination{
		TotalRecords: orZero(p.TotalRecords), TotalPages: orZero(p.TotalPages), Limit: orZero(p.Limit),
		PreviousPage: p.PreviousPage, NextPage: p.NextPage,
	}
}

func orZero(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}

// lacks names what is missing to decide whether another page follows the one with this
// number and so many rows, "" for nothing. A pagination that contradicts itself decides
// nothing.
func (p *pagination) lacks(page, rows int) string {
	page = max(page, 1)
	plain := p.plain()
	switch next, more := nextPage(plain); {
	case *p == pagination{}:
		return "pagination"
	case more && next != page+1, p.TotalPages != nil && more != (page < plain.TotalPages):
		return "a pagination that goes on"
	case rows == 0 && (more || page == plain.TotalPages && plain.TotalRecords > 0):
		return "the rows of the page"
	case rows > 0 && !more && plain.TotalPages < 1, rows == 0 && plain.Limit < 1:
		return "pagination.total_pages"
	case rows > 0 && p.PreviousPage != nil && *p.PreviousPage > 0 && *p.PreviousPage != page-1:
		return "the page that was asked for"
	case p.TotalRecords != nil && rows > plain.TotalRecords, p.Limit != nil && rows > plain.Limit:
		return "a pagination that holds its rows"
	case !more && plain.Limit > 0 && (plain.TotalRecords-1)/plain.Limit >= page:
		return "a pagination that goes on"
	}
	return ""
}

// nextPage returns the number of the following page; ok is false at the end.
func nextPage(p *Pagination) (page int, ok bool) {
	if p == nil || p.NextPage == nil || *p.NextPage < 1 {
		return 0, false
	}
	return *p.NextPage, true
}

// checkPage notes an impossible page or limit.
func checkPage(problems *transport.Problems, page, limit int) {
	problems.Require(page >= 0, "Page", "must not be negative; the first page is 1")
	problems.Require(limit >= 0, "Limit", "must not be negative; 0 means the server's default")
	problems.Require(limit <= maxLimit, "Limit", "must be at most %d", maxLimit)
}

const (
	// walkLimit is the page size of walks. The vendor documents neither a default nor a
	// maximum.
	walkLimit = 100
	// maxLimit is the largest number of rows that is read from an answer.
	maxLimit = 10_000
)

// page is one page of a list. Its pagination is nil if the pages of the list do not say
// what follows; such a list ends with an empty page. It comes together with an error if
// rows of it cannot be read.
type page[T any] struct {
	rows       []T
	pagination *Pagination
}

// walked is a list to walk through.
type walked[T, Q any] struct {
	listing transport.Listing // without Filter
	request Q                 // for the page to begin with
	// place returns the part of a request that selects a page.
	place func(*Q) (page, limit *int)
	id    func(*T) string // nil where rows have none
	read  func(ctx context.Context, request Q) (*page[T], error)
}

// walk returns a walk through the list after position. A position of rows without ids
// is the number of a page, and means nothing for pages that begin elsewhere or have
// another size.
func (l walked[T, Q]) walk(client *transport.Client, position string) *souk.Walk[T] {
	l.request = transport.Own(l.request)
	_, size := l.place(&l.request)
	*size = cmp.Or(*size, walkLimit)
	filter := l.request
	if page, limit := l.place(&filter); l.id != nil {
		*page, *limit = 0, 0
	}
	l.listing.Filter = filter
	return transport.Walk(client, l.listing, paging.Numbers[T]{ID: l.id, Fetch: l.batch}, position)
}

// batch reads a page. Rows that cannot be read keep their places in it.
func (l walked[T, Q]) batch(ctx context.Context, number int) (paging.Batch[T], error) {
	at, _ := l.place(&l.request)
	before := max(*at, 1) - 1 // pages that the caller leaves out
	if *at >= 0 {
		*at = before + number
	} // or else read refuses it
	page, err := l.read(ctx, l.request)
	if page == nil {
		return paging.Batch[T]{}, err
	}
	b := transport.Batch(page.rows, transport.RowErrors(err))
	b.More = len(b.Rows) > 0
	if p := page.pagination; p != nil {
		_, b.More = nextPage(p)
		b.Size, b.Total = p.Limit, max(p.TotalRecords-min(before, p.TotalRecords)*p.Limit, 0)
	}
	return b, nil
}
