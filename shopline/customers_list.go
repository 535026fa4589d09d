package shopline

import (
	"cmp"
	"context"
	"iter"
	"net/http"
	"strings"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

// ListCustomersRequest says which customers to list. Its filters must all match.
type ListCustomersRequest struct {
	// IDs have at most 64 characters when joined with commas. Nil means all; an empty
	// list is [souk.ErrInvalid].
	IDs []string `url:"ids,comma,omitempty"`
	// SinceID is the id after which the list begins.
	SinceID string `url:"since_id,omitempty"`
	// CreatedAtMin and the other times are inclusive bounds. Zero means no bound. They
	// are sent to the second.
	CreatedAtMin time.Time `url:"created_at_min,omitempty"`
	CreatedAtMax time.Time `url:"created_at_max,omitempty"`
	UpdatedAtMin time.Time `url:"updated_at_min,omitempty"`
	UpdatedAtMax time.Time `url:"updated_at_max,omitempty"`
	// Fields lists the JSON names of the fields to return in addition to the id. Empty
	// means all.
	Fields []string `url:"fields,comma,omitempty"`
	// Limit is the size of a page, at most 250. 0 means 50.
	Limit int `url:"limit,omitempty"`
	// PageInfo is the cursor of a page. It contains the filters: only Fields and Limit
	// are sent with it.
	PageInfo string `url:"page_info,omitempty"`
}

// ListCustomersResponse is one page.
type ListCustomersResponse struct {
	Customers []Customer `json:"customers"`
	// NextPageInfo and PreviousPageInfo are the cursors of the adjacent pages, empty if
	// there is none.
	NextPageInfo     string `json:"-"`
	PreviousPageInfo string `json:"-"`

	request ListCustomersRequest
}

// Next returns the request for the following page; ok is false on the last one. It
// follows SHOPLINE's cursor wherever that leads; Walk ends with an error if cursors
// lead back.
func (r *ListCustomersResponse) Next() (next ListCustomersRequest, ok bool) {
	next = ListCustomersRequest{Fields: r.request.Fields, Limit: r.request.Limit, PageInfo: r.NextPageInfo}
	return next, r.NextPageInfo != ""
}

// List returns one page of customers. It needs the scope read_customers.
//
// See https://developer.shopline.com/docs/admin-rest-api/customer/customer-information/get-customers.
//
//souk:operation GET /v2/customers.json
func (s *CustomersService) List(ctx context.Context, req ListCustomersRequest) (*ListCustomersResponse, error) {
	page, err := s.page(ctx, req, nil)
	if page == nil {
		return nil, err
	}
	return &ListCustomersResponse{
		Customers:        page.rows,
		NextPageInfo:     page.next,
		PreviousPageInfo: page.previous,
		request:          req,
	}, err
}

// page reads a page for List and, with named, for a walk; see walked.read.
func (s *CustomersService) page(ctx context.Context, req ListCustomersRequest, named func(string)) (*page[Customer], error) {
	var problems transport.Problems
	req.check(&problems)
	return one(ctx, s.transport, &transport.Call{
		Method:   http.MethodGet,
		Route:    "/v2/customers.json",
		Query:    req.query(),
		Repeat:   transport.Safe,
		Problems: problems,
		Begun:    onNext(named),
	}, &customersAnswer{Customers: transport.Room[Customer](req.Limit)})
}

// All returns all customers that match. Limit is the size of a page, by default 250.
//
//souk:composite
func (s *CustomersService) All(ctx context.Context, req ListCustomersRequest) iter.Seq2[*Customer, error] {
	return transport.Anew(ctx, req, func(req ListCustomersRequest) *souk.Walk[Customer] { return s.Walk(req, "") })
}

// Walk returns a walk through all customers that match. It begins after position if
// that is not empty. Limit is the size of a page, by default 250.
//
// The order is SHOPLINE's. Cursors contain the filters, and so do positions, which
// contain a cursor. After a resume no row comes again, unless the last 100 are gone.
// See [souk.Walk].
func (s *CustomersService) Walk(req ListCustomersRequest, position string) *souk.Walk[Customer] {
	req.Limit = cmp.Or(req.Limit, maxLimit)
	return walked[Customer, ListCustomersRequest]{
		listing: transport.Listing{Route: "/v2/customers.json"},
		request: req,
		place:   func(r *ListCustomersRequest) (cursor *string, limit *int) { return &r.PageInfo, &r.Limit },
		id:      func(c *Customer) string { return c.ID },
		read:    s.page,
	}.walk(s.transport, position)
}

// query leaves out the filters if there is a cursor, which contains them.
func (r ListCustomersRequest) query() ListCustomersRequest {
	r.Fields = withID(r.Fields)
	if r.PageInfo == "" {
		return r
	}
	return ListCustomersRequest{Fields: r.Fields, Limit: r.Limit, PageInfo: r.PageInfo}
}

func (r ListCustomersRequest) check(problems *transport.Problems) {
	c := checksOf(problems)
	c.fields(r.Fields)
	checkLimit(problems, r.Limit, maxLimit)
	transport.Values(problems, "IDs", r.IDs)
	c.IDs("IDs", r.IDs)
	c.length("IDs", strings.Join(r.IDs, ","), 64)
	c.since(r.SinceID)
	c.Time("CreatedAtMin", r.CreatedAtMin)
	c.Time("CreatedAtMax", r.CreatedAtMax)
	c.Time("UpdatedAtMin", r.UpdatedAtMin)
	c.Time("UpdatedAtMax", r.UpdatedAtMax)
}
