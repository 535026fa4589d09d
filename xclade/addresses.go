package xclade

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

// Address is an address of a customer.
type Address struct {
	// ID begins with "cuaddr_".
	ID         string `json:"id"`
	CustomerID string `json:"customer_id"`
	// AddressName is the customer's own name for the address, such as "Home".
	AddressName string `json:"address_name"`
	Company     string `json:"company"`
	FirstName   string `json:"first_name"`
	LastName    string `json:"last_name"`
	Address1    string `json:"address_1"`
	Address2    string `json:"address_2"`
	City        string `json:"city"`
	// Province is, by xclade's documentation, a lower-case ISO 3166-2 code such as
	// "us-ca". The server does not check it.
	Province   string `json:"province"`
	PostalCode string `json:"postal_code"`
	// CountryCode is, by convention, a lower-case ISO 3166-1 alpha-2 code.
	CountryCode string         `json:"country_code"`
	Phone       string         `json:"phone"`
	Metadata    map[string]any `json:"metadata"`
	// IsDefaultShipping and IsDefaultBilling are each true for at most one address of a
	// customer.
	IsDefaultShipping bool       `json:"is_default_shipping"`
	IsDefaultBilling  bool       `json:"is_default_billing"`
	CreatedAt         time.Time  `json:"created_at"`
	UpdatedAt         time.Time  `json:"updated_at"`
	DeletedAt         *time.Time `json:"deleted_at"`
}

// AddressesService reads and writes the addresses of a customer. It requests all
// fields: the server's own selection leaves out the flags of the default addresses.
type AddressesService service

// ListAddressesRequest says which addresses to list. Its filters must all match; a list
// of values matches any of them.
type ListAddressesRequest struct {
	// Q is searched for in the texts of the address, ignoring letter case.
	Q           string
	Company     []string
	City        []string
	CountryCode []string
	Province    []string
	PostalCode  []string
	// Order is the field to sort by, such as "city". A leading minus means descending
	// order.
	Order string
	// Limit is the size of a page, at most 10,000. 0 means the server's default, 50.
	Limit int
	// Offset is the number of rows to skip.
	Offset int
}

// ListAddressesResponse is one page.
type ListAddressesResponse struct {
	Addresses []Address `json:"addresses"`
	// Count is the number of all addresses that match.
	Count  int `json:"count"`
	Offset int `json:"offset"`
	Limit  int `json:"limit"`

	request ListAddressesRequest
}

// Next returns the request for the following page; ok is false on the last one. It
// counts rows: if some are added or deleted between two calls, others come twice or not
// at all. Walk handles that.
func (r *ListAddressesResponse) Next() (next ListAddressesRequest, ok bool) {
	next = r.request
	next.Offset, ok = follows(len(r.Addresses), r.Count, r.Offset, r.Limit)
	return next, ok
}

// List returns one page of a customer's addresses. For an unknown customer the
// server answers with an empty list.
//
// See https://docs.xclade.com/docs/admin, "Customers".
//
//souk:operation GET /admin/customers/{id}/addresses
func (s *AddressesService) List(ctx context.Context, customerID string, req ListAddressesRequest) (*ListAddressesResponse, error) {
	var problems transport.Problems
	return one(ctx, s.transport, &transport.Call{
		Method:   http.MethodGet,
		Route:    "/admin/customers/{id}/addresses",
		IDs:      []any{customerID},
		Query:    req.query(&problems),
		Repeat:   transport.Safe,
		Problems: problems,
	}, newAddressesPage(req))
}

// All returns all addresses of a customer that match, like Walk with an empty position.
func (s *AddressesService) All(ctx context.Context, customerID string, req ListAddressesRequest) iter.Seq2[*Address, error] {
	return transport.Anew(ctx, req, func(req ListAddressesRequest) *souk.Walk[Address] { return s.Walk(customerID, req, "") })
}

