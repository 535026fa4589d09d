package shoplazza

import (
	"cmp"
	"context"
	"iter"
	"net/http"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

// Address is an address of a customer. Unknown fields are empty.
type Address struct {
	// ID and CustomerID are UUIDs.
	ID         string `json:"id"`
	CustomerID string `json:"customer_id"`
	FirstName  string `json:"first_name"`
	LastName   string `json:"last_name"`
	// Name is the full name, composed by the server.
	Name          string `json:"name"`
	Gender        Gender `json:"gender"`
	Email         string `json:"email"`
	Phone         string `json:"phone"`
	PhoneAreaCode string `json:"phone_area_code"`
	Company       string `json:"company"`
	Address1      string `json:"address1"`
	Address2      string `json:"address2"`
	// Area is a part of a city, or a region.
	Area         string `json:"area"`
	City         string `json:"city"`
	Province     string `json:"province"`
	ProvinceCode string `json:"province_code"`
	Country      string `json:"country"`
	// CountryCode is an ISO 3166-1 alpha-2 code.
	CountryCode string `json:"country_code"`
	CountryName string `json:"country_name"`
	Zip         string `json:"zip"`
	// Default reports whether this is the customer's default address.
	Default bool `json:"default"`
}

// Gender is the gender of a consignee. Values without a constant decode as they are.
type Gender string

// The genders that Shoplazza documents.
const (
	GenderMale   Gender = "male"
	GenderFemale Gender = "female"
)

// AddressesService reads and writes the addresses of a customer. Reading needs
// the scope read_customer, writing write_customer.
type AddressesService service

// ListAddressesRequest says which page of a customer's addresses to list.
type ListAddressesRequest struct {
	// Limit is the size of a page, at most 250. 0 means the server's default, 10.
	Limit int
	// Page is the number of the page, counted from 1, in version 2022-01 only. 0 means
	// the first.
	Page int
	// Cursor is the Cursor of the previous page, in the versions from 2025-06 on.
	Cursor string
}

// ListAddressesResponse is one page.
type ListAddressesResponse struct {
	Addresses []Address
	// Cursor names the following page, in the versions from 2025-06 on.
	Cursor string
	// HasMore reports whether another page follows. Version 2022-01 does not say so;
	// HasMore is then true for every page that is not empty.
	HasMore bool

	next ListAddressesRequest
}

// Next returns the request for the following page; ok is false on the last one. In
// version 2022-01 it counts pages: rows that are deleted between two calls make it miss
// others, and rows that are added make others come twice. Later versions have cursors;
// Walk ends with an error if they lead back.
func (r *ListAddressesResponse) Next() (next ListAddressesRequest, ok bool) {
	return r.next, r.HasMore
}

// List returns one page of a customer's addresses.
//
// See https://shoplazza.dev/reference/get-address-list-3.
//
//souk:operation GET /customers/{customer_id}/addresses
func (s *AddressesService) List(ctx context.Context, customerID string, req ListAddressesRequest) (*ListAddressesResponse, error) {
	page, err := s.page(ctx, customerID, req)
	if page == nil {
		return nil, err
	}
	req.Page, req.Cursor = page.next.page, page.next.cursor
	return &ListAddressesResponse{Addresses: page.rows, Cursor: page.cursor, HasMore: page.more, next: req}, err
}

// page reads a page for List and for a walk.
func (s *AddressesService) page(ctx context.Context, customerID string, req ListAddressesRequest) (*page[Address], error) {
	var problems transport.Problems
	at := req.at()
	at.check((*service)(s), &problems)
	return pageOf(ctx, (*service)(s), &transport.Call{
		Method:   http.MethodGet,
		Route:    addressesRoute,
		IDs:      []any{customerID},
		Query:    at.query((*service)(s)),
		Repeat:   transport.Safe,
		Problems: problems,
	}, aPageOfAddresses, at)
}

// All returns all addresses of a customer, like Walk with an empty position.
func (s *AddressesService) All(ctx context.Context, customerID string, req ListAddressesRequest) iter.Seq2[*Address, error] {
	return transport.Anew(ctx, req, func(req ListAddressesRequest) *souk.Walk[Address] { return s.Walk(customerID, req, "") })
}

// Walk returns a walk through all addresses of a customer. It begins after position if
// that is not empty. Limit is the size of a page, by default 250. The order is
// Shoplazza's.
//
// Which rows come again after a resume is described at [CustomersService.Walk], except
// that no rows are selected by time.
func (s *AddressesService) Walk(customerID string, req ListAddressesRequest, position string) *souk.Walk[Address] {
	req = transport.Own(req)
	return walked[Address]{
		listing: transport.Listing{Route: addressesRoute, IDs: []any{customerID}},
		from:    pageRef{limit: cmp.Or(req.Limit, maxLimit), page: req.Page, cursor: req.Cursor},
		id:      func(a *Address) string { return a.ID },
		read: func(ctx context.Context, _ time.Time, at pageRef) (*page[Address], error) {
			return s.page(ctx, customerID, ListAddressesRequest{Limit: at.limit, Page: at.page, Cursor: at.cursor})
		},
	}.walk((*service)(s), position)
}

// CreateAddressRequest describes a new address, of an existing customer or within a
// [CreateCustomerRequest].
type CreateAddressRequest struct {
	// FirstName and LastName are required in a CreateCustomerRequest of version 2022-01.
	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`
	// Country is the name of the country, CountryCode its ISO 3166-1 alpha-2 code. Both
	// are required.
	Country       string `json:"country,omitempty"`
	CountryCode   string `json:"country_code,omitempty"`
	Gender        Gender `json:"gender,omitempty"`
	Email         string `json:"email,omitempty"`
	Phone         string `json:"phone,omitempty"`
	PhoneAreaCode string `json:"phone_area_code,omitempty"`
	Company       string `json:"company,omitempty"`
	Address1      string `json:"address1,omitempty"`
	Address2      string `json:"address2,omitempty"`
	Area          string `json:"area,omitempty"`
	City          string `json:"city,omitempty"`
	Province      string `json:"province,omitempty"`
	ProvinceCode  string `json:"province_code,omitempty"`
	Zip           string `json:"zip,omitempty"`
	// Default makes it the default address. Nil leaves it to the server, which assumes
	// true in a CreateCustomerRequest and false otherwise.
	Default *bool `json:"default,omitempty"`
}

// Create adds an address to a customer. An unknown customer is [souk.ErrNotFound].
//
// See https://shoplazza.dev/reference/create-address-3.
//
//souk:operation POST /customers/{customer_id}/addresses
func (s *AddressesService) Create(ctx context.Context, customerID string, req CreateAddressRequest) (*Address, error) {
	var problems transport.Problems
	req.check(transport.Part{Problems: &problems})
	return one(ctx, (*service)(s), &transport.Call{
		Method:   http.MethodPost,
		Route:    addressesRoute,
		IDs:      []any{customerID},
		Body:     (*service)(s).wrap("address", req),
		Problems: problems,
	}, anAddress)
}

// Get returns an address of a customer. An unknown id is [souk.ErrNotFound].
//
// See https://shoplazza.dev/reference/get-address-details-3.
//
//souk:operation GET /customers/{customer_id}/addresses/{address_id}
func (s *AddressesService) Get(ctx context.Context, customerID, addressID string) (*Address, error) {
	return one(ctx, (*service)(s), &transport.Call{
		Method: http.MethodGet,
		Route:  addressRoute,
		IDs:    []any{customerID, addressID},
		Repeat: transport.Safe,
	}, anAddress)
}

// UpdateAddressRequest changes the fields that are set and leaves the others out of the
// request. A pointer to "" clears a field.
type UpdateAddressRequest struct {
	FirstName     *string `json:"first_name,omitempty"`
	LastName      *string `json:"last_name,omitempty"`
	Country       *string `json:"country,omitempty"`
	CountryCode   *string `json:"country_code,omitempty"`
	Gender        *Gender `json:"gender,omitempty"`
	Email         *string `json:"email,omitempty"`
	Phone         *string `json:"phone,omitempty"`
	PhoneAreaCode *string `json:"phone_area_code,omitempty"`
	Company       *string `json:"company,omitempty"`
	Address1      *string `json:"address1,omitempty"`
	Address2      *string `json:"address2,omitempty"`
	Area          *string `json:"area,omitempty"`
	City          *string `json:"city,omitempty"`
	Province      *string `json:"province,omitempty"`
	ProvinceCode  *string `json:"province_code,omitempty"`
	Zip           *string `json:"zip,omitempty"`
	Default       *bool   `json:"default,omitempty"`
}

// Update changes an address of a customer. An unknown id is [souk.ErrNotFound]. Whether
// the server keeps fields that the request leaves out is not documented.
//
// See https://shoplazza.dev/reference/update-address-3.
//
//souk:operation PUT /customers/{customer_id}/addresses/{address_id}
func (s *AddressesService) Update(ctx context.Context, customerID, addressID string, req UpdateAddressRequest) (*Address, error) {
	var problems transport.Problems
	problems.RequireChange(req)
	problems.Require(req.Country == nil || *req.Country != "", "Country", "must not be empty")
	problems.Require(req.CountryCode == nil || *req.CountryCode != "", "CountryCode", "must not be empty")
	return one(ctx, (*service)(s), &transport.Call{
		Method:   http.MethodPut,
		Route:    addressRoute,
		IDs:      []any{customerID, addressID},
		Body:     (*service)(s).wrap("address", req),
		Repeat:   transport.Idempotent,
		Problems: problems,
	}, anAddress)
}

// Delete deletes an address of a customer. An unknown id is [souk.ErrNotFound].
//
// See https://shoplazza.dev/reference/delete-address-3.
//
//souk:operation DELETE /customers/{customer_id}/addresses/{address_id}
func (s *AddressesService) Delete(ctx context.Context, customerID, addressID string) error {
	return done(ctx, s.transport, &transport.Call{
		Method:  http.MethodDelete,
		Route:   addressRoute,
		IDs:     []any{customerID, addressID},
		Repeat:  transport.Idempotent,
		Deletes: true,
	})
}

// SetDefault makes an address the customer's default address. An unknown id is
// [souk.ErrNotFound].
//
// See https://shoplazza.dev/reference/set-default-address-3.
//
//souk:operation PUT /customers/{customer_id}/addresses/{address_id}/default
func (s *AddressesService) SetDefault(ctx context.Context, customerID, addressID string) error {
	return done(ctx, s.transport, &transport.Call{
		Method: http.MethodPut,
		Route:  addressRoute + "/default",
		IDs:    []any{customerID, addressID},
		Repeat: transport.Idempotent,
	})
}

func (r ListAddressesRequest) at() pageRef {
	return pageRef{limit: r.Limit, page: r.Page, cursor: r.Cursor}
}

const (
	addressesRoute = "/customers/{customer_id}/addresses"
	addressRoute   = addressesRoute + "/{address_id}"
)
