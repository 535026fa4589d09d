package shops

import (
	"cmp"
	"context"
	"os"
	"strings"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/shoplazza"
	"github.com/souk-go/souk/shoplazza/shoplazzatest"
)

func openShoplazza(how How) (*Shop, error) {
	config := shoplazza.Config{
		Shop: os.Getenv("SHOPLAZZA_SHOP"), Token: os.Getenv("SHOPLAZZA_TOKEN"), BaseURL: os.Getenv("SHOPLAZZA_BASE_URL"), Options: how.options(),
	}
	end := func() {}
	if !how.Real {
		server := shoplazzatest.NewServer()
		server.Seed(how.Seed)
		config, end = server.Config(), server.Close
		config.Limiter = how.limiter()
	}
	client, err := shoplazza.NewClient(config)
	if err != nil {
		return nil, err
	}
	shop := Shoplazza(client)
	shop.Store, shop.Close = how.store(config.Shop, config.BaseURL), end
	return shop, nil
}

// Shoplazza is the store at Shoplazza that a client is for.
func Shoplazza(client *shoplazza.Client) *Shop {
	return &Shop{
		Vendor: "shoplazza",
		Walk: func(position string) Walk {
			return rows[shoplazza.Customer]{client.Customers.Walk(shoplazza.ListCustomersRequest{}, position), plain(ofShoplazza)}
		},
		Upsert: func(ctx context.Context, c Contact) (souk.Change, error) {
			_, change, err := client.Customers.Upsert(ctx, forShoplazza(c))
			return change, err
		},
		Holds: []string{"email", "phone", "first_name", "last_name", "tags", "accepts_marketing", "addresses"},
		Close: func() {},
	}
}

func forShoplazza(c Contact) shoplazza.CreateCustomerRequest {
	request := shoplazza.CreateCustomerRequest{
		Email: c.Email, Phone: c.Phone, FirstName: c.FirstName, LastName: c.LastName, Tags: c.Tags, AcceptsMarketing: c.Marketing,
	}
	for _, a := range c.Addresses {
		request.Addresses = append(request.Addresses, shoplazza.CreateAddressRequest{
			FirstName: cmp.Or(a.FirstName, c.FirstName), LastName: cmp.Or(a.LastName, c.LastName), Company: a.Company, Phone: a.Phone,
			Address1: a.Line1, Address2: a.Line2, City: a.City, Province: a.Province, Zip: a.PostalCode,
			Country: cmp.Or(a.Country, a.CountryCode), CountryCode: a.CountryCode,
		})
	}
	return request
}

func ofShoplazza(c *shoplazza.Customer) Contact {
	contact := Contact{
		ID: c.ID, Email: c.Email, Phone: nearly(c.Phone), FirstName: c.FirstName, LastName: c.LastName,
		Tags: c.Tags, Marketing: new(c.AcceptsMarketing), CreatedAt: c.CreatedAt,
	}
	for _, a := range c.Addresses {
		contact.Addresses = append(contact.Addresses, Address{
			FirstName: a.FirstName, LastName: a.LastName, Company: a.Company, Phone: a.Phone,
			Line1: a.Address1, Line2: a.Address2, City: a.City, Province: a.Province, PostalCode: a.Zip,
			Country: a.Country, CountryCode: strings.ToUpper(a.CountryCode),
		})
	}
	return contact
}