// Walk returns a walk through all addresses of a customer that match. It begins after
// position if that is not empty. Order, pages and the effect of a resume are as for
// groups: see [CustomerGroupsService.Walk]. For the errors see [CustomersService.Walk].
func (s *AddressesService) Walk(customerID string, req ListAddressesRequest, position string) *souk.Walk[Address] {
	req = transport.Own(req)
	l := newWalked(req.Order, req.Limit, req.Offset, func(a *Address) string { return a.ID })
	l.read = func(ctx context.Context, at pageRef) (*page[Address], error) {
		next := req
		next.Order, next.Limit, next.Offset = at.order, at.limit, at.offset
		list, err := s.List(ctx, customerID, next)
		if list == nil {
			return nil, err
		}
		return &page[Address]{rows: list.Addresses, count: list.Count, size: list.Limit}, err
	}
	filter := req
	filter.Order, filter.Limit = l.listed()
	return transport.Walk(s.transport, transport.Listing{
		Route:  "/admin/customers/{id}/addresses",
		IDs:    []any{customerID},
		Filter: filter.query(new(transport.Problems)),
	}, l.inOrder(), position)
}

// CreateAddressRequest describes a new address. All fields are optional.
type CreateAddressRequest struct {
	AddressName string         `json:"address_name,omitempty"`
	Company     string         `json:"company,omitempty"`
	FirstName   string         `json:"first_name,omitempty"`
	LastName    string         `json:"last_name,omitempty"`
	Address1    string         `json:"address_1,omitempty"`
	Address2    string         `json:"address_2,omitempty"`
	City        string         `json:"city,omitempty"`
	Province    string         `json:"province,omitempty"`
	PostalCode  string         `json:"postal_code,omitempty"`
	CountryCode string         `json:"country_code,omitempty"`
	Phone       string         `json:"phone,omitempty"`
	Metadata    map[string]any `json:"metadata,omitempty"`
	// IsDefaultShipping and IsDefaultBilling make it the default address in place of
	// the present one.
	IsDefaultShipping bool `json:"is_default_shipping,omitempty"`
	IsDefaultBilling  bool `json:"is_default_billing,omitempty"`
	// AdditionalData is passed to the server's workflow. It is not stored.
	AdditionalData map[string]any `json:"additional_data,omitempty"`
}

// Create adds an address to a customer and returns it. An unknown customer is
// [souk.ErrNotFound].
//
// The server answers with the customer, not with the address. If two addresses with the
// same content are created at the same time, both calls may return the newer one. If
// none of the customer's addresses has the content that was sent, the error is
// [souk.ErrOutcomeUnknown].
//
// See https://docs.xclade.com/docs/admin/customers/PostCustomersIdAddresses.
//
//souk:operation POST /admin/customers/{id}/addresses
func (s *AddressesService) Create(ctx context.Context, customerID string, req CreateAddressRequest) (*Address, error) {
	var problems transport.Problems
	return one(ctx, s.transport, &transport.Call{
		Method:   http.MethodPost,
		Route:    "/admin/customers/{id}/addresses",
		IDs:      []any{customerID},
		Query:    url.Values{"fields": {"*addresses"}},
		Body:     body(req, &problems),
		Problems: problems,
	}, &writtenAddress{better: func(newest, a *Address) bool {
		return req.describes(a) && (newest == nil || a.ID > newest.ID)
	}})
}

// Get returns an address of a customer. An unknown address, and an address of another
// customer, is [souk.ErrNotFound].
//
// See https://docs.xclade.com/docs/admin/customers/GetCustomersIdAddressesAddress_id.
//
//souk:operation GET /admin/customers/{id}/addresses/{address_id}
func (s *AddressesService) Get(ctx context.Context, customerID, id string) (*Address, error) {
	return one(ctx, s.transport, &transport.Call{
		Method: http.MethodGet,
		Route:  "/admin/customers/{id}/addresses/{address_id}",
		IDs:    []any{customerID, id},
		Query:  url.Values{"fields": {completeAddress}},
		Repeat: transport.Safe,
	}, &addressAnswer{absence: absence{noAddress}})
}

