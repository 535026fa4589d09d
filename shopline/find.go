package shopline

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/contact"
	"github.com/souk-go/souk/internal/transport"
)

// GetByEmail returns the customer with an e-mail address, ignoring letter case. If
// there is none, the error is [souk.ErrNotFound]; a text that is not an e-mail address
// is [souk.ErrInvalid]. The address is sent in the body, not in the URL. It needs the
// scope read_customers.
//
// See https://developer.shopline.com/docs/admin-rest-api/customer/customer-information/check-customer-information-via-email.
//
//souk:operation POST /customers/query_user_by_email.json
func (s *CustomersService) GetByEmail(ctx context.Context, email string) (*Customer, error) {
	lookup := transport.Lookup[Customer]{Method: http.MethodPost, Route: "/customers/query_user_by_email.json", Find: s.query}
	return lookup.ByEmail(ctx, s.transport, email)
}

// GetByPhone returns the customer with a phone number. The number must include the
// country code and may be written in any form: "+852 5365 7436", "0085253657436" and
// "85253657436" are the same, in the digits of any script. If there is none, the error
// is [souk.ErrNotFound]; a text that is not a phone number is [souk.ErrInvalid]. It
// needs the scope read_customers.
//
//souk:composite
func (s *CustomersService) GetByPhone(ctx context.Context, phone string) (*Customer, error) {
	lookup := transport.Lookup[Customer]{Method: http.MethodGet, Route: "/customers/v2/search.json", Find: s.byPhone}
	return lookup.ByPhone(ctx, s.transport, phone)
}

// Ensure makes sure that exactly one customer exists with the request's e-mail address
// or, if it has none, with its phone number, even if answers are lost. Addresses and
// numbers are compared as by GetByEmail and GetByPhone. It returns the customer;
// created reports whether the server confirmed that this call created them. An existing
// customer is not changed.
//
// A customer with the phone number but another e-mail address is
// [souk.ErrAlreadyExists] if SHOPLINE refuses the creation because of it. SHOPLINE does
// not document whether phone numbers are unique. So if the answer to a creation without
// an e-mail address is lost, it is not repeated: if the customer is not found, the
// error is [souk.ErrOutcomeUnknown]. Ensure needs the scopes write_customers and
// read_customers.
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
//souk:composite
func (s *CustomersService) Upsert(ctx context.Context, req CreateCustomerRequest) (*Customer, souk.Change, error) {
	person, err := s.person(ctx, req)
	if err != nil {
		return nil, "", err
	}
	return person.Upsert(ctx, func(there *Customer) (func(context.Context) (*Customer, error), error) {
		return transport.Update(req.changes(there), func(ctx context.Context, changes UpdateCustomerRequest) (*Customer, error) {
			return s.Update(ctx, there.ID, changes)
		}), nil
	})
}

// person returns the customer whom a request describes.
func (s *CustomersService) person(ctx context.Context, req CreateCustomerRequest) (*transport.Person[Customer], error) {
	call := transport.Call{Method: http.MethodPost, Route: "/customers.json", Body: req}
	req.check(&call.Problems)
	req.Email = call.Problems.Email("Email", req.Email)
	number := call.Problems.Phone("Phone", req.Phone)
	req.Phone = contact.ASCII(req.Phone)
	return &transport.Person[Customer]{
		Client: s.transport, Call: &call,
		Email:      req.Email,
		Phones:     []string{number},
		ByEmail:    s.byEmail,
		ByPhone:    s.byPhone,
		EmailOf:    func(c *Customer) string { return c.Email },
		PhoneOf:    func(c *Customer) string { return c.Phone },
		Create:     func(ctx context.Context) (*Customer, error) { return s.Create(ctx, req) },
		MayBeTaken: transport.RefusedAsInvalid,
		Twins:      req.Email == "",
	}, s.transport.Check(ctx, &call)
}

// query returns the customer with an e-mail address, nil if the server found another
// one.
func (s *CustomersService) query(ctx context.Context, address string) (*Customer, error) {
	found, err := one(ctx, s.transport, &transport.Call{
		Method: http.MethodPost,
		Route:  "/customers/query_user_by_email.json",
		Body:   map[string]string{"email": address},
		Repeat: transport.Safe,
	}, &customerAnswer{})
	if err != nil || !contact.SameEmail(found.Email, address) {
		return nil, err
	}
	return found, nil
}

func (s *CustomersService) byEmail(ctx context.Context, address string) (*Customer, error) {
	found, err := s.query(ctx, address)
	if errors.Is(err, souk.ErrNotFound) {
		return nil, nil
	}
	return found, err
}

func (s *CustomersService) byPhone(ctx context.Context, number string) (*Customer, error) {
	page, err := s.Search(ctx, SearchCustomersRequest{Text: contact.WithPrefix("00", number), Limit: maxLimit}) // as SHOPLINE keeps it
	if page == nil {
		return nil, err
	}
	var rest iter.Seq2[*Customer, error]
	if next, more := page.Next(); more {
		rest = s.SearchAll(ctx, next)
	}
	return transport.Seek(page.Customers, err, rest, func(c *Customer) bool { return contact.SamePhone(c.Phone, number) })
}

// changes returns an update with the fields of the request that differ from the
// customer.
func (r CreateCustomerRequest) changes(c *Customer) UpdateCustomerRequest {
	u := UpdateCustomerRequest{
		FirstName:           transport.ChangedText(r.FirstName, c.FirstName),
		LastName:            transport.ChangedText(r.LastName, c.LastName),
		Note:                transport.ChangedText(r.Note, c.Note),
		VerifiedEmail:       transport.Changed(r.VerifiedEmail, c.VerifiedEmail),
		MultipassIdentifier: transport.ChangedText(r.MultipassIdentifier, c.MultipassIdentifier),
		AcceptsMarketing:    transport.ChangedFlag(r.AcceptsMarketing, c.AcceptsMarketing),
		Tags:                transport.ChangedTags(r.Tags, c.Tags),

		EmailMarketingConsent: r.EmailMarketingConsent.unless(c.EmailMarketingConsent, c.EmailSubscribeFlag),
		SMSMarketingConsent:   r.SMSMarketingConsent.unless(c.SMSMarketingConsent, c.MobileSubscribeFlag),
	}
	if !contact.SameEmail(r.Email, c.Email) {
		u.Email = transport.NonZero(r.Email)
	}
	if !contact.SamePhone(r.Phone, c.Phone) {
		u.Phone = transport.NonZero(r.Phone)
	}
	if code, known := c.Gender.Code(); !known || code != r.Gender {
		u.Gender = transport.NonZero(r.Gender)
	}
	if contact.Digits(r.Birthday) != contact.Digits(c.Birthday) {
		u.Birthday = transport.NonZero(r.Birthday)
	}
	return u
}

// unless returns the consent if it differs from the one that is there, nil otherwise.
// If the customer has no consent yet, the flag says what it would be.
func (r *MarketingConsentRequest) unless(there *MarketingConsent, flag SubscribeFlag) *MarketingConsentRequest {
	if r == nil {
		return nil
	}
	if there == nil {
		there = &MarketingConsent{State: ConsentState(flag)}
	}
	switch {
	case r.State != there.State,
		r.OptInLevel != nil && *r.OptInLevel != there.OptInLevel,
		r.CollectedFrom != nil && *r.CollectedFrom != there.CollectedFrom,
		!r.UpdatedAt.IsZero() && !r.UpdatedAt.Truncate(time.Second).Equal(there.UpdatedAt.Truncate(time.Second)):
		return r
	}
	return nil
}
