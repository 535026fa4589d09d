package commercengine

import (
	"context"
	"net/http"

	"github.com/souk-go/souk/internal/transport"
)

// Customer owns addresses, documents and accounts. Names and contact data are those of
// the user who is logged in.
type Customer struct {
	// ID is the id of the customer, not of the user.
	ID        string `json:"id"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	// CountryCode is a dialling code such as +91, and Phone the national number.
	CountryCode     string `json:"country_code"`
	Phone           string `json:"phone"`
	Email           string `json:"email"`
	IsPhoneVerified bool   `json:"is_phone_verified"`
	IsEmailVerified bool   `json:"is_email_verified"`
	// Business is nil for a private person.
	Business *CustomerBusiness `json:"business"`
}

// CustomerBusiness is the company of a customer in the API's operations on customers.
// Later versions of the API use Business.
type CustomerBusiness struct {
	// Type is the kind of business, such as "private_limited"; its values are
	// not documented.
	Type string `json:"business_type,omitempty"`
	Name string `json:"name,omitempty"`
	// PANNumber is the Indian tax number of the business.
	PANNumber string `json:"pan_number,omitempty"`
	// GSTIN is the Indian GST number of the business.
	GSTIN string `json:"gstin,omitempty"`
}

// CustomersService reads and writes customers, their reviews and sellers.
//
// Create, Get and Update belong to earlier versions of the API. The description of the
// current version no longer has them, so the error may be [souk.ErrNotFound]. In that
// case, read a customer with [AuthService.GetUser], write the business with
// [AuthService.UpdateUser], and add the address with [AddressesService.Create].
type CustomersService service

// CustomerAddress is the address in a [CreateCustomerRequest].
type CustomerAddress struct {
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name,omitempty"`
	// CountryCode is a dialling code such as +91, not a country.
	CountryCode string `json:"country_code,omitempty"`
	// Phone is the national number, 10 digits.
	Phone        string `json:"phone"`
	Email        string `json:"email"`
	AddressLine1 string `json:"address_line1"`
	AddressLine2 string `json:"address_line2,omitempty"`
	Landmark     string `json:"landmark,omitempty"`
	Pincode      string `json:"pincode"`
	City         string `json:"city"`
	State        string `json:"state"`
	// Country is the name of the country. India is all that the API documents.
	Country                 string `json:"country"`
	TaxIdentificationNumber string `json:"tax_identification_number,omitempty"`
	BusinessName            string `json:"business_name,omitempty"`
}

// CreateCustomerRequest describes a new customer.
type CreateCustomerRequest struct {
	Business *CustomerBusiness `json:"business,omitempty"`
	// Address is the first address of the customer. The answer does not contain it.
	Address *CustomerAddress `json:"address,omitempty"`
}

// Create makes the user who is logged in a customer.
//
// See https://docs.commercengine.io/api-reference/customers/create-customer.
//
//souk:operation POST /customers
func (s *CustomersService) Create(ctx context.Context, req CreateCustomerRequest) (*Customer, error) {
	call := &transport.Call{
		Method:     http.MethodPost,
		Route:      "/customers",
		Body:       req,
		Credential: s.shopper.customer(),
	}
	call.Problems.Require(req.Business != nil || req.Address != nil, "Business", "must be set, or Address")
	if req.Address != nil {
		req.Address.check(&call.Problems)
	}
	return one[*Customer](ctx, s.transport, call, customerContent{})
}

// GetCustomerRequest is empty: the vendor returns the whole customer. It exists so that
// Get has the same form for every vendor.
type GetCustomerRequest struct{}

// Get returns a customer. Its route is inferred, not documented.
//
// See https://docs.commercengine.io/api-reference/customers/update-customer-detail, which has the same path.
//
//souk:operation GET /customers/{id}
func (s *CustomersService) Get(ctx context.Context, customerID string, _ GetCustomerRequest) (*Customer, error) {
	return one[*Customer](ctx, s.transport, &transport.Call{
		Method:     http.MethodGet,
		Route:      "/customers/{id}",
		IDs:        []any{customerID},
		Repeat:     transport.Safe,
		Credential: s.shopper.customer(),
	}, customerContent{})
}

// UpdateCustomerRequest replaces the business of a customer.
type UpdateCustomerRequest struct {
	Business CustomerBusiness `json:"business"`
}

// Update replaces the business of a customer.
//
// See https://docs.commercengine.io/api-reference/customers/update-customer-detail.
//
//souk:operation PUT /customers/{id}
func (s *CustomersService) Update(ctx context.Context, customerID string, req UpdateCustomerRequest) (*Customer, error) {
	return one[*Customer](ctx, s.transport, &transport.Call{
		Method:     http.MethodPut,
		Route:      "/customers/{id}",
		IDs:        []any{customerID},
		Body:       req,
		Repeat:     transport.Idempotent,
		Credential: s.shopper.customer(),
	}, customerContent{})
}

func (a *CustomerAddress) check(problems *transport.Problems) {
	problems.NotEmpty("Address.FirstName", a.FirstName)
	checkCountryCode(problems, "Address.CountryCode", a.CountryCode)
	checkPhone(problems, "Address.Phone", a.Phone)
	checkEmail(problems, "Address.Email", a.Email)
	problems.NotEmpty("Address.AddressLine1", a.AddressLine1)
	problems.NotEmpty("Address.Pincode", a.Pincode)
	problems.NotEmpty("Address.City", a.City)
	problems.NotEmpty("Address.State", a.State)
	problems.NotEmpty("Address.Country", a.Country)
}
