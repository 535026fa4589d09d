package xclade

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

// CustomerGroup is a set of customers.
type CustomerGroup struct {
	// ID begins with "cusgroup_".
	ID string `json:"id"`
	// Name is unique among all groups.
	Name string `json:"name"`
	// Metadata is nil if none was ever set.
	Metadata  map[string]any `json:"metadata"`
	CreatedBy string         `json:"created_by"`
	CreatedAt time.Time      `json:"created_at"`
	UpdatedAt time.Time      `json:"updated_at"`
	DeletedAt *time.Time     `json:"deleted_at"`
	// Customers is set if the request selects the relation "customers"; see [Fields].
	Customers []Customer `json:"customers,omitempty"`
}

// CustomerGroupsService reads and writes customer groups.
type CustomerGroupsService service

// ListCustomerGroupsRequest says which groups to list. Its filters must all match.
type ListCustomerGroupsRequest struct {
	CustomerGroupFilter
	// Q is searched for in the name, ignoring letter case.
	Q string
	// And and Or are further filters: all of And, and at least one of Or, must match.
	// Each filter requires a condition.
	And []CustomerGroupFilter
	Or  []CustomerGroupFilter
	// Order is the field to sort by, such as "name" or "customers.email", with a
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

// ListCustomerGroupsResponse is one page.
type ListCustomerGroupsResponse struct {
	CustomerGroups []CustomerGroup `json:"customer_groups"`
	// Count is the number of all groups that match.
	Count  int `json:"count"`
	Offset int `json:"offset"`
	Limit  int `json:"limit"`

	request ListCustomerGroupsRequest
}

// Next returns the request for the following page; ok is false on the last one. It
// counts rows: if some are added or deleted between two calls, others come twice or not
// at all. Walk handles that.
func (r *ListCustomerGroupsResponse) Next() (next ListCustomerGroupsRequest, ok bool) {
	next = r.request
	next.Offset, ok = follows(len(r.CustomerGroups), r.Count, r.Offset, r.Limit)
	return next, ok
}

// List returns one page of groups. If a row cannot be read, the page is returned
// together with a [*souk.RowError].
//
// See https://docs.xclade.com/docs/admin, "Customer Groups".
//
//souk:operation GET /admin/customer-groups
func (s *CustomerGroupsService) List(ctx context.Context, req ListCustomerGroupsRequest) (*ListCustomerGroupsResponse, error) {
	var problems transport.Problems
	return one(ctx, s.transport, &transport.Call{
		Method:   http.MethodGet,
		Route:    "/admin/customer-groups",
		Query:    req.query(&problems),
		Repeat:   transport.Safe,
		Problems: problems,
	}, newGroupsPage(req))
}

// All returns all groups that match, like Walk with an empty position.
func (s *CustomerGroupsService) All(ctx context.Context, req ListCustomerGroupsRequest) iter.Seq2[*CustomerGroup, error] {
	return transport.Anew(ctx, req, func(req ListCustomerGroupsRequest) *souk.Walk[CustomerGroup] { return s.Walk(req, "") })
}

// Walk returns a walk through all groups that match. It begins after position if that
// is not empty. Limit is the size of a page, by default 1,000.
//
// Without an Order, or with "id", groups come by ascending id, which is the order of
// creation. The server has no condition on their ids, so pages overlap by one row and
// have at least two. Groups that are added or deleted meanwhile cause no others to be
// repeated or missed, and none comes again after a resume, except that deletions among
// the groups that Offset skips can hide some. For other orders, more than 200 ids and
// the errors, see [CustomersService.Walk].
func (s *CustomerGroupsService) Walk(req ListCustomerGroupsRequest, position string) *souk.Walk[CustomerGroup] {
	req = transport.Own(req)
	l := newWalked(req.Order, req.Limit, req.Offset, func(g *CustomerGroup) string { return g.ID })
	l.read = func(ctx context.Context, at pageRef) (*page[CustomerGroup], error) {
		next := req
		next.Order, next.Limit, next.Offset = at.order, at.limit, at.offset
		if at.ids != nil {
			next.ID = at.ids
		}
		list, err := s.List(ctx, next)
		if list == nil {
			return nil, err
		}
		return &page[CustomerGroup]{rows: list.CustomerGroups, count: list.Count, size: list.Limit}, err
	}
	pages := l.inOrder()
	if l.splits(req.ID) {
		pages = l.ofIDs(req.ID)
	}
	filter := req
	filter.Order, filter.Limit = l.listed()
	return transport.Walk(s.transport, transport.Listing{
		Route:  "/admin/customer-groups",
		Filter: filter.query(new(transport.Problems)),
	}, pages, position)
}

// CreateCustomerGroupRequest describes a new group.
type CreateCustomerGroupRequest struct {
	// Name is required and must be unique.
	Name     string         `json:"name"`
	Metadata map[string]any `json:"metadata,omitempty"`
	// Fields selects the fields of the answer.
	Fields Fields `json:"-"`
}

// Create creates a group. A taken name is [souk.ErrAlreadyExists].
//
// See https://docs.xclade.com/docs/admin, "Customer Groups".
//
//souk:operation POST /admin/customer-groups
func (s *CustomerGroupsService) Create(ctx context.Context, req CreateCustomerGroupRequest) (*CustomerGroup, error) {
	var problems transport.Problems
	problems.NotEmpty("Name", req.Name)
	return one(ctx, s.transport, &transport.Call{
		Method:   http.MethodPost,
		Route:    "/admin/customer-groups",
		Query:    req.Fields.query(&problems),
		Body:     body(req, &problems),
		Problems: problems,
	}, &groupAnswer{})
}

// GetCustomerGroupRequest says what to return of a group.
type GetCustomerGroupRequest struct {
	Fields Fields
}

// Get returns a group. An unknown id is [souk.ErrNotFound].
//
// See https://docs.xclade.com/docs/admin, "Customer Groups".
//
//souk:operation GET /admin/customer-groups/{id}
func (s *CustomerGroupsService) Get(ctx context.Context, id string, req GetCustomerGroupRequest) (*CustomerGroup, error) {
	var problems transport.Problems
	return one(ctx, s.transport, &transport.Call{
		Method:   http.MethodGet,
		Route:    "/admin/customer-groups/{id}",
		IDs:      []any{id},
		Query:    req.Fields.query(&problems),
		Repeat:   transport.Safe,
		Problems: problems,
	}, &groupAnswer{})
}

// UpdateCustomerGroupRequest changes the fields that are set.
type UpdateCustomerGroupRequest struct {
	// Name can be changed, but not cleared.
	Name *string `json:"name,omitempty"`
	// Metadata is merged as in [UpdateCustomerRequest].
	Metadata Nullable[map[string]any] `json:"metadata,omitzero"`
	// Fields selects the fields of the answer.
	Fields Fields `json:"-"`
}

// Update changes a group. An unknown id is [souk.ErrNotFound], a taken name
// [souk.ErrAlreadyExists].
//
// See https://docs.xclade.com/docs/admin, "Customer Groups".
//
//souk:operation POST /admin/customer-groups/{id}
func (s *CustomerGroupsService) Update(ctx context.Context, id string, req UpdateCustomerGroupRequest) (*CustomerGroup, error) {
	var problems transport.Problems
	problems.RequireChange(req)
	problems.Require(req.Name == nil || *req.Name != "", "Name", "must not be empty")
	return one(ctx, s.transport, &transport.Call{
		Method:   http.MethodPost,
		Route:    "/admin/customer-groups/{id}",
		IDs:      []any{id},
		Query:    req.Fields.query(&problems),
		Body:     body(req, &problems),
		Repeat:   transport.Idempotent,
		Problems: problems,
	}, &groupAnswer{})
}

// Delete deletes a group. Its customers stay, and its name can be used again. It
// succeeds for unknown ids as well.
//
// See https://docs.xclade.com/docs/admin, "Customer Groups".
//
//souk:operation DELETE /admin/customer-groups/{id}
func (s *CustomerGroupsService) Delete(ctx context.Context, id string) error {
	return done(ctx, s.transport, &transport.Call{
		Method:  http.MethodDelete,
		Route:   "/admin/customer-groups/{id}",
		IDs:     []any{id},
		Repeat:  transport.Idempotent,
		Deletes: true,
	})
}

// UpdateMembersRequest names ids to add and to remove. An id must not be in both lists.
type UpdateMembersRequest struct {
	Add    []string `json:"add,omitempty"`
	Remove []string `json:"remove,omitempty"`
	// Fields selects the fields of the answer.
	Fields Fields `json:"-"`
}

// UpdateCustomers adds customers to a group and removes others. Adding a member again,
// or removing a customer who is not a member, has no effect. If an id to add is
// unknown, the error is [souk.ErrNotFound], and nothing is changed.
//
// See https://docs.xclade.com/docs/admin/customer-groups/PostCustomerGroupsIdCustomers.
//
//souk:operation POST /admin/customer-groups/{id}/customers
func (s *CustomerGroupsService) UpdateCustomers(ctx context.Context, id string, req UpdateMembersRequest) (*CustomerGroup, error) {
	return one(ctx, s.transport, req.call("/admin/customer-groups/{id}/customers", id), &groupAnswer{absence: req.emptyAnswer(noGroup)})
}

// call returns the call that changes the members of id.
func (r UpdateMembersRequest) call(route, id string) *transport.Call {
	var problems transport.Problems
	r.check(&problems)
	return &transport.Call{
		Method:   http.MethodPost,
		Route:    route,
		IDs:      []any{id},
		Query:    r.Fields.query(&problems),
		Body:     body(r, &problems),
		Repeat:   transport.Idempotent,
		Problems: problems,
	}
}

// emptyAnswer returns the meaning of {}: if there is nothing to add, the server answers
// {} for an unknown id in the path.
func (r UpdateMembersRequest) emptyAnswer(none string) absence {
	if len(r.Add) > 0 {
		return absence{}
	}
	return absence{none}
}

func (r UpdateMembersRequest) check(problems *transport.Problems) {
	problems.Require(len(r.Add)+len(r.Remove) > 0, "Add", "Add or Remove must name an id")
	problems.IDs("Add", r.Add)
	problems.IDs("Remove", r.Remove)
	for _, id := range r.Add {
		problems.Require(!slices.Contains(r.Remove, id), "Add", "must not name an id that Remove names too")
	}
}

func (r ListCustomerGroupsRequest) query(problems *transport.Problems) url.Values {
	p := newParams(problems)
	r.CustomerGroupFilter.add(p)
	p.problems.Words("Q", r.Q)
	p.text("q", r.Q)
	branches(p, "$and", "And", r.And)
	branches(p, "$or", "Or", r.Or)
	p.page("group", r.Order, r.Limit, r.Offset)
	p.flag("with_deleted", r.WithDeleted)
	p.text("fields", r.Fields.text(problems))
	return p.done()
}
