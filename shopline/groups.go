package shopline

import (
	"cmp"
	"context"
	"iter"
	"net/http"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

// CustomerGroup is a saved search: the customers who meet its conditions.
type CustomerGroup struct {
	// ID is a text such as "GROUP5483719394486658833".
	ID   string `json:"id"`
	Name string `json:"name"`
	// Query holds the conditions, as in SearchCustomersRequest. It may end with a
	// semicolon: "orders_count:>1;".
	Query     string    `json:"query"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// CustomerGroupsService reads and writes customer groups.
type CustomerGroupsService service

// CreateCustomerGroupRequest describes a new group. Both fields are required.
type CreateCustomerGroupRequest struct {
	Name string `json:"name"`
	// Query holds the conditions, such as "orders_count:>1".
	Query string `json:"query"`
}

// Create creates a group. It needs the scope write_customers.
//
// See https://developer.shopline.com/docs/admin-rest-api/customer/customer-grouping/create-customer-grouping.
//
//souk:operation POST /customer_saved_searches.json
func (s *CustomerGroupsService) Create(ctx context.Context, req CreateCustomerGroupRequest) (*CustomerGroup, error) {
	var problems transport.Problems
	c := checksOf(&problems)
	c.NotEmpty("Name", req.Name)
	c.NotEmpty("Query", req.Query)
	return one(ctx, s.transport, &transport.Call{
		Method:   http.MethodPost,
		Route:    "/customer_saved_searches.json",
		Body:     transport.In{Member: "customer_saved_search", Value: req},
		Problems: problems,
	}, &groupAnswer{})
}

// ListCustomerGroupsRequest says what to return of the groups.
type ListCustomerGroupsRequest struct {
	// Fields lists the JSON names of the fields to return in addition to the id. Empty
	// means all.
	Fields []string `url:"fields,comma,omitempty"`
	// PageInfo is the cursor of a page. SHOPLINE documents no pages for this list, but
	// an answer may name a next page.
	PageInfo string `url:"page_info,omitempty"`
}

// ListCustomerGroupsResponse holds the groups of the store.
type ListCustomerGroupsResponse struct {
	CustomerGroups []CustomerGroup `json:"customer_saved_searches"`
	// NextPageInfo is the cursor of the following page, empty if there is none.
	NextPageInfo string `json:"-"`

	request ListCustomerGroupsRequest
}

// Next returns the request for the following page; ok is false on the last one. It
// follows SHOPLINE's cursor wherever that leads; Walk ends with an error if cursors
// lead back.
func (r *ListCustomerGroupsResponse) Next() (next ListCustomerGroupsRequest, ok bool) {
	next = r.request
	next.PageInfo = r.NextPageInfo
	return next, r.NextPageInfo != ""
}

// List returns the groups of the store. It needs the scope read_customers.
//
// See https://developer.shopline.com/docs/admin-rest-api/customer/customer-grouping/get-customer-grouping-in-bulk.
//
//souk:operation GET /customer_saved_searches.json
func (s *CustomerGroupsService) List(ctx context.Context, req ListCustomerGroupsRequest) (*ListCustomerGroupsResponse, error) {
	page, err := s.page(ctx, req, nil)
	if page == nil {
		return nil, err
	}
	return &ListCustomerGroupsResponse{
		CustomerGroups: page.rows,
		NextPageInfo:   page.next,
		request:        req,
	}, err
}

// page reads a page for List and, with named, for a walk; see walked.read.
func (s *CustomerGroupsService) page(ctx context.Context, req ListCustomerGroupsRequest, named func(string)) (*page[CustomerGroup], error) {
	var problems transport.Problems
	checksOf(&problems).fields(req.Fields)
	return one(ctx, s.transport, &transport.Call{
		Method:   http.MethodGet,
		Route:    "/customer_saved_searches.json",
		Query:    ListCustomerGroupsRequest{Fields: withID(req.Fields), PageInfo: req.PageInfo},
		Repeat:   transport.Safe,
		Problems: problems,
		Begun:    onNext(named),
	}, &groupsAnswer{})
}

// All returns all groups of the store.
//
//souk:composite
func (s *CustomerGroupsService) All(ctx context.Context, req ListCustomerGroupsRequest) iter.Seq2[*CustomerGroup, error] {
	return transport.Anew(ctx, req, func(req ListCustomerGroupsRequest) *souk.Walk[CustomerGroup] { return s.Walk(req, "") })
}

// Walk returns a walk through all groups of the store. It begins after position if that
// is not empty.
//
// The order is SHOPLINE's. Cursors contain the filters, and so do positions, which
// contain a cursor. After a resume no row comes again, unless the last 100 are gone.
// See [souk.Walk].
func (s *CustomerGroupsService) Walk(req ListCustomerGroupsRequest, position string) *souk.Walk[CustomerGroup] {
	return walked[CustomerGroup, ListCustomerGroupsRequest]{
		listing: transport.Listing{Route: "/customer_saved_searches.json"},
		request: req,
		place:   func(r *ListCustomerGroupsRequest) (cursor *string, limit *int) { return &r.PageInfo, new(int) },
		id:      func(g *CustomerGroup) string { return g.ID },
		read:    s.page,
	}.walk(s.transport, position)
}

// CountCustomerGroupsRequest says which groups to count.
type CountCustomerGroupsRequest struct {
	// SinceID is the id of the group after which counting begins.
	SinceID string `url:"since_id,omitempty"`
}

// Count returns the number of groups. It needs the scope read_customers.
//
// See https://developer.shopline.com/docs/admin-rest-api/customer, "Query store grouping".
//
//souk:operation GET /customer_saved_searches/count.json
func (s *CustomerGroupsService) Count(ctx context.Context, req CountCustomerGroupsRequest) (int, error) {
	var problems transport.Problems
	checksOf(&problems).since(req.SinceID)
	return count(ctx, s.transport, &transport.Call{
		Method:   http.MethodGet,
		Route:    "/customer_saved_searches/count.json",
		Query:    req,
		Repeat:   transport.Safe,
		Problems: problems,
	})
}

// GetCustomerGroupRequest says what to return of a group.
type GetCustomerGroupRequest struct {
	// Fields lists the JSON names of the fields to return in addition to the id. Empty
	// means all.
	Fields []string `url:"fields,comma,omitempty"`
}

// Get returns a group. An unknown id is [souk.ErrNotFound]. It needs the scope
// read_customers.
//
// See https://developer.shopline.com/docs/admin-rest-api/customer, "Specify customer grouping query".
//
//souk:operation GET /customer_saved_searches/{id}.json
func (s *CustomerGroupsService) Get(ctx context.Context, id string, req GetCustomerGroupRequest) (*CustomerGroup, error) {
	var problems transport.Problems
	checksOf(&problems).fields(req.Fields)
	return one(ctx, s.transport, &transport.Call{
		Method:   http.MethodGet,
		Route:    "/customer_saved_searches/{id}.json",
		IDs:      []any{id},
		Query:    GetCustomerGroupRequest{Fields: withID(req.Fields)},
		Repeat:   transport.Safe,
		Problems: problems,
	}, &groupAnswer{})
}

// UpdateCustomerGroupRequest renames a group. Its conditions cannot be changed.
type UpdateCustomerGroupRequest struct {
	// Name is required: nothing else can be changed.
	Name *string `json:"name"`
}

// Update renames a group. It needs the scope write_customers.
//
// See https://developer.shopline.com/docs/admin-rest-api/customer/customer-grouping/update-customer-grouping.
//
//souk:operation PUT /customer_saved_searches/{id}.json
func (s *CustomerGroupsService) Update(ctx context.Context, id string, req UpdateCustomerGroupRequest) (*CustomerGroup, error) {
	var problems transport.Problems
	problems.Require(req.Name != nil && *req.Name != "", "Name", "must not be empty")
	return one(ctx, s.transport, &transport.Call{
		Method:   http.MethodPut,
		Route:    "/customer_saved_searches/{id}.json",
		IDs:      []any{id},
		Body:     transport.In{Member: "customer_saved_search", Value: req},
		Repeat:   transport.Idempotent,
		Problems: problems,
	}, &groupAnswer{})
}

// Delete deletes a group. Its customers stay. It needs the scope write_customers.
//
// See https://developer.shopline.com/docs/admin-rest-api/customer, "Delete customer grouping".
//
//souk:operation DELETE /customer_saved_searches/{id}.json
func (s *CustomerGroupsService) Delete(ctx context.Context, id string) error {
	return done(ctx, s.transport, &transport.Call{
		Method:  http.MethodDelete,
		Route:   "/customer_saved_searches/{id}.json",
		IDs:     []any{id},
		Repeat:  transport.Idempotent,
		Deletes: true,
	})
}

// MemberOrder is the order of the customers of a group.
type MemberOrder int

// The orders of the customers of a group, latest or highest first.
const (
	MemberOrderLastOrder   MemberOrder = 1
	MemberOrderOrdersCount MemberOrder = 2
)

// ListMembersRequest says which customers of a group to list.
type ListMembersRequest struct {
	// Order is the order of the customers. 0 means MemberOrderLastOrder.
	Order MemberOrder `url:"order,omitempty"`
	// Fields lists the JSON names of the fields to return in addition to the id. Empty
	// means all.
	Fields []string `url:"fields,comma,omitempty"`
	// Limit is the size of a page, at most 250. 0 means 50.
	Limit int `url:"limit,omitempty"`
	// PageInfo is the cursor of a page. It contains the order: only Fields and Limit
	// are sent with it.
	PageInfo string `url:"page_info,omitempty"`
}

// ListMembersResponse is one page.
type ListMembersResponse struct {
	Customers []Customer `json:"customers"`
	// NextPageInfo and PreviousPageInfo are the cursors of the adjacent pages, empty if
	// there is none.
	NextPageInfo     string `json:"-"`
	PreviousPageInfo string `json:"-"`

	request ListMembersRequest
}

// Next returns the request for the following page; ok is false on the last one. It
// follows SHOPLINE's cursor wherever that leads; Walk ends with an error if cursors
// lead back.
func (r *ListMembersResponse) Next() (next ListMembersRequest, ok bool) {
	next = ListMembersRequest{Fields: r.request.Fields, Limit: r.request.Limit, PageInfo: r.NextPageInfo}
	return next, r.NextPageInfo != ""
}

// ListMembers returns one page of the customers of a group. It needs the scope
// read_customers.
//
// See https://developer.shopline.com/docs/admin-rest-api/customer/customer-grouping/query-all-customers-in-groups.
//
//souk:operation GET /customer_saved_searches/{id}/customers.json
func (s *CustomerGroupsService) ListMembers(ctx context.Context, id string, req ListMembersRequest) (*ListMembersResponse, error) {
	page, err := s.membersPage(ctx, id, req, nil)
	if page == nil {
		return nil, err
	}
	return &ListMembersResponse{
		Customers:        page.rows,
		NextPageInfo:     page.next,
		PreviousPageInfo: page.previous,
		request:          req,
	}, err
}

// membersPage reads a page for ListMembers and, with named, for a walk; see walked.read.
func (s *CustomerGroupsService) membersPage(ctx context.Context, id string, req ListMembersRequest, named func(string)) (*page[Customer], error) {
	var problems transport.Problems
	req.check(&problems)
	return one(ctx, s.transport, &transport.Call{
		Method:   http.MethodGet,
		Route:    "/customer_saved_searches/{id}/customers.json",
		IDs:      []any{id},
		Query:    req.query(),
		Repeat:   transport.Safe,
		Problems: problems,
		Begun:    onNext(named),
	}, &customersAnswer{Customers: transport.Room[Customer](req.Limit)})
}

// AllMembers returns all customers of a group. Limit is the size of a page, by default
// 250.
//
//souk:composite
func (s *CustomerGroupsService) AllMembers(ctx context.Context, id string, req ListMembersRequest) iter.Seq2[*Customer, error] {
	return transport.Anew(ctx, req, func(req ListMembersRequest) *souk.Walk[Customer] { return s.WalkMembers(id, req, "") })
}

// WalkMembers returns a walk through all customers of a group. It begins after position
// if that is not empty. Limit is the size of a page, by default 250.
//
// The order is SHOPLINE's. Cursors contain the filters, and so do positions, which
// contain a cursor. After a resume no row comes again, unless the last 100 are gone.
// Customers whose place in the order changes during the walk may come twice or not at
// all. See [souk.Walk].
func (s *CustomerGroupsService) WalkMembers(id string, req ListMembersRequest, position string) *souk.Walk[Customer] {
	req.Limit = cmp.Or(req.Limit, maxLimit)
	return walked[Customer, ListMembersRequest]{
		listing: transport.Listing{Route: "/customer_saved_searches/{id}/customers.json", IDs: []any{id}},
		request: req,
		place:   func(r *ListMembersRequest) (cursor *string, limit *int) { return &r.PageInfo, &r.Limit },
		id:      func(c *Customer) string { return c.ID },
		read: func(ctx context.Context, req ListMembersRequest, named func(string)) (*page[Customer], error) {
			return s.membersPage(ctx, id, req, named)
		},
	}.walk(s.transport, position)
}

// query leaves out the order if there is a cursor, which contains it.
func (r ListMembersRequest) query() ListMembersRequest {
	r.Fields = withID(r.Fields)
	if r.PageInfo != "" {
		r.Order = 0
	}
	return r
}

func (r ListMembersRequest) check(problems *transport.Problems) {
	checksOf(problems).fields(r.Fields)
	checkLimit(problems, r.Limit, maxLimit)
	problems.Require(r.Order >= 0 && r.Order <= MemberOrderOrdersCount, "Order", "must be 1 or 2; 0 means 1")
}
