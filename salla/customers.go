package salla

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"github.com/souk-go/souk/internal/transport"
)

// Customer is a customer of the store. Every field but ID can be empty. Stats and the
// fields below it are set if the request selects them with Fields; newer stores always
// send them.
type Customer struct {
	ID        int64  `json:"id"`
	FullName  string `json:"full_name,omitempty"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	// Mobile is the number without the country code, such as "555555555". Salla stores
	// it as a number, so leading zeros are lost.
	Mobile string `json:"mobile"`
	// MobileCode is the country's dial code, with or without a plus: "+966" or "966".
	MobileCode string `json:"mobile_code"`
	// Email may be one that Salla made up.
	Email string `json:"email"`
	// URLs holds the addresses of pages about the customer.
	URLs   CustomerURLs `json:"urls"`
	Avatar string       `json:"avatar"`
	Gender Gender       `json:"gender"`
	// Birthday is midnight of the day in the store's time zone, zero if not known.
	Birthday time.Time `json:"birthday,omitzero"`
	City     string    `json:"city"`
	// Country is the name of the country in Arabic, sometimes followed by other
	// languages.
	Country string `json:"country"`
	// CountryCode is an ISO code in either case.
	CountryCode string `json:"country_code"`
	Currency    string `json:"currency"`
	// Location is free text; Salla has also sent "null" and "35.35418".
	Location string `json:"location"`
	// Language is the ISO code of the customer's language.
	Language string `json:"lang,omitempty"`
	// CreatedAt is zero if the store does not send it.
	CreatedAt time.Time `json:"created_at,omitzero"`
	UpdatedAt time.Time `json:"updated_at,omitzero"`
	// Groups are the ids of the groups that the customer is in.
	Groups []int64 `json:"groups"`

	// Stats is nil unless the request selects FieldOrdersCount or FieldOrdersAmount.
	Stats *CustomerStats `json:"stats,omitempty"`
	// IsBlocked, IsWhitelisted, IsInactive, IsOrdersRated and IsNotificationsEnabled
	// are nil unless selected.
	IsBlocked              *bool `json:"is_blocked,omitempty"`
	IsWhitelisted          *bool `json:"is_whitelisted,omitempty"`
	IsInactive             *bool `json:"is_inactive,omitempty"`
	IsOrdersRated          *bool `json:"is_orders_rated,omitempty"`
	IsNotificationsEnabled *bool `json:"is_notifications_enabled,omitempty"`
	// BlockReason is empty for a customer who is not banned.
	BlockReason string `json:"block_reason,omitempty"`
	// TotalPoints, the ratios and the sums are empty unless selected. Ratios are in
	// percent, sums in the store's currency.
	TotalPoints         json.Number `json:"total_points,omitempty"`
	OrdersAverage       json.Number `json:"orders_average,omitempty"`
	OrdersCompleteRatio json.Number `json:"orders_complete_ratio,omitempty"`
	OrdersCancelRatio   json.Number `json:"orders_cancel_ratio,omitempty"`
	// OrdersCancel is the number of cancelled orders.
	OrdersCancel       json.Number `json:"orders_cancel,omitempty"`
	WalletBalance      json.Number `json:"wallet_balance,omitempty"`
	PendingRatingCount json.Number `json:"pending_rating_count,omitempty"`
	// LatestPurchase is zero for a customer who bought nothing.
	LatestPurchase time.Time `json:"latest_purchase,omitzero"`
	// CountryID is 0 if there is none.
	CountryID int64 `json:"country_id,omitempty"`
	// CurrentStoreCustomer is nil unless selected.
	CurrentStoreCustomer *StoreCustomer `json:"current_store_customer,omitempty"`
	// CustomFields and AbandonedCartsItems are kept as sent; Salla does not document
	// their form.
	CustomFields        json.RawMessage `json:"custom_fields,omitempty"`
	AbandonedCartsItems json.RawMessage `json:"abandoned_carts_items,omitempty"`

	// Source is the device on which the event of a webhook happened. It is nil
	// everywhere else.
	Source *CustomerSource `json:"source,omitempty"`
}

// CustomersService reads and writes customers. Reading needs the scope
// customers.read, writing customers.read_write.
type CustomersService service

// CreateCustomerRequest describes a new customer. Salla marks no field as required, but
// stores have refused customers without a last name, a mobile number or its dial code,
// so send them.
type CreateCustomerRequest struct {
	// FirstName and LastName have at most 25 characters. One of them is required.
	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`
	// Mobile is the number without the country code and without a leading zero, such as
	// "555555555". It must be unique in the store.
	Mobile string `json:"mobile,omitempty"`
	// MobileCodeCountry is the dial code of Mobile: "+966", or "966".
	MobileCodeCountry string `json:"mobile_code_country,omitempty"`
	// Email must be unique in the store.
	Email  string `json:"email,omitempty"`
	Gender Gender `json:"gender,omitempty"`
	// Birthday is a date such as "1997-06-03".
	Birthday string `json:"birthday,omitempty"`
	// Groups are the ids of groups to join in addition to the default group.
	Groups []int64 `json:"groups,omitempty"`
	// CountryCode is an ISO code such as "SA". Only some of Salla's pages list this
	// field.
	CountryCode string `json:"country_code,omitempty"`
}

// Create creates a customer. A taken e-mail address or mobile number is
// [souk.ErrInvalid] with that field in Fields, like any other value that Salla refuses;
// use Ensure to distinguish them.
//
// See https://docs.salla.dev/5394120e0.
//
//souk:operation POST /customers
func (s *CustomersService) Create(ctx context.Context, req CreateCustomerRequest) (*Customer, error) {
	var problems transport.Problems
	req.check(&problems)
	req.MobileCodeCountry = withPlus(req.MobileCodeCountry)
	return one[Customer, customerWire](ctx, s.transport, &transport.Call{
		Method:   http.MethodPost,
		Route:    "/customers",
		Body:     req,
		Problems: problems,
	})
}

