package commercengine

import (
	"cmp"
	"context"
	"iter"
	"net/http"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

const sellersRoute = "/customers/{id}/authorized-sellers"

// Seller is a firm that a business customer may buy from.
type Seller struct {
	ID                      string `json:"id"`
	TradeName               string `json:"trade_name"`
	LegalName               string `json:"legal_name"`
	BusinessType            string `json:"business_type"`
	TaxIdentificationNumber string `json:"tax_identification_number"`
}

// ListAuthorizedSellersRequest says which page to return.
type ListAuthorizedSellersRequest struct {
	// Page is the number of the page, from 1. 0 means the first.
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

// Next returns the request of the following page; ok is false on the last one. When
// rows are deleted between two pages, others move to a page that was read, and are
// missed; when rows are added, some come twice. Walk sees to that.
func (r *ListAuthorizedSellersResponse) Next() (next ListAuthorizedSellersRequest, ok bool) {
	next = r.request
	next.Page, ok = nextPage(r.Pagination)
	return next, ok
}

// ListAuthorizedSellers returns one page of the sellers that a customer may buy
// from.
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

// AllAuthorizedSellers returns all sellers, from Page on, that a customer may buy from,
// page by page. Limit is the size of the pages, 100 by default.
//
//souk:composite
func (s *CustomersService) AllAuthorizedSellers(ctx context.Context, customerID string, req ListAuthorizedSellersRequest) iter.Seq2[*Seller, error] {
	return transport.Anew(ctx, func() *souk.Walk[Seller] { return s.WalkAuthorizedSellers(customerID, req, "") })
}

// WalkAuthorizedSellers returns a walk through all sellers, from Page on, that a
// customer may buy from, which goes on behind position where that is not empty. Limit
// is the size of the pages, 100 by default.
//
// The order is the vendor's, which does not name it. Rows deleted during a loop make it
// miss no other one, unless just as many were added: then the vendor's count does not
// show it. After a resume the rows of some pages can come again, and all where none of
// the last 100 is left; none is missed that kept its place. See [souk.Walk].
func (s *CustomersService) WalkAuthorizedSellers(customerID string, req ListAuthorizedSellersRequest, position string) *souk.Walk[Seller] {
	filter := req
	filter.Page, filter.Limit = 0, 0
	req.Limit = cmp.Or(req.Limit, walkLimit)
	return walked[Seller]{
		listing: transport.Listing{Route: sellersRoute, IDs: []any{customerID}, Filter: filter},
		first:   req.Page,
		id:      func(a *Seller) string { return a.ID },
		read: func(ctx context.Context, page int) ([]Seller, *Pagination, error) {
			req := req
			req.Page = page
			list, err := s.ListAuthorizedSellers(ctx, customerID, req)
			if list == nil {
				return nil, nil, err
			}
			return list.Sellers, list.Pagination, err
		},
	}.walk(s.transport, position)
}