// UpdateAddressRequest changes the fields that are set and leaves the others alone.
// new("") clears a text: the server then has null, as for a field that was never set.
type UpdateAddressRequest struct {
	AddressName *string `json:"address_name,omitempty"`
	Company     *string `json:"company,omitempty"`
	FirstName   *string `json:"first_name,omitempty"`
	LastName    *string `json:"last_name,omitempty"`
	Address1    *string `json:"address_1,omitempty"`
	Address2    *string `json:"address_2,omitempty"`
	City        *string `json:"city,omitempty"`
	Province    *string `json:"province,omitempty"`
	PostalCode  *string `json:"postal_code,omitempty"`
	CountryCode *string `json:"country_code,omitempty"`
	Phone       *string `json:"phone,omitempty"`
	// Metadata is merged as in [UpdateCustomerRequest].
	Metadata Nullable[map[string]any] `json:"metadata,omitzero"`
	// IsDefaultShipping and IsDefaultBilling make it the default address in place of
	// the present one.
	IsDefaultShipping *bool `json:"is_default_shipping,omitempty"`
	IsDefaultBilling  *bool `json:"is_default_billing,omitempty"`
	// AdditionalData is passed to the server's workflow. It is not stored.
	AdditionalData map[string]any `json:"additional_data,omitempty"`
}

// Update changes an address of a customer and returns it. An unknown address, and an
// address of another customer, is [souk.ErrNotFound]; nothing is changed.
//
// See https://docs.xclade.com/docs/admin/customers/PostCustomersIdAddressesAddress_id.
//
//souk:operation POST /admin/customers/{id}/addresses/{address_id}
func (s *AddressesService) Update(ctx context.Context, customerID, id string, req UpdateAddressRequest) (*Address, error) {
	var problems transport.Problems
	problems.RequireChange(req)
	return one(ctx, s.transport, &transport.Call{
		Method:   http.MethodPost,
		Route:    "/admin/customers/{id}/addresses/{address_id}",
		IDs:      []any{customerID, id},
		Query:    url.Values{"fields": {"*addresses"}},
		Body:     body(req.wire(), &problems),
		Repeat:   transport.Idempotent,
		Problems: problems,
	}, &writtenAddress{better: func(_, a *Address) bool { return a.ID == id }, others: noAddress})
}

// Delete deletes an address. It succeeds for unknown ids as well. customerID is
// required, but the server does not check that the address belongs to that customer.
//
// See https://docs.xclade.com/docs/admin/customers/DeleteCustomersIdAddressesAddress_id.
//
//souk:operation DELETE /admin/customers/{id}/addresses/{address_id}
func (s *AddressesService) Delete(ctx context.Context, customerID, id string) error {
	return done(ctx, s.transport, &transport.Call{
		Method:  http.MethodDelete,
		Route:   "/admin/customers/{id}/addresses/{address_id}",
		IDs:     []any{customerID, id},
		Repeat:  transport.Idempotent,
		Deletes: true,
	})
}

// completeAddress adds the fields of an address that the server's default selection
// leaves out.
const completeAddress = "+address_name,+is_default_shipping,+is_default_billing,+deleted_at"

// describes reports whether a has the content of the request. A server may change
// letter case and spaces.
func (r CreateAddressRequest) describes(a *Address) bool {
	return sameText(a.AddressName, r.AddressName) && sameText(a.Company, r.Company) &&
		sameText(a.FirstName, r.FirstName) && sameText(a.LastName, r.LastName) &&
		sameText(a.Address1, r.Address1) && sameText(a.Address2, r.Address2) &&
		sameText(a.City, r.City) && sameText(a.Province, r.Province) && sameText(a.PostalCode, r.PostalCode) &&
		sameText(a.CountryCode, r.CountryCode) && sameText(a.Phone, r.Phone)
}

// sameText reports whether two texts differ at most in letter case and in the spaces in
// and around them.
func sameText(a, b string) bool {
	return strings.EqualFold(strings.Join(strings.Fields(a), ""), strings.Join(strings.Fields(b), ""))
}

func (r ListAddressesRequest) query(problems *transport.Problems) url.Values {
	p := newParams(problems)
	p.problems.Words("Q", r.Q)
	p.text("q", r.Q)
	p.anyOf("company", "Company", r.Company)
	p.anyOf("city", "City", r.City)
	p.anyOf("country_code", "CountryCode", r.CountryCode)
	p.anyOf("province", "Province", r.Province)
	p.anyOf("postal_code", "PostalCode", r.PostalCode)
	p.page("address", r.Order, r.Limit, r.Offset)
	p.text("fields", completeAddress)
	return p.done()
}