// GetCustomerRequest says what to return of a customer.
type GetCustomerRequest struct {
	// Fields selects optional fields to return.
	Fields []CustomerField `url:"fields,brackets,omitempty"`
}

// Get returns a customer. An unknown id is [souk.ErrNotFound].
//
// See https://docs.salla.dev/5394122e0.
//
//souk:operation GET /customers/{customer}
func (s *CustomersService) Get(ctx context.Context, id int64, req GetCustomerRequest) (*Customer, error) {
	return one[Customer, customerWire](ctx, s.transport, &transport.Call{
		Method: http.MethodGet,
		Route:  "/customers/{customer}",
		IDs:    []any{id},
		Query:  req,
		Repeat: transport.Safe,
	})
}

// UpdateCustomerRequest changes the fields that are set and leaves the others alone.
// The fields are described at [CreateCustomerRequest]. Whether Salla clears a field
// that is set to "" is not documented.
type UpdateCustomerRequest struct {
	FirstName         *string `json:"first_name,omitempty"`
	LastName          *string `json:"last_name,omitempty"`
	Mobile            *string `json:"mobile,omitempty"`
	MobileCodeCountry *string `json:"mobile_code_country,omitempty"`
	Email             *string `json:"email,omitempty"`
	Gender            *Gender `json:"gender,omitempty"`
	Birthday          *string `json:"birthday,omitempty"`
	// Groups are left alone if nil; an empty list is sent as such. Whether Salla adds
	// these groups or replaces the previous ones is not documented.
	Groups      []int64 `json:"groups,omitzero"`
	CountryCode *string `json:"country_code,omitempty"`
}

// Update changes a customer. An unknown id is [souk.ErrNotFound]; a value that Salla
// refuses, such as a taken e-mail address, is [souk.ErrInvalid].
//
// See https://docs.salla.dev/5394123e0.
//
//souk:operation PUT /customers/{customer}
func (s *CustomersService) Update(ctx context.Context, id int64, req UpdateCustomerRequest) (*Customer, error) {
	var problems transport.Problems
	req.check(&problems)
	if code := req.MobileCodeCountry; code != nil {
		req.MobileCodeCountry = new(withPlus(*code))
	}
	return one[Customer, customerWire](ctx, s.transport, &transport.Call{
		Method:   http.MethodPut,
		Route:    "/customers/{customer}",
		IDs:      []any{id},
		Body:     req,
		Repeat:   transport.Idempotent,
		Problems: problems,
	})
}

// Delete deletes a customer. An unknown id is [souk.ErrNotFound].
//
// See https://docs.salla.dev/5394124e0.
//
//souk:operation DELETE /customers/{customer}
func (s *CustomersService) Delete(ctx context.Context, id int64) error {
	return done(ctx, s.transport, &transport.Call{
		Method: http.MethodDelete,
		Route:  "/customers/{customer}",
		IDs:    []any{id},
		Repeat: transport.Idempotent,

		Deletes: true,
	})
}

// BanCustomerRequest says why a customer is banned.
type BanCustomerRequest struct {
	// Reason is required. It comes back as Customer.BlockReason.
	Reason string `json:"reason"`
}

// Ban keeps a customer from ordering; they can still log in. An unknown id is
// [souk.ErrNotFound].
//
// See https://docs.salla.dev/5394125e0.
//
//souk:operation PUT /customers/blacklist/{customer}
func (s *CustomersService) Ban(ctx context.Context, id int64, req BanCustomerRequest) error {
	var problems transport.Problems
	problems.Require(req.Reason != "", "Reason", "must say why, in a few words")
	return done(ctx, s.transport, &transport.Call{
		Method:   http.MethodPut,
		Route:    "/customers/blacklist/{customer}",
		IDs:      []any{id},
		Body:     req,
		Repeat:   transport.Idempotent,
		Problems: problems,
	})
}

// Unban lets a banned customer order again. An unknown id is [souk.ErrNotFound].
//
// See https://docs.salla.dev/5394126e0.
//
//souk:operation DELETE /customers/blacklist/{customer}
func (s *CustomersService) Unban(ctx context.Context, id int64) error {
	return done(ctx, s.transport, &transport.Call{
		Method: http.MethodDelete,
		Route:  "/customers/blacklist/{customer}",
		IDs:    []any{id},
		Repeat: transport.Idempotent,
	})
}

// ImportCustomersRequest describes a file of customers to import.
type ImportCustomersRequest struct {
	// Name is the name of the file, such as "customers.xlsx".
	Name string
	// File is Salla's template, filled in. It is streamed and never held in memory as a
	// whole. If it is an io.Seeker, it can be sent again if Salla did not accept the
	// first attempt. If a Read does not return within Options.AttemptTimeout, the call
	// ends, but the Read cannot be stopped.
	File io.Reader
	// ContentType is the media type of the file, by default
	// application/octet-stream.
	ContentType string
}

// Import uploads a file of customers, which Salla processes later. Salla reports
// neither when that is done nor the result. An empty file is [souk.ErrInvalid].
//
// See https://docs.salla.dev/5394127e0.
//
//souk:operation POST /customers/import
func (s *CustomersService) Import(ctx context.Context, req ImportCustomersRequest) (*Receipt, error) {
	return receipt(ctx, s.transport, &transport.Call{
		Method: http.MethodPost,
		Route:  "/customers/import",
		Body: &transport.Upload{Files: []transport.File{{
			Field: "file", Name: req.Name, ContentType: req.ContentType, Reader: req.File,
		}}},
	})
}
