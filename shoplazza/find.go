package shoplazza

import (
	"context"
	"errors"
	"strings"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

// Ensure makes sure that there is exactly one customer with the request's
// e-mail address, or phone number, also when answers are lost on the way. It
// returns the customer who is there; created is true if the server confirmed
// that this call has created them. A customer who was there is not changed.
//
// The e-mail address is looked up first. When address and number belong to two
// customers, the one with the address is returned. Whatever the server says when
// it refuses the creation, the customer is looked for: only if there is none is
// its refusal the error.
func (s *CustomersService) Ensure(ctx context.Context, req CreateCustomerRequest) (customer *Customer, created bool, err error) {
	create := func(ctx context.Context) (*Customer, error) { return s.Create(ctx, req) }
	find := func(ctx context.Context) (*Customer, error) { return s.find(ctx, req) }
	return transport.Ensure(ctx, create, find, isRefusal)
}

// isRefusal reports that the server found fault with the request. The words in
// which it says that an address or a number is taken are not all known.
func isRefusal(err error) bool {
	e, ok := errors.AsType[*souk.Error](err)
	return ok && e.StatusCode != 0 && errors.Is(err, souk.ErrInvalid) && !errors.Is(err, souk.ErrUnreadable)
}

// find returns the customer with the request's e-mail address, else the one
// with its phone number, nil if there is none. It compares for itself, because
// a version that does not know a filter lists everybody.
func (s *CustomersService) find(ctx context.Context, req CreateCustomerRequest) (*Customer, error) {
	if req.Email != "" {
		found, err := s.first(ctx, ListCustomersRequest{Email: req.Email}, func(c *Customer) bool {
			return strings.EqualFold(c.Email, req.Email)
		})
		if found != nil || err != nil {
			return found, err
		}
	}
	if req.Phone == "" {
		return nil, nil
	}
	return s.first(ctx, ListCustomersRequest{Contact: req.Phone}, func(c *Customer) bool {
		return digits(c.Phone) == digits(req.Phone)
	})
}

func (s *CustomersService) first(ctx context.Context, req ListCustomersRequest, is func(*Customer) bool) (*Customer, error) {
	list, err := s.List(ctx, req)
	if err != nil {
		return nil, err
	}
	for i := range list.Customers {
		if is(&list.Customers[i]) {
			return &list.Customers[i], nil
		}
	}
	return nil, nil
}

// digits drops everything from a phone number that is no digit.
func digits(phone string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, phone)
}
