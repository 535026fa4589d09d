package transport

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/souk-go/souk"
)

// Problems collects what is wrong with a request or a configuration before anything is
// sent, so that everything is reported at once. The zero value is ready to use.
type Problems struct {
	fields map[string][]string
	order  []string
}

// Add notes what is wrong with a field and what would be right. The text must
// not contain the value.
func (p *Problems) Add(field, format string, args ...any) {
	if p.fields == nil {
		p.fields = make(map[string][]string)
	}
	if _, seen := p.fields[field]; !seen {
		p.order = append(p.order, field)
	}
	p.fields[field] = append(p.fields[field], fmt.Sprintf(format, args...))
}

// Require notes the problem unless ok is true.
func (p *Problems) Require(ok bool, field, format string, args ...any) {
	if !ok {
		p.Add(field, format, args...)
	}
}

// RequireChange notes an update that sets no field, whose effect is not known. Fields
// that are not sent do not count.
func (p *Problems) RequireChange(update any) {
	v := reflect.ValueOf(update)
	p.Require(sends(v), v.Type().Name(), "must change at least one field")
}

// sends reports whether the body of an update has a member.
func sends(update reflect.Value) bool {
	for i := range update.NumField() {
		switch v := update.Field(i); v.Kind() {
		case reflect.Map, reflect.Slice, reflect.Struct: // may be set and not sent
			tag := update.Type().Field(i).Tag.Get("json")
			empty := v.Kind() != reflect.Struct && v.Len() == 0 && strings.HasSuffix(tag, ",omitempty")
			if !v.IsZero() && tag != "-" && !empty {
				return true
			}
		default:
			if !v.IsZero() {
				return true
			}
		}
	}
	return false
}

// Time notes a time that a server does not read. The zero time is none.
func (p *Problems) Time(field string, t time.Time) {
	readable := func(year int) bool { return year >= 1 && year <= 9999 }
	p.Require(t.IsZero() || readable(t.Year()) && readable(t.UTC().Year()), field, "must lie in the years 1 to 9999")
}

// Values notes a filter's list of values that is empty and not nil.
func Values[T any](p *Problems, field string, values []T) {
	p.Require(values == nil || len(values) > 0, field, "must not be empty: without a value the server would leave the filter out; nil means no filter")
}

// Words notes a text to search for that is blank and not empty: a server may find
// everything.
func (p *Problems) Words(field, text string) {
	p.Require(text == "" || strings.TrimSpace(text) != "", field, "must not be blank: the server might leave the filter out; an empty text means no filter")
}

// NotEmpty notes an empty text.
func (p *Problems) NotEmpty(field, text string) { Part{Problems: p}.NotEmpty(field, text) }

// Limiter notes a limiter that holds a nil pointer.
func (p *Problems) Limiter(field string, limiter souk.Limiter) {
	p.Require(limiter == nil || !isNil(limiter), field, "must not hold a nil pointer; without one the vendor's limit is the pace")
}

// Held notes an interface that holds a nil pointer.
func (p *Problems) Held(field string, held any) {
	p.Require(held == nil || !isNil(held), field, "must not hold a nil pointer")
}

// NotNil notes a nil value, or a nil pointer in an interface.
func (p *Problems) NotNil(field string, held any) { p.Require(!isNil(held), field, "must not be nil") }

// Merge adds the problems of other.
func (p *Problems) Merge(other Problems) {
	for _, field := range other.order {
		for _, text := range other.fields[field] {
			p.Add(field, "%s", text)
		}
	}
}

// of returns what is wrong with a field.
func (p *Problems) of(field string) []string { return p.fields[field] }

// Empty reports whether nothing is wrong.
func (p *Problems) Empty() bool { return len(p.order) == 0 }

// Err returns nil or a *souk.Error of class souk.ErrInvalid with the problems as
// Fields.
func (p *Problems) Err(vendor string) error {
	if p.Empty() {
		return nil
	}
	e := p.failure()
	e.Vendor = vendor
	return e
}

func (p *Problems) failure() *souk.Error {
	return &souk.Error{Err: souk.ErrInvalid, Fields: p.fields}
}
