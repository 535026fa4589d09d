package shopline

import (
	"cmp"
	"context"
	"iter"
	"net/http"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

// SearchOrder is the order of a search. The customers created last always come first;
// SearchOrder sorts customers who were created at the same time.
type SearchOrder int

// The orders of a search.
const (
	SearchOrderCreated     SearchOrder = 0
	SearchOrderLatestOrder SearchOrder = 1
	SearchOrderOrdersCount SearchOrder = 2
	SearchOrderID          SearchOrder = 3
)

// SearchCustomersRequest says which customers to search for. If it is empty, all are
// found.
type SearchCustomersRequest struct {
	// Query holds conditions of the form field:value, separated by semicolons, which
	// must all match: "customer_id:1;orders_count:2". A number may follow an operator,
	// as in "orders_count:>1", which SHOPLINE documents for the conditions of customer
	// groups. The fields are accepts_marketing, email_subscribe_flag, customer_date,
	// customer_first_name, customer_id, tags, orders_count, order_date, state,
	// total_spent, updated_at and verified_email. A value cannot contain a semicolon.
	Query string `url:"query,omitempty"`
	// Text is searched for, as a part of the text too, in phone number, e-mail address,
	// first and last name, and both address lines. It has at most 50 characters.
	Text string `url:"query_param,omitempty"`
	// Order is the order of the customers.
	Order SearchOrder `url:"order,omitempty"`
	// Fields lists the JSON names of the fields to return in addition to the id. Empty
	// means all.
	Fields []string `url:"fields,comma,omitempty"`
	// Limit is the size of a page, at most 250. 0 means 50.
	Limit int `url:"limit,omitempty"`
	// PageInfo is the cursor of a page. It contains the conditions: only Fields and
	// Limit are sent with it.
	PageInfo string `url:"page_info,omitempty"`
}

// SearchCustomersResponse is one page.
type SearchCustomersResponse struct {
	Customers []Customer `json:"customers"`
	// NextPageInfo and PreviousPageInfo are the cursors of the adjacent pages, empty if
	// there is none.
	NextPageInfo     string `json:"-"`
	PreviousPageInfo string `json:"-"`

	request SearchCustomersRequest
}

// Next returns the request for the following page; ok is false on the last one. It
// follows SHOPLINE's cursor wherever that leads; Walk ends with an error if cursors
// lead back.
func (r *SearchCustomersResponse) Next() (next SearchCustomersRequest, ok bool) {
	next = SearchCustomersRequest{Fields: r.request.Fields, Limit: r.request.Limit, PageInfo: r.NextPageInfo}
	return next, r.NextPageInfo != ""
}

// Search returns one page of the customers who meet the conditions. It needs the scope
// read_customers.
//
// See https://developer.shopline.com/docs/admin-rest-api/customer/customer-information/search-for-customers.
//
//souk:operation GET /customers/v2/search.json
func (s *CustomersService) Search(ctx context.Context, req SearchCustomersRequest) (*SearchCustomersResponse, error) {
	page, err := s.searchPage(ctx, req, nil)
	if page == nil {
		return nil, err
	}
	return &SearchCustomersResponse{
		Customers:        page.rows,
		NextPageInfo:     page.next,
		PreviousPageInfo: page.previous,
		request:          req,
	}, err
}

// searchPage reads a page for Search and, with named, for a walk; see walked.read.
func (s *CustomersService) searchPage(ctx context.Context, req SearchCustomersRequest, named func(string)) (*page[Customer], error) {
	var problems transport.Problems
	req.check(&problems)
	return one(ctx, s.transport, &transport.Call{
		Method:   http.MethodGet,
		Route:    "/customers/v2/search.json",
		Query:    req.query(),
		Repeat:   transport.Safe,
		Problems: problems,
		Begun:    onNext(named),
	}, &customersAnswer{Customers: transport.Room[Customer](req.Limit)})
}

// SearchAll returns all customers who meet the conditions. Limit is the size of a page,
// by default 250.
//
//souk:composite
func (s *CustomersService) SearchAll(ctx context.Context, req SearchCustomersRequest) iter.Seq2[*Customer, error] {
	return transport.Anew(ctx, req, func(req SearchCustomersRequest) *souk.Walk[Customer] { return s.SearchWalk(req, "") })
}

// SearchWalk returns a walk through all customers who meet the conditions. It begins
// after position if that is not empty. Limit is the size of a page, by default 250.
//
// The order is SHOPLINE's. Cursors contain the filters, and so do positions, which
// contain a cursor. After a resume no row comes again, unless the last 100 are gone.
// See [souk.Walk].
func (s *CustomersService) SearchWalk(req SearchCustomersRequest, position string) *souk.Walk[Customer] {
	req.Limit = cmp.Or(req.Limit, maxLimit)
	return walked[Customer, SearchCustomersRequest]{
		listing: transport.Listing{Route: "/customers/v2/search.json"},
		request: req,
		place:   func(r *SearchCustomersRequest) (cursor *string, limit *int) { return &r.PageInfo, &r.Limit },
		id:      func(c *Customer) string { return c.ID },
		read:    s.searchPage,
	}.walk(s.transport, position)
}

// query leaves out the conditions if there is a cursor, which contains them.
func (r SearchCustomersRequest) query() SearchCustomersRequest {
	r.Fields = withID(r.Fields)
	if r.PageInfo == "" {
		return r
	}
	return SearchCustomersRequest{Fields: r.Fields, Limit: r.Limit, PageInfo: r.PageInfo}
}

func (r SearchCustomersRequest) check(problems *transport.Problems) {
	c := checksOf(problems)
	c.length("Text", r.Text, 50)
	c.Words("Text", r.Text)
	c.Words("Query", r.Query)
	c.fields(r.Fields)
	checkLimit(problems, r.Limit, maxLimit)
	problems.Require(r.Order >= SearchOrderCreated && r.Order <= SearchOrderID, "Order", "must be between 0 and 3")
}
