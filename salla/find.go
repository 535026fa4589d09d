package salla

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"slices"
	"strings"
	"time"

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

// GetByPhone returns the customer with a mobile number. The number must include the
// country code and may be written in any form: "+966 55 555 5555", "00966555555555" and
// "966555555555" are the same, in the digits of any script. If there is none, the error
// is [souk.ErrNotFound]; a text that is not a phone number is [souk.ErrInvalid].
//
//souk:composite
func (s *CustomersService) GetByPhone(ctx context.Context, phone string) (*Customer, error) {
	lookup := transport.Lookup[Customer]{Method: http.MethodGet, Route: "/customers", Find: s.byPhone}
	return lookup.ByPhone(ctx, s.transport, phone)
}

// Ensure makes sure that exactly one customer exists with the request's e-mail address
// or, if it has none, with its mobile number, even if answers are lost. Addresses and
// numbers are compared as by GetByEmail and GetByPhone. It returns the customer;
// created reports whether the server confirmed that this call created them. An existing
// customer is not changed.
//
// A customer with the mobile number but another e-mail address is
// [souk.ErrAlreadyExists]. Mobile may begin with the country code after a plus or 00.
// If it does not, and Email is empty, MobileCodeCountry is required.
//
// Salla refuses a taken value like a wrong one, so Ensure looks for the customer after
// each refusal, and returns the refusal if there is none.
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
// sent. The letter case of the e-mail address, spaces around a text and the form of a
// phone number do not count as differences. Groups are added to the customer's groups.
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
	spelled := req.spelled()
	call := transport.Call{Method: http.MethodPost, Route: "/customers", Body: spelled}
	spelled.check(&call.Problems)
	req.checkWho(&call.Problems)
	return &transport.Person[Customer]{
		Client: s.transport, Call: &call,
		Email:      spelled.Email,
		Phones:     req.numbers(),
		ByEmail:    s.byEmail,
		ByPhone:    s.byPhone,
		EmailOf:    func(c *Customer) string { return c.Email },
		PhoneOf:    func(c *Customer) string { return c.number() },
		Create:     func(ctx context.Context) (*Customer, error) { return s.Create(ctx, spelled) },
		MayBeTaken: mayBeTaken,
	}, s.transport.Check(ctx, &call)
}

func (r CreateCustomerRequest) checkWho(problems *transport.Problems) {
	problems.Require(r.Email != "" || r.Mobile != "", "Email", "Email or Mobile is required, to find the customer by")
	problems.Email("Email", r.Email)
	number := problems.Phone("Mobile", r.Mobile)
	if number == "" {
		return
	}
	problems.Require(r.spelled().Mobile != "", "Mobile", transport.NoNumber)
	code, _ := contact.Phone(r.MobileCodeCountry)
	problems.Require(r.Email != "" || r.numbers() != nil, "MobileCodeCountry", "is required, to find the customer by Mobile")
	problems.Require(!contact.IsInternational(r.Mobile) || strings.HasPrefix(number, code), "MobileCodeCountry", "must be the code that Mobile begins with")
}

// mayBeTaken reports a refusal whose reason can be a taken e-mail address or mobile
// number: it names one of these fields, or no field at all.
func mayBeTaken(err error) bool {
	e, ok := errors.AsType[*souk.Error](err)
	if !ok || !transport.RefusedAsInvalid(err) {
		return false
	}
	ofContent := e.StatusCode == http.StatusUnprocessableEntity || e.StatusCode == http.StatusConflict || status(e.StatusCode).isSuccess()
	return ofContent && (len(e.Fields) == 0 || e.Fields["email"] != nil || e.Fields["mobile"] != nil)
}

func (s *CustomersService) byEmail(ctx context.Context, email string) (*Customer, error) {
	return s.first(ctx, email, func(c *Customer) bool { return contact.SameEmail(c.Email, email) })
}

func (s *CustomersService) byPhone(ctx context.Context, number string) (*Customer, error) {
	number = whole(number)
	return s.first(ctx, number, func(c *Customer) bool { return c.number() == number })
}

