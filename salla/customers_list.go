package salla

import (
	"context"
	"iter"
	"net/http"
	"strconv"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/paging"
	"github.com/souk-go/souk/internal/transport"
)

// ListCustomersRequest says which customers to list.
type ListCustomersRequest struct {
	// Page is the number of the page, from 1. 0 means the first.
	Page int `url:"page,omitempty"`
	// PerPage is the size of a page, up to 60. 0 means 15 for List and 60 for All.
	PerPage int `url:"per_page,omitempty"`
	// Keyword looks in names, e-mail addresses and mobile numbers; of those with
	// the country's code in front and without plus, such as "966555555555".
	Keyword string `url:"keyword,omitempty"`
	// DateFrom and DateTo are the first and the last day on which the customers
	// were created, in the store's zone, such as "2026-01-31". Both are included.
	DateFrom string `url:"date_from,omitempty"`
	DateTo   string `url:"date_to,omitempty"`
	// Fields asks for extras.
	Fields []CustomerField `url:"fields,brackets,omitempty"`
}

// ListCustomersResponse is one page, newest customer first.
type ListCustomersResponse struct {
	Customers  []Customer `json:"data"`
	Pagination Pagination `json:"pagination"`

	request ListCustomersRequest
}

// Next returns the request of the following page; ok is false on the last one.
func (r *ListCustomersResponse) Next() (next ListCustomersRequest, ok bool) {
	next = r.request
	next.Page, ok = r.Pagination.following(r.request.Page)
	return next, ok
}

// List returns one page of customers. Salla shows the first 10,000 customers of
// any list and no others; All lists more.
//
// See https://docs.salla.dev/5394121e0.
//
//souk:operation GET /customers
func (s *CustomersService) List(ctx context.Context, req ListCustomersRequest) (*ListCustomersResponse, error) {
	page, err := pageOf[Customer](ctx, s.transport, &transport.Call{
		Method:   http.MethodGet,
		Route:    "/customers",
		Query:    req,
		Repeat:   transport.Safe,
		Problems: req.problems(),
	}, req.Page, req.PerPage)
	if page == nil {
		return nil, err
	}
	return &ListCustomersResponse{Customers: page.Data, Pagination: page.Pagination.plain(), request: req}, err
}

// All returns all customers that match, newest first, also where they are more
// than the 10,000 that Salla lists: then it asks for ever shorter runs of days,
// and begins at the first page whatever Page says. A single day with 10,000 new
// customers is an error that names it, after the customers of all later days.
//
// Customers who come and go meanwhile make it neither repeat nor lose any.
func (s *CustomersService) All(ctx context.Context, req ListCustomersRequest) iter.Seq2[*Customer, error] {
	if req.PerPage == 0 {
		req.PerPage = maxPerPage
	}
	first, last := req.days()
	return transport.Bisect(ctx, s.transport, "/customers", req, paging.Capped[*Customer, ListCustomersRequest]{
		Walk: paging.Walk[*Customer, ListCustomersRequest]{
			Fetch:    s.fetch,
			ID:       func(c *Customer) string { return idText(c.ID) },
			Previous: ListCustomersRequest.previous,
		},
		Cap:    maxListed,
		First:  first,
		Last:   last,
		Within: req.within,
	})
}

// maxListed is the highest total that Salla tells of customers.
const maxListed = 10_000

// founded is before any customer of a Salla store can have been created.
var founded = time.Date(1970, time.January, 1, 0, 0, 0, 0, time.UTC)

func (s *CustomersService) fetch(ctx context.Context, req ListCustomersRequest) (paging.Page[*Customer, ListCustomersRequest], error) {
	list, err := s.List(ctx, req)
	if err != nil {
		return paging.Page[*Customer, ListCustomersRequest]{}, err
	}
	if err := list.checkDays(); err != nil {
		return paging.Page[*Customer, ListCustomersRequest]{}, err
	}
	next, more := list.Next()
	return fetched(list.Customers, list.Pagination.Total, next, more), nil
}

// checkDays returns an error when customers came who were created on other days
// than asked for: then the server has not heeded the dates, and listing by
// days would lose some. A day either way is left for differences of zones.
// Where no days were asked for and the list is whole, there is nothing to lose,
// be it that the clock here is behind the server's.
func (r *ListCustomersResponse) checkDays() error {
	if r.request.DateFrom == "" && r.request.DateTo == "" && r.Pagination.Total < maxListed {
		return nil
	}
	first, last := r.request.days()
	first, last = first.AddDate(0, 0, -1), last.AddDate(0, 0, 2)
	for i := range r.Customers {
		created := r.Customers[i].CreatedAt
		if created.IsZero() || created.After(first) && created.Before(last) {
			continue
		}
		return newError(&souk.Error{
			Method:  http.MethodGet,
			Route:   "/customers",
			Message: "the server sent customers who were created on other days than it was asked for",
		})
	}
	return nil
}

// days are the days that can hold the list, both included, in UTC.
func (r ListCustomersRequest) days() (first, last time.Time) {
	first, err := time.Parse(time.DateOnly, r.DateFrom)
	if err != nil {
		first = founded
	}
	last, err = time.Parse(time.DateOnly, r.DateTo)
	if err != nil {
		last = time.Now().UTC().AddDate(0, 0, 1)
	}
	return first, last
}

func (r ListCustomersRequest) within(first, last time.Time) ListCustomersRequest {
	r.Page = 0
	r.DateFrom, r.DateTo = first.Format(time.DateOnly), last.Format(time.DateOnly)
	return r
}

func (r ListCustomersRequest) previous() (ListCustomersRequest, bool) {
	r.Page--
	return r, r.Page >= 1
}

func (r ListCustomersRequest) problems() transport.Problems {
	var problems transport.Problems
	checkPage(&problems, r.Page, r.PerPage)
	problems.Require(r.DateFrom == "" || isDate(r.DateFrom), "DateFrom", dateForm)
	problems.Require(r.DateTo == "" || isDate(r.DateTo), "DateTo", dateForm)
	return problems
}

// idText names a row for the walk through a list.
func idText(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}
