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

// Customer is a guest, or somebody with an account. Requests that select
// fields receive the selected ones only; all others are zero.
type Customer struct {
	// ID begins with "cus_". Ids ascend in the order of creation.
	ID string `json:"id"`
	// Email is case-sensitive. It is empty where the server has null.
	Email       string `json:"email"`
	CompanyName string `json:"company_name"`
	FirstName   string `json:"first_name"`
	LastName    string `json:"last_name"`
	// Phone is free text.
	Phone string `json:"phone"`
	// Metadata is nil where none was ever set. Integers beyond 2^53 have lost
	// their precision at the server.
	Metadata map[string]any `json:"metadata"`
	// HasAccount reports whether the customer can log in. Guests cannot.
	HasAccount bool `json:"has_account"`
	// CreatedBy is the id of the admin user or of the API key; it is empty for
	// those who signed up at the shop.
	CreatedBy string    `json:"created_by"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
	// DeletedAt is nil in everything that lists and look-ups return.
	DeletedAt *time.Time `json:"deleted_at"`
	// Addresses are there when asked for with Relations: "addresses".
	Addresses []Address `json:"addresses,omitempty"`
	// Groups are there when asked for with Relations: "groups".
	Groups []CustomerGroup `json:"groups,omitempty"`
	// DefaultBillingAddressID and DefaultShippingAddressID stand in xclade's
	// page. Servers of Medusa v2 do not send them: see the addresses' own flags.
	DefaultBillingAddressID  string `json:"default_billing_address_id,omitempty"`
	DefaultShippingAddressID string `json:"default_shipping_address_id,omitempty"`
}

// CustomersService reads and writes customers.
type CustomersService service

// CreateCustomerRequest describes a new guest. Email is required here, as
// xclade's page has it; a stock server would also take a customer without any.
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
	// Fields selects what the answer contains.
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

// check notes what is wrong with the request, and returns what is sent.
func (r CreateCustomerRequest) check(problems *transport.Problems) (query url.Values, encoded any) {
	problems.Require(r.Email != "", "Email", "must not be empty")
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
	// Q is searched for in company name, names, e-mail address and phone. It
	// ignores letter case.
	Q string
	// And and Or are further filters, of which all, or at least one, must match. Each
	// needs a condition.
	And []CustomerFilter
	Or  []CustomerFilter
	// Order is the field to sort by, such as "created_at" or "groups.name", with a
	// minus for descending order. Empty means by id, which is the order of creation.
	Order string
	// Limit is the size of a page. 0 means the server's default, 50; at most 10,000.
	Limit int
	// Offset is how many rows to leave out.
	Offset int
	// WithDeleted is in the server's documents. It has no effect on this list.
	WithDeleted bool
	// Fields selects what the answer contains.
	Fields Fields
}

// ListCustomersResponse is one page.
type ListCustomersResponse struct {
	Customers []Customer `json:"customers"`
	// Count is the number of customers that match, on all pages.
	Count  int `json:"count"`
	Offset int `json:"offset"`
	Limit  int `json:"limit"`

	request ListCustomersRequest
}

// Next returns the request of the following page; ok is false on the last one. It
// counts rows: where some come or go meanwhile, others come twice or not at all. Walk
// sees to that.
func (r *ListCustomersResponse) Next() (next ListCustomersRequest, ok bool) {
	next = r.request
	next.Offset, ok = follows(len(r.Customers), r.Count, r.Offset, r.Limit)
	return next, ok
}

// List returns one page of customers. More than 300 values in one filter are
// refused, because the server would drop some of them; Walk splits ids. Where a
// row cannot be read, the page comes with a [*souk.RowError].
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

// Count returns the number of all customers. That of those who match a filter is Count
// in the answer of List.
//
//souk:composite
func (s *CustomersService) Count(ctx context.Context) (int, error) {
	page, err := s.List(ctx, ListCustomersRequest{Limit: 1, Fields: Fields{Only: []string{"id"}}})
	if page == nil {
		return 0, err
	}
	return page.Count, nil
}

// All returns all customers that match, as Walk does from the beginning.
func (s *CustomersService) All(ctx context.Context, req ListCustomersRequest) iter.Seq2[*Customer, error] {
	return transport.Anew(ctx, func() *souk.Walk[Customer] { return s.Walk(req, "") })
}

// Walk returns a walk through all customers that match that goes on behind position,
// or from the beginning where that is empty. Limit is the size of the pages, 1,000 by
// default. Offset is how many customers to leave out at the beginning.
//
// Without an Order the walk goes by ascending id, which is the order of creation.
// Customers who come and go meanwhile make it neither repeat nor lose any, and none
// comes again after a resume. An old server that does not know conditions on ids is
// walked by offset in the same order, with pages that overlap by one row, so of two
// rows at least. That is decided by the first answer, and holds for walks that go on
// from there. Then, too, none is lost, except that deletions among the rows that an
// Offset leaves out can hide some.
//
// With an Order of -id or -created_at the walk goes by numbered pages, newest first.
// After a resume those of some pages come again, or all where none of the last 100
// can be found. With created_at it does the same, but a customer who is added while
// another is deleted can make it miss one. With any other Order a position is the
// number of a page, and for the same Limit only: customers who moved to an earlier page
// meanwhile are missed.
//
// More than 200 ids in ID.In are asked for in several requests, unless there is an
// Order other than id, an Offset, or another condition in ID; then more than 300 are
// [souk.ErrInvalid], as in List.
//
// A customer who cannot be read comes as a [*souk.RowError], and the walk goes on. A list
// that the server cuts short ends in an error that is [souk.ErrUnreadable]. See
// [souk.Walk] for the other errors.
func (s *CustomersService) Walk(req ListCustomersRequest, position string) *souk.Walk[Customer] {
	l := newWalked(req.Order, req.Limit, req.Offset, func(c *Customer) string { return c.ID })
	l.read = func(ctx context.Context, at pageRef) ([]Customer, int, int, error) {
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
			return nil, 0, 0, err
		}
		return list.Customers, list.Count, list.Limit, err
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
// new("") clears a text: the server has null then, as where none was ever set.
type UpdateCustomerRequest struct {
	Email       *string `json:"email,omitempty"`
	CompanyName *string `json:"company_name,omitempty"`
	FirstName   *string `json:"first_name,omitempty"`
	LastName    *string `json:"last_name,omitempty"`
	Phone       *string `json:"phone,omitempty"`
	// Metadata is merged at its top level: a key with the value "" is removed, a
	// key with nil becomes null, keys that are left out stay. Null removes all.
	Metadata Nullable[map[string]any] `json:"metadata,omitzero"`
	// AdditionalData is passed to the server's workflow. It is not stored.
	AdditionalData map[string]any `json:"additional_data,omitempty"`
	// Fields selects what the answer contains.
	Fields Fields `json:"-"`
}

// checkChange notes a request that changes nothing, whatever it selects of the answer.
func (r UpdateCustomerRequest) checkChange(problems *transport.Problems) {
	r.Fields = Fields{}
	problems.RequireChange(r)
}

// Update changes a customer. An unknown id is [souk.ErrNotFound], a taken e-mail
// address [souk.ErrAlreadyExists]. Two updates of metadata at the same time can lose
// one of them at the server, although both succeed.
//
// See https://docs.xclade.com/docs/admin, "Customers".
//
//souk:operation POST /admin/customers/{id}
func (s *CustomersService) Update(ctx context.Context, id string, req UpdateCustomerRequest) (*Customer, error) {
	var problems transport.Problems
	req.checkChange(&problems)
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

// Delete deletes a customer, with addresses, membership in groups and, of
// somebody with an account, the login. It succeeds for unknown ids as well. The
// e-mail address is free again afterwards.
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

// UpdateGroups adds a customer to groups and removes it from others. Groups
// that it is in, or is not in, already do no harm. An unknown id among those to
// add is [souk.ErrNotFound], and then nothing is changed.
//
// See https://docs.xclade.com/docs/admin/customers/PostCustomersIdCustomerGroups.
//
//souk:operation POST /admin/customers/{id}/customer-groups
func (s *CustomersService) UpdateGroups(ctx context.Context, id string, req UpdateMembersRequest) (*Customer, error) {
	var problems transport.Problems
	req.check(&problems)
	return one(ctx, s.transport, &transport.Call{
		Method:   http.MethodPost,
		Route:    "/admin/customers/{id}/customer-groups",
		IDs:      []any{id},
		Query:    req.Fields.query(&problems),
		Body:     body(req, &problems),
		Repeat:   transport.Idempotent,
		Problems: problems,
	}, &customerAnswer{absence: req.emptyAnswer(noCustomer)})
}

func (r ListCustomersRequest) query(problems *transport.Problems) url.Values {
	p := newParams(problems)
	r.CustomerFilter.add(p)
	p.text("q", r.Q)
	branches(p, "$and", "And", r.And)
	branches(p, "$or", "Or", r.Or)
	p.page("customer", r.Order, r.Limit, r.Offset)
	p.flag("with_deleted", r.WithDeleted)
	p.text("fields", r.Fields.text(problems))
	return p.done()
}
