package xclade

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/contact"
	"github.com/souk-go/souk/internal/transport"
)

// GetByEmail returns the customer with an e-mail address, ignoring letter case. Of
// several customers it is the one with an account, else the one whose address has the
// same letter case, else the oldest. If there is none, the error is [souk.ErrNotFound];
// a text that is not an e-mail address is [souk.ErrInvalid].
//
//souk:composite
func (s *CustomersService) GetByEmail(ctx context.Context, email string) (*Customer, error) {
	lookup := transport.Lookup[Customer]{Method: http.MethodGet, Route: "/admin/customers", Find: s.finder(Fields{}).byEmail}
	return lookup.ByEmail(ctx, s.transport, email)
}

// GetByPhone returns the customer with a phone number. The number must include the
// country code and may be written in any form: "+49 30 123456", "004930123456" and
// "4930123456" are the same. Phone numbers are not unique at xclade: of several
// customers it is one with an account, else the oldest. If there is none, the error is
// [souk.ErrNotFound]; a text that is not a phone number is [souk.ErrInvalid]. A number
// that the server stores in the digits of another script is not found.
//
//souk:composite
func (s *CustomersService) GetByPhone(ctx context.Context, phone string) (*Customer, error) {
	lookup := transport.Lookup[Customer]{Method: http.MethodGet, Route: "/admin/customers", Find: s.finder(Fields{}).byPhone}
	return lookup.ByPhone(ctx, s.transport, phone)
}

// Ensure makes sure that exactly one customer exists with the request's e-mail address,
// even if answers are lost. Addresses are compared as by GetByEmail; the phone number
// is ignored. It returns the customer; created reports whether the server confirmed
// that this call created them. An existing customer is not changed, and is returned
// with all fields, whatever Fields selects.
//
// For the server, addresses that differ in letter case are different. So calls at the
// same moment with different letter case can create one customer each.
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
// sent. The letter case of the e-mail address does not count as a difference. Only the
// keys of the request's Metadata are compared; the value "" means that the key is
// absent. AdditionalData is sent with an update, but does not cause one.
//
//souk:composite
func (s *CustomersService) Upsert(ctx context.Context, req CreateCustomerRequest) (*Customer, souk.Change, error) {
	person, err := s.person(ctx, req)
	if err != nil {
		return nil, "", err
	}
	return person.Upsert(ctx, func(there *Customer) (func(context.Context) (*Customer, error), error) {
		return transport.Update(req.changes(there), func(ctx context.Context, changes UpdateCustomerRequest) (*Customer, error) {
			changes.Fields, changes.AdditionalData = req.Fields, req.AdditionalData
			return s.Update(ctx, there.ID, changes)
		}), nil
	})
}

// person returns the customer whom a request describes.
func (s *CustomersService) person(ctx context.Context, req CreateCustomerRequest) (*transport.Person[Customer], error) {
	call := transport.Call{Method: http.MethodPost, Route: "/admin/customers"}
	call.Query, call.Body = req.check(&call.Problems)
	req.Email = call.Problems.Email("Email", req.Email)
	return &transport.Person[Customer]{
		Client: s.transport, Call: &call,
		Email:      req.Email,
		ByEmail:    s.finder(req.Fields).byEmail,
		EmailOf:    func(c *Customer) string { return c.Email },
		Create:     func(ctx context.Context) (*Customer, error) { return s.Create(ctx, req) },
		MayBeTaken: mayBeTaken,
	}, s.transport.Check(ctx, &call)
}

// mayBeTaken reports a refusal whose reason can be a taken e-mail address. It does not
// rely on the text.
func mayBeTaken(err error) bool {
	e, ok := errors.AsType[*souk.Error](err)
	if !ok || errors.Is(err, souk.ErrUnreadable) {
		return false
	}
	return slices.Contains([]int{http.StatusBadRequest, http.StatusConflict, http.StatusUnprocessableEntity}, e.StatusCode)
}

// finder looks for customers and returns them with additional fields.
type finder struct {
	service *CustomersService
	fields  Fields
}

func (s *CustomersService) finder(f Fields) finder {
	return finder{s, Fields{Add: slices.Concat(f.Only, f.Add), Relations: f.Relations}}
}

// byEmail uses a search, since filters are case-sensitive.
func (f finder) byEmail(ctx context.Context, address string) (*Customer, error) {
	return f.best(ctx, address, func(c *Customer) int {
		switch {
		case !contact.SameEmail(c.Email, address):
			return 0
		case c.HasAccount:
			return 3
		case c.Email == address:
			return 2
		}
		return 1
	})
}

// byPhone searches for the digits with anything between them, by means of percent
// signs.
func (f finder) byPhone(ctx context.Context, number string) (*Customer, error) {
	return f.best(ctx, strings.Join(strings.Split(number, ""), "%"), func(c *Customer) int {
		switch {
		case !contact.SamePhone(c.Phone, number):
			return 0
		case c.HasAccount:
			return 2
		}
		return 1
	})
}

// best returns the customer with the highest rank above 0 among those that a search
// finds, the oldest of several, nil if there is none.
func (f finder) best(ctx context.Context, q string, rank func(*Customer) int) (best *Customer, err error) {
	req := ListCustomersRequest{Q: q, Fields: f.fields, Limit: 100}
	page, err := f.service.List(ctx, req)
	if page == nil {
		return nil, err
	}
	var all iter.Seq2[*Customer, error]
	if _, more := page.Next(); more {
		page.Customers, all = nil, f.service.All(ctx, req)
	}
	highest := 0
	_, err = transport.Seek(page.Customers, err, all, func(c *Customer) bool {
		if r := rank(c); r > highest {
			best, highest = c, r
		}
		return false
	})
	if _, isRow := errors.AsType[*souk.RowError](err); best != nil && isRow {
		return best, nil
	}
	if err != nil {
		return nil, err
	}
	return best, nil
}

// changes returns an update with the fields of the request that differ from the
// customer.
func (r CreateCustomerRequest) changes(c *Customer) UpdateCustomerRequest {
	return UpdateCustomerRequest{
		CompanyName: transport.Changed(r.CompanyName, c.CompanyName),
		FirstName:   transport.Changed(r.FirstName, c.FirstName),
		LastName:    transport.Changed(r.LastName, c.LastName),
		Phone:       transport.Changed(r.Phone, c.Phone),
		Metadata:    changedMetadata(r.Metadata, c.Metadata),
	}
}

// changedMetadata returns the keys whose values differ. An update merges them with the
// others, and removes keys with the value "".
func changedMetadata(want, there map[string]any) Nullable[map[string]any] {
	differing := maps.Clone(want)
	maps.DeleteFunc(differing, func(key string, value any) bool {
		old, is := there[key]
		if value == "" {
			return !is
		}
		return is && reflect.DeepEqual(asDecoded(value), old)
	})
	if len(differing) == 0 {
		return Nullable[map[string]any]{}
	}
	return Value(differing)
}

// asDecoded returns a value as it comes back from the server.
func asDecoded(value any) (decoded any) {
	if encoded, err := json.Marshal(value); err == nil {
		_ = json.Unmarshal(encoded, &decoded)
	}
	return decoded
}
