package shopline

import (
	"context"
	"net/http"
	"strings"

	"github.com/souk-go/souk/internal/transport"
)

// Address is an address as the methods of [AddressesService] return it. A customer
// holds its addresses as [CustomerAddress].
type Address struct {
	// ID is a text such as "SL201UA7684456797273372526".
	ID string `json:"id"`
	// CustomerID is empty in the answer of List, which names the customer outside the
	// addresses.
	CustomerID string `json:"customer_id"`
	FirstName  string `json:"first_name"`
	LastName   string `json:"last_name"`
	Company    string `json:"company"`
	Address1   string `json:"address1"`
	Address2   string `json:"address2"`
	City       string `json:"city"`
	CityCode   string `json:"city_code"`
	District   string `json:"district"`
	// DistrictCode, CityCode and ProvinceCode are SHOPLINE's own codes.
	DistrictCode string `json:"district_code"`
	Town         string `json:"town"`
	Province     string `json:"province"`
	ProvinceCode string `json:"province_code"`
	// ProvinceCodeV2 is the second part of an ISO 3166-2 code, such as "CA".
	ProvinceCodeV2 string `json:"province_code_v2"`
	Country        string `json:"country"`
	// CountryCode is an ISO 3166-1 alpha-2 code.
	CountryCode string `json:"country_code"`
	Zip         string `json:"zip"`
	// Phone is kept as entered: "(+852)53657436".
	Phone       string      `json:"phone"`
	AddressType AddressType `json:"address_type"`
	// Default reports whether this is the customer's default address.
	Default bool `json:"def"`
}

// AddressType is the purpose of an address. SHOPLINE documents only one.
type AddressType int

// AddressTypeNormal is the documented type.
const AddressTypeNormal AddressType = 0

// AddressesService reads and writes the addresses of customers.
type AddressesService service

