package commercengine

import (
	"context"
	"iter"
	"net/http"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

// Country is a country that the store supports.
type Country struct {
	ID   string `json:"id"`
	Name string `json:"country_name"`
	// Code is the dialling code: inferred, not documented.
	Code string `json:"country_code"`
	// ISOCode is the code that ListStates and ListPincodes take, such as "IN".
	ISOCode        string `json:"country_iso_code"`
	CurrencyCode   string `json:"currency_code"`
	CurrencySymbol string `json:"currency_symbol"`
	CurrencyName   string `json:"currency_name"`
	FlagIconURL    string `json:"flag_icon_url"`
	Alias          string `json:"country_alias"`
	Continent      string `json:"continent"`
}

// State is a state of a country.
type State struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	ISOCode string `json:"iso_code"`
	GSTCode string `json:"gst_code"`
	Alias   string `json:"state_alias"`
}

const pincodesRoute = "/common/countries/{country_iso_code}/pincodes"

// ListCountries returns all countries.
//
// See https://llm-docs.commercengine.io/storefront/operations/list-countries.
//
//souk:operation GET /common/countries
func (s *StoreService) ListCountries(ctx context.Context) ([]Country, error) {
	return one[[]Country](ctx, s.transport, (*service)(s).keyed(&transport.Call{
		Method: http.MethodGet,
		Route:  "/common/countries",
		Repeat: transport.Safe,
	}), countriesContent{})
}

// Pincode is a postal code.
type Pincode struct {
	Pincode        string `json:"pincode"`
	City           string `json:"city"`
	StateName      string `json:"state_name"`
	CountryName    string `json:"country_name"`
	CountryISOCode string `json:"country_iso_code"`
}

// ListPincodesRequest says which pincodes to return.
type ListPincodesRequest struct {
	// Pincode is the beginning of the pincodes to return, at least 3 characters. Empty
	// means all.
	Pincode string `url:"pincode,omitempty"`
	// Page is the number of the page, counted from 1. 0 means the first.
	Page int `url:"page,omitempty"`
	// Limit is the size of a page, at most 10,000. 0 means the server's default.
	Limit int `url:"limit,omitempty"`
}

// ListPincodesResponse is one page.
type ListPincodesResponse struct {
	Pincodes []Pincode `json:"pincodes"`

	request ListPincodesRequest
	unread  int // rows that could not be read
}

// Next returns the request for the following page; ok is false if this page is empty,
// since the server does not mark the last page. Rows that move to another page between
// two calls are missed or come twice. If a server repeats a page forever, so does Next;
// Walk ends with an error.
func (r *ListPincodesResponse) Next() (next ListPincodesRequest, ok bool) {
	next = r.request
	next.Page = max(next.Page, 1) + 1
	return next, len(r.Pincodes)+r.unread > 0
}

// ListPincodes returns one page of the pincodes of a country.
//
// See https://llm-docs.commercengine.io/storefront/operations/list-country-pincodes.
//
//souk:operation GET /common/countries/{country_iso_code}/pincodes
func (s *StoreService) ListPincodes(ctx context.Context, countryISOCode string, req ListPincodesRequest) (*ListPincodesResponse, error) {
	call := &transport.Call{
		Method: http.MethodGet,
		Route:  pincodesRoute,
		IDs:    []any{transport.CountryCode(countryISOCode)},
		Query:  req,
		Repeat: transport.Safe,
	}
	checkPage(&call.Problems, req.Page, req.Limit)
	call.Problems.Require(req.Pincode == "" || len(req.Pincode) >= 3, "Pincode", "must have at least 3 characters")
	page, err := one[*ListPincodesResponse](ctx, s.transport, (*service)(s).keyed(call), ListPincodesResponse{
		request: req, Pincodes: transport.Room[Pincode](req.Limit),
	})
	if page != nil {
		page.unread = len(transport.RowErrors(err))
	}
	return page, err
}

// AllPincodes returns all pincodes of a country, beginning at Page. Limit is the size
// of a page, by default 100. The list ends with an empty page; if a server repeats a
// page forever, that is an error.
//
//souk:composite
func (s *StoreService) AllPincodes(ctx context.Context, countryISOCode string, req ListPincodesRequest) iter.Seq2[*Pincode, error] {
	return transport.Anew(ctx, req, func(req ListPincodesRequest) *souk.Walk[Pincode] { return s.WalkPincodes(countryISOCode, req, "") })
}

// WalkPincodes returns a walk through all pincodes of a country. It begins after
// position, or at Page if position is empty. Limit is the size of a page, by default
// 100.
//
// The rows have no ids, so a position is the number of a page: a resumed walk reads
// that page again, and misses rows that moved to an earlier page.
func (s *StoreService) WalkPincodes(countryISOCode string, req ListPincodesRequest, position string) *souk.Walk[Pincode] {
	return walked[Pincode, ListPincodesRequest]{
		listing: transport.Listing{Route: pincodesRoute, IDs: []any{transport.CountryCode(countryISOCode)}},
		request: req,
		place:   func(r *ListPincodesRequest) (page, limit *int) { return &r.Page, &r.Limit },
		read: func(ctx context.Context, req ListPincodesRequest) (*page[Pincode], error) {
			list, err := s.ListPincodes(ctx, countryISOCode, req)
			if list == nil {
				return nil, err
			}
			return &page[Pincode]{rows: list.Pincodes}, err
		},
	}.walk(s.transport, position)
}

// ListStates returns the states of a country, all at once.
//
// See https://llm-docs.commercengine.io/storefront/operations/list-country-states.
//
//souk:operation GET /common/countries/{country_iso_code}/states
func (s *StoreService) ListStates(ctx context.Context, countryISOCode string) ([]State, error) {
	return one[[]State](ctx, s.transport, (*service)(s).keyed(&transport.Call{
		Method: http.MethodGet,
		Route:  "/common/countries/{country_iso_code}/states",
		IDs:    []any{transport.CountryCode(countryISOCode)},
		Repeat: transport.Safe,
	}), statesContent{})
}
