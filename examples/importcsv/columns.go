package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/souk-go/souk/examples/internal/shops"
)

// column is one that is understood, by several names.
type column struct {
	names []string
	set   func(c *shops.Contact, text, region string) error
}

// columns are all that are understood. The first name is the one that is printed.
var columns = []column{
	{[]string{"email", "e_mail", "email_address", "mail"}, func(c *shops.Contact, text, _ string) error {
		if text != "" && !strings.Contains(text, "@") {
			return fmt.Errorf("email: must contain an @")
		}
		c.Email = text
		return nil
	}},
	{[]string{"phone", "mobile", "phone_number", "telephone", "tel"}, func(c *shops.Contact, text, region string) (err error) {
		c.Phone, err = shops.E164(text, region)
		return err
	}},
	{[]string{"first_name", "firstname", "given_name"}, func(c *shops.Contact, text, _ string) error { c.FirstName = text; return nil }},
	{[]string{"last_name", "lastname", "surname", "family_name"}, func(c *shops.Contact, text, _ string) error { c.LastName = text; return nil }},
	{[]string{"company", "company_name"}, func(c *shops.Contact, text, _ string) error { c.Company = text; return nil }},
	{[]string{"birthday", "birth_date", "date_of_birth"}, func(c *shops.Contact, text, _ string) error {
		if _, err := time.Parse(time.DateOnly, text); text != "" && err != nil {
			return fmt.Errorf("birthday: must be of the form 1997-06-03")
		}
		c.Birthday = text
		return nil
	}},
	{[]string{"gender", "sex"}, func(c *shops.Contact, text, _ string) error {
		switch strings.ToLower(text) {
		case "", "male", "female":
			c.Gender = strings.ToLower(text)
			return nil
		}
		return fmt.Errorf("gender: must be male, female or empty")
	}},
	{[]string{"note", "notes", "comment"}, func(c *shops.Contact, text, _ string) error { c.Note = text; return nil }},
	{[]string{"tags", "labels"}, func(c *shops.Contact, text, _ string) error {
		for tag := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ';' || r == ',' }) {
			if tag = strings.TrimSpace(tag); tag != "" {
				c.Tags = append(c.Tags, tag)
			}
		}
		return nil
	}},
	{[]string{"accepts_marketing", "newsletter", "marketing"}, func(c *shops.Contact, text, _ string) error {
		switch strings.ToLower(text) {
		case "":
		case "true", "yes", "y", "1":
			c.Marketing = new(true)
		case "false", "no", "n", "0":
			c.Marketing = new(false)
		default:
			return fmt.Errorf("accepts_marketing: must be true, false or empty")
		}
		return nil
	}},
	address("address1", func(a *shops.Address) *string { return &a.Line1 }, "street", "address"),
	address("address2", func(a *shops.Address) *string { return &a.Line2 }),
	address("city", func(a *shops.Address) *string { return &a.City }, "town"),
	address("province", func(a *shops.Address) *string { return &a.Province }, "state", "region"),
	address("postal_code", func(a *shops.Address) *string { return &a.PostalCode }, "zip", "postcode"),
	address("country", func(a *shops.Address) *string { return &a.Country }),
	address("country_code", func(a *shops.Address) *string { return &a.CountryCode }),
}

func address(name string, field func(*shops.Address) *string, more ...string) column {
	return column{append([]string{name}, more...), func(c *shops.Contact, text, _ string) error {
		if text == "" {
			return nil
		}
		if len(c.Addresses) == 0 {
			c.Addresses = []shops.Address{{}}
		}
		if name == "country_code" {
			if text = strings.ToUpper(text); len(text) != 2 {
				return fmt.Errorf("country_code: must be the two letters of ISO 3166-1, such as SA")
			}
		}
		*field(&c.Addresses[0]) = text
		return nil
	}}
}

// ignored are columns of an export, and of refused rows, that an import has no use for.
var ignored = []string{"id", "created_at", "reason"}

func printColumns(out io.Writer) {
	for _, c := range columns {
		fmt.Fprintf(out, "%-18s %s\n", c.names[0], strings.Join(c.names[1:], ", "))
	}
}

// normal spells a header as columns have it: "E-Mail " is e_mail.
func normal(text string) string {
	return strings.NewReplacer(" ", "_", "-", "_", ".", "_").Replace(strings.ToLower(strings.TrimSpace(text)))
}

// understand returns the column of each field of the header, nil for those that are
// ignored.
func understand(header []string) ([]*column, error) {
	found := make([]*column, len(header))
	var unknown, twice []string
	for i, title := range header {
		name := normal(title)
		at := slices.IndexFunc(columns, func(c column) bool { return slices.Contains(c.names, name) })
		switch {
		case at >= 0 && slices.Contains(found, &columns[at]):
			twice = append(twice, title)
		case at >= 0:
			found[i] = &columns[at]
		case !slices.Contains(ignored, name):
			unknown = append(unknown, title)
		}
	}
	var problems []string
	if len(unknown) > 0 {
		problems = append(problems, "columns that are not understood: "+short(unknown))
	}
	if len(twice) > 0 {
		problems = append(problems, "columns that are there twice: "+short(twice))
	}
	if !slices.Contains(found, &columns[0]) && !slices.Contains(found, &columns[1]) {
		problems = append(problems, "there is neither email nor phone, one of which says who a customer is")
	}
	if len(problems) > 0 {
		return nil, fmt.Errorf("the first line: %s (-columns lists what is understood)", strings.Join(problems, "; "))
	}
	return found, nil
}

// short names some of many.
func short(names []string) string {
	const most = 8
	if len(names) <= most {
		return fmt.Sprintf("%q", names)
	}
	return fmt.Sprintf("%q and %d more", names[:most], len(names)-most)
}

// contact makes a contact of a row.
func contact(found []*column, fields []string, region string) (shops.Contact, error) {
	var c shops.Contact
	var problems []string
	for i, column := range found {
		if column == nil {
			continue
		}
		if err := column.set(&c, strings.TrimSpace(fields[i]), region); err != nil {
			problems = append(problems, err.Error())
		}
	}
	if c.Email == "" && c.Phone == "" && len(problems) == 0 {
		problems = append(problems, "there is neither email nor phone")
	}
	if len(problems) > 0 {
		return c, fmt.Errorf("%s", strings.Join(problems, "; "))
	}
	for i := range c.Addresses {
		c.Addresses[i].FirstName, c.Addresses[i].LastName = c.FirstName, c.LastName
	}
	return c, nil
}
