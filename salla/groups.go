package salla

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

// CustomerGroup is a group of customers. Salla often sends ID and Name only.
type CustomerGroup struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	// Conditions and Features are nil if Salla does not send them.
	Conditions []GroupCondition `json:"conditions,omitempty"`
	Features   *GroupFeatures   `json:"features,omitempty"`
}

// GroupCondition puts customers into a group by what they bought. The numbers are
// decimal, such as "100", and are sent as JSON numbers.
type GroupCondition struct {
	Type   ConditionType   `json:"type"`
	Symbol ConditionSymbol `json:"symbol,omitempty"`
	// Value is used with SymbolAbove and SymbolBelow.
	Value json.Number `json:"value,omitempty"`
	// MinValue and MaxValue are used with SymbolBetween.
	MinValue json.Number `json:"min_value,omitempty"`
	MaxValue json.Number `json:"max_value,omitempty"`
}

// ConditionType is the property that a group's condition compares.
type ConditionType string

// The conditions that Salla documents.
const (
	ConditionTotalSales  ConditionType = "total_sales"
	ConditionTotalOrders ConditionType = "total_orders"
	ConditionStoreRating ConditionType = "store_rating"
	ConditionNoOrders    ConditionType = "doesnt_have_orders"
)

// ConditionSymbol is the comparison of a group's condition.
type ConditionSymbol string

// The comparisons.
const (
	SymbolAbove   ConditionSymbol = ">"
	SymbolBelow   ConditionSymbol = "<"
	SymbolBetween ConditionSymbol = "between"
)

// GroupFeatures says what the customers of a group may use. Salla calls it deprecated.
type GroupFeatures struct {
	// PaymentMethod lists methods such as "credit_card", "mada" and "bank". It is left
	// out if nil; an empty list is sent as such.
	PaymentMethod []string `json:"payment_method,omitzero"`
	// Shipping lists companies, or "all". It is left out if nil; an empty list is sent
	// as such.
	Shipping []string `json:"shipping,omitzero"`
}

// set returns nil if no feature is set.
func (f *GroupFeatures) set() *GroupFeatures {
	if f == nil || f.PaymentMethod == nil && f.Shipping == nil {
		return nil
	}
	return f
}

// CustomerGroupsService reads and writes customer groups. Reading needs the scope
// customers.read, writing customers.read_write. Salla has no operation to read a single
// group or to remove customers from one; see [UpdateCustomerRequest.Groups].
type CustomerGroupsService service

// CreateCustomerGroupRequest describes a new group.
type CreateCustomerGroupRequest struct {
	// Name is required.
	Name       string           `json:"name"`
	Conditions []GroupCondition `json:"conditions,omitempty"`
	Features   *GroupFeatures   `json:"features,omitempty"`
}

// Create creates a group.
//
// See https://docs.salla.dev/5394128e0.
//
//souk:operation POST /customers/groups
func (s *CustomerGroupsService) Create(ctx context.Context, req CreateCustomerGroupRequest) (*CustomerGroup, error) {
	var problems transport.Problems
	problems.NotEmpty("Name", req.Name)
	checkConditions(&problems, req.Conditions)
	req.Features = req.Features.set()
	return one[CustomerGroup, groupWire](ctx, s.transport, &transport.Call{
		Method:   http.MethodPost,
		Route:    "/customers/groups",
		Body:     req,
		Problems: problems,
	})
}

// ListCustomerGroupsRequest selects a page.
type ListCustomerGroupsRequest struct {
	// Page is the number of the page, counted from 1. 0 means the first.
	Page int `url:"page,omitempty"`
	// Limit is the size of a page, up to 60. 0 means 15 for List, and
	// 60 for Walk and All.
	Limit int `url:"per_page,omitempty"`
}

// ListCustomerGroupsResponse is one page.
type ListCustomerGroupsResponse struct {
	CustomerGroups []CustomerGroup `json:"data"`
	Pagination     Pagination      `json:"pagination"`

	request ListCustomerGroupsRequest
}

// Next returns the request for the following page; ok is false on the last one. Rows
// that are deleted between two calls move others to a page already read, so that these
// are missed; rows that are added make others come twice. Walk handles both.
func (r *ListCustomerGroupsResponse) Next() (next ListCustomerGroupsRequest, ok bool) {
	next = r.request
	next.Page, ok = r.Pagination.following(r.request.Page)
	return next, ok
}

// List returns one page of groups.
//
// See https://docs.salla.dev/5394129e0.
//
//souk:operation GET /customers/groups
func (s *CustomerGroupsService) List(ctx context.Context, req ListCustomerGroupsRequest) (*ListCustomerGroupsResponse, error) {
	page, err := s.page(ctx, req)
	if page == nil {
		return nil, err
	}
	return &ListCustomerGroupsResponse{CustomerGroups: page.Data, Pagination: page.Pagination.plain(), request: req}, err
}

// Walk returns a walk through all groups, in Salla's order, which is not documented. It
// begins after position, or at the first page if position is empty; Page is ignored.
// Pages have 60 rows unless Limit is set.
//
// Groups that are deleted during a loop cause no others to be missed, unless as many
// are created, so that Salla's count stays the same. A resumed walk looks for the
// groups that came last; some pages may come again, or all groups if none of the last
// 100 is left.
//
// Errors are as for List. A list that Salla cuts short is [souk.ErrUnavailable] and
// [souk.ErrUnreadable]; a wrong position is [souk.ErrInvalid].
func (s *CustomerGroupsService) Walk(req ListCustomerGroupsRequest, position string) *souk.Walk[CustomerGroup] {
	return walked[CustomerGroup, ListCustomerGroupsRequest]{
		route:   "/customers/groups",
		request: req,
		place:   func(r *ListCustomerGroupsRequest) (page, limit *int) { return &r.Page, &r.Limit },
		id:      func(g *CustomerGroup) string { return idText(g.ID) },
		read:    s.page,
	}.walk((*service)(s), position)
}

