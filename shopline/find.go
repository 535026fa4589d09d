package shopline

import (
	"context"
	"errors"
	"strings"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

// Ensure makes sure that there is exactly one customer with the request's e-mail
// address, or without one with its phone number, also when answers are lost on
// the way. It returns the customer who is there; created is true if the server
// confirmed that this call has created them. A customer who was there is not
// changed.
//
// If the phone number belongs to a customer with another e-mail address, the
// error is that of the refused creation. Ensure needs the scopes
// write_customers and read_customers.
func (s *CustomersService) Ensure(ctx context.Context, req CreateCustomerRequest) (customer *Customer, created bool, err error) {
	create := func(ctx context.Context) (*Customer, error) { return s.Create(ctx, req) }
	find := func(ctx context.Context) (*Customer, error) { return s.find(ctx, req) }
	return transport.Ensure(ctx, create, find, refusedAsInvalid)
}

// refusedAsInvalid reports a refusal whose reason may be a customer who is there
// already. Since SHOPLINE's texts are not documented, every one may be.
func refusedAsInvalid(err error) bool {
	e, ok := errors.AsType[*souk.Error](err)
	return ok && e.StatusCode != 0 && errors.Is(err, souk.ErrInvalid) && !errors.Is(err, souk.ErrUnreadable)
}

// find returns the customer whom the request describes, nil if there is none.
func (s *CustomersService) find(ctx context.Context, req CreateCustomerRequest) (*Customer, error) {
	if req.Email != "" {
		found, err := s.GetByEmail(ctx, req.Email)
		switch {
		case err == nil && strings.EqualFold(found.Email, req.Email):
			return found, nil
		case err != nil && !errors.Is(err, souk.ErrNotFound):
			return nil, err
		}
	}
	if req.Phone == "" {
		return nil, nil
	}
	for found, err := range s.SearchAll(ctx, SearchCustomersRequest{Text: internationalPhone(req.Phone)}) {
		if err != nil {
			return nil, err
		}
		if samePhone(found.Phone, req.Phone) && (req.Email == "" || found.Email == "" || strings.EqualFold(found.Email, req.Email)) {
			return found, nil
		}
	}
	return nil, nil
}

func samePhone(a, b string) bool {
	return internationalPhone(a) == internationalPhone(b)
}

// internationalPhone spells a number as SHOPLINE keeps it: 00, the country code
// and the number, digits only.
func internationalPhone(text string) string {
	text = strings.Replace(text, "+", "00", 1)
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}
