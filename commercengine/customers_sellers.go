package commercengine

import (
	"context"
	"iter"
	"net/http"

	"github.com/souk-go/souk/internal/transport"
)

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
	// Limit is the size of a page. 0 means the server's default.
	Limit int `url:"limit,omitempty"`
}

// ListAuthorizedSellersResponse is one page.
type ListAuthorizedSellersResponse struct {
	Sellers    []Seller    `json:"authorized_sellers"`
	Pagination *Pagination `json:"pagination"`

	request ListAuthorizedSellersRequest
}

// Next returns the request of the following page; ok is false on the last one.
func (r *ListAuthorizedSellersResponse) Next() (next ListAuthorizedSellersRequest, ok bool) {
	next = r.request
	next.Page, ok = r.Pagination.next()
	return next, ok
}

const sellersRoute = "/customers/{id}/authorized-sellers"

// ListAuthorizedSellers returns one page of the sellers that a customer may buy
// from.
//
//souk:operation GET /customers/{id}/authorized-sellers
func (s *CustomersService) ListAuthorizedSellers(ctx context.Context, customerID string, req ListAuthorizedSellersRequest) (*ListAuthorizedSellersResponse, error) {
	call := &transport.Call{
		Method:     http.MethodGet,
		Route:      sellersRoute,
		IDs:        []any{customerID},
		Query:      req,
		Repeat:     transport.Safe,
		Credential: s.customer,
	}
	checkPage(&call.Problems, req.Page, req.Limit)
	return result[*ListAuthorizedSellersResponse](ctx, s.client, call, ListAuthorizedSellersResponse{request: req})
}

// AllAuthorizedSellers returns all sellers that a customer may buy from, from
// Page on, page by page. Limit is the size of the pages, 100 by default.
//
//souk:composite
func (s *CustomersService) AllAuthorizedSellers(ctx context.Context, customerID string, req ListAuthorizedSellersRequest) iter.Seq2[*Seller, error] {
	if req.Limit == 0 {
		req.Limit = defaultLimit
	}
	id := func(seller *Seller) string { return seller.ID }
	return walk(ctx, s.client, sellersRoute, req.Page, id, func(ctx context.Context, page int) ([]Seller, *Pagination, error) {
		req := req
		req.Page = page
		list, err := s.ListAuthorizedSellers(ctx, customerID, req)
		if err != nil {
			return nil, nil, err
		}
		return list.Sellers, list.Pagination, nil
	})
}
