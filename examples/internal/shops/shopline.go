package shops

import (
	"context"
	"os"
	"strings"
	"time"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/shopline"
	"github.com/souk-go/souk/shopline/shoplinetest"
)

func openShopline(how How) (*Shop, error) {
	config := shopline.Config{
		Handle: os.Getenv("SHOPLINE_HANDLE"), Token: os.Getenv("SHOPLINE_TOKEN"), BaseURL: os.Getenv("SHOPLINE_BASE_URL"), Options: how.options(),
	}
	end := func() {}
	if !how.Real {
		server := shoplinetest.NewServer()
		server.Seed(how.Seed)
		config, end = server.Config(), server.Close
		config.Limiter = how.limiter()
	}
	client, err := shopline.NewClient(config)
	if err != nil {
		return nil, err
	}
	shop := Shopline(client)
	shop.Store, shop.Close = how.store(config.Handle, config.BaseURL), end
	return shop, nil
}

// Shopline is the store at SHOPLINE that a client is for.
func Shopline(client *shopline.Client) *Shop {
	return &Shop{
		Vendor: "shopline",
		Walk: func(position string) Walk {
			return rows[shopline.Customer]{client.Customers.Walk(shopline.ListCustomersRequest{}, position), plain(ofShopline)}
		},
		Upsert: func(ctx context.Context, c Contact) (souk.Change, error) {
			_, change, err := client.Customers.Upsert(ctx, forShopline(c))
			return change, err
		},
		Holds: []string{"email", "phone", "first_name", "last_name", "birthday", "gender", "note", "tags", "accepts_marketing", "addresses"},
		Close: func() {},
	}
}

func forShopline(c Contact) shopline.CreateCustomerRequest {
	request := shopline.CreateCustomerRequest{
		Email: c.Email, FirstName: c.FirstName, LastName: c.LastName, Note: c.Note, Tags: c.Tags,
		Birthday: strings.ReplaceAll(c.Birthday, "-", ""),
	}
	if c.Phone != "" {
		request.Phone = "00" + strings.TrimPrefix(c.Phone, "+")
	}
	if c.Gender != "" {
		request.Gender, _ = shopline.Gender(c.Gender).Code()
	}
	if c.Marketing != nil {
		request.EmailMarketingConsent = &shopline.MarketingConsentRequest{State: shopline.ConsentUnsubscribed}
		if *c.Marketing {
			request.EmailMarketingConsent.State = shopline.ConsentSubscribed
		}
	}
	for _, a := range c.Addresses {
		request.Addresses = append(request.Addresses, shopline.CreateCustomerAddress{
			FirstName: a.FirstName, LastName: a.LastName, Company: a.Company, Phone: a.Phone,
			Address1: a.Line1, Address2: a.Line2, City: a.City, Province: a.Province, Zip: a.PostalCode,
			Country: a.Country, CountryCode: a.CountryCode,
		})
	}
	return request
}

func ofShopline(c *shopline.Customer) Contact {
	contact := Contact{
		ID: c.ID, Email: c.Email, Phone: nearly(c.Phone), FirstName: c.FirstName, LastName: c.LastName,
		Gender: gender(string(c.Gender)), Note: c.Note, Tags: c.Tags, CreatedAt: c.CreatedAt,
	}
	if born, err := time.Parse("20060102", c.Birthday); err == nil {
		contact.Birthday = day(born)
	}
	if consent := c.EmailMarketingConsent; consent != nil {
		contact.Marketing = new(consent.State == shopline.ConsentSubscribed)
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
