package shopline

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/souk-go/souk/internal/mask"
	"github.com/souk-go/souk/internal/transport"
)

// Customer is a person who has bought, registered or subscribed. If a request selects
// fields, all others are zero. A field is also zero if the server has null.
type Customer struct {
	// ID is a number in a text.
	ID    string `json:"id"`
	Email string `json:"email"`
	// Phone is 00, the country code and the number: 0085253657436.
	Phone     string `json:"phone"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	// NickName is missing in the answer to an update.
	NickName string        `json:"nick_name"`
	State    CustomerState `json:"state"`
	Gender   Gender        `json:"gender"`
	// Birthday is a date of the form YYYYMMDD.
	Birthday string `json:"birthday"`
	Note     string `json:"note"`
	Tags     Tags   `json:"tags"`
	// Language is a code such as "en".
	Language string `json:"language"`
	// ASID is the customer's id at Facebook.
	ASID                  string            `json:"asid"`
	MultipassIdentifier   string            `json:"multipass_identifier"`
	VerifiedEmail         bool              `json:"verified_email"`
	EmailSubscribeFlag    SubscribeFlag     `json:"email_subscribe_flag"`
	MobileSubscribeFlag   SubscribeFlag     `json:"mobile_subscribe_flag"`
	EmailMarketingConsent *MarketingConsent `json:"email_marketing_consent"`
	SMSMarketingConsent   *MarketingConsent `json:"sms_marketing_consent"`

	// AcceptsMarketing is superseded by EmailMarketingConsent.
	AcceptsMarketing          bool      `json:"accepts_marketing"`
	AcceptsMarketingUpdatedAt time.Time `json:"accepts_marketing_updated_at"`
	// AcceptsMobileMarketing is superseded by SMSMarketingConsent. It is nil in the
	// answer to an update, which has AcceptsPhoneMarketing instead.
	AcceptsMobileMarketing          *bool     `json:"accepts_mobile_marketing"`
	AcceptsMobileMarketingUpdatedAt time.Time `json:"accepts_mobile_marketing_updated_at"`
	// AcceptsPhoneMarketing is AcceptsMobileMarketing under the name that the answer to
	// an update has. It is nil elsewhere.
	AcceptsPhoneMarketing *bool `json:"accepts_phone_marketing,omitempty"`

	// OrdersCount is 0 if the server has null, as it does for a new customer.
	OrdersCount int `json:"orders_count"`
	// TotalSpent is a decimal number in Currency: "0", "0.00", "7000021.00".
	TotalSpent string `json:"total_spent"`
	// Currency is an ISO 4217 code.
	Currency string `json:"currency"`
	// LastOrderID and LastOrderName are empty or "N/A" if there is no order.
	LastOrderID   string `json:"last_order_id"`
	LastOrderName string `json:"last_order_name"`
	// LastOrderTime is set for the members of a group only.
	LastOrderTime string `json:"last_order_time,omitempty"`

	// SocialCustomer is kept as sent: null, a list of lists or, in events, a text.
	// SHOPLINE has deprecated it.
	SocialCustomer json.RawMessage `json:"social_customer"`

	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`

	DefaultAddress *CustomerAddress  `json:"default_address"`
	Addresses      []CustomerAddress `json:"addresses"`
}

// CustomersService reads and writes customers.
type CustomersService service

