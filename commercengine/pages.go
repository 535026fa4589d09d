package commercengine

import (
	"context"

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

// pagination is a Pagination that knows what the server has said, the zero value where
// it has said nothing.
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

// lacks names what keeps a page, with this number and so many rows, from saying
// whether another follows, "" for nothing. What contradicts itself says nothing.
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
	case rows > 0 && !more && plain.Limit > 0 && plain.TotalRecords > 0 && (plain.TotalRecords-1)/plain.Limit >= page:
		return "a pagination that goes on"
	}
	return ""
}

// nextPage returns the number of the page that follows, false at the end.
func nextPage(p *Pagination) (page int, ok bool) {
	if p == nil || p.NextPage == nil || *p.NextPage < 1 {
		return 0, false
	}
	return *p.NextPage, true
}

// checkPage notes a page or a limit that cannot be.
func checkPage(problems *transport.Problems, page, limit int) {
	problems.Require(page >= 0, "Page", "must not be negative; the first page is 1")
	problems.Require(limit >= 0, "Limit", "must not be negative; 0 means the server's default")
	problems.Require(limit <= maxLimit, "Limit", "must be at most %d", maxLimit)
}

const (
	// walkLimit is the size of the pages that walks ask for. The vendor documents
	// neither a default nor a maximum.
	walkLimit = 100
	// maxLimit is the number of rows of an answer that are read.
	maxLimit = 10_000
)

// walked is a list that is walked.
type walked[T any] struct {
	listing transport.Listing
	first   int             // the page to begin with, 0 for 1
	id      func(*T) string // nil where rows have none
	// read reads a page. It returns no pagination for a list whose pages do not say what
	// follows: it ends with an empty one.
	read func(ctx context.Context, page int) ([]T, *Pagination, error)
}

// walk returns the walk through the list behind position.
func (l walked[T]) walk(client *transport.Client, position string) *souk.Walk[T] {
	return transport.Walk(client, l.listing, paging.Numbers[T]{ID: l.id, Fetch: l.batch}, position)
}

// batch reads a page. Rows that cannot be read keep their places in it.
func (l walked[T]) batch(ctx context.Context, page int) (paging.Batch[T], error) {
	before := max(l.first, 1) - 1 // pages that the caller leaves out
	rows, p, err := l.read(ctx, before+page)
	unread := transport.RowErrors(err)
	if err != nil && unread == nil {
		return paging.Batch[T]{}, err
	}
	b := transport.Batch(rows, unread)
	b.More = len(b.Rows) > 0
	if p != nil {
		_, b.More = nextPage(p)
		b.Size, b.Total = p.Limit, max(p.TotalRecords-min(before, p.TotalRecords)*p.Limit, 0)
	}
	return b, nil
}
