package salla

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/transport"
)

// Ensure makes sure that there is exactly one customer with the request's e-mail
// address or mobile number, also when answers are lost on the way. It returns the
// customer who is there, the one with the e-mail address if there is one with
// either; created is true if the server confirmed that this call has created
// them. A customer who was there is not changed. The request needs Email or Mobile.
//
// Salla's refusal of a taken value cannot be told from that of a wrong one, so
// Ensure looks for the customer after each, and returns the refusal if there is
// none.
func (s *CustomersService) Ensure(ctx context.Context, req CreateCustomerRequest) (customer *Customer, created bool, err error) {
	if strings.TrimSpace(req.Email) == "" && localNumber(req.Mobile) == "" {
		problems := req.problems()
		problems.Add("Email", "Email or Mobile is needed, to find the customer by")
		_, err := one[Customer, customerWire](ctx, s.transport, &transport.Call{Method: http.MethodPost, Route: "/customers", Problems: problems})
		return nil, false, err
	}
	create := func(ctx context.Context) (*Customer, error) { return s.Create(ctx, req) }
	find := func(ctx context.Context) (*Customer, error) { return s.find(ctx, req) }
	return transport.Ensure(ctx, create, find, mayBeTaken)
}

// mayBeTaken reports a refusal of Salla's that a taken e-mail address or mobile
// number can be the reason of: one of those fields, or of no field at all.
func mayBeTaken(err error) bool {
	e, ok := errors.AsType[*souk.Error](err)
	if !ok || !errors.Is(err, souk.ErrInvalid) || errors.Is(err, souk.ErrUnreadable) {
		return false
	}
	ofContent := e.StatusCode == http.StatusUnprocessableEntity || e.StatusCode == http.StatusConflict || status(e.StatusCode).isSuccess()
	return ofContent && (len(e.Fields) == 0 || e.Fields["email"] != nil || e.Fields["mobile"] != nil)
}

// find returns the customer with the request's e-mail address, or else the one
// with its mobile number, or nil.
func (s *CustomersService) find(ctx context.Context, req CreateCustomerRequest) (*Customer, error) {
	if email := strings.TrimSpace(req.Email); email != "" {
		found, err := s.search(ctx, email, func(c *Customer) bool { return sameEmail(c.Email, email) })
		if found != nil || err != nil {
			return found, err
		}
	}
	number := localNumber(req.Mobile)
	if number == "" {
		return nil, nil
	}
	return s.search(ctx, digits(req.MobileCodeCountry)+number, func(c *Customer) bool { return sameMobile(c, req) })
}

// search returns the first customer whom the keyword brings and who matches, or nil.
func (s *CustomersService) search(ctx context.Context, keyword string, matches func(*Customer) bool) (*Customer, error) {
	for c, err := range s.All(ctx, ListCustomersRequest{Keyword: keyword}) {
		switch {
		case err != nil:
			return nil, err
		case matches(c) && c.ID <= 0:
			return nil, newError(&souk.Error{
				Method:  http.MethodGet,
				Route:   "/customers",
				Message: "the customer who was found has no id",
				Err:     caused{souk.ErrUnavailable, souk.ErrUnreadable},
			})
		case matches(c):
			return c, nil
		}
	}
	return nil, nil
}

func sameEmail(theirs, email string) bool {
	return strings.EqualFold(strings.TrimSpace(theirs), email)
}

// sameMobile compares numbers as Salla keeps them: without zeros in front, the
// country's code with a plus or without. A request without a code matches any.
func sameMobile(c *Customer, req CreateCustomerRequest) bool {
	code := digits(req.MobileCodeCountry)
	return localNumber(c.Mobile) == localNumber(req.Mobile) && (code == "" || digits(c.MobileCode) == code)
}

func localNumber(mobile string) string { return strings.TrimLeft(digits(mobile), "0") }

func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}
