package shops

import (
	"context"
	"os"
	"strconv"
	"strings"

	"github.com/souk-go/souk"
	"github.com/souk-go/souk/salla"
	"github.com/souk-go/souk/salla/sallatest"
)

func openSalla(how How) (*Shop, error) {
	config := salla.Config{Token: os.Getenv("SALLA_TOKEN"), BaseURL: os.Getenv("SALLA_BASE_URL"), Options: how.options()}
	end := func() {}
	if !how.Real {
		server := sallatest.NewServer()
		server.Seed(how.Seed)
		config, end = server.Config(), server.Close
		config.Limiter = how.limiter()
	}
	client, err := salla.NewClient(config)
	if err != nil {
		return nil, err
	}
	shop := Salla(client)
	shop.Close = end
	return shop, nil
}

// Salla is the store at Salla that a client is for.
func Salla(client *salla.Client) *Shop {
	return &Shop{
		Vendor: "salla",
		Walk: func(position string) Walk {
			return rows[salla.Customer]{client.Customers.Walk(salla.ListCustomersRequest{}, position), ofSalla}
		},
		Upsert: func(ctx context.Context, c Contact) (souk.Change, error) {
			code, national := "", ""
			if c.Phone != "" {
				code, national = parts(c.Phone)
			}
			_, change, err := client.Customers.Upsert(ctx, salla.CreateCustomerRequest{
				FirstName: c.FirstName, LastName: c.LastName, Email: c.Email,
				Mobile: national, MobileCodeCountry: code, Birthday: c.Birthday, Gender: salla.Gender(c.Gender),
			})
			return change, err
		},
		Holds: []string{"email", "phone", "first_name", "last_name", "birthday", "gender"},
		Close: func() {},
	}
}

func ofSalla(c *salla.Customer) Contact {
	contact := Contact{
		ID: strconv.FormatInt(c.ID, 10), Email: c.Email, FirstName: c.FirstName, LastName: c.LastName,
		Birthday: day(c.Birthday), Gender: gender(string(c.Gender)), CreatedAt: c.CreatedAt,
	}
	if c.Mobile != "" {
		contact.Phone = nearly("+" + strings.TrimPrefix(c.MobileCode, "+") + c.Mobile)
	}
	return contact
}
