package commercengine

import (
	"context"
	"iter"
	"net/http"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

const sellersRoute = "/customers/{id}/authorized-sellers"

// Seller is a company that a business customer may buy from.
type Seller struct {
	ID                      string `json:"id"`
	TradeName               string `json:"trade_name"`
	LegalName               string `json:"legal_name"`
	BusinessType            string `json:"business_type"`
	TaxIdentificationNumber string `json:"tax_identification_number"`
}

// ListAuthorizedSellersRequest says which page to return.
type ListAuthorizedSellersRequest struct {
	// Page is the number of the page, counted from 1. 0 means the first.
	Page int `url:"page,omitempty"`
	// Limit is the size of a page, at most 10,000. 0 means the server's default.
	Limit int `url:"limit,omitempty"`
}

// ListAuthorizedSellersResponse is one page.
type ListAuthorizedSellersResponse struct {
	Sellers    []Seller    `json:"authorized_sellers"`
	Pagination *Pagination `json:"pagination"`

	request ListAuthorizedSellersRequest
}

// Next returns the request for the following page; ok is false on the last one. Rows
// that are deleted between two calls move others to a page already read, so that these
// are missed; rows that are added make others come twice. Walk handles both.
func (r *ListAuthorizedSellersResponse) Next() (next ListAuthorizedSellersRequest, ok bool) {
	next = r.request
	next.Page, ok = nextPage(r.Pagination)
	return next, ok
}

// ListAuthorizedSellers returns one page of the sellers that a customer may buy from.
//
// See https://llm-docs.commercengine.io/storefront/operations/get-customer-authorized-sellers.
//
//souk:operation GET /customers/{id}/authorized-sellers
func (s *CustomersService) ListAuthorizedSellers(ctx context.Context, customerID string, req ListAuthorizedSellersRequest) (*ListAuthorizedSellersResponse, error) {
	call := &transport.Call{
		Method:     http.MethodGet,
		Route:      sellersRoute,
		IDs:        []any{customerID},
		Query:      req,
		Repeat:     transport.Safe,
		Credential: s.shopper.customer(),
	}
	checkPage(&call.Problems, req.Page, req.Limit)
	return one[*ListAuthorizedSellersResponse](ctx, s.transport, call, sellersContent{ListAuthorizedSellersResponse: ListAuthorizedSellersResponse{
		request: req, Sellers: transport.Room[Seller](req.Limit),
	}})
}

// AllAuthorizedSellers returns all sellers that a customer may buy from, beginning at
// Page. Limit is the size of a page, by default 100.
//
//souk:composite
func (s *CustomersService) AllAuthorizedSellers(ctx context.Context, customerID string, req ListAuthorizedSellersRequest) iter.Seq2[*Seller, error] {
	return transport.Anew(ctx, req, func(req ListAuthorizedSellersRequest) *souk.Walk[Seller] {
		return s.WalkAuthorizedSellers(customerID, req, "")
	})
}

// WalkAuthorizedSellers returns a walk through all sellers that a customer may buy
// from. It begins after position, or at Page if position is empty. Limit is the size of
// a page, by default 100.
//
// The order is the vendor's, which is not documented. Rows that are deleted during a
// loop cause no others to be missed, unless as many are added, so that the vendor's
// count stays the same. After a resume the rows of some pages may come again, or all
// rows if none of the last 100 is left; no row that kept its place is missed. See
// [souk.Walk].
func (s *CustomersService) WalkAuthorizedSellers(customerID string, req ListAuthorizedSellersRequest, position string) *souk.Walk[Seller] {
	return walked[Seller, ListAuthorizedSellersRequest]{
		listing: transport.Listing{Route: sellersRoute, IDs: []any{customerID}},
		request: req,
		place:   func(r *ListAuthorizedSellersRequest) (page, limit *int) { return &r.Page, &r.Limit },
		id:      func(a *Seller) string { return a.ID },
		read: func(ctx context.Context, req ListAuthorizedSellersRequest) (*page[Seller], error) {
			list, err := s.ListAuthorizedSellers(ctx, customerID, req)
			if list == nil {
				return nil, err
			}
			return &page[Seller]{rows: list.Sellers, pagination: list.Pagination}, err
		},
	}.walk(s.transport, position)
}
