package transport

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"unicode/utf8"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/internal/contact"
)

// Person is a customer described by a request: what identifies them, and how a vendor
// finds and creates them.
type Person[T any] struct {
	// Email identifies the person or, if it is empty, Phones: the numbers that the
	// request's number can mean. An empty number is ignored.
	Email  string
	Phones []string
	// ByEmail and ByPhone return the owner of an e-mail address or phone number, nil if
	// there is none.
	ByEmail, ByPhone func(ctx context.Context, contact string) (*T, error)
	// EmailOf returns a customer's e-mail address, and PhoneOf the phone number. A nil
	// PhoneOf is for vendors at whom only the e-mail address counts.
	EmailOf, PhoneOf func(*T) string
	// Client and Call are the client and the call of the creation.
	Client *Client
	Call   *Call
	// Create creates the customer.
	Create func(context.Context) (*T, error)
	// MayBeTaken reports whether a refusal may mean that a value is taken; see
	// [RefusedAsInvalid]. Nil means that no refusal is ambiguous.
	MayBeTaken func(error) bool
	// Twins says that the server may create the same person twice. A creation is then
	// not repeated after its answer was lost.
	Twins bool
}

// RefusedAsInvalid is MayBeTaken for a vendor whose texts are not all known: a taken
// value can be the reason of every refusal as invalid.
func RefusedAsInvalid(err error) bool {
	e, ok := errors.AsType[*souk.Error](err)
	return ok && e.StatusCode != 0 && errors.Is(err, souk.ErrInvalid) && !errors.Is(err, souk.ErrUnreadable)
}

// find returns the person, nil if they do not exist.
func (p *Person[T]) find(ctx context.Context) (*T, error) {
	if p.Email != "" {
		return p.ByEmail(ctx, p.Email)
	}
	return p.owner(ctx)
}

// owner returns the customer with the phone number, nil if there is none.
func (p *Person[T]) owner(ctx context.Context) (*T, error) {
	for _, number := range p.Phones {
		if number == "" {
			continue
		}
		if found, err := p.ByPhone(ctx, number); found != nil || err != nil {
			return found, err
		}
	}
	return nil, nil
}

// rival returns the customer with the phone number but another e-mail address.
func (p *Person[T]) rival(ctx context.Context) (*T, error) {
	if p.Email == "" {
		return nil, nil
	}
	found, err := p.owner(ctx)
	if found == nil || err != nil || contact.SameEmail(p.EmailOf(found), p.Email) {
		return nil, err
	}
	return found, nil
}

// unlessAnother returns an error for an answer about a customer with another e-mail
// address or, if the person has none, another phone number, such as an answer from a
// cache: the outcome is then unknown.
func (p *Person[T]) unlessAnother(answered *T) error {
	what := "e-mail address"
	switch {
	case p.Email != "" && p.hasAnotherEmail(answered):
	case p.Email == "" && p.PhoneOf != nil && p.hasAnotherPhone(answered):
		what = "phone number"
	default:
		return nil
	}
	return p.Client.fail(p.Call, &souk.Error{
		StatusCode: http.StatusOK, Attempts: 1, Message: "the answer is about a customer with another " + what,
		Err: joinClasses(souk.ErrUnavailable, souk.ErrUnreadable, souk.ErrOutcomeUnknown),
	})
}

// hasAnotherEmail reports whether the customer surely has another e-mail address. One
// that is not ASCII may come back in another form.
func (p *Person[T]) hasAnotherEmail(answered *T) bool {
	got, is := contact.Email(p.EmailOf(answered))
	return is && !contact.SameEmail(got, p.Email) && isASCII(got+p.Email)
}

// hasAnotherPhone reports whether the customer surely has another phone number.
func (p *Person[T]) hasAnotherPhone(answered *T) bool {
	got, other := p.PhoneOf(answered), false
	for _, number := range p.Phones {
		if number == "" {
			continue
		}
		if !contact.SurelyOther(got, number) {
			return false
		}
		other = true
	}
	return other
}

func isASCII(text string) bool { return utf8.RuneCountInString(text) == len(text) }

// Lookup is a search for one customer.
type Lookup[T any] struct {
	// Method and Route are the method and route of the call.
	Method, Route string
	// Find returns the owner of an e-mail address or phone number, nil if there is
	// none.
	Find func(ctx context.Context, contact string) (*T, error)
}

// ByEmail returns the owner of an e-mail address.
func (l Lookup[T]) ByEmail(ctx context.Context, c *Client, email string) (*T, error) {
	var problems Problems
	problems.Require(email != "", "email", notAnEmail)
	address := problems.Email("email", email)
	return l.by(ctx, c, problems, address, "no customer has this e-mail address")
}

// ByPhone returns the owner of a phone number.
func (l Lookup[T]) ByPhone(ctx context.Context, c *Client, phone string) (*T, error) {
	var problems Problems
	problems.Require(phone != "", "phone", notAPhone)
	number := problems.Phone("phone", phone)
	return l.by(ctx, c, problems, number, "no customer has this phone number")
}

func (l Lookup[T]) by(ctx context.Context, c *Client, problems Problems, contact, none string) (*T, error) {
	call := &Call{Method: l.Method, Route: l.Route, Problems: problems}
	if err := c.Check(ctx, call); err != nil {
		return nil, err
	}
	found, err := l.Find(ctx, contact)
	if found == nil && err == nil {
		return nil, c.fail(call, &souk.Error{StatusCode: http.StatusOK, Attempts: 1, Message: none, Err: souk.ErrNotFound})
	}
	return found, err
}

const (
	notAnEmail = "must be an e-mail address"
	notAPhone  = "must be a phone number"

	// NoNumber says what is wrong with a country's code alone.
	NoNumber = "must have a number behind the country's code"
)

// Email returns the e-mail address in a field, and notes a text that is not one. The
// field may be empty.
func (p *Problems) Email(field, text string) (address string) {
	address, ok := contact.Email(text)
	p.Require(ok || text == "", field, notAnEmail)
	return address
}

// Phone returns the phone number in a field, and notes a text that is not one. The
// field may be empty.
func (p *Problems) Phone(field, text string) (number string) {
	number, ok := contact.Phone(text)
	p.Require(ok || text == "", field, notAPhone)
	if contact.IsCode(number) { // which everybody has whose number is not known
		p.Add(field, NoNumber)
		return ""
	}
	return number
}

// Seek returns the first accepted row of a page, or else of the rest of its list, nil
// if there is none. A nil rest means that the page is the last. If no row is accepted,
// a row that cannot be read is the error, since it may be the one.
func Seek[T any](page []T, unread error, rest iter.Seq2[*T, error], accept func(*T) bool) (*T, error) {
	for i := range page {
		if accept(&page[i]) {
			return &page[i], nil
		}
	}
	if rest == nil {
		return nil, unread
	}
	for row, err := range rest {
		_, isRow := errors.AsType[*souk.RowError](err)
		switch {
		case isRow:
			unread = orDefault(unread, err)
		case err != nil:
			return nil, err
		case accept(row):
			return row, nil
		}
	}
	return nil, unread
}
