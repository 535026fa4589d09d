package salla

import (
	"cmp"
	"context"
	"iter"
	"net/http"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/paging"
	"github.com/souk-go/souk/internal/transport"
)

// ListCustomersRequest says which customers to list.
type ListCustomersRequest struct {
	// Page is the number of the page, counted from 1. 0 means the first.
	Page int `url:"page,omitempty"`
	// Limit is the size of a page, at most 60. 0 means 15 for List and 60 for Walk and
	// All.
	Limit int `url:"per_page,omitempty"`
	// Keyword is searched for in names, e-mail addresses and mobile numbers. Give a
	// mobile number with the country code and without a plus, such as "966555555555".
	Keyword string `url:"keyword,omitempty"`
	// DateFrom and DateTo are the first and the last day of creation, both inclusive,
	// in the store's time zone, such as "2026-01-31".
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

// Next returns the request for the following page; ok is false on the last one.
// Customers who are deleted between two calls move others to a page already read, so
// that these are missed; customers who are added make others come twice; and Salla
// lists only the first 10,000 customers. Walk handles all of that.
func (r *ListCustomersResponse) Next() (next ListCustomersRequest, ok bool) {
	next = r.request
	next.Page, ok = r.Pagination.following(r.request.Page)
	return next, ok
}

// List returns one page of customers. Salla lists only the first 10,000 customers that
// match; Walk and All list all of them.
//
// See https://docs.salla.dev/5394121e0.
//
//souk:operation GET /customers
func (s *CustomersService) List(ctx context.Context, req ListCustomersRequest) (*ListCustomersResponse, error) {
	page, err := s.page(ctx, req)
	if page == nil {
		return nil, err
	}
	return &ListCustomersResponse{Customers: page.Data, Pagination: page.Pagination.plain(), request: req}, err
}

func (s *CustomersService) page(ctx context.Context, req ListCustomersRequest) (*page[Customer], error) {
	var problems transport.Problems
	req.check(&problems)
	return pageOf[Customer, customerWire](ctx, s.transport, &transport.Call{
		Method:   http.MethodGet,
		Route:    "/customers",
		Query:    req,
		Repeat:   transport.Safe,
		Problems: problems,
	}, req.Page, req.Limit)
}

// Walk returns a walk through all customers that match, newest first. It begins after
// position, or at the first page if position is empty; Page is ignored. Pages have 60
// rows unless Limit is set. If more customers match than the 10,000 that Salla lists,
// the walk splits the list into ever shorter date ranges.
//
// Customers who are added or deleted during a loop cause no others to be repeated or
// missed. A resumed walk asks for the customers up to the day of the last one, or up to
// the next day if that may be the day in the store's time zone; those of that day may
// come again.
//
// Of a day with 10,000 new customers Salla lists only the newest. The walk continues
// with the older days, and ends with an error that names that day. If a date range
// reaches 10,000 customers while it is read, the error is [souk.ErrUnavailable];
// another loop continues. Other errors are as for List. A list that Salla cuts short,
// or that has customers of other days than requested, is souk.ErrUnavailable and
// [souk.ErrUnreadable]; a wrong position is [souk.ErrInvalid].
func (s *CustomersService) Walk(req ListCustomersRequest, position string) *souk.Walk[Customer] {
	req = transport.Own(req)
	asked := cmp.Or(req.Limit, maxLimit)
	fetch := func(ctx context.Context, number int, first, last time.Time) (paging.Batch[Customer], error) {
		req := req
		req.Page, req.Limit = pageNumber(req.Page, number), asked
		if !last.IsZero() {
			req.DateFrom, req.DateTo = first.Format(time.DateOnly), last.Format(time.DateOnly)
		}
		b, err := capped(s.page(ctx, req))
		if err == nil && !req.concerns(b.Rows) {
			err = &paging.Error{Problem: paging.OtherDays}
		}
		return b, err
	}
	filter := req
	filter.Page, filter.Limit = 0, 0
	first, last := req.days()
	return transport.Walk(s.transport, transport.Listing{Route: "/customers", Filter: filter, Store: s.store}, paging.Days[Customer]{
		Fetch: fetch,
		ID:    func(c *Customer) string { return idText(c.ID) },
		Day:   req.dayOf,
		Cap:   maxListed,
		Size:  asked,
		First: first,
		Last:  last,
	}, position)
}

// All returns all customers that match, newest first, like Walk with an empty position.
func (s *CustomersService) All(ctx context.Context, req ListCustomersRequest) iter.Seq2[*Customer, error] {
	return transport.Anew(ctx, req, func(req ListCustomersRequest) *souk.Walk[Customer] { return s.Walk(req, "") })
}

// Count returns the number of all customers. Salla counts at most 9,999 in one request;
// Count adds up ever shorter date ranges if there are more. 10,000 customers on one day
// are [souk.ErrUnavailable].
//
//souk:composite
func (s *CustomersService) Count(ctx context.Context) (int, error) {
	total, err := s.count(ctx, ListCustomersRequest{})
	if total < maxListed || err != nil {
		return total, err
	}
	first, last := ListCustomersRequest{}.days()
	return s.countDays(ctx, first, last)
}

// countDays counts the customers of some days, the first and the last included.
func (s *CustomersService) countDays(ctx context.Context, first, last time.Time) (int, error) {
	day := first.Format(time.DateOnly)
	total, err := s.count(ctx, ListCustomersRequest{DateFrom: day, DateTo: last.Format(time.DateOnly)})
	if total < maxListed || err != nil {
		return total, err
	}
	length := int(last.Sub(first).Hours() / 24)
	if length == 0 {
		return 0, uncounted(souk.ErrUnavailable, "Salla counts no more than 10,000 customers of one day, and has as many of "+day)
	}
	middle := first.AddDate(0, 0, length/2)
	older, err := s.countDays(ctx, first, middle)
	if err != nil {
		return 0, err
	}
	newer, err := s.countDays(ctx, middle.AddDate(0, 0, 1), last)
	if err != nil {
		return 0, err
	}
	return older + newer, nil
}

// count returns the total that Salla states for all pages.
func (s *CustomersService) count(ctx context.Context, req ListCustomersRequest) (int, error) {
	req.Limit = 1
	page, err := s.page(ctx, req)
	if page == nil {
		return 0, err
	}
	if page.Pagination.Total == nil {
		return 0, uncounted(incomplete{}, "the answer has no pagination.total")
	}
	return int(*page.Pagination.Total), nil
}

func uncounted(class error, message string) error {
	return newError(&souk.Error{Method: http.MethodGet, Route: "/customers", Attempts: 1, Message: message, Err: class})
}

// maxListed is the number of customers that Salla lists, and the highest total that it
// states.
const maxListed = 10_000

// founded is earlier than the creation of any Salla customer.
var founded = time.Date(1970, time.January, 1, 0, 0, 0, 0, time.UTC)

// capped returns a page of customers for a walk. Its total shows whether the list may
// be cut off.
func capped(p *page[Customer], err error) (paging.Batch[Customer], error) {
	b, err := batchOf(p, err)
	if err == nil && b.Total < 0 && int(*p.Pagination.TotalPages) > maxListed/p.asked {
		b.Total = maxListed
	}
	return b, err
}

// dubai is the easternmost time zone in which Salla has stores.
var dubai = time.FixedZone("", 4*60*60)

// dayOf returns the day on which a customer was created. The store's time zone is not
// known, so it returns the latest day that is possible, and none that was not asked
// for.
func (r ListCustomersRequest) dayOf(c *Customer) time.Time {
	t := c.CreatedAt
	if _, ahead := t.Zone(); ahead < 4*60*60 {
		t = t.In(dubai)
	}
	switch day := t.Format(time.DateOnly); {
	case t.IsZero():
	case r.DateFrom != "" && day < r.DateFrom:
		t, _ = r.days()
	case r.DateTo != "" && day > r.DateTo:
		_, t = r.days()
	}
	return t
}

// concerns reports whether the customers were created on the days that were asked for.
// If not, the server ignored the dates and may have left others out. One day either way
// is allowed for differences of time zone.
func (r ListCustomersRequest) concerns(customers []Customer) bool {
	if r.DateFrom == "" && r.DateTo == "" {
		return true
	}
	for i := range customers {
		day := customers[i].CreatedAt
		switch {
		case day.IsZero():
		case r.DateFrom != "" && day.AddDate(0, 0, 1).Format(time.DateOnly) < r.DateFrom,
			r.DateTo != "" && day.AddDate(0, 0, -1).Format(time.DateOnly) > r.DateTo:
			return false
		}
	}
	return true
}

// days returns the first and last day, both inclusive, in UTC, on which the listed
// customers can have been created.
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

func (r ListCustomersRequest) check(problems *transport.Problems) {
	checkPage(problems, r.Page, r.Limit)
	problems.Words("Keyword", r.Keyword)
	problems.Require(r.DateFrom == "" || isDate(r.DateFrom), "DateFrom", dateForm)
	problems.Require(r.DateTo == "" || isDate(r.DateTo), "DateTo", dateForm)
}