// All returns all groups, like Walk with an empty position.
func (s *CustomerGroupsService) All(ctx context.Context, req ListCustomerGroupsRequest) iter.Seq2[*CustomerGroup, error] {
	return transport.Anew(ctx, req, func(req ListCustomerGroupsRequest) *souk.Walk[CustomerGroup] { return s.Walk(req, "") })
}

func (s *CustomerGroupsService) page(ctx context.Context, req ListCustomerGroupsRequest) (*page[CustomerGroup], error) {
	var problems transport.Problems
	checkPage(&problems, req.Page, req.Limit)
	return pageOf[CustomerGroup, groupWire](ctx, s.transport, &transport.Call{
		Method:   http.MethodGet,
		Route:    "/customers/groups",
		Query:    req,
		Repeat:   transport.Safe,
		Problems: problems,
	}, req.Page, req.Limit)
}

// AddCustomersRequest names customers and the group that they join.
type AddCustomersRequest struct {
	// GroupID and Customers are required.
	GroupID   int64   `json:"group_id"`
	Customers []int64 `json:"customers"`
}

// AddCustomers adds customers to a group. Unknown ids are [souk.ErrInvalid], with keys
// such as "customers.0" in Fields.
//
// See https://docs.salla.dev/5394130e0.
//
//souk:operation POST /customers/groups/add_customers
func (s *CustomerGroupsService) AddCustomers(ctx context.Context, req AddCustomersRequest) error {
	var problems transport.Problems
	problems.Require(req.GroupID > 0, "GroupID", "must be a positive id")
	problems.Require(len(req.Customers) > 0, "Customers", "must not be empty")
	checkIDs(&problems, "Customers", req.Customers)
	return done(ctx, s.transport, &transport.Call{
		Method:   http.MethodPost,
		Route:    "/customers/groups/add_customers",
		Body:     req,
		Repeat:   transport.Idempotent,
		Problems: problems,
	})
}

// UpdateDefaultGroupRequest changes the group that new customers join. Only its
// features can be changed.
type UpdateDefaultGroupRequest struct {
	Features GroupFeatures `json:"features"`
}

// UpdateDefault changes the features of the group that new customers join.
//
// See https://docs.salla.dev/5394131e0.
//
//souk:operation POST /customers/groups/default
func (s *CustomerGroupsService) UpdateDefault(ctx context.Context, req UpdateDefaultGroupRequest) error {
	var problems transport.Problems
	problems.Require(req.Features.set() != nil, "Features", "must set PaymentMethod or Shipping")
	return done(ctx, s.transport, &transport.Call{
		Method:   http.MethodPost,
		Route:    "/customers/groups/default",
		Body:     req,
		Repeat:   transport.Idempotent,
		Problems: problems,
	})
}

// UpdateCustomerGroupRequest changes the fields that are set and leaves the
// others alone.
type UpdateCustomerGroupRequest struct {
	Name *string `json:"name,omitempty"`
	// Conditions are left alone if nil; an empty list is sent as such.
	Conditions []GroupCondition `json:"conditions,omitzero"`
	Features   *GroupFeatures   `json:"features,omitempty"`
}

// Update changes a group. An unknown id is [souk.ErrNotFound].
//
// See https://docs.salla.dev/5394132e0.
//
//souk:operation PUT /customers/groups/{group}
func (s *CustomerGroupsService) Update(ctx context.Context, id int64, req UpdateCustomerGroupRequest) (*CustomerGroup, error) {
	var problems transport.Problems
	req.Features = req.Features.set()
	problems.RequireChange(req)
	checkConditions(&problems, req.Conditions)
	return one[CustomerGroup, groupWire](ctx, s.transport, &transport.Call{
		Method:   http.MethodPut,
		Route:    "/customers/groups/{group}",
		IDs:      []any{id},
		Body:     req,
		Repeat:   transport.Idempotent,
		Problems: problems,
	})
}

// Delete deletes a group. Its customers stay. An unknown id is [souk.ErrNotFound].
//
// See https://docs.salla.dev/5394133e0.
//
//souk:operation DELETE /customers/groups/{group}
func (s *CustomerGroupsService) Delete(ctx context.Context, id int64) error {
	return done(ctx, s.transport, &transport.Call{
		Method: http.MethodDelete,
		Route:  "/customers/groups/{group}",
		IDs:    []any{id},
		Repeat: transport.Idempotent,

		Deletes: true,
	})
}

func checkConditions(problems *transport.Problems, conditions []GroupCondition) {
	for i, c := range conditions {
		part := transport.Part{Problems: problems, List: "Conditions", Index: i}
		part.Require(c.Type != "", "Type", `must not be empty; for example "total_sales"`)
		switch c.Symbol {
		case SymbolBetween:
			part.Require(c.MinValue != "" && c.MaxValue != "", "MinValue", "between needs MinValue and MaxValue")
		case SymbolAbove, SymbolBelow:
			part.Require(c.Value != "", "Value", "is required by this comparison")
		case "":
		default:
			part.Add("Symbol", `must be ">", "<" or "between"`)
		}
		checkNumber(part, "Value", c.Value)
		checkNumber(part, "MinValue", c.MinValue)
		checkNumber(part, "MaxValue", c.MaxValue)
	}
}
