package shops

import (
	"context"
	"os"
	"slices"
	"strings"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/xclade"
	"github.com/souk-go/souk/xclade/xcladetest"
)

func openXclade(how How) (*Shop, error) {
	config := xclade.Config{
		Tenant: os.Getenv("XCLADE_TENANT"), BaseURL: os.Getenv("XCLADE_BASE_URL"), Email: os.Getenv("XCLADE_EMAIL"),
		Password: os.Getenv("XCLADE_PASSWORD"), Token: os.Getenv("XCLADE_TOKEN"), APIKey: os.Getenv("XCLADE_API_KEY"), Options: how.options(),
	}
	end := func() {}
	if !how.Real {
		server := xcladetest.NewServer()
		server.Seed(how.Seed)
		config, end = server.Config(), server.Close
		config.Limiter = how.limiter()
	}
	client, err := xclade.NewClient(config)
	if err != nil {
		return nil, err
	}
	shop := Xclade(client)
	shop.Store, shop.Close = how.store(config.Tenant, config.BaseURL), end
	return shop, nil
}

// Xclade is the store at xclade that a client is for.
func Xclade(client *xclade.Client) *Shop {
	list := xclade.ListCustomersRequest{Fields: xclade.Fields{Relations: []string{"addresses", "groups"}}}
	groups := groupsOfXclade(client)
	return &Shop{
		Vendor: "xclade",
		Walk: func(position string) Walk {
			return rows[xclade.Customer]{client.Customers.Walk(list, position), plain(ofXclade)}
		},
		Upsert: func(ctx context.Context, c Contact) (souk.Change, error) {
			ids, err := groups.of(ctx, c.Tags)
			if err != nil {
				return "", err
			}
			customer, change, err := client.Customers.Upsert(ctx, xclade.CreateCustomerRequest{
				Fields: xclade.Fields{Relations: []string{"groups"}},
				Email:  c.Email, Phone: c.Phone, FirstName: c.FirstName, LastName: c.LastName, CompanyName: c.Company, Metadata: metadata(c),
			})
			if err == nil {
				change, err = addGroups(ctx, client, customer, ids, change)
			}
			if err != nil || len(c.Addresses) == 0 {
				return change, err
			}
			return addAddresses(ctx, client, customer.ID, c.Addresses, change)
		},
		Holds: []string{"email", "phone", "first_name", "last_name", "company", "birthday", "gender", "note", "tags", "accepts_marketing", "addresses"},
		Close: func() {},
	}
}

// metadata holds what xclade has no field for.
func metadata(c Contact) map[string]any {
	m := map[string]any{}
	for name, value := range map[string]string{"birthday": c.Birthday, "gender": c.Gender, "note": c.Note} {
		if value != "" {
			m[name] = value
		}
	}
	if c.Marketing != nil {
		m["accepts_marketing"] = *c.Marketing
	}
	if len(m) == 0 {
		return nil
	}
	return m
}

func groupsOfXclade(client *xclade.Client) *groups[string] {
	return &groups[string]{
		read: func(ctx context.Context) (map[string]string, error) {
			names := map[string]string{}
			for group, err := range client.CustomerGroups.All(ctx, xclade.ListCustomerGroupsRequest{}) {
				if err != nil {
					return nil, err
				}
				names[group.ID] = group.Name
			}
			return names, nil
		},
		create: func(ctx context.Context, name string) (string, error) {
			group, err := client.CustomerGroups.Create(ctx, xclade.CreateCustomerGroupRequest{Name: name})
			if err != nil {
				return "", err
			}
			return group.ID, nil
		},
	}
}

// addGroups adds the customer to those that they are not in.
func addGroups(ctx context.Context, client *xclade.Client, c *xclade.Customer, wanted []string, change souk.Change) (souk.Change, error) {
	missing := slices.DeleteFunc(wanted, func(id string) bool {
		return slices.ContainsFunc(c.Groups, func(group xclade.CustomerGroup) bool { return group.ID == id })
	})
	if len(missing) == 0 {
		return change, nil
	}
	if _, err := client.Customers.UpdateGroups(ctx, c.ID, xclade.UpdateMembersRequest{Add: missing}); err != nil {
		return "", err
	}
	if change == souk.Unchanged {
		change = souk.Updated
	}
	return change, nil
}

// addAddresses adds those that the customer lacks. What an earlier run has added stays.
func addAddresses(ctx context.Context, client *xclade.Client, customer string, wanted []Address, change souk.Change) (souk.Change, error) {
	var there []Address
	for a, err := range client.Addresses.All(ctx, customer, xclade.ListAddressesRequest{}) {
		if err != nil {
			return "", err
		}
		there = append(there, addressOfXclade(a))
	}
	for _, a := range wanted {
		if slices.ContainsFunc(there, func(b Address) bool { return samePlace(a, b) }) {
			continue
		}
		if _, err := client.Addresses.Create(ctx, customer, xclade.CreateAddressRequest{
			FirstName: a.FirstName, LastName: a.LastName, Company: a.Company, Phone: a.Phone,
			Address1: a.Line1, Address2: a.Line2, City: a.City, Province: a.Province, PostalCode: a.PostalCode,
			CountryCode: strings.ToLower(a.CountryCode),
		}); err != nil {
			return "", err
		}
		if change == souk.Unchanged {
			change = souk.Updated
		}
	}
	return change, nil
}

func samePlace(a, b Address) bool {
	return strings.EqualFold(a.Line1, b.Line1) && strings.EqualFold(a.Line2, b.Line2) &&
		strings.EqualFold(a.City, b.City) && a.PostalCode == b.PostalCode && strings.EqualFold(a.CountryCode, b.CountryCode)
}

func addressOfXclade(a *xclade.Address) Address {
	return Address{
		FirstName: a.FirstName, LastName: a.LastName, Company: a.Company, Phone: a.Phone,
		Line1: a.Address1, Line2: a.Address2, City: a.City, Province: a.Province, PostalCode: a.PostalCode,
		CountryCode: strings.ToUpper(a.CountryCode),
	}
}

func ofXclade(c *xclade.Customer) Contact {
	contact := Contact{
		ID: c.ID, Email: c.Email, Phone: nearly(c.Phone), FirstName: c.FirstName, LastName: c.LastName,
		Company: c.CompanyName, CreatedAt: c.CreatedAt,
	}
	text := func(name string) string { value, _ := c.Metadata[name].(string); return value }
	contact.Birthday, contact.Gender, contact.Note = text("birthday"), gender(text("gender")), text("note")
	for _, group := range c.Groups {
		contact.Tags = append(contact.Tags, group.Name)
	}
	if marketing, ok := c.Metadata["accepts_marketing"].(bool); ok {
		contact.Marketing = &marketing
	}
	for i := range c.Addresses {
		contact.Addresses = append(contact.Addresses, addressOfXclade(&c.Addresses[i]))
	}
	return contact
}
