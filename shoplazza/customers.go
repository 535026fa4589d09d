package shoplazza

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"log/slog"
	"net/http"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/mask"
	"github.com/souk-go/souk/internal/transport"
)

// Customer is a customer of the store. Any member may be missing from an answer; its
// field is then zero.
type Customer struct {
	// ID is a UUID.
	ID        string `json:"id"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	// Name is the full name, made by the server.
	Name string `json:"name"`
	// Email and Phone are each unique in the store. Phone includes the area code:
	// "+8615014471143".
	Email         string `json:"email"`
	Phone         string `json:"phone"`
	PhoneAreaCode string `json:"phone_area_code"`
	// ContactType says whether Email or Phone identifies the customer.
	ContactType         ContactType `json:"contact_type"`
	AcceptsMarketing    bool        `json:"accepts_marketing"`
	AcceptsSMSMarketing bool        `json:"accepts_sms_marketing"`
	// Source says where the customer came from. It is usually empty.
	Source string `json:"source"`
	// FreeTax reports whether the customer is exempt from taxes.
	FreeTax bool `json:"free_tax"`
	// Registered reports whether the customer has an account.
	Registered bool `json:"registered"`
	// OrdersCount is the number of orders placed.
	OrdersCount int `json:"orders_count"`
	// FirstOrderAt is nil before the first order, and always nil in version 2022-01.
	FirstOrderAt *time.Time `json:"first_order_at"`
	// LastOrderAt is nil before the first order.
	LastOrderAt *time.Time `json:"last_order_at"`
	// TotalSpent is an amount of money as a decimal number: "100.10", "0.00" or "0.0".
	TotalSpent string   `json:"total_spent"`
	Tags       []string `json:"tags"`
	// CreatedAt and UpdatedAt are usually in UTC.
	CreatedAt         time.Time        `json:"created_at"`
	UpdatedAt         time.Time        `json:"updated_at"`
	SubscribedFlag    SubscriptionFlag `json:"subscribed_flag"`
	SMSSubscribedFlag SubscriptionFlag `json:"sms_subscribed_flag"`
	// DefaultAddress is nil if there is none. The versions from 2025-06 on do not send
	// it; it is then taken from Addresses.
	DefaultAddress *Address  `json:"default_address"`
	Addresses      []Address `json:"addresses"`
}

// ContactType says what identifies a customer.
type ContactType string

// The contact types.
const (
	ContactTypeEmail ContactType = "email"
	ContactTypePhone ContactType = "phone"
)

// SubscriptionFlag says who subscribed a customer to marketing messages or unsubscribed
// them. Some values have no documented meaning: 0 is the default, and examples in the
// documentation have 5 and 6.
type SubscriptionFlag int

// The subscription flags that Shoplazza documents.
const (
	UnsubscribedByMerchant SubscriptionFlag = 1
	UnsubscribedByBuyer    SubscriptionFlag = 2
	SubscribedByMerchant   SubscriptionFlag = 3
	SubscribedByBuyer      SubscriptionFlag = 4
)

// CustomersService reads and writes customers. Reading needs the scope read_customer,
// writing write_customer. Shoplazza has no operation to delete a customer.
type CustomersService service

// ListCustomersRequest says which customers to list. Its filters must all match.
type ListCustomersRequest struct {
	// IDs are the ids of the customers to list. Nil means all; an empty list is
	// [souk.ErrInvalid].
	IDs []string
	// CreatedAtMin and the other times are sent in UTC, to the second. Zero means no
	// bound.
	CreatedAtMin time.Time
	CreatedAtMax time.Time
	UpdatedAtMin time.Time
	UpdatedAtMax time.Time
	// Email is an e-mail address.
	Email string
	// Contact is an e-mail address or a phone number. It is on the documentation page
	// of 2022-01, but not in its specification.
	Contact string
	// Limit is the size of a page, at most 250. 0 means the server's default, 10.
	Limit int
	// Page is the number of the page, counted from 1, in version 2022-01 only. 0 means
	// the first.
	Page int
	// Cursor is the Cursor of the previous page, in the versions from 2025-06 on.
	Cursor string
}

// ListCustomersResponse is one page.
type ListCustomersResponse struct {
	Customers []Customer
	// Cursor names the following page, in the versions from 2025-06 on.
	Cursor string
	// HasMore reports whether another page follows. Version 2022-01 does not say so;
	// HasMore is then true for every page that is not empty.
	HasMore bool

	next ListCustomersRequest
}

// Next returns the request for the following page; ok is false on the last one. In
// version 2022-01 it counts pages: rows that are deleted between two calls make it miss
// others, and rows that are added make others come twice. Later versions have cursors;
// Walk ends with an error if they lead back.
func (r *ListCustomersResponse) Next() (next ListCustomersRequest, ok bool) {
	return r.next, r.HasMore
}

// List returns one page of customers.
//
// See https://shoplazza.dev/reference/customer-list-3.
//
//souk:operation GET /customers
func (s *CustomersService) List(ctx context.Context, req ListCustomersRequest) (*ListCustomersResponse, error) {
	page, err := s.page(ctx, req)
	if page == nil {
		return nil, err
	}
	req.Page, req.Cursor = page.next.page, page.next.cursor
	return &ListCustomersResponse{Customers: page.rows, Cursor: page.cursor, HasMore: page.more, next: req}, err
}

// page reads a page for List and for a walk.
func (s *CustomersService) page(ctx context.Context, req ListCustomersRequest) (*page[Customer], error) {
	var problems transport.Problems
	at := req.at()
	at.check((*service)(s), &problems)
	transport.Values(&problems, "IDs", req.IDs)
	problems.IDs("IDs", req.IDs)
	problems.Words("Email", req.Email)
	problems.Words("Contact", req.Contact)
	checkTimes(&problems, req.CreatedAtMin, req.CreatedAtMax, req.UpdatedAtMin, req.UpdatedAtMax)
	return pageOf(ctx, (*service)(s), &transport.Call{
		Method:   http.MethodGet,
		Route:    "/customers",
		Query:    req.query((*service)(s)),
		Repeat:   transport.Safe,
		Problems: problems,
	}, aPageOfCustomers, at)
}

// All returns all customers that match, like Walk with an empty position.
func (s *CustomersService) All(ctx context.Context, req ListCustomersRequest) iter.Seq2[*Customer, error] {
	return transport.Anew(ctx, req, func(req ListCustomersRequest) *souk.Walk[Customer] { return s.Walk(req, "") })
}

// Walk returns a walk through all customers that match. It begins after position if
// that is not empty. Limit is the size of a page, by default 250. The order is
// Shoplazza's.
//
// From 2025-06 on, no customer comes again after a resume, unless the last 100 are
// gone.
//
// In version 2022-01, pages are numbered and the rows are not counted. Customers who
// are added during a loop cause none to come twice, but customers whom the store
// removes meanwhile can cause others to be missed. If all customers so far came in
// descending order of creation, a resumed walk asks for the customers created up to the
// last one. Otherwise it looks for a page with one of the last 100 customers; some
// pages may come again, or all pages if there is no such page. See [souk.Walk].
func (s *CustomersService) Walk(req ListCustomersRequest, position string) *souk.Walk[Customer] {
	req = transport.Own(req)
	filter := req
	filter.Limit, filter.Page, filter.Cursor = 0, 0, ""
	return walked[Customer]{
		listing: transport.Listing{Route: "/customers", Filter: filter.query((*service)(s))},
		from:    pageRef{limit: cmp.Or(req.Limit, maxLimit), page: req.Page, cursor: req.Cursor},
		id:      func(c *Customer) string { return c.ID },
		created: func(c *Customer) time.Time { return c.CreatedAt },
		read: func(ctx context.Context, until time.Time, at pageRef) (*page[Customer], error) {
			next := req
			if !until.IsZero() && (next.CreatedAtMax.IsZero() || until.Before(next.CreatedAtMax)) {
				next.CreatedAtMax = until
			}
			next.Limit, next.Page, next.Cursor = at.limit, at.page, at.cursor
			return s.page(ctx, next)
		},
	}.walk((*service)(s), position)
}

// Count returns the number of all customers of the store.
//
// See https://shoplazza.dev/reference/customer-count-3.
//
//souk:operation GET /customers/count
func (s *CustomersService) Count(ctx context.Context) (int, error) {
	return count(ctx, (*service)(s), &transport.Call{
		Method: http.MethodGet,
		Route:  "/customers/count",
		Repeat: transport.Safe,
	})
}

// CreateCustomerRequest describes a new customer. Email or Phone is required.
type CreateCustomerRequest struct {
	// ContactType is set by the SDK if empty: to email if there is an Email, otherwise
	// to phone.
	ContactType ContactType `json:"contact_type,omitempty"`
	// Email is required if ContactType is email.
	Email string `json:"email,omitempty"`
	// Phone is required if ContactType is phone. It includes the area code:
	// "+8615014471143".
	Phone     string `json:"phone,omitempty"`
	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`
	// AcceptsMarketing and AcceptsSMSMarketing count as true if nil: the server
	// subscribes by default. Set new(false) to prevent that.
	AcceptsMarketing    *bool `json:"accepts_marketing,omitempty"`
	AcceptsSMSMarketing *bool `json:"accepts_sms_marketing,omitempty"`
	// Password has at least 6 characters. PasswordConfirmation is optional and must
	// equal Password.
	Password             string `json:"password,omitempty"`
	PasswordConfirmation string `json:"password_confirmation,omitempty"`
	// Tags contain no commas in version 2022-01.
	Tags []string `json:"tags,omitempty"`
	// RegisteredAt is when the customer registered. It is sent in UTC, to the second.
	// By the specification of 2022-01, a customer without it cannot sign in.
	RegisteredAt time.Time `json:"registered_at,omitzero"`
	// Addresses are the customer's addresses. An address whose Default is nil becomes
	// the default address.
	Addresses []CreateAddressRequest `json:"addresses,omitempty"`
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
// [souk.ErrAlreadyExists]. It needs the scope write_customer.
//
// See https://shoplazza.dev/reference/create-customer-3.
//
//souk:operation POST /customers
func (s *CustomersService) Create(ctx context.Context, req CreateCustomerRequest) (*Customer, error) {
	var problems transport.Problems
	req.check((*service)(s), &problems)
	return one(ctx, (*service)(s), &transport.Call{
		Method:   http.MethodPost,
		Route:    "/customers",
		Body:     transport.In{Member: "customer", Value: req.body((*service)(s))},
		Problems: problems,
		Secret:   req.Password != "",
	}, aCustomer)
}

// GetCustomerRequest is empty: Shoplazza returns the whole customer. It exists so that
// Get has the same form for every vendor.
type GetCustomerRequest struct{}

// Get returns a customer. An unknown id is [souk.ErrNotFound].
//
// See https://shoplazza.dev/reference/customer-5, which has the properties of a customer.
//
//souk:operation GET /customers/{id}
func (s *CustomersService) Get(ctx context.Context, id string, _ GetCustomerRequest) (*Customer, error) {
	return one(ctx, (*service)(s), &transport.Call{
		Method: http.MethodGet,
		Route:  "/customers/{id}",
		IDs:    []any{id},
		Repeat: transport.Safe,
	}, aCustomer)
}

// UpdateCustomerRequest changes the fields that are set and leaves the others
// alone. E-mail address and phone number cannot be changed.
type UpdateCustomerRequest struct {
	FirstName           *string `json:"first_name,omitempty"`
	LastName            *string `json:"last_name,omitempty"`
	AcceptsMarketing    *bool   `json:"accepts_marketing,omitempty"`
	AcceptsSMSMarketing *bool   `json:"accepts_sms_marketing,omitempty"`
	// Tags replaces all tags. They contain no commas in version 2022-01. An empty list
	// removes all; nil leaves them alone.
	Tags []string `json:"tags,omitzero"`
}

// Update changes a customer. An unknown id is [souk.ErrNotFound]. It needs the scope
// write_customer.
//
// See https://shoplazza.dev/reference/update-customer-3.
//
//souk:operation PUT /customers/{id}
func (s *CustomersService) Update(ctx context.Context, id string, req UpdateCustomerRequest) (*Customer, error) {
	var problems transport.Problems
	problems.RequireChange(req)
	if req.Tags != nil {
		(*service)(s).checkTags(req.Tags, &problems)
	}
	return one(ctx, (*service)(s), &transport.Call{
		Method:   http.MethodPut,
		Route:    "/customers/{id}",
		IDs:      []any{id},
		Body:     transport.In{Member: "customer", Value: req.body((*service)(s))},
		Repeat:   transport.Idempotent,
		Problems: problems,
	}, aCustomer)
}
