package xclade

import (
	"context"

	"github.com/souk-go/souk/internal/transport"
)

// Ensure makes sure that there is exactly one guest with the request's e-mail
// address, also when answers are lost on the way. It returns the guest who is
// there; created is true if the server confirmed that this call has created
// them. A guest who was there is not changed.
func (s *CustomersService) Ensure(ctx context.Context, req CreateCustomerRequest) (customer *Customer, created bool, err error) {
	create := func(ctx context.Context) (*Customer, error) { return s.Create(ctx, req) }
	find := func(ctx context.Context) (*Customer, error) { return s.guest(ctx, req) }
	return transport.Ensure(ctx, create, find, nil)
}

// guest returns the guest with the request's e-mail address, nil if there is none.
func (s *CustomersService) guest(ctx context.Context, req CreateCustomerRequest) (*Customer, error) {
	list, err := s.List(ctx, ListCustomersRequest{
		CustomerFilter: CustomerFilter{Email: []string{req.Email}, HasAccount: new(false)},
		Limit:          1,
		Fields:         req.Fields,
	})
	if err != nil || len(list.Customers) == 0 {
		return nil, err
	}
	return &list.Customers[0], nil
}
