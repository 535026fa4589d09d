package commercengine

import (
	"context"
	"iter"
	"net/http"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

// Address is an address of a customer. A text is empty if the server has null.
type Address struct {
	ID        string `json:"id"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	// CountryCode is a dialling code such as +91, not a country.
	CountryCode string `json:"country_code"`
	// Phone is the national number, 10 digits.
	Phone        string `json:"phone"`
	Email        string `json:"email"`
	AddressLine1 string `json:"address_line1"`
	AddressLine2 string `json:"address_line2"`
	Landmark     string `json:"landmark"`
	Pincode      string `json:"pincode"`
	City         string `json:"city"`
	State        string `json:"state"`
	// Country is the name of the country. The API documents India only.
	Country                 string `json:"country"`
	TaxIdentificationNumber string `json:"tax_identification_number"`
	BusinessName            string `json:"business_name"`
	// Nickname is the customer's own name for the address, such as "Home".
	Nickname          string `json:"nickname"`
	IsDefaultBilling  bool   `json:"is_default_billing"`
	IsDefaultShipping bool   `json:"is_default_shipping"`
	// IsPhoneVerified and IsEmailVerified are true after verification by a one-time
	// password.
	IsPhoneVerified bool `json:"is_phone_verified"`
	IsEmailVerified bool `json:"is_email_verified"`
}

// UpdateRequest returns a request that leaves the address unchanged. Modify it and pass
// it to [AddressesService.Update].
func (a *Address) UpdateRequest() UpdateAddressRequest {
	return UpdateAddressRequest{
		FirstName:               a.FirstName,
		LastName:                a.LastName,
		CountryCode:             a.CountryCode,
		Phone:                   a.Phone,
		Email:                   a.Email,
		AddressLine1:            a.AddressLine1,
		AddressLine2:            a.AddressLine2,
		Landmark:                a.Landmark,
		Pincode:                 a.Pincode,
		City:                    a.City,
		State:                   a.State,
		Country:                 a.Country,
		TaxIdentificationNumber: a.TaxIdentificationNumber,
		BusinessName:            a.BusinessName,
		Nickname:                a.Nickname,
		IsDefaultBilling:        new(a.IsDefaultBilling),
		IsDefaultShipping:       new(a.IsDefaultShipping),
	}
}

// AddressesService reads and writes the addresses of a customer. customerID is the id
// of a customer, as [Session.CustomerID] returns it, not of a user.
type AddressesService service

const (
	addressesRoute = "/customers/{customer_id}/addresses"
	addressRoute   = addressesRoute + "/{address_id}"
)

// ListAddressesRequest says which page to return.
type ListAddressesRequest struct {
	// Page is the number of the page, counted from 1. 0 means the first.
	Page int `url:"page,omitempty"`
	// Limit is the size of a page, at most 10,000. 0 means the server's default.
	Limit int `url:"limit,omitempty"`
}

// ListAddressesResponse is one page.
type ListAddressesResponse struct {
	Addresses  []Address   `json:"addresses"`
	Pagination *Pagination `json:"pagination"`

	request ListAddressesRequest
}

// Next returns the request for the following page; ok is false on the last one. Rows
// that are deleted between two calls move others to a page already read, so that these
// are missed; rows that are added make others come twice. Walk handles both.
func (r *ListAddressesResponse) Next() (next ListAddressesRequest, ok bool) {
	next = r.request
	next.Page, ok = nextPage(r.Pagination)
	return next, ok
}

// List returns one page of a customer's addresses.
//
// See https://llm-docs.commercengine.io/storefront/operations/list-addresses.
//
//souk:operation GET /customers/{customer_id}/addresses
func (s *AddressesService) List(ctx context.Context, customerID string, req ListAddressesRequest) (*ListAddressesResponse, error) {
	call := &transport.Call{
		Method:     http.MethodGet,
		Route:      addressesRoute,
		IDs:        []any{customerID},
		Query:      req,
		Repeat:     transport.Safe,
		Credential: s.shopper.customer(),
	}
	checkPage(&call.Problems, req.Page, req.Limit)
	return one[*ListAddressesResponse](ctx, s.transport, call, addressesContent{ListAddressesResponse: ListAddressesResponse{
		request: req, Addresses: transport.Room[Address](req.Limit),
	}})
}

// All returns all addresses of a customer, beginning at Page. Limit is the size of a
// page, by default 100.
//
//souk:composite
func (s *AddressesService) All(ctx context.Context, customerID string, req ListAddressesRequest) iter.Seq2[*Address, error] {
	return transport.Anew(ctx, req, func(req ListAddressesRequest) *souk.Walk[Address] { return s.Walk(customerID, req, "") })
}

// Walk returns a walk through all addresses of a customer. It begins after position, or
// at Page if position is empty. Limit is the size of a page, by default 100.
//
// The order is the vendor's, which is not documented. Rows that are deleted during a
// loop cause no others to be missed, unless as many are added, so that the vendor's
// count stays the same. After a resume the rows of some pages may come again, or all
// rows if none of the last 100 is left; no row that kept its place is missed. See
// [souk.Walk].
func (s *AddressesService) Walk(customerID string, req ListAddressesRequest, position string) *souk.Walk[Address] {
	return walked[Address, ListAddressesRequest]{
		listing: transport.Listing{Route: addressesRoute, IDs: []any{customerID}},
		request: req,
		place:   func(r *ListAddressesRequest) (page, limit *int) { return &r.Page, &r.Limit },
		id:      func(a *Address) string { return a.ID },
		read: func(ctx context.Context, req ListAddressesRequest) (*page[Address], error) {
			list, err := s.List(ctx, customerID, req)
			if list == nil {
				return nil, err
			}
			return &page[Address]{rows: list.Addresses, pagination: list.Pagination}, err
		},
	}.walk(s.transport, position)
}

// CreateAddressRequest describes a new address. All fields are required unless marked
// optional. An empty optional field is sent as null.
type CreateAddressRequest struct {
	FirstName string `json:"first_name"`
	// LastName is optional.
	LastName string `json:"last_name"`
	// CountryCode is a dialling code such as +91, not a country.
	CountryCode string `json:"country_code"`
	// Phone is the national number, 10 digits.
	Phone        string `json:"phone"`
	Email        string `json:"email"`
	AddressLine1 string `json:"address_line1"`
	// AddressLine2 and Landmark are optional.
	AddressLine2 string `json:"address_line2"`
	Landmark     string `json:"landmark"`
	Pincode      string `json:"pincode"`
	City         string `json:"city"`
	State        string `json:"state"`
	// Country is the name of the country. The API documents India only.
	Country string `json:"country"`
	// TaxIdentificationNumber, BusinessName and Nickname are optional.
	TaxIdentificationNumber string `json:"tax_identification_number"`
	BusinessName            string `json:"business_name"`
	Nickname                string `json:"nickname"`
	// IsDefaultBilling and IsDefaultShipping are optional, and left out if nil.
	IsDefaultBilling  *bool `json:"is_default_billing,omitempty"`
	IsDefaultShipping *bool `json:"is_default_shipping,omitempty"`
}

// Create adds an address to a customer.
//
// See https://llm-docs.commercengine.io/storefront/operations/create-address.
//
//souk:operation POST /customers/{customer_id}/addresses
func (s *AddressesService) Create(ctx context.Context, customerID string, req CreateAddressRequest) (*Address, error) {
	call := &transport.Call{
		Method:     http.MethodPost,
		Route:      addressesRoute,
		IDs:        []any{customerID},
		Body:       addressBodyOf(&req),
		Credential: s.shopper.customer(),
	}
	req.check(&call.Problems, "")
	return one[*Address](ctx, s.transport, call, addressContent{})
}

// Get returns an address of a customer.
//
// See https://llm-docs.commercengine.io/storefront/operations/get-address-detail.
//
//souk:operation GET /customers/{customer_id}/addresses/{address_id}
func (s *AddressesService) Get(ctx context.Context, customerID, id string) (*Address, error) {
	return one[*Address](ctx, s.transport, &transport.Call{
		Method:     http.MethodGet,
		Route:      addressRoute,
		IDs:        []any{customerID, id},
		Repeat:     transport.Safe,
		Credential: s.shopper.customer(),
	}, addressContent{})
}

// UpdateAddressRequest replaces the whole address: an empty optional field is cleared.
// [Address.UpdateRequest] returns a request to start from.
type UpdateAddressRequest CreateAddressRequest

// Update replaces an address of a customer.
//
// See https://llm-docs.commercengine.io/storefront/operations/update-address-detail.
//
//souk:operation PUT /customers/{customer_id}/addresses/{address_id}
func (s *AddressesService) Update(ctx context.Context, customerID, id string, req UpdateAddressRequest) (*Address, error) {
	call := &transport.Call{
		Method:     http.MethodPut,
		Route:      addressRoute,
		IDs:        []any{customerID, id},
		Body:       addressBodyOf((*CreateAddressRequest)(&req)),
		Repeat:     transport.Idempotent,
		Credential: s.shopper.customer(),
	}
	CreateAddressRequest(req).check(&call.Problems, "")
	return one[*Address](ctx, s.transport, call, addressContent{})
}

// Delete deletes an address of a customer. An unknown address is [souk.ErrNotFound].
//
// See https://llm-docs.commercengine.io/storefront/operations/delete-address.
//
//souk:operation DELETE /customers/{customer_id}/addresses/{address_id}
func (s *AddressesService) Delete(ctx context.Context, customerID, id string) error {
	return done(ctx, s.transport, &transport.Call{
		Method:     http.MethodDelete,
		Route:      addressRoute,
		IDs:        []any{customerID, id},
		Repeat:     transport.Idempotent,
		Deletes:    true,
		Credential: s.shopper.customer(),
	})
}

// check notes what is wrong. below is the path of the address in a request.
func (r CreateAddressRequest) check(problems *transport.Problems, below string) {
	problems.NotEmpty(below+"FirstName", r.FirstName)
	problems.Require(isDialling(r.CountryCode), below+"CountryCode", "must be a dialling code such as +91")
	checkPhone(problems, below+"Phone", r.Phone)
	checkEmail(problems, below+"Email", r.Email)
	problems.NotEmpty(below+"AddressLine1", r.AddressLine1)
	problems.NotEmpty(below+"Pincode", r.Pincode)
	problems.NotEmpty(below+"City", r.City)
	problems.NotEmpty(below+"State", r.State)
	problems.NotEmpty(below+"Country", r.Country)
}
