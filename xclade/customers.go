package xclade

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/paging"
	"github.com/souk-go/souk/internal/transport"
)

// Customer is a guest or a customer with an account. If a request selects fields, all
// others are zero.
type Customer struct {
	// ID begins with "cus_". Ids ascend in the order of creation.
	ID string `json:"id"`
	// Email is case-sensitive. It is empty if the server has null.
	Email       string `json:"email"`
	CompanyName string `json:"company_name"`
	FirstName   string `json:"first_name"`
	LastName    string `json:"last_name"`
	// Phone is free text.
	Phone string `json:"phone"`
	// Metadata is nil if none was ever set. The server does not keep the precision of
	// integers beyond 2^53.
	Metadata map[string]any `json:"metadata"`
	// HasAccount reports whether the customer can log in. Guests cannot.
	HasAccount bool `json:"has_account"`
	// CreatedBy is the id of the admin user or of the API key that created the
	// customer. It is empty for customers who signed up in the shop.
	CreatedBy string    `json:"created_by"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
	// DeletedAt is nil in the results of lists and look-ups.
	DeletedAt *time.Time `json:"deleted_at"`
	// Addresses is set if the request selects the relation "addresses"; see [Fields].
	Addresses []Address `json:"addresses,omitempty"`
	// Groups is set if the request selects the relation "groups"; see [Fields].
	Groups []CustomerGroup `json:"groups,omitempty"`
	// DefaultBillingAddressID and DefaultShippingAddressID are in xclade's
	// documentation. Medusa v2 does not send them: use the flags of the addresses.
	DefaultBillingAddressID  string `json:"default_billing_address_id,omitempty"`
	DefaultShippingAddressID string `json:"default_shipping_address_id,omitempty"`
}

// CustomersService reads and writes customers.
type CustomersService service

// CreateCustomerRequest describes a new guest. Email is required, as in xclade's
// documentation; a stock Medusa server would also accept a customer without one.
type CreateCustomerRequest struct {
	// Email must be unique among guests.
	Email       string         `json:"email"`
	CompanyName string         `json:"company_name,omitempty"`
	FirstName   string         `json:"first_name,omitempty"`
	LastName    string         `json:"last_name,omitempty"`
	Phone       string         `json:"phone,omitempty"`
	Metadata    map[string]any `json:"metadata,omitempty"`
	// AdditionalData is passed to the server's workflow. It is not stored.
	AdditionalData map[string]any `json:"additional_data,omitempty"`
	// Fields selects the fields of the answer.
	Fields Fields `json:"-"`
}

// Create creates a guest. A taken e-mail address is [souk.ErrAlreadyExists].
//
// See https://docs.xclade.com/docs/admin/customers/PostCustomers.
//
//souk:operation POST /admin/customers
func (s *CustomersService) Create(ctx context.Context, req CreateCustomerRequest) (*Customer, error) {
	var problems transport.Problems
	query, body := req.check(&problems)
	return one(ctx, s.transport, &transport.Call{
		Method:   http.MethodPost,
		Route:    "/admin/customers",
		Query:    query,
		Body:     body,
		Problems: problems,
	}, &customerAnswer{})
}

// check notes what is wrong with the request, and returns its query and body.
func (r CreateCustomerRequest) check(problems *transport.Problems) (query url.Values, encoded any) {
	problems.NotEmpty("Email", r.Email)
	return r.Fields.query(problems), body(r, problems)
}

// GetCustomerRequest says what to return of a customer.
type GetCustomerRequest struct {
	Fields Fields
}

// Get returns a customer. An unknown id is [souk.ErrNotFound].
//
// See https://docs.xclade.com/docs/admin/customers/GetCustomersId.
//
//souk:operation GET /admin/customers/{id}
func (s *CustomersService) Get(ctx context.Context, id string, req GetCustomerRequest) (*Customer, error) {
	var problems transport.Problems
	return one(ctx, s.transport, &transport.Call{
		Method:   http.MethodGet,
		Route:    "/admin/customers/{id}",
		IDs:      []any{id},
		Query:    req.Fields.query(&problems),
		Repeat:   transport.Safe,
		Problems: problems,
	}, &customerAnswer{})
}

// ListCustomersRequest says which customers to list. Its filters must all match.
type ListCustomersRequest struct {
	CustomerFilter
	// Q is searched for in company name, names, e-mail address and phone number,
	// ignoring letter case.
	Q string
	// And and Or are further filters: all of And, and at least one of Or, must match.
	// Each filter requires a condition.
	And []CustomerFilter
	Or  []CustomerFilter
	// Order is the field to sort by, such as "created_at" or "groups.name", with a
	// leading minus for descending order. Empty means by id, which is the order of
	// creation.
	Order string
	// Limit is the size of a page, at most 10,000. 0 means the server's default, 50.
	Limit int
	// Offset is the number of rows to skip.
	Offset int
	// WithDeleted is documented by the server. It has no effect on this list.
	WithDeleted bool
	// Fields selects the fields of the answer.
	Fields Fields
}

// ListCustomersResponse is one page.
type ListCustomersResponse struct {
	Customers []Customer `json:"customers"`
	// Count is the number of all customers that match.
	Count  int `json:"count"`
	Offset int `json:"offset"`
	Limit  int `json:"limit"`

	request ListCustomersRequest
}

// Next returns the request for the following page; ok is false on the last one. It
// counts rows: if some are added or deleted between two calls, others come twice or not
// at all. Walk handles that.
func (r *ListCustomersResponse) Next() (next ListCustomersRequest, ok bool) {
	next = r.request
	next.Offset, ok = follows(len(r.Customers), r.Count, r.Offset, r.Limit)
	return next, ok
}

// List returns one page of customers. More than 300 values in one filter are
// [souk.ErrInvalid], because the server would drop some of them; Walk can split ids. If
// a row cannot be read, the page is returned together with a [*souk.RowError].
//
// See https://docs.xclade.com/docs/admin/customers/GetCustomers.
//
//souk:operation GET /admin/customers
func (s *CustomersService) List(ctx context.Context, req ListCustomersRequest) (*ListCustomersResponse, error) {
	var problems transport.Problems
	return one(ctx, s.transport, &transport.Call{
		Method:   http.MethodGet,
		Route:    "/admin/customers",
		Query:    req.query(&problems),
		Repeat:   transport.Safe,
		Problems: problems,
	}, newCustomersPage(req))
}

// Count returns the number of all customers. For the number of customers that match a
// filter, see [ListCustomersResponse].
//
//souk:composite
func (s *CustomersService) Count(ctx context.Context) (int, error) {
	page, err := s.List(ctx, ListCustomersRequest{Limit: 1, Fields: Fields{Only: []string{"id"}}})
	if page == nil {
		return 0, err
	}
	return page.Count, nil
}

// All returns all customers that match, like Walk with an empty position.
func (s *CustomersService) All(ctx context.Context, req ListCustomersRequest) iter.Seq2[*Customer, error] {
	return transport.Anew(ctx, req, func(req ListCustomersRequest) *souk.Walk[Customer] { return s.Walk(req, "") })
}

// Walk returns a walk through all customers that match. It begins after position if
// that is not empty. Limit is the size of a page, by default 1,000. Offset is the
// number of customers to skip at the beginning.
//
// Without an Order, customers come by ascending id, which is the order of creation.
// Customers who are added or deleted meanwhile cause no others to be repeated or
// missed, and none comes again after a resume. If the first answer shows that an old
// server does not know conditions on ids, this walk and those that resume from it read
// by offset in the same order. Pages then overlap by one row, so they have at least
// two. Even so none is missed, except that deletions among the rows that Offset skips
// can hide some.
//
// With the Order -id or -created_at, the walk reads numbered pages, newest first. After
// a resume the customers of some pages come again, or all if none of the last 100 can
// be found. The same holds for created_at, but a customer who is added while another is
// deleted can cause one to be missed. With any other Order, a position is the number of
// a page and valid for the same Limit only: customers who moved to an earlier page are
// missed.
//
// More than 200 ids in ID.In are split over several requests, unless there is an Order
// other than id, an Offset, or another condition in ID; in these cases more than 300
// ids are [souk.ErrInvalid], as in List.
//
// A customer that cannot be read is yielded as a [*souk.RowError], and the walk goes
// on. A list that the server cuts short ends with an error that is
// [souk.ErrUnreadable]. See [souk.Walk] for the other errors.
func (s *CustomersService) Walk(req ListCustomersRequest, position string) *souk.Walk[Customer] {
	req = transport.Own(req)
	l := newWalked(req.Order, req.Limit, req.Offset, func(c *Customer) string { return c.ID })
	l.read = func(ctx context.Context, at pageRef) (*page[Customer], error) {
		next := req
		next.Order, next.Limit, next.Offset = at.order, at.limit, at.offset
		if at.ids != nil {
			next.ID.In = at.ids
		}
		if at.after != "" && (at.after != leastID || next.ID.Greater == "") {
			next.ID.Greater = at.after
		}
		list, err := s.List(ctx, next)
		if list == nil {
			return nil, err
		}
		return &page[Customer]{rows: list.Customers, count: list.Count, size: list.Limit}, err
	}
	var pages paging.List[Customer]
	switch {
	case req.ID.onlyIn() && l.splits(req.ID.In):
		pages = l.ofIDs(req.ID.In)
	case req.Order == "":
		pages = paging.Fallback[Customer]{List: l.behindID(), Else: l.byOffset(), Refused: rejectsQuery}
	default:
		pages = l.inOrder()
	}
	filter := req
	filter.Order, filter.Limit = l.listed()
	return transport.Walk(s.transport, transport.Listing{
		Route:  "/admin/customers",
		Filter: filter.query(new(transport.Problems)),
	}, pages, position)
}

// UpdateCustomerRequest changes the fields that are set and leaves the others alone.
// new("") clears a text: the server then has null, as for a field that was never set.
type UpdateCustomerRequest struct {
	Email       *string `json:"email,omitempty"`
	CompanyName *string `json:"company_name,omitempty"`
	FirstName   *string `json:"first_name,omitempty"`
	LastName    *string `json:"last_name,omitempty"`
	Phone       *string `json:"phone,omitempty"`
	// Metadata is merged at its top level: a key with the value "" is removed, a key
	// with nil becomes null, other keys stay. [Null] removes all keys.
	Metadata Nullable[map[string]any] `json:"metadata,omitzero"`
	// AdditionalData is passed to the server's workflow. It is not stored.
	AdditionalData map[string]any `json:"additional_data,omitempty"`
	// Fields selects the fields of the answer.
	Fields Fields `json:"-"`
}

// Update changes a customer. An unknown id is [souk.ErrNotFound], a taken e-mail
// address [souk.ErrAlreadyExists]. If two updates change metadata at the same time, the
// server may lose one of them, although both succeed.
//
// See https://docs.xclade.com/docs/admin, "Customers".
//
//souk:operation POST /admin/customers/{id}
func (s *CustomersService) Update(ctx context.Context, id string, req UpdateCustomerRequest) (*Customer, error) {
	var problems transport.Problems
	problems.RequireChange(req)
	return one(ctx, s.transport, &transport.Call{
		Method:   http.MethodPost,
		Route:    "/admin/customers/{id}",
		IDs:      []any{id},
		Query:    req.Fields.query(&problems),
		Body:     body(req.wire(), &problems),
		Repeat:   transport.Idempotent,
		Problems: problems,
	}, &customerAnswer{})
}

// Delete deletes a customer, with the addresses, the memberships in groups and, for a
// customer with an account, the login. It succeeds for unknown ids as well. The e-mail
// address can be used again afterwards.
//
// See https://docs.xclade.com/docs/admin, "Customers".
//
//souk:operation DELETE /admin/customers/{id}
func (s *CustomersService) Delete(ctx context.Context, id string) error {
	return done(ctx, s.transport, &transport.Call{
		Method:  http.MethodDelete,
		Route:   "/admin/customers/{id}",
		IDs:     []any{id},
		Repeat:  transport.Idempotent,
		Deletes: true,
	})
}

// UpdateGroups adds a customer to groups and removes them from others. Adding to a
// group twice, or removing from a group that the customer is not in, has no effect. If
// an id to add is unknown, the error is [souk.ErrNotFound], and nothing is changed.
//
// See https://docs.xclade.com/docs/admin/customers/PostCustomersIdCustomerGroups.
//
//souk:operation POST /admin/customers/{id}/customer-groups
func (s *CustomersService) UpdateGroups(ctx context.Context, id string, req UpdateMembersRequest) (*Customer, error) {
	return one(ctx, s.transport, req.call("/admin/customers/{id}/customer-groups", id), &customerAnswer{absence: req.emptyAnswer(noCustomer)})
}

func (r ListCustomersRequest) query(problems *transport.Problems) url.Values {
	p := newParams(problems)
	r.CustomerFilter.add(p)
	p.problems.Words("Q", r.Q)
	p.text("q", r.Q)
	branches(p, "$and", "And", r.And)
	branches(p, "$or", "Or", r.Or)
	p.page("customer", r.Order, r.Limit, r.Offset)
	p.flag("with_deleted", r.WithDeleted)
	p.text("fields", r.Fields.text(problems))
	return p.done()
}
