package salla

import (
	"bytes"
	"context"
	"encoding/json"
	"iter"

	"github.com/souk-go/souk/internal/loosejson"
	"github.com/souk-go/souk/internal/paging"
	"github.com/souk-go/souk/internal/transport"
)

// maxPerPage is the largest page that Salla documents.
const maxPerPage = 60

// Pagination is what Salla says about a page.
type Pagination struct {
	// Count is the number of rows on this page. It is not always right.
	Count int `json:"count"`
	// Total is the number of rows on all pages. For customers Salla counts to
	// 10,000 and no further.
	Total int `json:"total"`
	// PerPage is the largest number of rows on a page.
	PerPage int `json:"perPage"`
	// CurrentPage is the number of this page, from 1; an empty list may say 0.
	CurrentPage int `json:"currentPage"`
	// TotalPages is the number of the last page.
	TotalPages int `json:"totalPages"`
	// Links are addresses of the pages around this one. The SDK does not follow
	// them: they are often missing, and some are plain http.
	Links PageLinks `json:"links"`
}

// UnmarshalJSON reads numbers that may be texts.
func (p *Pagination) UnmarshalJSON(data []byte) error {
	var wire pagination
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	*p = wire.plain()
	return nil
}

// pagination is a Pagination that knows whether Salla has sent its marks.
type pagination struct {
	Count       loosejson.Int  `json:"count"`
	Total       loosejson.Int  `json:"total"`
	PerPage     loosejson.Int  `json:"perPage"`
	CurrentPage *loosejson.Int `json:"currentPage"`
	TotalPages  *loosejson.Int `json:"totalPages"`
	Links       PageLinks      `json:"links"`
}

// lacks names what keeps it from saying whether the list goes on behind a page with
// so many rows: a mark, or the rows of a page that is not behind the last. The only
// page of an empty list has none.
func (p *pagination) lacks(page, rows int) string {
	switch {
	case p.CurrentPage == nil || *p.CurrentPage < 0:
		return "pagination.currentPage"
	case p.TotalPages == nil || *p.TotalPages < 0 || *p.TotalPages == 0 && rows > 0:
		return "pagination.totalPages"
	case rows == 0 && page <= int(*p.TotalPages) && (*p.TotalPages > 1 || p.Total > 0):
		return "the rows of the page"
	}
	return ""
}

func (p *pagination) plain() Pagination {
	plain := Pagination{Count: int(p.Count), Total: int(p.Total), PerPage: int(p.PerPage), Links: p.Links}
	if p.CurrentPage != nil {
		plain.CurrentPage = int(*p.CurrentPage)
	}
	if p.TotalPages != nil {
		plain.TotalPages = int(*p.TotalPages)
	}
	return plain
}

// PageLinks are the addresses of the pages around a page, empty where Salla
// sends none.
type PageLinks struct {
	Previous string `json:"previous,omitempty"`
	Next     string `json:"next,omitempty"`
}

// UnmarshalJSON reads an object, or a list, which holds nothing of use.
func (l *PageLinks) UnmarshalJSON(data []byte) error {
	*l = PageLinks{}
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("[")) {
		return nil
	}
	var object struct {
		Previous loosejson.String `json:"previous"`
		Next     loosejson.String `json:"next"`
	}
	if err := json.Unmarshal(data, &object); err != nil {
		return err
	}
	l.Previous, l.Next = string(object.Previous), string(object.Next)
	return nil
}

// following returns the number of the page after the one that was asked for,
// and whether there is one.
func (p Pagination) following(page int) (int, bool) {
	page = max(page, 1)
	return page + 1, page < p.TotalPages
}

func checkPage(problems *transport.Problems, page, perPage int) {
	problems.Require(page >= 0, "Page", "must not be negative; pages are numbered from 1")
	problems.Require(perPage >= 0 && perPage <= maxPerPage,
		"PerPage", "must be 1 to %d; 0 means Salla's default, 15", maxPerPage)
}

// fetched is a page of the list of T, asked for with a request Q.
func fetched[T, Q any](rows []T, total int, next Q, more bool) paging.Page[*T, Q] {
	items := make([]*T, len(rows))
	for i := range rows {
		items[i] = &rows[i]
	}
	return paging.Page[*T, Q]{Items: items, Next: next, More: more, Total: total}
}

// pages walks a list of numbered pages. number points to the page in a request;
// id names a row, or is nil where rows have no ids.
func pages[T, Q any](
	ctx context.Context, c *transport.Client, route string, first Q,
	fetch func(context.Context, Q) (paging.Page[*T, Q], error), id func(*T) string, number func(*Q) *int,
) iter.Seq2[*T, error] {
	walk := paging.Walk[*T, Q]{Fetch: fetch, ID: id}
	if id != nil {
		walk.Previous = func(q Q) (Q, bool) {
			page := number(&q)
			*page--
			return q, *page >= 1
		}
	}
	return transport.All(ctx, c, route, first, walk)
}
