package xclade

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

// Ensure makes sure that there is exactly one guest with the request's e-mail
// address, also when answers are lost on the way. It returns the guest who is
// there; created is true if the server confirmed that this call has created
// them. A guest who was there is not changed. Where it cannot be found out whether
// there is one, the error says why, and is souk.ErrOutcomeUnknown too if a creation was
// sent and may have happened.
func (s *CustomersService) Ensure(ctx context.Context, req CreateCustomerRequest) (customer *Customer, created bool, err error) {
	create := func(ctx context.Context) (*Customer, error) { return s.Create(ctx, req) }
	find := func(ctx context.Context) (*Customer, error) { return s.guest(ctx, req) }
	return transport.Ensure(ctx, create, find, mayBeTaken)
}

// mayBeTaken reports refusals for which a taken e-mail address can be the reason. It
// does not rely on their text.
func mayBeTaken(err error) bool {
	e, ok := errors.AsType[*souk.Error](err)
	if !ok || errors.Is(err, souk.ErrUnreadable) {
		return false
	}
	return slices.Contains([]int{http.StatusBadRequest, http.StatusConflict, http.StatusUnprocessableEntity}, e.StatusCode)
}

// guest returns the guest with the request's e-mail address, nil if there is none.
func (s *CustomersService) guest(ctx context.Context, req CreateCustomerRequest) (*Customer, error) {
	page := guestPage{email: req.Email, unseen: req.Fields.leavesOut("email"), customersPage: newCustomersPage(ListCustomersRequest{
		CustomerFilter: CustomerFilter{Email: []string{req.Email}, HasAccount: new(false)},
		Limit:          1,
		Fields:         req.Fields,
	})}
	list, err := s.page(ctx, page.request, &page)
	if err != nil || len(list.Customers) == 0 {
		return nil, err
	}
	return &list.Customers[0], nil
}

// guestPage is a page of nobody but the guest with an e-mail address.
type guestPage struct {
	customersPage

	email  string
	unseen bool // the request leaves the e-mail address out
}

// Missing names what is missing.
func (p *guestPage) Missing() string {
	for i := range p.Customers {
		c := &p.Customers[i]
		if c.ID == "" {
			return "customers.id"
		}
		if !p.unseen && !strings.EqualFold(c.Email, p.email) {
			return "the e-mail address that was asked for"
		}
	}
	return p.customersPage.Missing()
}
