package xclade

import (
	"context"
	"encoding/json"
	"reflect"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

// answer is the success of an operation. It knows whether it is complete.
type answer[T any] interface {
	transport.Checked
	held() *T
}

// one carries out a call and returns what its answer holds.
func one[T any](ctx context.Context, c *transport.Client, call *transport.Call, out answer[T]) (*T, error) {
	call.Out = out
	if err := c.Do(ctx, call); err != nil {
		return nil, err
	}
	if page, ok := out.(interface{ Err() error }); ok { // of rows that cannot be read
		return out.held(), page.Err()
	}
	return out.held(), nil
}

// refusing is an answer that can be a refusal with a 2xx status.
type refusing interface {
	// refusal returns the message and class of the refusal, nil for none. empty reports
	// whether the answer is {}.
	refusal(empty bool) (message string, class error)
}

// absence is the message of {} for an operation that answers {} for an unknown id. It
// is "" for all others, for which {} is not an answer.
type absence struct{ empty string }

func (a absence) refusal(empty bool) (string, error) {
	if empty && a.empty != "" {
		return a.empty, souk.ErrNotFound
	}
	return "", nil
}

const (
	noCustomer = "there is no customer with this id"
	noGroup    = "there is no customer group with this id"
	noAddress  = "this customer has no address with this id"
)

// customerAnswer is {"customer": …}.
type customerAnswer struct {
	Customer *Customer `json:"customer"`
	absence  `json:"-"`
}

func (*customerAnswer) Row() (reflect.Type, int) { return reflect.TypeFor[Customer](), 0 }

func (a *customerAnswer) held() *Customer { return a.Customer }

// Missing names what the answer lacks to be a success.
func (a *customerAnswer) Missing() string {
	if a.Customer == nil || a.Customer.ID == "" {
		return "customer.id"
	}
	return ""
}

func (a *customerAnswer) Names(n *transport.Names) {
	n.Object(0, "customer.id", transport.Deref(a.Customer).ID)
}

// groupAnswer is {"customer_group": …}.
type groupAnswer struct {
	CustomerGroup *CustomerGroup `json:"customer_group"`
	absence       `json:"-"`
}

func (*groupAnswer) Row() (reflect.Type, int) { return reflect.TypeFor[CustomerGroup](), 0 }

func (a *groupAnswer) held() *CustomerGroup { return a.CustomerGroup }

// Missing names what the answer lacks to be a success.
func (a *groupAnswer) Missing() string {
	if a.CustomerGroup == nil || a.CustomerGroup.ID == "" {
		return "customer_group.id"
	}
	return ""
}

func (a *groupAnswer) Names(n *transport.Names) {
	n.Object(0, "customer_group.id", transport.Deref(a.CustomerGroup).ID)
}

// addressAnswer is {"address": …}.
type addressAnswer struct {
	Address *Address `json:"address"`
	absence `json:"-"`
}

func (*addressAnswer) Row() (reflect.Type, int) { return reflect.TypeFor[Address](), 0 }

func (a *addressAnswer) held() *Address { return a.Address }

// Missing names what the answer lacks to be a success.
func (a *addressAnswer) Missing() string {
	if a.Address == nil || a.Address.ID == "" {
		return "address.id"
	}
	return ""
}

func (a *addressAnswer) Names(n *transport.Names) {
	address := transport.Deref(a.Address)
	n.Parent("address.customer_id", address.CustomerID)
	n.Object(1, "address.id", address.ID)
}

// writtenAddress is {"customer": {"addresses": …}}, the server's answer after writing
// an address.
type writtenAddress struct {
	Customer struct {
		ID        string    `json:"id"`
		Addresses []Address `json:"addresses"`
	} `json:"customer"`

	better func(best, a *Address) bool // reports whether a is rather the written one than best
	others string                      // what an answer with none but other addresses says, "" for nothing
	best   *Address
	none   bool
}

func (w *writtenAddress) held() *Address { return w.best }

// Missing names what the answer lacks to be a success.
func (w *writtenAddress) Missing() string {
	switch {
	case w.Customer.ID == "":
		return "customer.id"
	case w.Customer.Addresses == nil:
		return "customer.addresses"
	}
	for i := range w.Customer.Addresses {
		if a := &w.Customer.Addresses[i]; a.ID != "" && w.better(w.best, a) {
			w.best = a
		}
	}
	if w.none = w.best == nil; w.none {
		return "the address that was written"
	}
	return ""
}

func (w *writtenAddress) Names(n *transport.Names) {
	n.Parent("customer.id", w.Customer.ID)
	for i := range w.Customer.Addresses {
		n.Parent("customer.addresses.customer_id", w.Customer.Addresses[i].CustomerID)
	}
}

func (w *writtenAddress) refusal(empty bool) (string, error) {
	switch {
	case empty:
		return noCustomer, souk.ErrNotFound
	case w.none && w.others != "":
		return w.others, souk.ErrNotFound
	}
	return "", nil
}

// unset is the value of a page's numbers before decoding.
const unset = -1

// lackOfPage names what a page lacks, "" for nothing. Numbers that contradict the rows
// do not say whether more follow. This happens if rows were added or deleted between
// the server's counting and reading, and is gone when the page is requested again.
func lackOfPage[T any](list string, rows []T, unread, count, offset, limit, asked int) string {
	switch {
	case unread == 0 && !transport.Listed(rows):
		return list
	case count < 0:
		return "count"
	case offset != asked:
		return "the offset that was asked for"
	case limit < 1:
		return "limit"
	}
	switch n, promised := len(rows)+unread, max(min(limit, count-offset), 0); {
	case n < promised:
		return "all rows that its count promises"
	case n > promised:
		return "a count and a limit that hold its rows"
	}
	return ""
}

// customersPage is a page of customers.
type customersPage struct {
	ListCustomersResponse
	transport.Unread `json:"-"`
}

func newCustomersPage(req ListCustomersRequest) *customersPage {
	return &customersPage{ListCustomersResponse: ListCustomersResponse{
		request: req, Customers: transport.Room[Customer](req.Limit), Count: unset, Offset: unset, Limit: unset,
	}}
}

func (p *customersPage) Row() (reflect.Type, int) {
	return reflect.TypeFor[Customer](), p.request.Limit
}

func (p *customersPage) held() *ListCustomersResponse { return &p.ListCustomersResponse }

// Missing names what the answer lacks to be a success.
func (p *customersPage) Missing() string {
	return lackOfPage("customers", p.Customers, p.Unread.Unread(), p.Count, p.Offset, p.Limit, p.request.Offset)
}

// groupsPage is a page of groups.
type groupsPage struct {
	ListCustomerGroupsResponse
	transport.Unread `json:"-"`
}

func newGroupsPage(req ListCustomerGroupsRequest) *groupsPage {
	return &groupsPage{ListCustomerGroupsResponse: ListCustomerGroupsResponse{
		request: req, CustomerGroups: transport.Room[CustomerGroup](req.Limit), Count: unset, Offset: unset, Limit: unset,
	}}
}

func (p *groupsPage) Row() (reflect.Type, int) {
	return reflect.TypeFor[CustomerGroup](), p.request.Limit
}

func (p *groupsPage) held() *ListCustomerGroupsResponse { return &p.ListCustomerGroupsResponse }

// Missing names what the answer lacks to be a success.
func (p *groupsPage) Missing() string {
	return lackOfPage("customer_groups", p.CustomerGroups, p.Unread.Unread(), p.Count, p.Offset, p.Limit, p.request.Offset)
}

// addressesPage is a page of addresses.
type addressesPage struct {
	ListAddressesResponse
	transport.Unread `json:"-"`
}

func newAddressesPage(req ListAddressesRequest) *addressesPage {
	return &addressesPage{ListAddressesResponse: ListAddressesResponse{
		request: req, Addresses: transport.Room[Address](req.Limit), Count: unset, Offset: unset, Limit: unset,
	}}
}

func (p *addressesPage) Row() (reflect.Type, int) { return reflect.TypeFor[Address](), p.request.Limit }

func (p *addressesPage) held() *ListAddressesResponse { return &p.ListAddressesResponse }

// Missing names what the answer lacks to be a success.
func (p *addressesPage) Missing() string {
	return lackOfPage("addresses", p.Addresses, p.Unread.Unread(), p.Count, p.Offset, p.Limit, p.request.Offset)
}

func (p *addressesPage) Names(n *transport.Names) {
	for i := range p.Addresses {
		n.Parent("addresses.customer_id", p.Addresses[i].CustomerID)
	}
}

// deletion is the answer to a delete, for ids that never existed too.
type deletion struct {
	ID      string          `json:"id"`
	Deleted bool            `json:"deleted"`
	Parent  json.RawMessage `json:"parent"`

	place int // of the id in the call's path
}

func (d *deletion) Names(n *transport.Names) {
	n.Parent("parent.id", transport.IDIn(d.Parent))
	n.Object(d.place, "id", d.ID)
}

// Missing names what the answer lacks to be a success.
func (d *deletion) Missing() string {
	switch {
	case !d.Deleted:
		return "deleted"
	case d.ID == "":
		return "id"
	}
	return ""
}

// done carries out a delete of the last id of the call.
func done(ctx context.Context, c *transport.Client, call *transport.Call) error {
	call.Out = &deletion{place: len(call.IDs) - 1}
	return c.Do(ctx, call)
}
