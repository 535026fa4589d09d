// Package shops gives the example programs one view of the customers of salla,
// shopline, shoplazza and xclade.
package shops

import (
	"context"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/souk-go/souk"
)

// Contact is a customer in the terms that the vendors share.
type Contact struct {
	ID                  string
	Email               string
	Phone               string // E.164
	FirstName, LastName string
	Company             string
	Birthday            string // 2006-01-02
	Gender              string // male or female
	Note                string
	Tags                []string // or the names of the groups that the customer is in
	Marketing           *bool    // whether e-mails may be sent; nil if nobody has said
	Addresses           []Address
	CreatedAt           time.Time
}

// Address is one of a contact.
type Address struct {
	FirstName, LastName, Company, Phone      string
	Line1, Line2, City, Province, PostalCode string
	Country                                  string // its name
	CountryCode                              string // ISO 3166-1 alpha-2, upper case
}

// Row is a row of a list.
type Row struct {
	Contact Contact
	Raw     any // the customer as the vendor's package has it
}

// Walk goes through all customers.
type Walk interface {
	All(ctx context.Context) iter.Seq2[Row, error]
	Position() string
	Total() int
}

// Shop is the store of one vendor.
type Shop struct {
	Vendor string
	// Store identifies the store among the vendor's stores, "" for a stand-in in this process.
	Store string
	// Walk begins after a position, "" for the beginning.
	Walk func(position string) Walk
	// Upsert makes sure that the contact is there and is as it says.
	Upsert func(ctx context.Context, c Contact) (souk.Change, error)
	// Holds are the fields that the vendor's customers can hold.
	Holds []string
	// Close ends the stand-in, if it is one.
	Close func()
}

// Fields returns the names of the fields that the contact sets.
func (c Contact) Fields() []string {
	var set []string
	for _, f := range []struct {
		name string
		has  bool
	}{
		{"email", c.Email != ""},
		{"phone", c.Phone != ""},
		{"first_name", c.FirstName != ""},
		{"last_name", c.LastName != ""},
		{"company", c.Company != ""},
		{"birthday", c.Birthday != ""},
		{"gender", c.Gender != ""},
		{"note", c.Note != ""},
		{"tags", len(c.Tags) > 0},
		{"accepts_marketing", c.Marketing != nil},
		{"addresses", len(c.Addresses) > 0},
	} {
		if f.has {
			set = append(set, f.name)
		}
	}
	return set
}

// Lost returns the fields of the contact that the shop cannot hold.
func (s *Shop) Lost(c Contact) []string {
	return slices.DeleteFunc(c.Fields(), func(field string) bool { return slices.Contains(s.Holds, field) })
}

// rows makes a Walk of a vendor's.
type rows[T any] struct {
	walk *souk.Walk[T]
	of   func(context.Context, *T) (Contact, error)
}

func (r rows[T]) All(ctx context.Context) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for row, err := range r.walk.All(ctx) {
			if err != nil {
				if !yield(Row{}, err) {
					return
				}
				continue
			}
			contact, err := r.of(ctx, row)
			if err != nil {
				yield(Row{}, err)
				return
			}
			if !yield(Row{contact, row}, nil) {
				return
			}
		}
	}
}

// plain is for vendors whose customers say all themselves.
func plain[T any](of func(*T) Contact) func(context.Context, *T) (Contact, error) {
	return func(_ context.Context, row *T) (Contact, error) { return of(row), nil }
}

func (r rows[T]) Position() string { return r.walk.Position() }
func (r rows[T]) Total() int       { return r.walk.Total() }

// gender returns what all vendors understand.
func gender(text string) string {
	if text = strings.ToLower(text); text == "male" || text == "female" {
		return text
	}
	return ""
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}
