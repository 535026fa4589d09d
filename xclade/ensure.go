package xclade

import (
	"context"
	"errors"
)

// ensureAttempts bounds how often Ensure tries to create. More than one is
// needed only when answers are lost, or others delete the customer meanwhile.
const ensureAttempts = 3

// Ensure makes sure that there is exactly one guest with the request's e-mail
// address, also when answers are lost on the way. It returns the guest who is
// there; created is true if the server confirmed that this call has created
// them. A guest who was there is not changed.
func (s *CustomersService) Ensure(ctx context.Context, req CreateCustomerRequest) (customer *Customer, created bool, err error) {
	for range ensureAttempts {
		customer, err = s.Create(ctx, req)
		if err == nil {
			return customer, true, nil
		}
		if !errors.Is(err, ErrAlreadyExists) && !errors.Is(err, ErrOutcomeUnknown) || ctx.Err() != nil {
			return nil, false, err
		}
		found, lookup := s.guest(ctx, req)
		if lookup != nil {
			return nil, false, errors.Join(err, lookup)
		}
		if found != nil {
			return found, false, nil
		}
	}
	return nil, false, err
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
