package shopline

import (
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"net/http"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

// Order is an order of a customer: the fields that identify it, and the whole JSON in
// Raw, since an order has far more fields than belong in a package about customers.
type Order struct {
	// ID is a number in a text.
	ID string `json:"id"`
	// Name is the number that the customer sees, such as "1037".
	Name string `json:"name"`
	// Status is "open" or "cancelled". Other texts decode as they are.
	Status            string `json:"status"`
	FinancialStatus   string `json:"financial_status"`
	FulfillmentStatus string `json:"fulfillment_status"`
	// Currency is an ISO 4217 code.
	Currency string `json:"currency"`
	// Raw is the whole order, for json.Unmarshal into a type of your own.
	Raw json.RawMessage `json:"-"`
}

// OrderStatus says which orders to list.
type OrderStatus string

// The kinds of orders.
const (
	OrderStatusOpen      OrderStatus = "open"
	OrderStatusCancelled OrderStatus = "cancelled"
	OrderStatusAny       OrderStatus = "any" // archived ones as well
)

// ListOrdersRequest says which orders of a customer to list.
type ListOrdersRequest struct {
	// Status is required by SHOPLINE. Empty means OrderStatusAny here.
	Status OrderStatus `url:"status,omitempty"`
	// SinceID is the id of the order after which the list begins.
	SinceID string `url:"since_id,omitempty"`
	// Limit is the size of a page, at most 100. 0 means 50.
	Limit int `url:"limit,omitempty"`
	// PageInfo is the cursor of a page. It contains the filters: only Limit and Status,
	// which SHOPLINE always requires, are sent with it.
	PageInfo string `url:"page_info,omitempty"`
}

// ListOrdersResponse is one page.
type ListOrdersResponse struct {
	Orders []Order `json:"list"`
	// NextPageInfo and PreviousPageInfo are the cursors of the adjacent pages, empty if
	// there is none.
	NextPageInfo     string `json:"-"`
	PreviousPageInfo string `json:"-"`

	request ListOrdersRequest
}

// Next returns the request for the following page; ok is false on the last one. It
// follows SHOPLINE's cursor wherever that leads; Walk ends with an error if cursors
// lead back.
func (r *ListOrdersResponse) Next() (next ListOrdersRequest, ok bool) {
	next = ListOrdersRequest{Status: r.request.Status, Limit: r.request.Limit, PageInfo: r.NextPageInfo}
	return next, r.NextPageInfo != ""
}

// ListOrders returns one page of a customer's orders. Which scope it needs is
// not documented: read_orders or read_customers.
//
// See https://developer.shopline.com/docs/admin-rest-api/customer/customer-information/query-specify-customer-order.
//
//souk:operation GET /customers/{id}/orders.json
func (s *CustomersService) ListOrders(ctx context.Context, customerID string, req ListOrdersRequest) (*ListOrdersResponse, error) {
	page, err := s.ordersPage(ctx, customerID, req, nil)
	if page == nil {
		return nil, err
	}
	return &ListOrdersResponse{
		Orders:           page.rows,
		NextPageInfo:     page.next,
		PreviousPageInfo: page.previous,
		request:          req,
	}, err
}

// ordersPage reads a page for ListOrders and, with named, for a walk; see walked.read.
func (s *CustomersService) ordersPage(ctx context.Context, customerID string, req ListOrdersRequest, named func(string)) (*page[Order], error) {
	var problems transport.Problems
	req.check(&problems)
	return one(ctx, s.transport, &transport.Call{
		Method:   http.MethodGet,
		Route:    "/customers/{id}/orders.json",
		IDs:      []any{customerID},
		Query:    req.query(),
		Repeat:   transport.Safe,
		Problems: problems,
		Begun:    onNext(named),
	}, &ordersAnswer{Orders: transport.Room[orderWire](req.Limit)})
}

// AllOrders returns all orders of a customer that match. Limit is the size of a page,
// by default 100.
//
//souk:composite
func (s *CustomersService) AllOrders(ctx context.Context, customerID string, req ListOrdersRequest) iter.Seq2[*Order, error] {
	return transport.Anew(ctx, req, func(req ListOrdersRequest) *souk.Walk[Order] { return s.WalkOrders(customerID, req, "") })
}

// WalkOrders returns a walk through all orders of a customer that match. It begins
// after position if that is not empty. Limit is the size of a page, by default 100.
//
// The order is SHOPLINE's. Cursors contain the filters, and so do positions, which
// contain a cursor. After a resume no row comes again, unless the last 100 are gone.
// See [souk.Walk].
func (s *CustomersService) WalkOrders(customerID string, req ListOrdersRequest, position string) *souk.Walk[Order] {
	req.Limit = cmp.Or(req.Limit, maxOrdersLimit)
	return walked[Order, ListOrdersRequest]{
		listing: transport.Listing{Route: "/customers/{id}/orders.json", IDs: []any{customerID}},
		request: req,
		place:   func(r *ListOrdersRequest) (cursor *string, limit *int) { return &r.PageInfo, &r.Limit },
		id:      func(o *Order) string { return o.ID },
		read: func(ctx context.Context, req ListOrdersRequest, named func(string)) (*page[Order], error) {
			return s.ordersPage(ctx, customerID, req, named)
		},
	}.walk(s.transport, position)
}

// query leaves out the filter if there is a cursor, which contains it. Without a status
// SHOPLINE would list open orders only.
func (r ListOrdersRequest) query() ListOrdersRequest {
	r.Status = cmp.Or(r.Status, OrderStatusAny)
	if r.PageInfo != "" {
		r.SinceID = ""
	}
	return r
}

func (r ListOrdersRequest) check(problems *transport.Problems) {
	checkLimit(problems, r.Limit, maxOrdersLimit)
	checksOf(problems).since(r.SinceID)
	switch r.Status {
	case "", OrderStatusOpen, OrderStatusCancelled, OrderStatusAny:
	default:
		problems.Add("Status", "must be open, cancelled or any")
	}
}