// CreateAddressRequest describes a new address of a customer.
type CreateAddressRequest struct {
	// FirstName and LastName have at most 128 characters.
	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`
	// Company, Address1 and Address2 have at most 255 characters.
	Company  string `json:"company,omitempty"`
	Address1 string `json:"address1,omitempty"`
	Address2 string `json:"address2,omitempty"`
	// City, District, Town, Province and Country have at most 64 characters, their
	// codes at most 50.
	City         string `json:"city,omitempty"`
	CityCode     string `json:"city_code,omitempty"`
	District     string `json:"district,omitempty"`
	DistrictCode string `json:"district_code,omitempty"`
	Town         string `json:"town,omitempty"`
	Province     string `json:"province,omitempty"`
	ProvinceCode string `json:"province_code,omitempty"`
	Country      string `json:"country,omitempty"`
	CountryCode  string `json:"country_code,omitempty"`
	// Zip has at most 64 characters; one of SHOPLINE's pages says 10.
	Zip         string      `json:"zip,omitempty"`
	Phone       string      `json:"phone,omitempty"`
	AddressType AddressType `json:"address_type,omitempty"`
	// Default makes it the customer's default address.
	Default bool `json:"def,omitempty"`
}

// Create adds an address to a customer. It needs the scope write_customers.
//
// See https://developer.shopline.com/docs/admin-rest-api/customer/customer-address/add-address-2-0.
//
//souk:operation POST /customers/{id}/addresses.json
func (s *AddressesService) Create(ctx context.Context, customerID string, req CreateAddressRequest) (*Address, error) {
	var problems transport.Problems
	req.check(&problems)
	return one(ctx, s.transport, &transport.Call{
		Method:   http.MethodPost,
		Route:    "/customers/{id}/addresses.json",
		IDs:      []any{customerID},
		Body:     transport.In{Member: "customer_address", Value: req},
		Problems: problems,
	}, &addressAnswer{})
}

// Get returns an address. An unknown id is [souk.ErrNotFound]. It needs the scope
// read_customers.
//
// See https://developer.shopline.com/docs/admin-rest-api/customer/customer-address/query-customer-address-details-2-0.
//
//souk:operation GET /customers/{id}/addresses/{address_id}.json
func (s *AddressesService) Get(ctx context.Context, customerID, addressID string) (*Address, error) {
	return one(ctx, s.transport, &transport.Call{
		Method: http.MethodGet,
		Route:  "/customers/{id}/addresses/{address_id}.json",
		IDs:    []any{customerID, addressID},
		Repeat: transport.Safe,
	}, &addressAnswer{})
}

// UpdateAddressRequest changes the fields that are set and leaves the others
// alone. A pointer to the zero value sets the zero value.
type UpdateAddressRequest struct {
	// FirstName and LastName have at most 128 characters.
	FirstName *string `json:"first_name,omitempty"`
	LastName  *string `json:"last_name,omitempty"`
	// Company, Address1 and Address2 have at most 255 characters.
	Company  *string `json:"company,omitempty"`
	Address1 *string `json:"address1,omitempty"`
	Address2 *string `json:"address2,omitempty"`
	// City, District, Town, Province and Country have at most 64 characters, their
	// codes at most 50.
	City         *string `json:"city,omitempty"`
	CityCode     *string `json:"city_code,omitempty"`
	District     *string `json:"district,omitempty"`
	DistrictCode *string `json:"district_code,omitempty"`
	Town         *string `json:"town,omitempty"`
	Province     *string `json:"province,omitempty"`
	ProvinceCode *string `json:"province_code,omitempty"`
	Country      *string `json:"country,omitempty"`
	CountryCode  *string `json:"country_code,omitempty"`
	// Zip has at most 64 characters; one of SHOPLINE's pages says 10.
	Zip *string `json:"zip,omitempty"`
	// Phone has at most 16 characters.
	Phone       *string      `json:"phone,omitempty"`
	AddressType *AddressType `json:"address_type,omitempty"`
	// Default makes it the customer's default address, or an ordinary one.
	Default *bool `json:"def,omitempty"`
}

// Update changes an address. It needs the scope write_customers.
//
// See https://developer.shopline.com/docs/admin-rest-api/customer/customer-address/update-address-2-0.
//
//souk:operation PUT /customers/{id}/addresses/{address_id}.json
func (s *AddressesService) Update(ctx context.Context, customerID, addressID string, req UpdateAddressRequest) (*Address, error) {
	var problems transport.Problems
	req.check(&problems)
	return one(ctx, s.transport, &transport.Call{
		Method:   http.MethodPut,
		Route:    "/customers/{id}/addresses/{address_id}.json",
		IDs:      []any{customerID, addressID},
		Body:     transport.In{Member: "customer_address", Value: req},
		Repeat:   transport.Idempotent,
		Problems: problems,
	}, &addressAnswer{})
}

// Delete deletes an address. It needs the scope write_customers.
//
// See https://developer.shopline.com/zh-hans-cn/doc/cdb180dc069f7d8d6877c0cdffe96f73/1vjsemTF (Chinese).
//
//souk:operation DELETE /customers/{id}/addresses/{address_id}.json
func (s *AddressesService) Delete(ctx context.Context, customerID, addressID string) error {
	return done(ctx, s.transport, &transport.Call{
		Method:  http.MethodDelete,
		Route:   "/customers/{id}/addresses/{address_id}.json",
		IDs:     []any{customerID, addressID},
		Repeat:  transport.Idempotent,
		Deletes: true,
		Out:     new(emptyObject),
	})
}

// SetDefault makes an address the customer's default address. It needs the scope
// write_customers.
//
// See https://developer.shopline.com/docs/admin-rest-api/customer, "Set default address 2.0".
//
//souk:operation PUT /customers/{id}/addresses/{address_id}/default.json
func (s *AddressesService) SetDefault(ctx context.Context, customerID, addressID string) error {
	return done(ctx, s.transport, &transport.Call{
		Method: http.MethodPut,
		Route:  "/customers/{id}/addresses/{address_id}/default.json",
		IDs:    []any{customerID, addressID},
		Repeat: transport.Idempotent,
		Out:    new(emptyObject),
	})
}

// BulkOperation is an operation of [AddressesService.Bulk]. Values without a constant
// are sent unchanged.
type BulkOperation string

// BulkDestroy deletes the addresses. It is the only documented operation.
const BulkDestroy BulkOperation = "destroy"

// BulkAddressesRequest names an operation and the addresses of a customer to apply it
// to.
type BulkAddressesRequest struct {
	// AddressIDs are the ids of the addresses, at least one.
	AddressIDs []string
	// Operation is required.
	Operation BulkOperation
}

// Bulk applies an operation to several addresses of a customer: [BulkDestroy] deletes
// them. It needs the scope write_customers.
//
// See https://developer.shopline.com/docs/admin-rest-api/customer/customer-address/batch-address.
//
//souk:operation PUT /customers/{id}/addresses/set.json
func (s *AddressesService) Bulk(ctx context.Context, customerID string, req BulkAddressesRequest) error {
	var problems transport.Problems
	checksOf(&problems).ids("AddressIDs", req.AddressIDs)
	problems.Require(req.Operation != "", "Operation", "is required, such as BulkDestroy")
	repeat := transport.Write
	if req.Operation == BulkDestroy {
		repeat = transport.Idempotent
	}
	return done(ctx, s.transport, &transport.Call{
		Method: http.MethodPut,
		Route:  "/customers/{id}/addresses/set.json",
		IDs:    []any{customerID},
		Query: struct {
			AddressIDs string        `url:"address_ids"`
			Operation  BulkOperation `url:"operation"`
		}{strings.Join(req.AddressIDs, ","), req.Operation},
		Repeat:   repeat,
		Problems: problems,
	})
}

// AddressesOfCustomer holds the addresses of one customer.
type AddressesOfCustomer struct {
	CustomerID string    `json:"uid"`
	Addresses  []Address `json:"addresses"`
}

// ListAddressesRequest says whose addresses to list.
type ListAddressesRequest struct {
	// CustomerIDs lists the ids of the customers, at least one.
	CustomerIDs []string `json:"uids"`
	// AddressTypes lists the types of addresses to return. Nil means all; an empty list
	// is [souk.ErrInvalid].
	AddressTypes []AddressType `json:"address_types,omitempty"`
}

// ListAddressesResponse holds the addresses of all requested customers.
type ListAddressesResponse struct {
	// Customers lists the customers who have addresses.
	Customers []AddressesOfCustomer `json:"user_address"`
}

// List returns the addresses of some customers. The list has no pages. It needs
// the scope read_customers.
//
// See https://developer.shopline.com/docs/admin-rest-api/customer/customer-address/batch-query-customer-address-2-0.
//
//souk:operation POST /customers/addresses/list.json
func (s *AddressesService) List(ctx context.Context, req ListAddressesRequest) (*ListAddressesResponse, error) {
	var problems transport.Problems
	checksOf(&problems).ids("CustomerIDs", req.CustomerIDs)
	transport.Values(&problems, "AddressTypes", req.AddressTypes)
	return one(ctx, s.transport, &transport.Call{
		Method:   http.MethodPost,
		Route:    "/customers/addresses/list.json",
		Body:     req,
		Repeat:   transport.Safe,
		Problems: problems,
	}, &addressesAnswer{})
}

func (r CreateAddressRequest) check(problems *transport.Problems) {
	c := checksOf(problems)
	c.length("FirstName", r.FirstName, 128)
	c.length("LastName", r.LastName, 128)
	c.length("Company", r.Company, 255)
	c.length("Address1", r.Address1, 255)
	c.length("Address2", r.Address2, 255)
	c.length("City", r.City, 64)
	c.length("CityCode", r.CityCode, 50)
	c.length("District", r.District, 64)
	c.length("DistrictCode", r.DistrictCode, 50)
	c.length("Town", r.Town, 64)
	c.length("Province", r.Province, 64)
	c.length("ProvinceCode", r.ProvinceCode, 50)
	c.length("Country", r.Country, 64)
	c.length("CountryCode", r.CountryCode, 50)
	c.length("Zip", r.Zip, 64)
}

func (r UpdateAddressRequest) check(problems *transport.Problems) {
	problems.RequireChange(r)
	c := checksOf(problems)
	c.optional("FirstName", r.FirstName, 128)
	c.optional("LastName", r.LastName, 128)
	c.optional("Company", r.Company, 255)
	c.optional("Address1", r.Address1, 255)
	c.optional("Address2", r.Address2, 255)
	c.optional("City", r.City, 64)
	c.optional("CityCode", r.CityCode, 50)
	c.optional("District", r.District, 64)
	c.optional("DistrictCode", r.DistrictCode, 50)
	c.optional("Town", r.Town, 64)
	c.optional("Province", r.Province, 64)
	c.optional("ProvinceCode", r.ProvinceCode, 50)
	c.optional("Country", r.Country, 64)
	c.optional("CountryCode", r.CountryCode, 50)
	c.optional("Zip", r.Zip, 64)
	c.optional("Phone", r.Phone, 16)
}
