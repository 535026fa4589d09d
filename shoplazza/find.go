package shoplazza

import (
	"context"
	"iter"
	"net/http"
	"strings"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/contact"
	"github.com/souk-go/souk/internal/transport"
)

// GetByEmail returns the customer with an e-mail address, ignoring letter case. If
// there is none, the error is [souk.ErrNotFound]; a text that is not an e-mail address
// is [souk.ErrInvalid].
//
//souk:composite
func (s *CustomersService) GetByEmail(ctx context.Context, email string) (*Customer, error) {
	lookup := transport.Lookup[Customer]{Method: http.MethodGet, Route: "/customers", Find: s.byEmail}
	return lookup.ByEmail(ctx, s.transport, email)
}

// GetByPhone returns the customer with a phone number. The number must include the
// country code and may be written in any form: "+86 150 1447 1143", "008615014471143"
// and "8615014471143" are the same, in the digits of any script. If there is none, the
// error is [souk.ErrNotFound]; a text that is not a phone number is [souk.ErrInvalid].
// If the server does not know the filter, all customers are read.
//
//souk:composite
func (s *CustomersService) GetByPhone(ctx context.Context, phone string) (*Customer, error) {
	lookup := transport.Lookup[Customer]{Method: http.MethodGet, Route: "/customers", Find: s.byPhone}
	return lookup.ByPhone(ctx, s.transport, phone)
}

// Ensure makes sure that exactly one customer exists with the request's e-mail address
// or, if it has none, with its phone number, even if answers are lost. Addresses and
// numbers are compared as by GetByEmail and GetByPhone. It returns the customer;
// created reports whether the server confirmed that this call created them. An existing
// customer is not changed.
//
// A customer with the phone number but another e-mail address is
// [souk.ErrAlreadyExists]. Whatever the reason for which the server refuses a creation,
// Ensure looks for the customer, and returns the refusal only if there is none.
//
//souk:composite
func (s *CustomersService) Ensure(ctx context.Context, req CreateCustomerRequest) (customer *Customer, created bool, err error) {
	person, err := s.person(ctx, req)
	if err != nil {
		return nil, false, err
	}
	return person.Ensure(ctx)
}

// Upsert is like Ensure, but also changes an existing customer: the fields that the
// request sets and that differ are sent in one update. If nothing differs, nothing is
// sent. The letter case of the e-mail address, spaces around a text, the order of tags
// and the form of a phone number do not count as differences. Tags replaces the
// customer's tags. Passwords and Addresses are used for a new customer only.
//
// Shoplazza cannot change [ContactType] and Phone, nor register a customer later. If
// one of these differs, nothing is changed, and the error is [souk.ErrInvalid] and
// names the field. Shoplazza does not say when a customer registered, so RegisteredAt
// never differs for a registered customer.
//
//souk:composite
func (s *CustomersService) Upsert(ctx context.Context, req CreateCustomerRequest) (*Customer, souk.Change, error) {
	person, err := s.person(ctx, req)
	if err != nil {
		return nil, "", err
	}
	return person.Upsert(ctx, func(there *Customer) (func(context.Context) (*Customer, error), error) {
		call := transport.Call{Method: http.MethodPut, Route: "/customers/{id}", IDs: []any{there.ID}, Problems: req.fixed(there)}
		return transport.Update(req.changes(there), func(ctx context.Context, changes UpdateCustomerRequest) (*Customer, error) {
			return s.Update(ctx, there.ID, changes)
		}), s.transport.Check(ctx, &call)
	})
}

// person returns the customer whom a request describes.
func (s *CustomersService) person(ctx context.Context, req CreateCustomerRequest) (*transport.Person[Customer], error) {
	call := transport.Call{Method: http.MethodPost, Route: "/customers", Body: req}
	req.check((*service)(s), &call.Problems)
	req.Email = call.Problems.Email("Email", req.Email)
	number := call.Problems.Phone("Phone", req.Phone)
	req.Phone = spelledPhone(req.Phone, number)
	return &transport.Person[Customer]{
		Client: s.transport, Call: &call,
		Email:      req.Email,
		Phones:     []string{number},
		ByEmail:    s.byEmail,
		ByPhone:    s.byPhone,
		EmailOf:    func(c *Customer) string { return c.Email },
		PhoneOf:    func(c *Customer) string { return c.number() },
		Create:     func(ctx context.Context) (*Customer, error) { return s.Create(ctx, req) },
		MayBeTaken: transport.RefusedAsInvalid,
	}, s.transport.Check(ctx, &call)
}

// spelledPhone returns a phone number with Shoplazza's plus in place of a leading 00.
func spelledPhone(phone, number string) string {
	if strings.HasPrefix(contact.Digits(phone), "00") && number != "" {
		return "+" + number
	}
	return contact.ASCII(phone)
}

func (s *CustomersService) byEmail(ctx context.Context, address string) (*Customer, error) {
	return s.first(ctx, ListCustomersRequest{Email: address}, func(c *Customer) bool { return contact.SameEmail(c.Email, address) })
}

func (s *CustomersService) byPhone(ctx context.Context, number string) (*Customer, error) {
	return s.first(ctx, ListCustomersRequest{Contact: contact.WithPrefix("+", number)}, func(c *Customer) bool { return contact.SamePhone(c.number(), number) })
}

// number returns the customer's phone number with its area code, which may be a field
// of its own.
func (c *Customer) number() string {
	number, code := contact.Digits(c.Phone), contact.Digits(c.PhoneAreaCode)
	if contact.IsInternational(c.Phone) || strings.HasPrefix(number, code) {
		return c.Phone
	}
	return code + strings.TrimLeft(number, "0")
}

// first returns the first customer of a list that is accepts, nil if there is none. If
// a page holds other customers only, the server ignored the filter, and all pages have
// to be read.
func (s *CustomersService) first(ctx context.Context, req ListCustomersRequest, is func(*Customer) bool) (*Customer, error) {
	req.Limit = maxLimit
	page, err := s.List(ctx, req)
	if page == nil {
		return nil, err
	}
	var rest iter.Seq2[*Customer, error]
	if next, more := page.Next(); more {
		rest = s.All(ctx, next)
	}
	return transport.Seek(page.Customers, err, rest, is)
}

// changes returns an update with the fields of the request that differ from the
// customer.
func (r CreateCustomerRequest) changes(c *Customer) UpdateCustomerRequest {
	return UpdateCustomerRequest{
		FirstName:           transport.ChangedText(r.FirstName, c.FirstName),
		LastName:            transport.ChangedText(r.LastName, c.LastName),
		AcceptsMarketing:    transport.ChangedFlag(r.AcceptsMarketing, c.AcceptsMarketing),
		AcceptsSMSMarketing: transport.ChangedFlag(r.AcceptsSMSMarketing, c.AcceptsSMSMarketing),
		Tags:                transport.ChangedTags(r.Tags, c.Tags),
	}
}

// fixed notes the fields of the request that differ and that no update can change.
func (r CreateCustomerRequest) fixed(c *Customer) (problems transport.Problems) {
	const text = "differs from the customer's, and Shoplazza does not change it"
	problems.Require(r.Email == "" || contact.SameEmail(r.Email, c.Email), "Email", text)
	problems.Require(r.Phone == "" || contact.SamePhone(r.Phone, c.number()), "Phone", text)
	problems.Require(r.ContactType == "" || r.ContactType == c.ContactType, "ContactType", text)
	problems.Require(r.RegisteredAt.IsZero() || c.Registered, "RegisteredAt", "the customer has not registered, and Shoplazza does not change that")
	return problems
}