// CreateCustomerRequest describes a new customer. Email or Phone is required. A field
// that is left out gets SHOPLINE's default.
type CreateCustomerRequest struct {
	// Email has at most 50 characters. It must be unique in the store.
	Email string `json:"email,omitempty"`
	// Phone is 00, the country code and the number, such as 001467326483, at most 20
	// characters. It must be unique in the store.
	Phone string `json:"phone,omitempty"`
	// FirstName and LastName have at most 128 characters.
	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`
	// Gender is unknown by default.
	Gender GenderCode `json:"gender,omitempty"`
	// Birthday is a date of the form YYYYMMDD.
	Birthday string `json:"birthday,omitempty"`
	// Note has at most 1000 characters.
	Note string `json:"note,omitempty"`
	// Tags has at most 100 tags of at most 128 characters each, 1000 in total.
	Tags          Tags `json:"tags,omitempty"`
	VerifiedEmail bool `json:"verified_email,omitempty"`
	// MultipassIdentifier has at most 100 characters.
	MultipassIdentifier string `json:"multipass_identifier,omitempty"`
	// Password has 6 to 18 characters. With a password, a customer who was not invited
	// becomes a registered one.
	Password             string `json:"password,omitempty"`
	PasswordConfirmation string `json:"password_confirmation,omitempty"`

	EmailMarketingConsent *MarketingConsentRequest `json:"email_marketing_consent,omitempty"`
	SMSMarketingConsent   *MarketingConsentRequest `json:"sms_marketing_consent,omitempty"`
	// AcceptsMarketing is superseded by EmailMarketingConsent. It requires Email.
	AcceptsMarketing *bool `json:"accepts_marketing,omitempty"`

	// Addresses has at most 50 elements.
	Addresses []CreateCustomerAddress `json:"addresses,omitempty"`
}

// Format prints the request without its secrets, for every verb of fmt.
func (r CreateCustomerRequest) Format(f fmt.State, verb rune) {
	type plain CreateCustomerRequest
	r.Password = mask.Secret(r.Password)
	r.PasswordConfirmation = mask.Secret(r.PasswordConfirmation)
	mask.Print(f, verb, plain(r))
}

// LogValue returns the request without its secrets.
func (r CreateCustomerRequest) LogValue() slog.Value { return mask.LogValue(r) }

// Create creates a customer. A taken e-mail address or phone number is
// [souk.ErrAlreadyExists], or [souk.ErrInvalid] if SHOPLINE does not clearly say so. If
// the answer is lost, the creation is not repeated, and the error is
// [souk.ErrOutcomeUnknown]: see Ensure. It needs the scope write_customers.
//
// See https://developer.shopline.com/docs/admin-rest-api/customer/customer-information/create-a-customer.
//
//souk:operation POST /customers.json
func (s *CustomersService) Create(ctx context.Context, req CreateCustomerRequest) (*Customer, error) {
	req.EmailMarketingConsent = req.EmailMarketingConsent.toTheSecond()
	req.SMSMarketingConsent = req.SMSMarketingConsent.toTheSecond()
	var problems transport.Problems
	req.check(&problems)
	return one(ctx, s.transport, &transport.Call{
		Method:   http.MethodPost,
		Route:    "/customers.json",
		Body:     transport.In{Member: "customer", Value: req},
		Problems: problems,
		Secret:   req.Password != "",
	}, &customerAnswer{})
}

// Count returns the number of customers of the store. It needs the scope
// read_customers.
//
// See https://developer.shopline.com/docs/admin-rest-api/customer, "Customer number query".
//
//souk:operation GET /customers/v2/count.json
func (s *CustomersService) Count(ctx context.Context) (int, error) {
	return count(ctx, s.transport, &transport.Call{
		Method: http.MethodGet,
		Route:  "/customers/v2/count.json",
		Repeat: transport.Safe,
	})
}

// GetCustomerRequest says what to return of a customer.
type GetCustomerRequest struct {
	// Fields lists the JSON names of the fields to return in addition to the id. Empty
	// means all.
	Fields []string `url:"fields,comma,omitempty"`
}

// Get returns a customer. An unknown id is [souk.ErrNotFound]. It needs the scope
// read_customers.
//
// See https://developer.shopline.com/docs/admin-rest-api/customer/customer-information/get-a-customer.
//
//souk:operation GET /customers/v2/{id}.json
func (s *CustomersService) Get(ctx context.Context, id string, req GetCustomerRequest) (*Customer, error) {
	var problems transport.Problems
	checksOf(&problems).fields(req.Fields)
	return one(ctx, s.transport, &transport.Call{
		Method:   http.MethodGet,
		Route:    "/customers/v2/{id}.json",
		IDs:      []any{id},
		Query:    GetCustomerRequest{Fields: withID(req.Fields)},
		Repeat:   transport.Safe,
		Problems: problems,
	}, &customerAnswer{})
}

// UpdateCustomerRequest changes the fields that are set and leaves the others alone. If
// none is set, the error is [souk.ErrInvalid]. A pointer to the zero value sets the
// zero value: new("") clears a text. null is never sent, since SHOPLINE does not
// document its effect.
type UpdateCustomerRequest struct {
	// Email has at most 50 characters.
	Email *string `json:"email,omitempty"`
	// Phone is 00, the country code and the number, at most 20 characters.
	Phone *string `json:"phone,omitempty"`
	// FirstName and LastName have at most 128 characters.
	FirstName *string     `json:"first_name,omitempty"`
	LastName  *string     `json:"last_name,omitempty"`
	Gender    *GenderCode `json:"gender,omitempty"`
	// Birthday is a date of the form YYYYMMDD.
	Birthday *string `json:"birthday,omitempty"`
	// Note has at most 1000 characters.
	Note *string `json:"note,omitempty"`
	// Tags replaces all tags. Tags{} removes them; nil leaves them alone.
	Tags          Tags  `json:"tags,omitzero"`
	VerifiedEmail *bool `json:"verified_email,omitempty"`
	// MultipassIdentifier has at most 100 characters.
	MultipassIdentifier *string `json:"multipass_identifier,omitempty"`
	// Password and PasswordConfirmation are deprecated in updates.
	Password             *string `json:"password,omitempty"`
	PasswordConfirmation *string `json:"password_confirmation,omitempty"`

	EmailMarketingConsent *MarketingConsentRequest `json:"email_marketing_consent,omitempty"`
	SMSMarketingConsent   *MarketingConsentRequest `json:"sms_marketing_consent,omitempty"`
	// AcceptsMarketing is superseded by EmailMarketingConsent. The customer must have
	// an e-mail address.
	AcceptsMarketing *bool `json:"accepts_marketing,omitempty"`

	// Addresses has at most 50 elements. Whether addresses that are not in the list are
	// removed is not documented; the methods of AddressesService are unambiguous. An
	// empty list is sent, nil is not.
	Addresses []UpdateCustomerAddress `json:"addresses,omitzero"`
}

// Format prints the request without its secrets, for every verb of fmt.
func (r UpdateCustomerRequest) Format(f fmt.State, verb rune) {
	type plain UpdateCustomerRequest
	r.Password, r.PasswordConfirmation = mask.SecretAt(r.Password), mask.SecretAt(r.PasswordConfirmation)
	mask.Print(f, verb, plain(r))
}

// LogValue returns the request without its secrets.
func (r UpdateCustomerRequest) LogValue() slog.Value { return mask.LogValue(r) }

// Update changes a customer. An unknown id is [souk.ErrNotFound]. The answer lacks some
// fields: see Customer. If the answer is lost, an update that adds an address (one
// without ID) is not repeated, and the error is [souk.ErrOutcomeUnknown]. It needs the
// scope write_customers.
//
// See https://developer.shopline.com/docs/admin-rest-api/customer/customer-information/update-a-customer.
//
//souk:operation PUT /customers/{id}.json
func (s *CustomersService) Update(ctx context.Context, id string, req UpdateCustomerRequest) (*Customer, error) {
	req.EmailMarketingConsent = req.EmailMarketingConsent.toTheSecond()
	req.SMSMarketingConsent = req.SMSMarketingConsent.toTheSecond()
	var problems transport.Problems
	req.check(&problems)
	return one(ctx, s.transport, &transport.Call{
		Method:   http.MethodPut,
		Route:    "/customers/{id}.json",
		IDs:      []any{id},
		Body:     transport.In{Member: "customer", Value: req},
		Repeat:   req.repeat(),
		Problems: problems,
		Secret:   req.Password != nil,
	}, &customerAnswer{})
}

// Delete deletes a customer. An unknown id is [souk.ErrNotFound]. It needs the scope
// write_customers.
//
// See https://developer.shopline.com/doc/cdb180dc069f7d8d6877c0cdffe96f73/krW3erjn.
//
//souk:operation DELETE /customers/{id}.json
func (s *CustomersService) Delete(ctx context.Context, id string) error {
	return done(ctx, s.transport, &transport.Call{
		Method:  http.MethodDelete,
		Route:   "/customers/{id}.json",
		IDs:     []any{id},
		Repeat:  transport.Idempotent,
		Deletes: true,
		Out:     new(deletedCustomer),
	})
}

// repeat returns whether the request may be sent again: an address without an ID would
// be added twice.
func (r UpdateCustomerRequest) repeat() transport.Repeat {
	for i := range r.Addresses {
		if r.Addresses[i].ID == "" {
			return transport.Write
		}
	}
	return transport.Idempotent
}