// first returns the first customer that the keyword finds and that is accepts.
func (s *CustomersService) first(ctx context.Context, keyword string, is func(*Customer) bool) (*Customer, error) {
	req := ListCustomersRequest{Keyword: keyword, Limit: maxLimit}
	page, err := s.List(ctx, req)
	if page == nil {
		return nil, err
	}
	var rest iter.Seq2[*Customer, error]
	if _, more := page.Next(); more {
		rest = s.All(ctx, req)
	}
	return transport.Seek(page.Customers, err, rest, is)
}

// number returns the customer's mobile number with the country code.
func (c *Customer) number() string {
	number, _ := contact.Phone(contact.Digits(c.MobileCode) + localNumber(c.Mobile))
	return whole(number)
}

// whole returns a number that begins with the country code without the zeros after the
// code that people write, as in +966 055 555 5555, and that Salla drops.
func whole(number string) string {
	if strings.HasPrefix(number, "0") {
		return number
	}
	code, rest := contact.SplitPhone(number)
	return code + localNumber(rest)
}

// numbers returns the numbers with country code that the request's mobile number can
// mean, none if the code is not known. If a number begins with the digits of its code,
// those digits may be the code or part of the number.
func (r CreateCustomerRequest) numbers() []string {
	number, ok := contact.Phone(r.Mobile)
	code, _ := contact.Phone(r.MobileCodeCountry)
	switch {
	case !ok:
		return nil
	case contact.IsInternational(r.Mobile):
		return []string{whole(number)}
	case code == "":
		return nil
	case strings.HasPrefix(number, code):
		return []string{whole(code + number), whole(number)}
	}
	return []string{code + localNumber(number)}
}

// spelled returns the request as Salla spells it: with the number alone in Mobile.
func (r CreateCustomerRequest) spelled() CreateCustomerRequest {
	if email, ok := contact.Email(r.Email); ok {
		r.Email = email
	}
	number, ok := contact.Phone(r.Mobile)
	if !ok {
		return r
	}
	if contact.IsInternational(r.Mobile) {
		code, _ := contact.Phone(r.MobileCodeCountry)
		if code == "" {
			code, _ = contact.SplitPhone(number)
		}
		r.MobileCodeCountry = code
		number = strings.TrimPrefix(number, code)
	}
	r.Mobile = localNumber(number)
	return r
}

// localNumber returns a number without leading zeros, which Salla drops.
func localNumber(number string) string { return strings.TrimLeft(contact.Digits(number), "0") }

// changes returns an update with the fields of the request that differ from the
// customer.
func (r CreateCustomerRequest) changes(c *Customer) (u UpdateCustomerRequest) {
	u.FirstName = transport.ChangedText(r.FirstName, c.FirstName)
	u.LastName = transport.ChangedText(r.LastName, c.LastName)
	if spelled := r.spelled(); !r.isMobileOf(c) {
		u.Mobile, u.MobileCodeCountry = transport.NonZero(spelled.Mobile), transport.NonZero(spelled.MobileCodeCountry)
	}
	if !strings.EqualFold(string(r.Gender), string(c.Gender)) {
		u.Gender = transport.NonZero(r.Gender)
	}
	if c.Birthday.IsZero() || c.Birthday.Format(time.DateOnly) != r.Birthday {
		u.Birthday = transport.NonZero(r.Birthday)
	}
	if groups := union(c.Groups, r.Groups); len(groups) > len(c.Groups) {
		u.Groups = groups
	}
	if !strings.EqualFold(r.CountryCode, c.CountryCode) {
		u.CountryCode = transport.NonZero(r.CountryCode)
	}
	return u
}

// isMobileOf reports whether the customer has the mobile number that the request sets.
func (r CreateCustomerRequest) isMobileOf(c *Customer) bool {
	sameCode := r.MobileCodeCountry == "" || contact.SamePhone(r.MobileCodeCountry, c.MobileCode)
	switch numbers := r.numbers(); {
	case r.Mobile == "":
		return sameCode
	case numbers == nil:
		return localNumber(r.Mobile) == localNumber(c.Mobile)
	default:
		return slices.Contains(numbers, c.number())
	}
}

// union returns the ids of both, without duplicates.
func union(ids, more []int64) []int64 {
	all := slices.Clone(ids)
	for _, id := range more {
		if !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return all
}
